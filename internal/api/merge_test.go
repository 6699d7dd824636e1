package api

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// superseded is the revision of a generation that began at a base and ended when the project had moved on.
func (a *testAPI) superseded(project string, base openapi.Revision, files map[string]string) *models.Revision {
	a.t.Helper()
	job := decodeAs[openapi.Job](a.do("POST", "/v1/jobs", `{"kind":"generation","project_id":"`+project+`","input":{"prompt":"snow"}}`).want(202))
	row, err := a.store.Jobs.Job(a.t.Context(), a.account, job.ID)
	require.NoError(a.t, err)
	var m models.Manifest
	for _, path := range slices.Sorted(maps.Keys(files)) {
		m = append(m, models.ManifestEntry{Path: path, SHA256: a.keep(files[path]), Size: int64(len(files[path])), MediaType: models.MediaType(path)})
	}
	rev := &models.Revision{ID: models.NewID(), AccountID: a.account, ProjectID: project, JobID: row.ID, Author: models.Author{Kind: models.AuthorJob, ID: row.ID},
		Message: "It snows.", Prompt: "snow", Parents: models.IDsOf(base.ID), Title: "Snow", Manifest: m, Digest: m.Digest()}
	a.claim(row).finish(jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{Output: models.JSON(`{"provider":"builtin"}`), Revision: rev}})
	out := decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+row.ID, "").want(200))
	require.Contains(a.t, string(out.Output), `"merge_url"`)
	return rev
}

func (a *testAPI) file(project, path string) string {
	a.t.Helper()
	return string(a.do("GET", "/v1/projects/"+project+"/files/"+path, "").want(200).body)
}

func TestSupersededGenerationsAreMerged(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	base := decodeAs[openapi.Revision](a.do("PUT", "/v1/projects/"+p.ID+"/files", `{"title":"Fox","files":[{"path":"main.js","text":"one\ntwo\nthree\nfour\n"},
		{"path":"gone.js","text":"x"},{"path":"art.png","base64":"iVBORwA="},{"path":"mine.js","text":"1"}]}`).want(200))
	theirs := map[string]string{"main.js": "one\ntwo\nthree\nFOUR\n", "art.png": "\x89PNG\x00", "mine.js": "1", "snow.js": "snow"}
	a.write(p.ID, "main.js", "ONE\ntwo\nthree\nfour\n")
	ours := a.write(p.ID, "mine.js", "2")
	rev := a.superseded(p.ID, base, theirs)
	path := "/v1/projects/" + p.ID + "/revisions/" + rev.ID + "/merge"

	preview := decodeAs[openapi.MergePreview](a.do("GET", path, "").want(200))
	require.Equal(t, []string{base.ID, ours.ID, rev.ID}, []string{*preview.BaseID, preview.OursID, preview.TheirsID})
	require.Empty(t, preview.Conflicts)
	var changes []string
	for _, d := range preview.Files {
		changes = append(changes, string(d.Status)+" "+d.Path)
	}
	require.Equal(t, []string{"deleted gone.js", "modified main.js", "added snow.js"}, changes)
	require.Contains(t, *preview.Files[1].Unified, "-four\n+FOUR\n")
	require.Equal(t, ours.ID, *decodeAs[openapi.FileList](a.do("GET", "/v1/projects/"+p.ID+"/files", "").want(200)).RevisionID, "a preview changes nothing")

	a.do("POST", path, "", `If-Match: "`+base.ID+`"`).problem(412, models.CodePreconditionFailed)
	a.do("POST", path, "", bearer(a.stranger)).problem(404, models.CodeNotFound)
	a.do("GET", path, "", bearer(a.stranger)).problem(404, models.CodeNotFound)
	a.do("GET", path+"?conflicts=x", "").problem(400, models.CodeInvalidRequest)
	a.do("POST", path, `{"conflicts":"x"}`).problem(400, models.CodeInvalidRequest)
	a.do("POST", "/v1/projects/"+a.newProject().ID+"/revisions/"+rev.ID+"/merge", "").problem(404, models.CodeNotFound)

	r := a.do("POST", path, `{"message":"with snow"}`, `If-Match: "`+ours.ID+`"`).want(200)
	done := decodeAs[openapi.Revision](r)
	require.Equal(t, []string{ours.ID, rev.ID}, done.Parents)
	require.Equal(t, []string{"with snow", "Snow", `"` + done.ID + `"`}, []string{done.Message, done.Title, r.header.Get("ETag")})
	require.Equal(t, "art.png main.js mine.js snow.js", paths(decodeAs[openapi.FileList](a.do("GET", "/v1/projects/"+p.ID+"/files", "").want(200))))
	require.Equal(t, []string{"ONE\ntwo\nthree\nFOUR\n", "2"}, []string{a.file(p.ID, "main.js"), a.file(p.ID, "mine.js")})

	again := decodeAs[openapi.Revision](a.do("POST", path, "").want(200))
	require.Equal(t, done.ID, again.ID, "nothing is left to merge")
	entries, err := a.store.Audit.Entries(t.Context(), a.account, models.AuditFilter{}, models.Page{Limit: 100})
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(entries, func(e models.AuditEntry) bool { return e.Action == "revision.merge" }))
}

func TestMergeConflicts(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	start := `{"files":[{"path":"both.js","text":"a\nb\nc\n"},{"path":"del.js","text":"1"},{"path":"edit.js","text":"1"},{"path":"move.js","text":"moved"},
		{"path":"art.png","base64":"iVBORwA="},{"path":"same.js","text":"1"}]}`
	base := decodeAs[openapi.Revision](a.do("PUT", "/v1/projects/"+p.ID+"/files", start).want(200))
	a.do("POST", "/v1/projects/"+p.ID+"/changes", `{"changes":[{"op":"write","path":"both.js","text":"a\nours\nc\n"},{"op":"delete","path":"del.js"},
		{"op":"write","path":"edit.js","text":"2"},{"op":"write","path":"move.js","text":"edited"},{"op":"write","path":"art.png","base64":"iVBORwE="},
		{"op":"write","path":"new.js","text":"ours"},{"op":"write","path":"same.js","text":"2"}]}`).want(200)
	rev := a.superseded(p.ID, base, map[string]string{"both.js": "a\ntheirs\nc\n", "del.js": "2", "to.js": "moved", "art.png": "\x89PNG\x02", "new.js": "theirs", "same.js": "2"})
	path := "/v1/projects/" + p.ID + "/revisions/" + rev.ID + "/merge"
	ours := decodeAs[openapi.FileList](a.do("GET", "/v1/projects/"+p.ID+"/files", "").want(200))

	kinds := func(all []openapi.MergeConflict) string {
		var list []string
		for _, c := range all {
			line := c.Path + " " + string(c.Kind)
			if c.Side != nil {
				line += " by " + string(*c.Side)
			}
			if c.To != nil {
				line += " to " + *c.To
			}
			list = append(list, line)
		}
		return strings.Join(list, ", ")
	}
	const all = "art.png binary, both.js modified, del.js deleted by ours, edit.js deleted by theirs, move.js moved by theirs to to.js, new.js added"
	problem := a.do("POST", path, "").problem(409, models.CodeMergeConflict)
	require.Equal(t, all, kinds(*problem.Conflicts))
	require.Equal(t, []openapi.MergeHunk{{Line: 2, Base: "b\n", Ours: "ours\n", Theirs: "theirs\n"}}, (*problem.Conflicts)[1].Hunks)
	require.Equal(t, all, kinds(decodeAs[openapi.MergePreview](a.do("GET", path, "").want(200)).Conflicts))
	require.Empty(t, decodeAs[openapi.MergePreview](a.do("GET", path+"?conflicts=theirs", "").want(200)).Conflicts)
	rest := a.do("POST", path, `{"conflicts":"markers"}`).problem(409, models.CodeMergeConflict)
	require.Equal(t, "art.png binary, del.js deleted by ours, edit.js deleted by theirs, move.js moved by theirs to to.js", kinds(*rest.Conflicts))
	require.Equal(t, ours, decodeAs[openapi.FileList](a.do("GET", "/v1/projects/"+p.ID+"/files", "").want(200)), "nothing was changed")
	a.do("POST", path, `{"conflicts":"markers","resolutions":[{"path":"art.png","take":"theirs"},{"path":"del.js","take":"theirs"},
		{"path":"edit.js","take":"ours"},{"path":"move.js","take":"ours"}]}`).want(200)
	require.Equal(t, "art.png both.js del.js edit.js move.js new.js same.js", paths(decodeAs[openapi.FileList](a.do("GET", "/v1/projects/"+p.ID+"/files", "").want(200))))
	require.Equal(t, "a\n<<<<<<< ours\n"+"ours\n||||||| base\nb\n=======\ntheirs\n>>>>>>> theirs\nc\n", a.file(p.ID, "both.js"))
	require.Equal(t, []string{"\x89PNG\x02", "2", "edited"}, []string{a.file(p.ID, "art.png"), a.file(p.ID, "del.js"), a.file(p.ID, "move.js")})
}

func TestMergeTakesOneSide(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ policy, files, both string }{
		{"ours", "both.js edit.js move.js", "OURS\nb\nc\nd\nTHEIRS\n"},
		{"theirs", "both.js to.js", "OURS\nb\nc\nd\nTHEIRS\n"},
	} {
		a := newTestAPI(t)
		p := a.newProject()
		base := decodeAs[openapi.Revision](a.do("PUT", "/v1/projects/"+p.ID+"/files",
			`{"files":[{"path":"both.js","text":"a\nb\nc\nd\ne\n"},{"path":"edit.js","text":"1"},{"path":"move.js","text":"moved"}]}`).want(200))
		a.do("POST", "/v1/projects/"+p.ID+"/changes", `{"changes":[{"op":"write","path":"both.js","text":"OURS\nb\nc\nd\ne\n"},
			{"op":"write","path":"edit.js","text":"2"},{"op":"write","path":"move.js","text":"edited"}]}`).want(200)
		rev := a.superseded(p.ID, base, map[string]string{"both.js": "a\nb\nc\nd\nTHEIRS\n", "to.js": "moved"})
		a.do("POST", "/v1/projects/"+p.ID+"/revisions/"+rev.ID+"/merge", `{"conflicts":"`+tt.policy+`"}`).want(200)
		require.Equal(t, tt.files, paths(decodeAs[openapi.FileList](a.do("GET", "/v1/projects/"+p.ID+"/files", "").want(200))), tt.policy)
		require.Equal(t, tt.both, a.file(p.ID, "both.js"), "what does not conflict is of both")
	}
}

// Of merges and edits at once none is lost.
func TestMergesAmongEdits(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	base := a.write(p.ID, "base.js", "1")
	a.write(p.ID, "moved.js", "1")
	rev := a.superseded(p.ID, base, map[string]string{"base.js": "1", "theirs.js": "1"})
	var wg sync.WaitGroup
	for _, name := range []string{"a", "b", "c"} {
		wg.Go(func() { a.write(p.ID, name+".js", name) })
	}
	wg.Go(func() { a.do("POST", "/v1/projects/"+p.ID+"/revisions/"+rev.ID+"/merge", "").want(200) })
	wg.Wait()
	require.Equal(t, "a.js b.js base.js c.js moved.js theirs.js", paths(decodeAs[openapi.FileList](a.do("GET", "/v1/projects/"+p.ID+"/files", "").want(200))))
}
