package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

func TestCommands(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	s.jobs["j1"] = &apiclient.Job{ID: "j1", Kind: models.KindBuild, State: models.StateSucceeded}
	s.events["j1"] = []apiclient.JobEvent{{Seq: 1, Type: models.EventStarted}, {Seq: 2, Type: models.EventSucceeded}}
	s.jobs["j2"] = &apiclient.Job{ID: "j2", Kind: models.KindBuild, State: models.StateFailed, Error: &apiclient.JobError{Code: "timeout", Message: "too long", LogTail: "a\nb\x1b]0;x\x07"}}
	s.events["j2"] = []apiclient.JobEvent{{Seq: 1, Type: models.EventFailed}}
	for _, tt := range []struct {
		args     string
		code     int
		out, err string // what they contain
	}{
		{"version", 0, "spark 1.2.3\n", ""},
		{"--version", 0, "spark 1.2.3\n", ""},
		{"", 0, "Exit codes", ""},
		{"engines", 0, "phaser  Phaser    4.2.1*    web        0123456789ab  1 warm, 2 waiting  docker     yes\n", ""},
		{"engines", 0, "phaser  Phaser    3.90.0    web        -             -                  open       yes\n", ""},
		{"engines", 0, "\nphaser@3.90.0: it has no image\n", ""},
		{"pool", 0, "host/2/y  confined processes, 1 running\n", ""},
		{"engines", 0, "godot   Godot     4         linux,pck  -             -                  -          no: no container\n", ""},
		{"engines --json", 0, `"version": "4.2.1"`, ""},
		{"engines --json", 0, `"has_more": false`, ""},
		{"pool --json", 0, `"has_more": false`, ""},
		{"projects list --json", 0, `"has_more": true`, ""},
		{"nonsense --help", ExitUsage, "", "unknown command \"nonsense\" for \"spark\""},
		{"help nonsense", ExitUsage, "", "unknown command \"nonsense\""},
		{"help jobs nonsense", ExitUsage, "", "unknown command \"nonsense\" for \"spark jobs\""},
		{"help jobs list", 0, "only jobs in this state: blocked, queued, running, succeeded, failed or cancelled", ""},
		{"jobs nonsense --help", ExitUsage, "", "unknown command \"nonsense\" for \"spark jobs\""},
		{"jobs --help", 0, "watch", ""},
		{"maek fox", ExitUsage, "", "did you mean make?"},
		{"jobs lits", ExitUsage, "", "did you mean list?"},
		{"make x --enigne three", ExitUsage, "", "did you mean --engine?"},
		{"make x --engine phasr --out " + t.TempDir(), ExitUsage, "", "no such engine (/engine) [unknown_engine]; did you mean phaser?"},
		{"projects create Fox --engine phaser@3.9.0", ExitUsage, "", "did you mean phaser@3.90.0?"},
		{"jobs list --state success", ExitUsage, "", "--state success: it is one of blocked, queued, running, succeeded, failed or cancelled; did you mean succeeded?"},
		{"jobs list --kind bulid", ExitUsage, "", "did you mean build?"},
		{"make x --engine godot@4 --out " + t.TempDir() + "/x.html", ExitUsage, "", "makes no games for a browser"},
		{"keys create", ExitUsage, "", "say --local"},
		{"keys", 0, "create", ""},
		{"pool", 0, "host/1/x  docker, else open processes, 2 of 6 sandboxes, 2 orphans reaped\n", ""},
		{"pool", 0, "  phaser@4.2.1  0         1     0       1        0         0        75% of 12  42µs      1.23s  2 cancelled, 1 timeout\n", ""},
		{"pool", 0, "  phaser@4.2.1: its sandboxes do not start\n", ""},
		{"pool --once", 0, "  spark-1  phaser@4.2.1  running  1h0m", ""},
		{"pool", 0, "j1   a1\n", ""},
		{"pool", 0, "  (process)  three", ""},
		{"pool --json", 0, `"acquire_p99_us": 1234567`, ""},
		{"pool all", ExitUsage, "", "unknown command"},
		{"projects list", 0, "phaser@3.90.0", ""},
		{"projects create Fox --engine phaser@3.90.0 --json", 0, `"engine_version": "3.90.0"`, ""},
		{"projects create Fox --engine phaser@9", ExitUsage, "", "no such version (/engine_version) [unknown_version]"},
		{"projects create Fox --engine phaser@", ExitUsage, "", "the version is missing"},
		{"make x --engine phaser@9 --out " + t.TempDir(), ExitUsage, "", "no such version"},
		{"projects list", 0, "There are more: --cursor more", ""},
		{"projects list --search none", 0, "ID", ""},
		{"projects delete p1", 0, "p1 is deleted, until spark projects restore p1\n", ""},
		{"projects delete", ExitUsage, "", "PROJECT is missing"},
		{"projects restore p1", 0, "p1 Fo", ""},
		{"projects duplicate p1", 0, "p3\n", ""},
		{"projects duplicate p1 --name Owl --revision r1 --json", 0, `{\"name\":\"Owl\",\"revision_id\":\"r1\"}`, ""},
		{"projects merge p1 r1 --theirs", 0, "r3\n", ""},
		{"projects merge p1 r1 --preview", 0, "modified a.js\n", ""},
		{"projects merge p1 r1", ExitFailed, "", "conflict: b.js (moved by ours to c.js)"},
		{"projects merge p1 r1 --ours --theirs", ExitUsage, "", "none of the others can be"},
		{"projects merge p1", ExitUsage, "", "REVISION is missing"},
		{"projects create Fox --engine three", 0, "p1\n", ""},
		{"projects create Fox --engine three --starter", 0, "p1\n", ""},
		{"projects create Fox --prompt fox", 0, "p1\n", "pipeline pipe makes it"},
		{"projects create Fox --prompt fox --starter", ExitUsage, "", "none of the others can be"},
		{"projects create --from-zip testdata/none.zip", ExitUsage, "", "no such file"},
		{"projects create --from-zip commands_test.go --engine three --json", 0, `"name": "application/zip  three package cli`, "left out: x/.git (files: 3)"},
		{"projects create Fox --from-zip commands_test.go", 0, "p2\n", ""},
		{"projects create Fox --engine doom", ExitUsage, "", "no such engine (/engine) [unknown_engine]"},
		{"projects create", ExitUsage, "", "NAME is missing: spark projects create NAME\nRun 'spark projects create --help'"},
		{"jobs list --state failed", 0, "j1  build  failed  50%", ""},
		{"jobs list --json", 0, `"has_more": false`, ""},
		{"jobs get j1", 0, `"state": "succeeded"`, ""},
		{"jobs get j9", ExitFailed, "", "no such job [not_found]"},
		{"jobs cancel j1", 0, `"id": "j1"`, ""},
		{"jobs watch j1", 0, "  0% job: started\n100% job: done\nThe build succeeded.\n", ""},
		{"jobs watch j1 --json", 0, `"type": "started"`, ""},
		{"jobs watch j2", ExitFailed, "", "the build failed: too long [timeout]\n  a\n  b"},
		{"jobs watch j9", ExitFailed, "", "no such job"},
		{"jobs dance", ExitUsage, "", "unknown command"},
		{"dance", ExitUsage, "", "unknown command"},
		{"make", ExitUsage, "", "PROMPT is missing: spark make PROMPT"},
		{"jobs cancel j1 j2", ExitUsage, "", "\"j2\" is one argument too many"},
		{"keys create x --expires soon", ExitUsage, "", `--expires soon: it is a duration such as "12h", "30m" or "2d"`},
		{"keys rotate x --overlap -2h", ExitUsage, "", "--overlap -2h: it is a duration"},
		{"make x --seed seven", ExitUsage, "", "--seed seven: it is a whole number\nRun 'spark make --help'"},
		{"make x --colour red", ExitUsage, "", "unknown flag"},
		{"make x --engine doom --out " + t.TempDir(), ExitUsage, "", "no such engine"},
		{"engines --key spark_wrong", ExitFailed, "", "--key or SPARK_KEY"},
		{"engines --server ftp://x", ExitUsage, "", "is not the URL of a server"},
	} {
		t.Run(tt.args, func(t *testing.T) {
			r := run(within(t), t, Deps{}, s.env(), strings.Fields(tt.args)...)
			if r.code != tt.code || !strings.Contains(r.out, tt.out) || !strings.Contains(r.err, tt.err) || strings.ContainsAny(r.out+r.err, "\x1b\a") {
				t.Errorf("%d\n%q\n%q", r.code, r.out, r.err)
			}
		})
	}
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	own := Deps{Engines: func() []string { return []string{"own"} }}
	for _, tt := range []struct {
		args []string
		env  map[string]string
		want string
	}{
		{[]string{"make", "--engine", ""}, s.env(), "phaser\nphaser@3.90.0\nthree\ngodot@4\n:4\n"},
		{[]string{"make", "--engine", ""}, nil, "own\n:4\n"},
		{[]string{"projects", "create", "--engine", ""}, nil, "own\n:4\n"},
		{[]string{"jobs", "list", "--state", ""}, nil, "blocked\nqueued\nrunning\nsucceeded\nfailed\ncancelled\n:4\n"},
		{[]string{"admin", "queues", "pause", ""}, nil, "generation\nbuild\nexport\nanalytics\n:4\n"},
		{[]string{"token", "create", "--access", ""}, nil, "read\nplay\nedit\n:4\n"},
		{[]string{"jobs", "list", "--kind", ""}, nil, "generation\nbuild\nexport\nanalytics\n:4\n"},
	} {
		r := run(within(t), t, own, tt.env, append([]string{"__complete"}, tt.args...)...)
		if r.code != 0 || r.out != tt.want {
			t.Errorf("%v: %+v", tt.args, r)
		}
	}
}

func TestKeysCreate(t *testing.T) {
	t.Parallel()
	var got LocalKeyOptions
	made := LocalKey{File: "d/api-key", Prefix: "spark_abc", AccountID: "a1"}
	d := Deps{CreateLocalKey: func(_ context.Context, o LocalKeyOptions) (LocalKey, error) { got = o; return made, nil }}
	if r := run(t.Context(), t, d, nil, "keys", "create", "--local", "--data-dir", "d"); r.code != 0 || got != (LocalKeyOptions{DataDir: "d", Role: "admin"}) ||
		r.out != "A new API key (spark_abc…) is in d/api-key\n" {
		t.Errorf("%+v %+v", r, got)
	}
	if r := run(t.Context(), t, d, nil, "keys", "create", "--local", "--role", "auditor"); r.code != 0 || got.Role != "auditor" {
		t.Errorf("%+v %+v", r, got)
	}
	if r := run(t.Context(), t, d, nil, "keys", "create", "--local", "--role", "owner"); r.code != 2 || !strings.Contains(r.err, "auditor") {
		t.Errorf("%+v", r)
	}
	made.Revoked = 3
	if r := run(t.Context(), t, d, nil, "keys", "create", "--local", "--force"); r.code != 0 || !got.Force || !strings.Contains(r.out, "pepper is lost: 3.") {
		t.Errorf("%+v %+v", r, got)
	}
	if r := run(t.Context(), t, d, nil, "keys", "create", "--local", "--json"); !strings.Contains(r.out, `"file": "d/api-key"`) {
		t.Errorf("%+v", r)
	}
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	var applied []int64
	var failed error
	var schema Schema
	d := Deps{
		Migrate:      func(_ context.Context, dir string) ([]int64, error) { return applied, failed },
		SchemaStatus: func(_ context.Context, dir string) (Schema, error) { return schema, nil },
	}
	for _, tt := range []struct {
		applied []int64
		failed  error
		schema  Schema
		args    string
		code    int
		says    string
	}{
		{args: "migrate", says: "The schema is up to date.\n"},
		{args: "migrate", applied: []int64{30, 40}, says: "Migrations applied: 30, 40.\n"},
		{args: "migrate --json", says: `"applied": []`},
		{args: "migrate", applied: []int64{30}, failed: errors.New("a migration needs stopped processes"), code: 1, says: "stopped processes (applied before: 30)"},
		{args: "migrate --status", schema: Schema{Version: 30, Program: 30}, says: "version 30; this program has version 30.\nNo migration is pending.\n"},
		{args: "migrate --status", schema: Schema{Version: 25, Program: 30, Pending: []int64{26, 30}}, says: "Pending: 26, 30. Run spark migrate; no process needs to stop."},
		{args: "migrate --status", schema: Schema{Pending: []int64{1, 2}, NeedsStop: true}, says: "The database is empty; pending: 1, 2. Run spark migrate."},
		{args: "migrate --status", schema: Schema{Version: 25, Pending: []int64{26}, NeedsStop: true}, says: "Stop every api, worker and scheduler"},
		{args: "migrate --status", schema: Schema{Newer: []int64{31}}, says: "with which this program works"},
		{args: "migrate --status", schema: Schema{Newer: []int64{31}, Unfit: []int64{31}}, says: "too old for it: it does not know 31"},
		{args: "migrate --status --json", schema: Schema{Version: 30}, says: `"pending": []`},
		{args: "migrate now", code: 2, says: "unknown command"},
	} {
		applied, failed, schema = tt.applied, tt.failed, tt.schema
		if r := run(t.Context(), t, d, nil, strings.Fields(tt.args)...); r.code != tt.code || !strings.Contains(r.out+r.err, tt.says) {
			t.Errorf("%s: %+v", tt.args, r)
		}
	}
}

func TestKeysListAndRevoke(t *testing.T) {
	t.Parallel()
	key := models.APIKey{ID: "k1", AccountID: "a1", Name: "local user key", Role: models.RoleUser, Prefix: "spark_abcdef", Hash: []byte("hash")}
	var folder, revoked string
	d := Deps{
		LocalKeys: func(_ context.Context, dataDir string) ([]models.APIKey, error) {
			folder = dataDir
			return []models.APIKey{key}, nil
		},
		RevokeLocalKey: func(_ context.Context, dataDir, which string) (*models.APIKey, error) {
			folder, revoked = dataDir, which
			return &key, nil
		},
	}
	for _, tt := range []struct {
		args     string
		code     int
		out, err string
	}{
		{"list --local --data-dir d", 0, "spark_abcdef  user  local user key", ""},
		{"list --local --data-dir d --json", 0, `"prefix": "spark_abcdef"`, ""},
		{"list", ExitUsage, "", "no server"},
		{"revoke spark_abcdef --local --data-dir d", 0, "Revoked the user key spark_abcdef… (local user key)\n", ""},
		{"revoke spark_abcdef --local --data-dir d --json", 0, `"id": "k1"`, ""},
		{"revoke spark_abcdef", ExitUsage, "", "no server"},
		{"revoke --local", ExitUsage, "", "ID is missing"},
	} {
		folder, revoked = "", ""
		r := run(t.Context(), t, d, nil, append([]string{"keys"}, strings.Fields(tt.args)...)...)
		if r.code != tt.code || !strings.Contains(r.out, tt.out) || !strings.Contains(r.err, tt.err) || strings.Contains(r.out, "hash") {
			t.Errorf("%s: %+v", tt.args, r)
		}
		if tt.code == 0 && folder != "d" || strings.HasPrefix(tt.args, "revoke") && tt.code == 0 && revoked != "spark_abcdef" {
			t.Errorf("%s: in %q, revoked %q", tt.args, folder, revoked)
		}
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	const addr = "127.0.0.1:1" // a port that was free a moment ago may be another test's by now
	r := run(within(t), t, Deps{}, nil, "engines", "--server", "http://"+addr)
	if r.code != ExitUnreachable || !strings.Contains(r.err, addr) {
		t.Errorf("%+v", r)
	}
	if r := run(within(t), t, Deps{}, nil, "engines"); r.code != ExitUsage || !strings.Contains(r.err, "no server") {
		t.Errorf("%+v", r)
	}
}

func TestDev(t *testing.T) {
	t.Parallel()
	var got DevOptions
	d := Deps{Dev: func(_ context.Context, o DevOptions) error { got = o; return nil }}
	if r := run(t.Context(), t, d, nil, "dev", "--sample", "--sample-engine", "three", "--sample-prompt", "x", "--addr", "localhost:1", "--data-dir", "d"); r.code != 0 ||
		got != (DevOptions{"localhost:1", "d", true, "x", "three"}) {
		t.Errorf("%+v %+v", r, got)
	}
	d.Dev = func(context.Context, DevOptions) error { return errors.New("port taken") }
	if r := run(t.Context(), t, d, nil, "dev"); r.code != ExitFailed || r.err != "port taken" {
		t.Errorf("%+v", r)
	}
}

func TestBar(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	b := &bar{w: &out, width: func() int { return 44 }}
	b.show(0.5, "build", "bundling\x1b[31m a very long stage that does not fit")
	b.show(0.5, "build", "bundling\x1b[31m a very long stage that does not fit")
	b.end()
	b.end()
	want := "\r\x1b[K" + strings.Repeat("█", 12) + strings.Repeat("░", 12) + "  50% build: bundl…" + "\r\x1b[K"
	if out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	problem := func(status int) error {
		return &ranError{&apiclient.Error{Problem: apiclient.Problem{Status: status, Detail: "x"}}}
	}
	for _, tt := range []struct {
		err  error
		want int
	}{
		{nil, 0}, {errors.New("cobra's"), 2}, {&ranError{errors.New("disk full")}, 1}, {&ranError{usagef("x")}, 2},
		{problem(400), 2}, {problem(404), 1}, {problem(503), 1}, {&ranError{&jobError{}}, 1},
		{&ranError{&unreachableError{"x", errors.New("refused")}}, 3}, {&ranError{fmt.Errorf("x: %w", context.Canceled)}, 130},
	} {
		if got := ExitCode(tt.err); got != tt.want {
			t.Errorf("%v: %d, want %d", tt.err, got, tt.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\x1b[2J\u202eb\xff")
	f.Fuzz(func(t *testing.T, s string) {
		if got := clean(s); strings.ContainsAny(got, "\x00\x07\x08\x1b\r\n\u009b\u202e\u2066") {
			t.Errorf("%q", got)
		}
		if _, err := json.Marshal(cut(clean(s), 10)); err != nil {
			t.Error(err)
		}
	})
}
