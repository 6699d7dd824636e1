package api

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

func TestUsageReport(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	hostile := []string{"=HYPERLINK(\"x\")", "a,\"b\"", "-2+3", "@x", "fox"}
	for _, user := range hostile {
		j := decodeAs[openapi.Job](a.do("POST", "/v1/jobs", `{"kind":"build","project_id":"`+p.ID+`","end_user":`+string(models.ToJSON(user))+`}`).want(202))
		job, err := a.store.Jobs.Job(t.Context(), a.account, j.ID)
		require.NoError(t, err)
		a.claim(job).succeed()
	}
	a.claim(a.submit(models.KindBuild)).fail()
	a.sequence()
	report := func(query string) openapi.UsageReport {
		return decodeAs[openapi.UsageReport](a.do("GET", "/v1/usage/report?"+query, "").want(200))
	}
	all := report("")
	require.Len(t, all.Data, 1)
	require.Equal(t, []int64{6, 1}, []int64{all.Data[0].Jobs, all.Data[0].Failures})
	require.Equal(t, models.PeriodDay.Start(time.Now()), all.Data[0].Start)
	require.Nil(t, all.Data[0].Kind)
	hours := report("interval=hour&group_by=end_user,kind&project_id=" + p.ID)
	require.Len(t, hours.Data, 5)
	require.Equal(t, models.KindBuild, *hours.Data[0].Kind)
	require.Equal(t, int64(1), report("end_user=fox").Data[0].Jobs)
	require.Empty(t, report("kind=export").Data)

	got := a.do("GET", "/v1/usage/report?format=csv&group_by=end_user", "").want(200)
	require.Contains(t, got.header.Get("Content-Type"), "text/csv")
	require.Equal(t, strings.Count(string(got.body), "\n"), strings.Count(string(got.body), "\r\n"))
	rows, err := csv.NewReader(strings.NewReader(string(got.body))).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"start", "end_user", "jobs", "failures", "tokens_in", "tokens_out", "build_seconds", "bytes"}, rows[0])
	var users []string
	for _, row := range rows[1:] {
		users = append(users, row[1])
		require.Equal(t, "1", row[2])
	}
	require.ElementsMatch(t, []string{"", "'=HYPERLINK(\"x\")", "a,\"b\"", "'-2+3", "'@x", "fox"}, users)
	other := a.do("GET", "/v1/usage/report?format=csv", "", bearer(a.stranger)).want(200)
	require.Equal(t, 1, strings.Count(string(other.body), "\n"), "another account's is empty")

	for query, parameter := range map[string]string{
		"interval=week": "interval", "group_by=kind,kind": "group_by", "group_by=account_id": "group_by", "group_by=kind%3Bx": "group_by", "format=xml": "format",
		"from=2026-01-01T00:00:01Z": "from", "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z": "from", "interval=hour&from=2020-01-01T00:00:00Z": "from",
		"to=2026-01-01T01:00:00Z": "to", "project_id=x": "project_id", "kind=x": "kind",
	} {
		got := a.do("GET", "/v1/usage/report?"+query, "")
		require.Equal(t, 400, got.status, query)
		require.Equal(t, parameter, (*decodeAs[openapi.Problem](got).Errors)[0].Parameter, query)
	}
}

// The account's stream tells of quotas, without a job; the stream of one of its projects does not.
func TestStreamTellsOfQuotas(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	a.do("PATCH", "/v1/admin/accounts/"+a.account, `{"limits":{"jobs_per_day":1}}`, bearer(a.admin)).want(200)
	job := a.submit(models.KindBuild)
	a.sequence()
	told, _, err := a.store.Spending.TellQuotas(t.Context(), models.Limits{})
	require.NoError(t, err)
	require.Equal(t, 2, told)
	a.sequence()
	_, line := a.stream(t.Context(), "/v1/events?last_event_id=0")
	waitFor(t, line, "event: queued")
	for _, percent := range []string{"80", "100"} {
		waitFor(t, line, "event: quota")
		data := waitFor(t, line, "data: ")
		require.Contains(t, data, `"job_id":null`)
		require.Contains(t, data, `"percent":`+percent)
		require.Contains(t, data, `"quota":"jobs_per_day"`)
	}
	of, err := a.store.Stream.After(t.Context(), a.account, models.Place{ProjectID: job.ProjectID}, 0, 100)
	require.NoError(t, err)
	require.Len(t, of, 1)
}
