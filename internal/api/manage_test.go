package api

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

func (a *testAPI) write(project, path, text string) openapi.Revision {
	a.t.Helper()
	return decodeAs[openapi.Revision](a.do("PUT", "/v1/projects/"+project+"/files/"+path, text, "Content-Type: text/plain").want(200))
}

func (a *testAPI) names(query string) []string {
	a.t.Helper()
	names := []string{}
	for _, p := range decodeAs[openapi.ProjectList](a.do("GET", "/v1/projects?"+query, "").want(200)).Data {
		names = append(names, p.Name)
	}
	return names
}

func TestProjectsAreFoundAndChanged(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	made := decodeAs[openapi.Project](a.do("POST", "/v1/projects",
		`{"name":"Snow 100%","engine":"phaser","description":"A fox\nin the snow","labels":{"stage":"draft","team":"a \"b\" \\ c"}}`).want(201))
	require.Equal(t, models.Labels{"stage": "draft", "team": `a "b" \ c`}, made.Labels)
	a.do("POST", "/v1/projects", `{"name":"Desert_Run","engine":"three","labels":{"stage":"live","other":"\"stage\":\"draft\""}}`).want(201)
	for query, want := range map[string][]string{
		"":                                 {"Desert_Run", "Snow 100%"},
		"search=SNOW":                      {"Snow 100%"},
		"search=0%25":                      {"Snow 100%"},
		"search=t_r":                       {"Desert_Run"},
		"search=_1":                        {},
		"engine=three":                     {"Desert_Run"},
		"label=stage:draft":                {"Snow 100%"},
		"label=stage:live&engine=phaser":   {},
		"label=team:a%20%22b%22%20%5C%20c": {"Snow 100%"},
		"label=stage:draf":                 {},
		"search=desert&label=stage:live":   {"Desert_Run"},
		"deleted=true":                     {},
		"label=stage:%25":                  {},
	} {
		require.Equal(t, want, a.names(query), query)
	}
	a.do("GET", "/v1/projects?label=stage", "").problem(400, models.CodeInvalidRequest)

	changed := decodeAs[openapi.Project](a.do("PATCH", "/v1/projects/"+made.ID, `{"name":" Ice ","labels":{},"engine_version":"3.90.0"}`).want(200))
	require.Equal(t, []any{"Ice", "A fox\nin the snow", models.Labels{}, "3.90.0"}, []any{changed.Name, changed.Description, changed.Labels, *changed.EngineVersion})
	require.Equal(t, changed, decodeAs[openapi.Project](a.do("GET", "/v1/projects/"+made.ID, "").want(200)))
	for at, body := range map[string]string{
		"/name":           `{"name":"  "}`,
		"/engine_version": `{"engine_version":"1"}`,
		"/description":    `{"description":"a\u0000"}`,
		"/labels":         `{"labels":{"A":"x"}}`,
		"/labels/a":       `{"labels":{"a":"x\ny"}}`,
		"/engine":         `{"engine":"three"}`,
		"":                `{}`,
	} {
		p := a.do("PATCH", "/v1/projects/"+made.ID, body)
		require.GreaterOrEqual(t, p.status, 400, body)
		require.Less(t, p.status, 500, body)
		if at != "" {
			require.Equal(t, at, (*decodeAs[openapi.Problem](p).Errors)[0].Pointer, body)
		}
	}
	a.do("PATCH", "/v1/projects/"+made.ID, `{"name":"mine"}`, bearer(a.stranger)).problem(404, models.CodeNotFound)
}

// A deleted project is gone for everybody, with its games, and comes back as it was.
func TestProjectsAreDeletedAndRestored(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	art := a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"index.html": "x"})
	path := "/v1/projects/" + art.ProjectID
	a.do("GET", "/play/"+art.ID+"/", "").want(200)
	a.do("DELETE", path, "", bearer(a.stranger)).problem(404, models.CodeNotFound)
	a.do("DELETE", path, "").want(204)
	for _, gone := range []struct{ method, path, body string }{
		{"GET", path, ""}, {"PATCH", path, `{"name":"x"}`}, {"GET", path + "/files", ""}, {"GET", path + "/revisions", ""},
		{"POST", path + "/duplicate", ""}, {"GET", "/play/" + art.ID + "/", ""}, {"GET", path + "/events", ""},
		{"POST", "/v1/jobs", `{"kind":"build","project_id":"` + art.ProjectID + `"}`},
		{"POST", "/v1/pipelines", `{"project_id":"` + art.ProjectID + `","steps":[{"kind":"build"}]}`},
	} {
		a.do(gone.method, gone.path, gone.body).problem(404, models.CodeNotFound)
	}
	a.do("PUT", path+"/files/a.js", "x", "Content-Type: text/plain").problem(404, models.CodeNotFound)
	a.do("DELETE", path, "").want(204) // again, if the first was interrupted
	require.Empty(t, a.names(""))
	deleted := decodeAs[openapi.ProjectList](a.do("GET", "/v1/projects?deleted=true", "").want(200)).Data
	require.Len(t, deleted, 1)
	require.NotNil(t, deleted[0].DeletedAt)
	a.do("POST", path+"/restore", "", bearer(a.stranger)).problem(404, models.CodeNotFound)
	a.do("GET", "/v1/artifacts/"+art.ID, "").problem(404, models.CodeNotFound)
	require.Nil(t, decodeAs[openapi.Project](a.do("POST", path+"/restore", "").want(200)).DeletedAt)
	a.do("POST", path+"/restore", "").want(200) // again
	a.do("GET", "/play/"+art.ID+"/", "").want(200)
	require.Empty(t, a.names("deleted=true"))
}

// What was deleted long enough ago is removed, with everything that is the project's, and nothing else.
func TestDeletedProjectsAreRemoved(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	kept := a.newProject()
	a.write(kept.ID, "a.js", "1")
	gone := a.newProject()
	a.write(gone.ID, "a.js", "1")
	a.write(gone.ID, "a.js", "2")
	a.do("POST", "/v1/pipelines", `{"project_id":"`+gone.ID+`","steps":[{"kind":"build"},{"kind":"build"}]}`).want(202)
	a.do("DELETE", "/v1/projects/"+gone.ID, "").want(204)
	remove := func() map[string]int {
		removed := map[string]int{}
		for range 20 {
			done, err := a.store.Retention.DeletedProjects(t.Context(), -time.Hour)
			require.NoError(t, err)
			for what, n := range done.Removed {
				removed[what] += n
			}
			if !done.More {
				break
			}
		}
		return removed
	}
	require.Empty(t, remove(), "its jobs have not ended")
	for _, j := range decodeAs[openapi.JobList](a.do("GET", "/v1/jobs", "").want(200)).Data {
		a.do("POST", "/v1/jobs/"+j.ID+"/cancel", "")
	}
	require.Empty(t, remove(), "their usage is not complete")
	require.NoError(t, a.store.Usage.SaveUsage(t.Context(), nil, time.Now().Add(48*time.Hour)))
	removed := remove()
	require.Equal(t, []int{1, 2, 2}, []int{removed["projects"], removed["revisions"], removed["jobs"]})
	require.Empty(t, a.names("deleted=true"))
	a.do("POST", "/v1/projects/"+gone.ID+"/restore", "").problem(404, models.CodeNotFound)
	require.Len(t, a.names(""), 1)
	require.Len(t, decodeAs[openapi.RevisionList](a.do("GET", "/v1/projects/"+kept.ID+"/revisions", "").want(200)).Data, 1)
}

func TestProjectsAreDuplicated(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	a.do("PATCH", "/v1/projects/"+p.ID, `{"labels":{"a":"b"}}`).want(200)
	empty := a.do("POST", "/v1/projects/"+p.ID+"/duplicate", "").want(201)
	require.Nil(t, decodeAs[openapi.Project](empty).RevisionID)
	first := a.write(p.ID, "a.js", "1")
	a.write(p.ID, "a.js", "2")
	made := a.do("POST", "/v1/projects/"+p.ID+"/duplicate", "").want(201)
	c := decodeAs[openapi.Project](made)
	require.Equal(t, "/v1/projects/"+c.ID, made.header.Get("Location"))
	require.Equal(t, []any{"Fox (copy)", models.Labels{"a": "b"}}, []any{c.Name, c.Labels})
	require.Equal(t, "2", string(a.do("GET", "/v1/projects/"+c.ID+"/files/a.js", "").want(200).body))
	old := decodeAs[openapi.Project](a.do("POST", "/v1/projects/"+p.ID+"/duplicate", `{"name":"Old","revision_id":"`+first.ID+`"}`).want(201))
	require.Equal(t, "1", string(a.do("GET", "/v1/projects/"+old.ID+"/files/a.js", "").want(200).body))
	a.write(c.ID, "a.js", "3")
	require.Equal(t, "2", string(a.do("GET", "/v1/projects/"+p.ID+"/files/a.js", "").want(200).body), "they are apart")
	a.do("POST", "/v1/projects/"+p.ID+"/duplicate", `{"revision_id":"`+models.NewID()+`"}`).problem(404, models.CodeNotFound)
	a.do("POST", "/v1/projects/"+p.ID+"/duplicate", "", bearer(a.stranger)).problem(404, models.CodeNotFound)
}

// Patches are worked out on what is there, also while others change the project, and within bounds.
func TestPatchesAmongOthers(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	path := "/v1/projects/" + p.ID
	a.write(p.ID, "a.js", "1\n")
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for {
				now, err := strconv.Atoi(strings.TrimSpace(string(a.do("GET", path+"/files/a.js", "").body)))
				if err != nil {
					t.Error(err)
					return
				}
				diff := fmt.Sprintf(`@@ -1 +1 @@\n-%d\n+%d\n`, now, now+1)
				r := a.do("POST", path+"/changes", fmt.Sprintf(`{"changes":[{"op":"write","path":"%d.js","text":"x"},{"op":"patch","path":"a.js","diff":"--- a\n+++ b\n%s"}]}`, i, diff))
				if r.status == 200 {
					return
				}
				if r.status != 409 {
					t.Errorf("%d %s", r.status, r.body)
					return
				}
			}
		})
	}
	all.Wait()
	require.Equal(t, "9\n", string(a.do("GET", path+"/files/a.js", "").want(200).body), "each patch has its effect once")

	a.write(p.ID, "big.txt", strings.Repeat("\n", 1<<20+1))
	patch := `{"op":"patch","path":"big.txt","diff":"--- a\n+++ b\n@@ -1 +1 @@\n-\n+x\n"}`
	a.do("POST", path+"/changes", `{"changes":[`+patch+`]}`).problem(400, models.CodeInvalidRequest)
	a.write(p.ID, "big.txt", strings.Repeat("\n", 1<<20-1))
	many := strings.Repeat(`{"op":"patch","path":"big.txt","diff":"--- a\n+++ b\n@@ -1 +1 @@\n-\n+\n"},`, 40)
	r := a.do("POST", path+"/changes", `{"changes":[`+many[:len(many)-1]+`]}`)
	require.Contains(t, []int{400, 409}, r.status, "%s", r.body)
}

func TestFilesAreChangedTogether(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	path := "/v1/projects/" + p.ID
	base := a.write(p.ID, "src/main.js", "one\ntwo\nthree\n")
	a.write(p.ID, "old.txt", "x")
	a.write(p.ID, "gone.txt", "x")
	diff := `--- a/src/main.js\n+++ b/src/main.js\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n`
	rev := decodeAs[openapi.Revision](a.do("POST", path+"/changes", `{"message":"tidy up","changes":[
		{"op":"create","path":"new.bin","base64":"AAE="},{"op":"move","path":"moved.txt","from":"old.txt"},{"op":"delete","path":"gone.txt"},
		{"op":"patch","path":"src/main.js","diff":"`+diff+`"},{"op":"write","path":"w.js","text":"w"},{"op":"replace","path":"w.js","text":"W"},
		{"op":"create","path":"l.json","text":"{\n  \"a\": 0,\n  \"b\": [1.50]\n}\n"},
		{"op":"patch","path":"l.json","json_patch":[{"op":"test","path":"/b/0","value":1.5},{"op":"replace","path":"/a","value":1}]},
		{"op":"patch","path":"l.json","merge_patch":{"c":"<","d":null}}]}`).want(200))
	require.Equal(t, "tidy up", rev.Message)
	list := decodeAs[openapi.FileList](a.do("GET", path+"/files", "").want(200))
	require.Equal(t, "l.json moved.txt new.bin src/main.js w.js", paths(list))
	require.Equal(t, "{\n  \"a\": 1,\n  \"b\": [\n    1.50\n  ],\n  \"c\": \"<\"\n}\n", string(a.do("GET", path+"/files/l.json", "").want(200).body))
	require.Equal(t, "one\nTWO\nthree\n", string(a.do("GET", path+"/files/src/main.js", "").want(200).body))
	require.Equal(t, "W", string(a.do("GET", path+"/files/w.js", "").want(200).body))

	for _, tt := range []struct {
		change string
		code   models.Code
		at     string
	}{
		{`{"op":"create","path":"w.js","text":""}`, models.CodeConflict, "/changes/1/path"},
		{`{"op":"replace","path":"none.js","text":""}`, models.CodeConflict, "/changes/1/path"},
		{`{"op":"delete","path":"none.js"}`, models.CodeConflict, "/changes/1/path"},
		{`{"op":"move","path":"w.js","from":"moved.txt"}`, models.CodeConflict, "/changes/1/path"},
		{`{"op":"move","path":"x.js","from":"none.js"}`, models.CodeConflict, "/changes/1/from"},
		{`{"op":"move","path":"x.js"}`, models.CodeInvalidRequest, "/changes/1/from"},
		{`{"op":"patch","path":"w.js","diff":"nonsense"}`, models.CodeInvalidRequest, "/changes/1/diff"},
		{`{"op":"patch","path":"w.js","diff":"` + diff + `"}`, models.CodeConflict, "/changes/1/diff"},
		{`{"op":"patch","path":"w.js"}`, models.CodeInvalidRequest, "/changes/1/diff"},
		{`{"op":"patch","path":"w.js","diff":"x","merge_patch":{}}`, models.CodeInvalidRequest, "/changes/1/diff"},
		{`{"op":"write","path":"w.js","text":"","json_patch":[{}]}`, models.CodeInvalidRequest, "/changes/1"},
		{`{"op":"patch","path":"w.js","merge_patch":{"a":1}}`, models.CodeConflict, "/changes/1/merge_patch"},
		{`{"op":"patch","path":"w.js","merge_patch":[]}`, models.CodeInvalidRequest, "/changes/1/merge_patch"},
		{`{"op":"patch","path":"w.js","json_patch":[]}`, models.CodeInvalidRequest, "/changes/1/json_patch"},
		{`{"op":"patch","path":"l.json","json_patch":[{"op":"burn"}]}`, models.CodeInvalidRequest, "/changes/1/json_patch/0/op"},
		{`{"op":"patch","path":"l.json","json_patch":[{"op":"remove","path":"/a"},{"op":"remove","path":"/a"}]}`, models.CodeConflict, "/changes/1/json_patch/1"},
		{`{"op":"patch","path":"l.json","json_patch":[{"op":"test","path":"/a","value":2}]}`, models.CodeTestFailed, "/changes/1/json_patch/0"},
		{`{"op":"patch","path":"none.json","merge_patch":{}}`, models.CodeConflict, "/changes/1/path"},
		{`{"op":"patch","path":"w.js","diff":"--- a/w.js\n+++ /dev/null\n@@ -1 +0,0 @@\n-W\n\\ No newline at end of file\n"}`, models.CodeInvalidRequest, "/changes/1/diff"},
		{`{"op":"patch","path":"w.js","diff":"diff --git a/w.js b/x.js\nsimilarity index 50%\nrename from w.js\nrename to x.js\n--- a/w.js\n+++ b/x.js\n@@ -1 +1 @@\n-W\n+X\n"}`, models.CodeInvalidRequest, "/changes/1/diff"},
		{`{"op":"patch","path":"w.js","diff":"diff --git a/o.js b/o.js\n--- a/o.js\n+++ b/o.js\n@@ -1 +1 @@\n-W\n+X\n"}`, models.CodeInvalidRequest, "/changes/1/diff"},
		{`{"op":"write","path":"w.js"}`, models.CodeInvalidRequest, "/changes/1"},
		{`{"op":"write","path":"w.js","text":"","base64":""}`, models.CodeInvalidRequest, "/changes/1"},
		{`{"op":"delete","path":"w.js","text":""}`, models.CodeInvalidRequest, "/changes/1"},
		{`{"op":"write","path":"../w.js","text":""}`, models.CodeInvalidPath, "/changes/1/path"},
		{`{"op":"burn","path":"w.js"}`, models.CodeInvalidRequest, "/changes/1/op"},
	} {
		r := a.do("POST", path+"/changes", `{"changes":[{"op":"write","path":"first.js","text":""},`+tt.change+`]}`)
		problem := decodeAs[openapi.Problem](r)
		require.Equal(t, tt.code, problem.Code, "%s: %s", tt.change, r.body)
		require.Equal(t, tt.at, (*problem.Errors)[0].Pointer, tt.change)
	}
	require.Equal(t, list, decodeAs[openapi.FileList](a.do("GET", path+"/files", "").want(200)), "all or none")
	a.do("POST", path+"/changes", `{"changes":[{"op":"write","path":"w.js","text":"2"}]}`, `If-Match: "`+base.ID+`"`).problem(412, models.CodePreconditionFailed)
	a.do("POST", path+"/changes", `{"changes":[{"op":"write","path":"w.js","text":"2"}]}`, `If-Match: "`+rev.ID+`"`).want(200)
}

func TestHistory(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	path := "/v1/projects/" + p.ID
	first := a.write(p.ID, "a.js", "one\ntwo\n")
	second := decodeAs[openapi.Revision](a.do("POST", path+"/changes", `{"changes":[{"op":"write","path":"a.js","text":"one\n2\n"},
		{"op":"write","path":"b.png","base64":"iVBORwAB"},{"op":"write","path":"c.txt","text":"c"}]}`).want(200))
	third := decodeAs[openapi.Revision](a.do("POST", path+"/changes", `{"changes":[{"op":"move","path":"d.txt","from":"c.txt"},{"op":"delete","path":"b.png"}]}`).want(200))

	named := decodeAs[openapi.Revision](a.do("PATCH", path+"/revisions/"+first.ID, `{"name":"before the snow"}`).want(200))
	require.Equal(t, "before the snow", *named.Name)
	require.Equal(t, named, decodeAs[openapi.Revision](a.do("GET", path+"/revisions/"+first.ID, "").want(200)))
	a.do("PATCH", path+"/revisions/"+first.ID, `{"name":"a\nb"}`).problem(400, models.CodeInvalidRequest)

	diff := func(of, query string) string {
		var lines []string
		for _, d := range decodeAs[openapi.RevisionDiff](a.do("GET", path+"/revisions/"+of+"/diff"+query, "").want(200)).Data {
			line := string(d.Status) + " " + d.Path
			if d.From != nil {
				line += " from " + *d.From
			}
			if d.Unified != nil {
				line += "\n" + *d.Unified
			}
			lines = append(lines, line)
		}
		return strings.Join(lines, "\n")
	}
	require.Equal(t, "added a.js\n--- /dev/null\n+++ b/a.js\n@@ -0,0 +1,2 @@\n+one\n+two\n", diff(first.ID, ""))
	require.Equal(t, "modified a.js\n--- a/a.js\n+++ b/a.js\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n\nadded b.png\nadded c.txt\n--- /dev/null\n+++ b/c.txt\n@@ -0,0 +1 @@\n+c\n\\ No newline at end of file\n",
		diff(second.ID, ""))
	require.Equal(t, "deleted b.png\nmoved d.txt from c.txt", diff(third.ID, ""))
	require.Equal(t, "", diff(third.ID, "?base="+third.ID))
	a.do("GET", path+"/revisions/"+third.ID+"/diff?base="+models.NewID(), "").problem(404, models.CodeNotFound)
	a.do("GET", path+"/revisions/"+third.ID+"/diff?base=x", "").problem(400, models.CodeInvalidRequest)

	back := decodeAs[openapi.Revision](a.do("POST", path+"/revisions/"+first.ID+"/restore", "").want(200))
	require.Equal(t, []string{"restore before the snow", first.Digest, third.ID}, []string{back.Message, back.Digest, *back.ParentID})
	a.do("POST", path+"/revisions/"+second.ID+"/restore", "", `If-Match: "`+third.ID+`"`).problem(412, models.CodePreconditionFailed)

	zipped := a.do("GET", path+"/revisions/"+second.ID+"/download", "").want(200)
	z, err := zip.NewReader(bytes.NewReader(zipped.body), int64(len(zipped.body)))
	require.NoError(t, err)
	require.Len(t, z.File, 3)
	f, err := z.File[0].Open()
	require.NoError(t, err)
	raw, err := io.ReadAll(f)
	require.NoError(t, err)
	require.Equal(t, "one\n2\n", string(raw))
	a.do("GET", path+"/revisions/"+second.ID+"/download", "", "If-None-Match: "+zipped.header.Get("ETag")).want(304)
	for _, op := range []string{"", "/diff", "/download"} {
		a.do("GET", path+"/revisions/"+second.ID+op, "", bearer(a.stranger)).problem(404, models.CodeNotFound)
		a.do("GET", "/v1/projects/"+a.newProject().ID+"/revisions/"+second.ID+op, "").problem(404, models.CodeNotFound)
	}
	// A name keeps a revision.
	done, err := a.store.Retention.Revisions(t.Context(), -time.Hour)
	require.NoError(t, err)
	require.Positive(t, done.Removed["revisions"])
	a.do("GET", path+"/revisions/"+first.ID, "").want(200)
	a.do("GET", path+"/revisions/"+second.ID, "").want(404)
}

// The chat of a project is its revisions: what was asked, what was done.
func TestHistoryKeepsPrompts(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	job := decodeAs[openapi.Job](a.do("POST", "/v1/jobs", `{"kind":"generation","project_id":"`+p.ID+`","input":{"prompt":"a fox"}}`).want(202))
	row, err := a.store.Jobs.Job(t.Context(), a.account, job.ID)
	require.NoError(t, err)
	w := a.claim(row)
	m := models.Manifest{{Path: "a.js", SHA256: a.keep("x"), Size: 1, MediaType: "text/javascript"}}
	w.finish(jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{Output: models.JSON(`{}`), Revision: &models.Revision{ID: models.NewID(),
		AccountID: a.account, ProjectID: p.ID, JobID: row.ID, Author: models.Author{Kind: models.AuthorJob, ID: row.ID},
		Message: "A game about a fox.", Prompt: "a fox", Manifest: m, Digest: m.Digest()}}})
	revs := decodeAs[openapi.RevisionList](a.do("GET", "/v1/projects/"+p.ID+"/revisions", "").want(200)).Data
	require.Len(t, revs, 1)
	require.Equal(t, []string{"a fox", "A game about a fox."}, []string{*revs[0].Prompt, revs[0].Message})
}

// A job that ends after its project was deleted ends as ever, and what it made is there when the project is restored.
func TestJobsEndInDeletedProjects(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	job := decodeAs[openapi.Job](a.do("POST", "/v1/jobs", `{"kind":"generation","project_id":"`+p.ID+`","input":{"prompt":"a fox"}}`).want(202))
	row, err := a.store.Jobs.Job(t.Context(), a.account, job.ID)
	require.NoError(t, err)
	w := a.claim(row)
	a.do("DELETE", "/v1/projects/"+p.ID, "").want(204)
	m := models.Manifest{{Path: "a.js", SHA256: a.keep("x"), Size: 1, MediaType: "text/javascript"}}
	w.finish(jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{Output: models.JSON(`{}`), Revision: &models.Revision{ID: models.NewID(),
		AccountID: a.account, ProjectID: p.ID, JobID: row.ID, Manifest: m, Digest: m.Digest()}}})
	row, err = a.store.Jobs.Job(t.Context(), a.account, job.ID)
	require.NoError(t, err)
	require.Equal(t, models.StateSucceeded, row.State)
	require.NotNil(t, decodeAs[openapi.Project](a.do("POST", "/v1/projects/"+p.ID+"/restore", "").want(200)).RevisionID)
}
