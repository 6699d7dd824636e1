package cli

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

// administration answers what administrators ask.
func (s *fakeServer) administration(mux *http.ServeMux) {
	get := func(path string, v any) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, v) })
	}
	get("GET /v1/admin/flow", apiclient.Flow{Sentence: "Work is not flowing.\x1b[2J", Due: 3, More: true, Waiting: 1000,
		Limits: []apiclient.BindingLimit{{Limit: models.LimitNoWorkers, Blocks: true, Kind: given("build"), Jobs: 3, Sentence: "No worker runs."}}})
	get("GET /v1/admin/queues", apiclient.QueueList{Data: []apiclient.Queue{{Kind: models.KindBuild, Priority: models.PriorityLow, Due: 2, Slots: 4,
		OldestSeconds: 61, DrainRate: 0.5, DrainedInSeconds: new(4.0), Paused: true, PausedReason: given("the disk"),
		Accounts: []apiclient.WaitingAccount{{AccountID: "a1", Weight: 3, HeldBy: given("account_cap"), OldestSeconds: 61, Running: 2}}}}})
	get("POST /v1/admin/queues/build/pause", apiclient.KindPause{Kind: models.KindBuild, PausedAt: new(time.Now())})
	get("POST /v1/admin/queues/build/resume", apiclient.KindPause{Kind: models.KindBuild})
	get("POST /v1/admin/accounts/a1/pause", apiclient.Account{ID: "a1", State: models.AccountPaused})
	get("POST /v1/admin/accounts/a1/resume", apiclient.Account{ID: "a1", State: models.AccountActive})
	worker := apiclient.Worker{ID: "w1", Name: "host/1/w1", State: "draining", Busy: 1, Slots: map[string]int{"build": 2}, Running: map[string]int{"build": 1},
		SeenAt: time.Now(), Sandboxes: &[]apiclient.PoolSandbox{{State: "warm"}, {State: "running"}, {State: "warm"}}}
	get("GET /v1/admin/workers", apiclient.WorkerList{Data: []apiclient.Worker{worker}})
	get("POST /v1/admin/workers/w1/drain", worker)
	get("POST /v1/admin/workers/w1/resume", worker)
	get("GET /v1/admin/jobs/stuck", apiclient.StuckJobList{Data: []apiclient.StuckJob{{ID: "j9", Reason: models.StuckSilent, Kind: models.KindBuild, Stage: "compiling",
		Worker: given("host/1/w1")}}})
	for _, do := range []string{"cancel", "retry"} {
		mux.HandleFunc("POST /v1/admin/jobs/j9/"+do, func(w http.ResponseWriter, _ *http.Request) { answer(w, 202, apiclient.Job{ID: "j9"}) })
	}
	mux.HandleFunc("POST /v1/tokens", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 201, apiclient.Token{Token: "spark_browser_x"})
	})
	get("GET /v1/pipelines", apiclient.PipelineList{Data: []apiclient.PipelineSummary{{ID: "l1", State: "running", Jobs: map[string]int{"running": 1, "blocked": 2, "failed": 0}}}})
	get("GET /v1/pipelines/l1", apiclient.Pipeline{ID: "l1", State: "succeeded", Jobs: []apiclient.Job{{ID: "b1", Kind: models.KindBuild, State: models.StateSucceeded, Step: given("compile")}}})
	get("GET /v1/pipelines/bad", apiclient.Pipeline{ID: "bad", State: "failed", Jobs: []apiclient.Job{{ID: "b1", Kind: models.KindBuild, State: models.StateFailed,
		Error: &apiclient.JobError{Code: "timeout", Message: "too long"}}}})
	for _, id := range []string{"l1", "bad"} {
		mux.HandleFunc("GET /v1/pipelines/"+id+"/events", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			fmt.Fprintf(w, "id: 1\nevent: progress\ndata: {\"position\":1,\"job_id\":\"b1\",\"type\":\"progress\",\"data\":{\"progress\":0.5,\"stage\":\"compiling\"}}\n\nevent: end\ndata: {}\n\n")
		})
		for _, do := range []string{"cancel", "retry"} {
			mux.HandleFunc("POST /v1/pipelines/"+id+"/"+do, func(w http.ResponseWriter, _ *http.Request) { answer(w, 202, apiclient.Pipeline{ID: id}) })
		}
	}
}

func TestAdministrationCommands(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	for _, tt := range []struct {
		args     string
		code     int
		out, err string
	}{
		{"admin flow", 0, "Work is not flowing.", ""},
		{"admin flow", 0, "1000 or more waiting: 3 due", ""},
		{"admin flow", 0, "no_workers  yes     build  3     No worker runs.\n", ""},
		{"admin flow --json", 0, `"flowing": false`, ""},
		{"admin queues list", 0, "build  low       2    0      0        0         0           0        4      1m1s    0.5       4s          yes: the disk\n", ""},
		{"admin queues list", 0, "build, low: account a1 (weight 3) waits for 1m1s, with 2 running: account_cap\n", ""},
		{"admin queues pause build --reason disk", 0, "Paused build since ", ""},
		{"admin queues pause bulid", ExitUsage, "", "did you mean build?"},
		{"admin queues resume build", 0, "Resumed build.\n", ""},
		{"admin accounts pause a1", 0, "The account a1 is paused.\n", ""},
		{"admin accounts resume a1", 0, "The account a1 is active.\n", ""},
		{"admin workers list", 0, "w1  draining  1     build 1 of 2      1 running, 2 warm  ", ""},
		{"admin workers drain w1", 0, "The worker host/1/w1 is draining, with 1 jobs.\n", ""},
		{"admin workers resume w1", 0, "The worker host/1/w1", ""},
		{"admin workers drian w1", ExitUsage, "", "did you mean drain?"},
		{"admin jobs stuck --older-than 10m", 0, "silent  j9", ""},
		{"admin jobs stuck --reason silnet", ExitUsage, "", "did you mean silent?"},
		{"admin jobs cancel j9", 0, `"id": "j9"`, ""},
		{"admin jobs retry j9", 0, `"id": "j9"`, ""},
		{"token create --project p1", 0, "spark_browser_x\n", ""},
		{"token create", ExitUsage, "", "one of --job, --pipeline and --project"},
		{"token create --job a --project b", ExitUsage, "", "one of --job, --pipeline and --project"},
		{"token create --job a --access raed", ExitUsage, "", "did you mean read?"},
		{"pipeline list", 0, "l1  running           ", ""},
		{"pipeline list", 0, "2 blocked, 1 running\n", ""},
		{"pipeline get l1", 0, `"step": "compile"`, ""},
		{"pipeline watch l1", 0, " 50% compile: compiling\n", ""},
		{"pipeline watch l1", 0, "The pipeline is succeeded.\n", ""},
		{"pipeline watch bad", ExitFailed, "", "too long"},
		{"pipeline cancel l1", 0, `"id": "l1"`, ""},
		{"pipeline retry l1", 0, `"id": "l1"`, ""},
		{"pipeline submit", ExitUsage, "", "FILE is missing"},
		{"pipeline submit /nowhere.json", ExitUsage, "", "no such file"},
	} {
		t.Run(tt.args, func(t *testing.T) {
			r := run(within(t), t, Deps{}, s.env(), strings.Fields(tt.args)...)
			require.Equal(t, tt.code, r.code, "%+v", r)
			require.Contains(t, r.out, tt.out)
			require.Contains(t, r.err, tt.err)
			require.NotContains(t, r.out, "\x1b")
		})
	}
}

func TestPipelineFilesAreReadStrictly(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	file := filepath.Join(t.TempDir(), "p.json")
	for text, wrong := range map[string]string{
		`{"steps":[{"kind":"build"}],"metadta":{}}`: "unknown field",
		`{"steps":[]} {}`:          "something follows",
		`nonsense`:                 "is no pipeline",
		strings.Repeat(" ", 2<<20): "more than",
	} {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		r := run(within(t), t, Deps{}, s.env(), "pipeline", "submit", file)
		require.Equal(t, ExitUsage, r.code, "%+v", r)
		require.Contains(t, r.err, wrong)
	}
	require.NotContains(t, strings.Join(s.requests, "\n"), "/v1/pipelines", "nothing was submitted")
}
