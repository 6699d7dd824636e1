package api

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// prune applies a policy until nothing is left to remove.
func (a *testAPI) prune(remove func(context.Context, time.Duration) (models.Pruning, error), keep time.Duration) (removed int) {
	a.t.Helper()
	for {
		done, err := remove(a.t.Context(), keep)
		if err != nil {
			a.t.Fatal(err)
		}
		for _, n := range done.Removed {
			removed += n
		}
		if !done.More {
			return removed
		}
	}
}

// Whoever asks for what may have been removed gets the same answer, with a code of its own.
func TestWhatMayHaveBeenRemovedHasItsCode(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	project := a.newProject().ID
	if err := a.store.Usage.SaveUsage(t.Context(), nil, time.Now()); err != nil {
		t.Fatal(err)
	}
	for _, remove := range []func(context.Context, time.Duration) (models.Pruning, error){a.store.Retention.Jobs, a.store.Retention.Previews, a.store.Retention.Revisions} {
		a.prune(remove, time.Hour)
	}
	old := models.FirstID(time.Now().Add(-72 * time.Hour))[:14] + models.NewID()[14:]
	for _, r := range [][2]string{
		{"GET", "/v1/jobs/:id"}, {"GET", "/v1/pipelines/:id"}, {"GET", "/v1/artifacts/:id"}, {"GET", "/v1/projects/" + project + "/files?revision_id=:id"},
		{"POST", "/v1/jobs/:id/cancel"}, {"POST", "/v1/jobs/:id/retry"}, {"GET", "/v1/jobs/:id/events"}, {"GET", "/v1/artifacts/:id/download"},
		{"GET", "/play/:id/"},
	} {
		for id, code := range map[string]models.Code{old: "pruned", models.NewID(): "not_found", "00000000-0000-4000-8000-000000000000": "not_found"} {
			for _, key := range []string{a.key, a.stranger} {
				if key == a.stranger && r[1] == "/v1/projects/"+project+"/files?revision_id=:id" {
					continue // the project is not theirs
				}
				p := decodeAs[openapi.Problem](a.do(r[0], strings.Replace(r[1], ":id", id, 1), "", "Authorization: Bearer "+key).want(404))
				if p.Code != code {
					t.Errorf("%s %s of %s: %s", r[0], r[1], id, p.Code)
				}
			}
		}
	}
	for _, input := range []string{`"kind":"build","input":{"revision_id":"` + old + `"}`, `"kind":"export","input":{"artifact_id":"` + old + `"}`} {
		p := decodeAs[openapi.Problem](a.do("POST", "/v1/jobs", `{"project_id":"`+project+`",`+input+`}`).want(404))
		if p.Code != "pruned" || p.Errors == nil {
			t.Errorf("%+v", p)
		}
	}
}

// A stream from any position goes on with what is left of the events, and ends with the last.
func TestEventsThatWereRemoved(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	w := a.claim(a.submit(models.KindBuild))
	w.finish(jobs.Outcome{Verdict: jobs.Failed, Err: models.NewError(models.CodeCompileFailed, "1 error")})
	path := "/v1/jobs/" + w.job.ID + "/events"
	_, line := a.stream(t.Context(), path)
	whole := untilEnd(line)
	removed := 0
	for removed == 0 { // until the clock of the database has moved on
		removed = a.prune(a.store.Retention.Events, time.Nanosecond)
	}
	for _, last := range []string{"0", "1", "x"} {
		_, line := a.stream(t.Context(), path, "Last-Event-ID: "+last)
		if got := untilEnd(line); got != "3:failed" {
			t.Errorf("after %s: %s of %s", last, got, whole)
		}
	}
	a.do("GET", path, "", "Last-Event-ID: 3").want(204)
}
