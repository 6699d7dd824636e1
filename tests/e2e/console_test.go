package e2e

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Administrators see the jobs of all accounts by state and error. The transport's page says what it cannot show. Neither page
// loads anything from other sites.
func TestAdministratorsPages(t *testing.T) {
	t.Parallel()
	d := startDev(t, t.TempDir()+"/data")
	p := d.newProject(t, "Broken <b>", "phaser")
	d.end(t, d.submitJob(t, p.ID, "generation", map[string]any{"prompt": "a calm puzzle"}).ID, jobWithin)
	d.do(t, "PUT", "/v1/projects/"+p.ID+"/files/src/main.js", []byte("this is no JavaScript (")).want(200)
	failed := d.end(t, d.submitJob(t, p.ID, "build", nil).ID, jobWithin)
	require.Equal(t, "compile_failed", failed.Error.Code)
	fine := d.submitJob(t, "", "analytics", nil)
	require.Equal(t, "succeeded", d.end(t, fine.ID, jobWithin).State)

	page := func(path string) string {
		a := d.get(t, path).want(200)
		require.Contains(t, a.header.Get("Content-Type"), "text/html")
		require.Contains(t, a.header.Get("Content-Security-Policy"), "default-src 'none'")
		require.NotRegexp(t, regexp.MustCompile(`(?:src|href)="https?://`), string(a.body), "%s loads from elsewhere", path)
		return string(a.body)
	}
	all := page("/admin/jobs")
	require.Contains(t, all, failed.ID)
	require.Contains(t, all, fine.ID)
	for _, query := range []string{"state=failed", "code=compile_failed", "kind=build&state=failed"} {
		some := page("/admin/jobs?" + query)
		require.Contains(t, some, failed.ID, query)
		require.NotContains(t, some, fine.ID, query)
	}
	require.NotContains(t, page("/admin/jobs?account=00000000-0000-7000-8000-000000000000"), failed.ID)
	one := page("/admin/jobs/" + failed.ID)
	require.Contains(t, one, "compile_failed")
	require.Contains(t, one, `<td data-name="Type">failed</td>`, "its last event")
	client{url: d.url}.get(t, "/admin/jobs").want(401)
	d.get(t, "/admin/jobs?before=nonsense").want(400)
	d.get(t, "/admin/jobs/01a21ac5-0b53-7a77-ab44-1ab28d573be6").want(404)

	queues := page("/admin/queues")
	require.Contains(t, queues, `href="/admin/jobs?state=failed"`)
	require.Equal(t, 1, strings.Count(queues, "This page shows the transport"))
	info := read[struct{ Info map[string]string }](d.get(t, "/admin/queues/api/redis_info").want(200)).Info
	for _, field := range []string{"redis_version", "uptime_in_days", "used_memory_human", "used_memory_peak_human", "mem_fragmentation_ratio",
		"connected_clients", "connected_slaves", "rdb_last_save_time", "rdb_changes_since_last_save"} {
		require.NotEmpty(t, info[field], field)
	}
}
