package cli

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

// bulkRoutes answers what the commands about many jobs ask: an operation has been counted at the first look, and has ended at the next.
func (s *fakeServer) bulkRoutes(mux *http.ServeMux) {
	made := apiclient.JobOperation{ID: "o1", Action: models.OperationRetry, State: models.OperationRunning, Reasons: map[string]int{}, CreatedAt: time.Now()}
	ended := made
	ended.State, ended.Counted, ended.Matched, ended.Done, ended.Along, ended.Skipped = models.OperationDone, true, 7, 4, 1, 2
	ended.Reasons = map[string]int{"quota_exceeded\x1b[2J": 2}
	looks := 0
	mux.HandleFunc("POST /v1/operations", func(w http.ResponseWriter, r *http.Request) {
		var body apiclient.NewJobOperation
		_ = json.NewDecoder(r.Body).Decode(&body)
		o := made
		o.Action = body.Action
		if body.DryRun != nil {
			o.DryRun, o.State, o.Matched = true, models.OperationDone, 7
		}
		answer(w, 202, o)
	})
	mux.HandleFunc("GET /v1/operations/{id}", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		looks++
		now := looks
		s.mu.Unlock()
		o := made
		o.Counted, o.Matched, o.Done = true, 7, 2
		if now%2 == 0 {
			o = ended
		}
		answer(w, 200, o)
	})
	mux.HandleFunc("GET /v1/operations", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, apiclient.JobOperationList{Data: []apiclient.JobOperation{ended}})
	})
	mux.HandleFunc("POST /v1/operations/{id}/cancel", func(w http.ResponseWriter, _ *http.Request) {
		o := made
		o.State = models.OperationCancelled
		answer(w, 200, o)
	})
}

func TestBulkCommands(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	for _, tt := range []struct {
		args     string
		code     int
		out, err string // what they contain
	}{
		{"jobs retry --error-code build_failed --project p1", 0, "done: 4 jobs retried, 1 along with them, 2 skipped, 0 failed, of 7 that matched (operation o1).", ""},
		{"jobs retry --state failed", 0, "skipped as quota_exceeded", ""},
		{"jobs retry --state failed", 0, "2 of 7", ""},
		{"jobs retry --state failed --json", 0, `"done": 4`, ""},
		{"jobs cancel --all --dry-run", 0, "7 jobs would be cancelled.", ""},
		{"jobs cancel --state queued --since 2h --detach", 0, "o1 is under way", ""},
		{"jobs cancel", ExitUsage, "", "ID is missing, or a flag"},
		{"jobs cancel --dry-run", ExitUsage, "", "ID is missing, or a flag"},
		{"jobs cancel j1 --all", ExitUsage, "", "either ID or flags"},
		{"jobs cancel --state failed", ExitUsage, "", "--state failed"},
		{"jobs retry --kind buidl", ExitUsage, "", "build"},
		{"operations list", 0, "o1  retry   done   7        4     1      2        0", ""},
		{"operations get o1", 0, `"id": "o1"`, ""},
		{"operations cancel o1", 0, `"state": "cancelled"`, ""},
	} {
		r := run(within(t), t, Deps{}, s.env(), strings.Fields(tt.args)...)
		if r.code != tt.code || !strings.Contains(r.out, tt.out) || !strings.Contains(r.err, tt.err) || strings.Contains(r.out, "\x1b[2J") && !strings.Contains(tt.args, "json") {
			t.Errorf("%s: %d\n%s\n%s", tt.args, r.code, r.out, r.err)
		}
	}
	for _, want := range []string{
		`POST /v1/operations {"action":"retry","filter":{"error_code":"build_failed","project_id":"p1"}}`,
		`POST /v1/operations {"action":"cancel","all":true,"dry_run":true}`,
	} {
		s.mu.Lock()
		if !slices.ContainsFunc(s.requests, func(r string) bool { return strings.TrimSpace(r) == want }) {
			t.Error(want, s.requests)
		}
		s.mu.Unlock()
	}
}
