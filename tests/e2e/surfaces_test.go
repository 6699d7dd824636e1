package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Parts of the API that must be exactly as documented: names, shapes and filters, spelt out.
func TestSurfaces(t *testing.T) {
	t.Parallel()
	d := startDev(t, t.TempDir())

	created := d.do(t, "POST", "/v1/projects", `{"name":"Surfaces","engine":"phaser"}`).want(201)
	p := read[project](created)
	require.Equal(t, "/v1/projects/"+p.ID, created.header.Get("Location"))
	require.Equal(t, "phaser", p.Engine)
	require.Nil(t, p.RevisionID)

	accepted := d.do(t, "POST", "/v1/pipelines", `{"project_id":"`+p.ID+`","steps":[{"kind":"generation","input":{"prompt":"a castle platformer","seed":7}},`+
		`{"kind":"build","input":{"mode":"release"}},{"kind":"export"}]}`).want(202)
	whole := read[pipeline](accepted)
	require.Equal(t, "/v1/pipelines/"+whole.ID, accepted.header.Get("Location"))
	done := d.await(t, whole.ID, jobWithin).succeed(t)

	t.Run("job", func(t *testing.T) {
		raw := read[map[string]any](d.get(t, "/v1/jobs/"+done.Jobs[0].ID).want(200))
		for _, field := range []string{"id", "kind", "state", "attempt", "progress", "input", "output", "error", "created_at", "started_at", "finished_at"} {
			require.Contains(t, raw, field)
		}
		require.Equal(t, "generation", raw["kind"])
		require.Equal(t, "succeeded", raw["state"])
		require.EqualValues(t, 1, raw["attempt"])
		require.EqualValues(t, 1, raw["progress"])
		require.Equal(t, map[string]any{"prompt": "a castle platformer", "seed": 7.0}, raw["input"])
		require.Nil(t, raw["error"])
		times := make([]time.Time, 0, 3)
		for _, field := range []string{"created_at", "started_at", "finished_at"} {
			at, err := time.Parse(time.RFC3339Nano, raw[field].(string))
			require.NoError(t, err)
			require.Equal(t, time.UTC, at.Location(), field)
			times = append(times, at)
		}
		require.True(t, slices.IsSortedFunc(times, time.Time.Compare), "%v", times)
	})

	t.Run("single job", func(t *testing.T) {
		a := d.do(t, "POST", "/v1/jobs", `{"project_id":"`+p.ID+`","kind":"build","priority":"critical","input":{"mode":"preview"}}`).want(202)
		j := read[job](a)
		require.Equal(t, "/v1/jobs/"+j.ID, a.header.Get("Location"))
		require.Equal(t, "critical", j.Priority)
		require.Equal(t, "succeeded", d.end(t, j.ID, jobWithin).State)
	})

	t.Run("lists", func(t *testing.T) {
		other := d.newProject(t, "Other", "three")
		failed := d.submitJob(t, other.ID, "build", nil) // it has no files
		failed = d.end(t, failed.ID, jobWithin)
		require.Equal(t, "failed", failed.State)
		require.Equal(t, "no_revision", failed.Error.Code)
		require.NotEmpty(t, failed.Error.Message)

		ids := func(query string) (all []string) {
			t.Helper()
			for _, j := range read[list[job]](d.get(t, "/v1/jobs?"+query).want(200)).Data {
				all = append(all, j.ID)
			}
			return all
		}
		all := ids("state=&kind=&project_id=&limit=&cursor=")
		require.Equal(t, all, ids(""))
		require.Len(t, all, 5)
		require.True(t, slices.IsSortedFunc(all, func(a, b string) int { return strings.Compare(b, a) }), "newest first: %v", all)
		require.Equal(t, []string{failed.ID}, ids("state=failed"))
		require.Equal(t, []string{failed.ID}, ids("project_id="+other.ID))
		require.Equal(t, []string{done.Jobs[0].ID}, ids("kind=generation"))
		require.Equal(t, []string{done.Jobs[2].ID}, ids("kind=export&state=succeeded&project_id="+p.ID))
		require.Empty(t, ids("state=running"))

		var paged []string
		for cursor, pages := "", 1; ; pages++ {
			raw := d.get(t, "/v1/jobs?limit=2&cursor="+cursor).want(200)
			var fields map[string]json.RawMessage
			require.NoError(t, json.Unmarshal(raw.body, &fields))
			require.Len(t, fields, 3)
			for _, name := range []string{"data", "has_more", "next_cursor"} {
				require.Contains(t, fields, name)
			}
			l := read[list[job]](raw)
			for _, j := range l.Data {
				paged = append(paged, j.ID)
			}
			if !l.HasMore {
				require.Nil(t, l.NextCursor)
				require.Equal(t, 3, pages)
				break
			}
			cursor = *l.NextCursor
		}
		require.Equal(t, all, paged)
		require.JSONEq(t, `{"data":[],"has_more":false,"next_cursor":null}`, string(d.get(t, "/v1/jobs?state=cancelled").want(200).body))
		for _, path := range []string{"/v1/projects", "/v1/artifacts", "/v1/engines", "/v1/usage", "/v1/projects/" + p.ID + "/revisions"} {
			l := read[map[string]any](d.get(t, path).want(200))
			require.Len(t, l, 3, path)
			require.IsType(t, []any{}, l["data"], path)
			require.Equal(t, false, l["has_more"], path)
			require.Nil(t, l["next_cursor"], path)
		}
	})

	t.Run("operations", func(t *testing.T) {
		open := client{url: d.url}
		open.get(t, "/healthz").want(200)
		ready := read[readiness](open.get(t, "/readyz").want(200))
		require.Equal(t, map[string]bool{"database": true, "redis": true, "blobs": true}, ready.up())
		require.NotNil(t, ready.Builds)
		require.Contains(t, []string{"confined", "open"}, ready.Builds.Isolation, "this platform builds in local processes")
		require.Contains(t, string(open.get(t, "/metrics").want(200).body), `spark_job_attempts_total{code="",kind="generation",outcome="succeeded"} 1`)
		open.get(t, "/admin/queues").want(401)
		d.get(t, "/admin/queues/").want(200)
		engines := read[list[struct {
			Name      string
			Available bool
		}]](d.get(t, "/v1/engines").want(200)).Data
		available := make(map[string]bool)
		for _, e := range engines {
			available[e.Name] = e.Available
		}
		for _, name := range engineNames {
			require.True(t, available[name], name)
		}
	})
}

// readiness is what /readyz answers.
type readiness struct {
	Status string
	Builds *struct {
		Isolation string
		Notices   int
	}
	Checks []struct {
		Name string
		Up   bool
	}
}

func (r readiness) up() map[string]bool {
	m := map[string]bool{}
	for _, c := range r.Checks {
		m[c.Name] = c.Up
	}
	return m
}
