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

// scheduleRoutes answers what the commands of schedules ask.
func (s *fakeServer) scheduleRoutes(mux *http.ServeMux) {
	due := time.Date(2027, 3, 28, 1, 0, 0, 0, time.UTC)
	one := apiclient.Schedule{ID: "s1", Name: "Nightly\x1b[2J", Cron: "30 2 * * *", TimeZone: "Europe/Berlin", NextRuns: []time.Time{due}}
	mux.HandleFunc("GET /v1/schedules", func(w http.ResponseWriter, _ *http.Request) {
		paused := one
		paused.ID, paused.NextRuns = "s2", nil
		answer(w, 200, apiclient.ScheduleList{Data: []apiclient.Schedule{one, paused}})
	})
	mux.HandleFunc("POST /v1/schedules", func(w http.ResponseWriter, _ *http.Request) { answer(w, 201, one) })
	mux.HandleFunc("PATCH /v1/schedules/{id}", func(w http.ResponseWriter, r *http.Request) {
		var change apiclient.ScheduleChange
		_ = json.NewDecoder(r.Body).Decode(&change)
		changed := one
		changed.Paused = *change.Paused
		answer(w, 200, changed)
	})
	mux.HandleFunc("POST /v1/schedules/{id}/run", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 202, apiclient.Firing{ID: "f1", Outcome: models.FiringSubmitted, JobID: given("j1")})
	})
	mux.HandleFunc("GET /v1/schedules/{id}/firings", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, apiclient.FiringList{Data: []apiclient.Firing{
			{DueAt: due, FiredAt: due, Outcome: models.FiringSubmitted, PipelineID: given("p1")},
			{DueAt: due, FiredAt: due, Outcome: models.FiringRefused, Error: &apiclient.FiringError{Code: models.CodeQuotaExceeded, Message: "used"}},
		}})
	})
	mux.HandleFunc("POST /v1/schedules/preview", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, apiclient.ScheduleRuns{NextRuns: []time.Time{due}})
	})
	mux.HandleFunc("DELETE /v1/schedules/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
}

func TestScheduleCommands(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	for _, tt := range []struct {
		args     []string
		code     int
		out, err string // what they contain
	}{
		{[]string{"list"}, 0, "30 2 * * *  Europe/Berlin  2027-03-28", ""},
		{[]string{"list"}, 0, "s2  30 2 * * *  Europe/Berlin  paused", ""},
		{[]string{"list", "--json"}, 0, `"id": "s1"`, ""},
		{[]string{"create", "Nightly", "--cron", "30 2 * * *", "--time-zone", "Europe/Berlin", "--job", `{"kind":"build","project_id":"p"}`}, 0, `"id": "s1"`, ""},
		{[]string{"create", "Nightly", "--cron", "x", "--pipeline", `{"project_id":`}, ExitUsage, "", "--pipeline: unexpected end of JSON input"},
		{[]string{"create"}, ExitUsage, "", "NAME is missing"},
		{[]string{"pause", "s1"}, 0, `"paused": true`, ""},
		{[]string{"resume", "s1"}, 0, `"paused": false`, ""},
		{[]string{"run", "s1"}, 0, `"job_id": "j1"`, ""},
		{[]string{"history", "s1"}, 0, "submitted  pipeline p1", ""},
		{[]string{"history", "s1"}, 0, "refused    used [quota_exceeded]", ""},
		{[]string{"preview", "30 2 * * *"}, 0, "2027-03-28T01:00:00Z\n", ""},
		{[]string{"delete", "s1"}, 0, "Deleted.", ""},
	} {
		r := run(within(t), t, Deps{}, s.env(), append([]string{"schedule"}, tt.args...)...)
		if r.code != tt.code || !strings.Contains(r.out, tt.out) || !strings.Contains(r.err, tt.err) || strings.Contains(r.out, "\x1b[2J") {
			t.Errorf("%v: %d\n%s\n%s", tt.args, r.code, r.out, r.err)
		}
	}
	const want = `POST /v1/schedules {"cron":"30 2 * * *","job":{"kind":"build","project_id":"p"},"name":"Nightly","time_zone":"Europe/Berlin"}`
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.ContainsFunc(s.requests, func(r string) bool { return strings.TrimSpace(r) == want }) {
		t.Error(s.requests)
	}
}
