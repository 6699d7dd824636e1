package api

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/models"
)

func paths(l openapi.FileList) string {
	var all []string
	for _, f := range l.Files {
		all = append(all, f.Path)
	}
	return strings.Join(all, " ")
}

func TestProjectFiles(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	files := "/v1/projects/" + p.ID + "/files"
	if l := decodeAs[openapi.FileList](a.do("GET", files, "").want(200)); l.RevisionID != nil || len(l.Files) != 0 {
		t.Fatalf("a new project has files: %+v", l)
	}
	a.do("GET", files+"/index.html", "").problem(404, models.CodeNotFound)

	// One file, whatever its name needs to be written in a URL.
	odd := "src/100% größer #1.js"
	first := decodeAs[openapi.Revision](a.do("PUT", files+"/src/100%25%20gr%C3%B6%C3%9Fer%20%231.js", "let x = 1", "Content-Type: ").want(200))
	if first.FilesCount != 1 || first.Bytes != 9 || first.ParentID != nil {
		t.Fatalf("%+v", first)
	}
	r := a.do("GET", files+"/src%2F100%25%20gr%C3%B6%C3%9Fer%20%231.js", "").want(200)
	if string(r.body) != "let x = 1" || !strings.HasPrefix(r.header.Get("Content-Type"), "text/javascript") {
		t.Fatalf("%s %v", r.body, r.header)
	}
	a.do("GET", files+"/"+"src/100%25%20gr%C3%B6%C3%9Fer%20%231.js", "", "If-None-Match: "+r.header.Get("ETag")).want(304)
	if r := a.do("GET", files+"/src/100%25%20gr%C3%B6%C3%9Fer%20%231.js", "", "Range: bytes=4-4").want(206); string(r.body) != "x" {
		t.Fatalf("%s", r.body)
	}

	// A second, binary, on top; the list is sorted.
	second := decodeAs[openapi.Revision](a.do("PUT", files+"/art/fox.png", "\x89PNG\xff", "Content-Type: image/png").want(200))
	if second.ParentID == nil || *second.ParentID != first.ID {
		t.Fatalf("%+v", second)
	}
	r = a.do("GET", files, "").want(200)
	l := decodeAs[openapi.FileList](r)
	if paths(l) != "art/fox.png "+odd || l.Files[0].MediaType != "image/png" || r.header.Get("ETag") != `"`+second.ID+`"` {
		t.Fatalf("%+v", l)
	}

	// The same content again is no change.
	if same := decodeAs[openapi.Revision](a.do("PUT", files+"/art/fox.png", "\x89PNG\xff").want(200)); same.ID != second.ID {
		t.Fatalf("%+v", same)
	}

	// Optimistic concurrency.
	a.do("PUT", files+"/a.js", "1", `If-Match: "`+first.ID+`"`).problem(412, models.CodePreconditionFailed)
	a.do("DELETE", files+"/art/fox.png", "", `If-Match: "`+first.ID+`"`).problem(412, models.CodePreconditionFailed)
	third := decodeAs[openapi.Revision](a.do("DELETE", files+"/art/fox.png", "", `If-Match: "x", "`+second.ID+`"`).want(200))
	a.do("DELETE", files+"/art/fox.png", "").problem(404, models.CodeNotFound)
	a.do("DELETE", files+"/src/100%25%20gr%C3%B6%C3%9Fer%20%231.js", "").problem(400, models.CodeInvalidFiles) // the last one
	a.do("PUT", files+"/src", "a file where a folder is").problem(400, models.CodeInvalidFiles)

	// All files in one request.
	body := `{"title":"Fox","files":[{"path":"b.txt","text":"hé"},{"path":"a.bin","base64":"` + base64.StdEncoding.EncodeToString([]byte{0, 255}) + `"}]}`
	fourth := decodeAs[openapi.Revision](a.do("PUT", files, body, `If-Match: *`).want(200))
	if fourth.Title != "Fox" || *fourth.ParentID != third.ID {
		t.Fatalf("%+v", fourth)
	}
	if r := a.do("GET", files+"/a.bin", "").want(200); string(r.body) != "\x00\xff" {
		t.Fatalf("%x", r.body)
	}

	// Older revisions stay readable, to their owner, in their project.
	if l := decodeAs[openapi.FileList](a.do("GET", files+"?revision_id="+second.ID, "").want(200)); paths(l) != "art/fox.png "+odd {
		t.Fatalf("%+v", l)
	}
	other := a.newProject()
	a.do("GET", "/v1/projects/"+other.ID+"/files?revision_id="+second.ID, "").problem(404, models.CodeNotFound)
	a.do("GET", files, "", "Authorization: Bearer "+a.stranger).problem(404, models.CodeNotFound)

	revisions := decodeAs[openapi.RevisionList](a.do("GET", "/v1/projects/"+p.ID+"/revisions?limit=3", "").want(200))
	if len(revisions.Data) != 3 || revisions.Data[0].ID != fourth.ID || !revisions.HasMore {
		t.Fatalf("%+v", revisions)
	}
	if p := decodeAs[openapi.Project](a.do("GET", "/v1/projects/"+p.ID, "").want(200)); *p.RevisionID != fourth.ID {
		t.Fatalf("%+v", p)
	}
}

// racing makes another change to a project just before each commit.
type racing struct {
	projects.Store
	before func()
}

func (r racing) Commit(ctx context.Context, account, project string, edit func(*models.Revision) (*models.Revision, error)) (*models.Revision, error) {
	r.before()
	return r.Store.Commit(ctx, account, project, edit)
}

// A change without If-Match is repeated on top of what was committed in between; one with it is refused.
func TestConcurrentChange(t *testing.T) {
	t.Parallel()
	for _, ifMatch := range []bool{false, true} {
		before := func() {}
		a := newTestAPI(t, func(o *Options) {
			raced := *o.Projects
			raced.Store = racing{raced.Store, func() { before() }}
			o.Projects = &raced
		})
		p := a.newProject()
		base := decodeAs[openapi.Revision](a.do("PUT", "/v1/projects/"+p.ID+"/files/a.js", "1").want(200))
		before = func() {
			_, err := a.projects.ReplaceFiles(t.Context(), projects.Change{AccountID: a.account, ProjectID: p.ID}, "",
				[]models.File{{Path: "theirs.js", Data: []byte("3")}})
			if err != nil {
				t.Error(err)
			}
		}
		if ifMatch {
			a.do("PUT", "/v1/projects/"+p.ID+"/files/b.js", "2", `If-Match: "`+base.ID+`"`).problem(412, models.CodePreconditionFailed)
			continue
		}
		a.do("PUT", "/v1/projects/"+p.ID+"/files/b.js", "2").want(200)
		l := decodeAs[openapi.FileList](a.do("GET", "/v1/projects/"+p.ID+"/files", "").want(200))
		if paths(l) != "b.js theirs.js" {
			t.Errorf("a change was lost: %s", paths(l))
		}
	}
}

// The tag that a PUT gives is the one that reading the same address gives, so that it is good for the next PUT.
func TestReadModifyWrite(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	files := "/v1/projects/" + a.newProject().ID + "/files"
	tag := func(path string) string { return a.do("GET", path, "").want(200).header.Get("ETag") }
	put := func(path, body, ifMatch string) string {
		t.Helper()
		return a.do("PUT", path, body, "If-Match: "+ifMatch).want(200).header.Get("ETag")
	}
	file := files + "/a.js"
	first := put(file, "1", tag(files)) // the project's tag, before there is a file
	if first != tag(file) {
		t.Errorf("PUT gives %s, GET %s", first, tag(file))
	}
	second := put(file, "2", first)
	if second == first || second != tag(file) || second != put(file, "2", second) { // what changes nothing has the same tag
		t.Errorf("%s, then %s; GET gives %s", first, second, tag(file))
	}
	a.do("PUT", file, "3", "If-Match: "+first).problem(412, models.CodePreconditionFailed)
	put(file, "3", second)

	all := put(files, `{"files":[{"path":"a.js","text":"4"}]}`, tag(files))
	if all != tag(files) {
		t.Errorf("PUT gives %s, GET %s", all, tag(files))
	}
	all = put(files, `{"files":[{"path":"a.js","text":"5"},{"path":"b.js","text":"5"}]}`, all)
	r := a.do("DELETE", files+"/b.js", "", "If-Match: "+all).want(200)
	if got := r.header.Get("ETag"); got != "" {
		t.Errorf("what was deleted has the tag %s", got)
	}
}

// Whatever has a tag can be read on the conditions of RFC 9110, section 13.2.2: If-Match goes first.
func TestReadConditions(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	files := "/v1/projects/" + a.newProject().ID + "/files"
	a.do("PUT", files+"/a.js", "1").want(200)
	web := a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"index.html": "r"})
	zip := a.addArtifact(models.ArtifactExport, "release", "zip", map[string]string{"game.zip": "z"})
	module := a.addModule("phaser.js", "an engine")
	for _, path := range []string{files, files + "/a.js", "/v1/artifacts/" + web.ID + "/files/index.html", "/v1/artifacts/" + web.ID + "/download",
		"/v1/artifacts/" + zip.ID + "/download", "/play/" + web.ID + "/", "/engine-modules/" + module + "/phaser.js"} {
		tag := a.do("GET", path, "").want(200).header.Get("ETag")
		if tag == "" {
			t.Errorf("%s has no tag", path)
		}
		for header, want := range map[string]int{tag: 200, "*": 200, `"nope", ` + tag: 200,
			`"nope"`: 412, "W/" + tag: 412, "nonsense": 412, `"nope", "neither"`: 412, tag + tag: 412} {
			if want == 200 {
				a.do("GET", path, "", "If-Match: "+header).want(200)
				a.do("GET", path, "", "If-Match: "+header, "If-None-Match: "+tag).want(304)
				continue
			}
			r := a.do("GET", path, "", "If-Match: "+header)
			r.problem(412, models.CodePreconditionFailed)
			if r.header.Get("ETag") != "" || r.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %v", path, r.header)
			}
			a.do("GET", path, "", "If-Match: "+header, "If-None-Match: "+tag).problem(412, models.CodePreconditionFailed)
			a.do("HEAD", path, "", "If-Match: "+header).want(412)
		}
	}
	a.do("GET", files+"/a.js", "", "Range: bytes=7-").problem(416, kernel.CodeRangeNotSatisfiable)
}

// Conditions are those of RFC 9110: the tag that a read gave is what a write takes.
func TestConditions(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	files := "/v1/projects/" + a.newProject().ID + "/files"
	tag := func(path string) string { return a.do("GET", path, "").want(200).header.Get("ETag") }

	// A project without files has a tag too.
	empty := tag(files)
	a.do("PUT", files+"/a.js", "1", `If-Match: "nothing"`).problem(412, models.CodePreconditionFailed)
	a.do("PUT", files+"/a.js", "1", "If-Match: *").problem(412, models.CodePreconditionFailed)
	a.do("PUT", files+"/a.js", "1", "If-Match: "+empty).want(200)
	a.do("PUT", files+"/a.js", "2", "If-Match: "+empty).problem(412, models.CodePreconditionFailed)

	// Read, modify, write; another file that changes meanwhile does not matter.
	file := tag(files + "/a.js")
	a.do("PUT", files+"/b.js", "b").want(200)
	a.do("PUT", files+"/a.js", "2", "If-Match: W/"+file).problem(412, models.CodePreconditionFailed) // weak tags never match
	a.do("PUT", files+"/a.js", "2", `If-Match: "x,y", `+file).want(200)
	a.do("PUT", files+"/a.js", "3", "If-Match: "+file).problem(412, models.CodePreconditionFailed)
	a.do("PUT", files+"/a.js", "3", "If-Match: nonsense").problem(412, models.CodePreconditionFailed)
	a.do("DELETE", files+"/b.js", "", "If-Match: "+tag(files+"/a.js")).problem(412, models.CodePreconditionFailed)
	a.do("DELETE", files+"/b.js", "", "If-Match: "+tag(files+"/b.js")).want(200)

	// Only what is not there yet.
	a.do("PUT", files+"/a.js", "4", "If-None-Match: *").problem(412, models.CodePreconditionFailed)
	a.do("PUT", files+"/c.js", "4", "If-None-Match: *").want(200)
	a.do("PUT", files+"/c.js", "5", "If-None-Match: W/"+tag(files+"/c.js")).problem(412, models.CodePreconditionFailed)

	// What the reader has already.
	for _, path := range []string{files, files + "/a.js"} {
		for header, want := range map[string]int{"*": 304, tag(path): 304, "W/" + tag(path): 304, `"x", ` + tag(path): 304, strings.Trim(tag(path), `"`): 200,
			`"` + strings.Trim(tag(path), `"`) + `x"`: 200} {
			if r := a.do("GET", path, "", "If-None-Match: "+header); r.status != want {
				t.Errorf("%s with %s: %d, want %d", path, header, r.status, want)
			}
		}
	}

	// Several lines are one list.
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, a.url+files+"/a.js", strings.NewReader("6"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"X-Api-Key": {a.key}, "If-Match": {`"x"`, tag(files + "/a.js")}}
	res, err := a.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
		t.Error(res.Status, err)
	}
}

// A download's tag is compared, not searched for.
func TestDownloadConditions(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	path := "/v1/artifacts/" + a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"index.html": "r"}).ID + "/download"
	tag := a.do("GET", path, "").want(200).header.Get("ETag")
	for header, want := range map[string]int{"*": 304, tag: 304, "W/" + tag: 304, `"x",` + tag: 304, `"x` + strings.Trim(tag, `"`) + `"`: 200, tag + tag: 200} {
		if r := a.do("GET", path, "", "If-None-Match: "+header); r.status != want {
			t.Errorf("%s: %d, want %d", header, r.status, want)
		}
	}
}

func TestFileTooLarge(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	url := "/v1/projects/" + p.ID + "/files/big.bin"
	a.do("PUT", url, strings.Repeat("x", models.MaxProjectFileBytes)).want(200)
	a.do("PUT", url, strings.Repeat("x", models.MaxProjectFileBytes+1)).problem(413, models.CodePayloadTooLarge)
}

func TestPagination(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	var want []string
	for i := range 25 {
		kind := models.KindBuild
		if i%5 == 0 {
			kind = models.KindExport
		}
		j := a.submit(kind)
		if kind == models.KindExport {
			a.claim(j).fail()
		}
		want = append([]string{j.ID}, want...)
	}
	a.submitFor(a.newAccount(), models.KindBuild)
	var got []string
	url, pages := "/v1/jobs?state=&kind=&project_id=&cursor=&limit=10", 0
	for url != "" {
		l := decodeAs[openapi.JobList](a.do("GET", url, "").want(200))
		for _, j := range l.Data {
			got = append(got, j.ID)
		}
		if pages++; l.HasMore != (l.NextCursor != nil) || pages > 3 {
			t.Fatalf("page %d: %+v", pages, l)
		}
		url = ""
		if l.HasMore {
			url = "/v1/jobs?limit=10&cursor=" + *l.NextCursor
		}
	}
	if pages != 3 || !slices.Equal(got, want) {
		t.Errorf("%d pages\n%v\n%v", pages, got, want)
	}
	l := decodeAs[openapi.JobList](a.do("GET", "/v1/jobs?state=failed&kind=export&limit=5", "").want(200))
	if len(l.Data) != 5 || l.HasMore || l.NextCursor != nil {
		t.Errorf("a full last page says that there is more: %+v", l)
	}
	if l := decodeAs[openapi.JobList](a.do("GET", "/v1/jobs?project_id="+models.NewID(), "").want(200)); len(l.Data) != 0 {
		t.Errorf("%+v", l)
	}
	if l := decodeAs[openapi.JobList](a.do("GET", "/v1/jobs", "").want(200)); len(l.Data) != 20 {
		t.Errorf("%d rows by default", len(l.Data))
	}
}

// A path that only looks like another one is not made, whichever way; what is there from before stays, and can be written and taken away.
func TestPathsThatLookLikeOthers(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	a.write(p.ID, "a.txt", "1")
	project := "/v1/projects/" + p.ID
	for _, path := range []string{"src%2fa.js", "a%252fb", "\u2025/a", "src\u2215a.js", "src\u2044a.js", "src\uff0fa.js", "a\u29f8b"} {
		r := a.do("PUT", project+"/files/"+url.PathEscape(path), "1").problem(400, models.CodeInvalidPath)
		require.Equal(t, "path", (*r.Errors)[0].Parameter, path)
		for change, at := range map[string]string{
			fmt.Sprintf(`{"changes":[{"op":"create","path":%q,"text":""}]}`, path):                               "/changes/0/path",
			fmt.Sprintf(`{"changes":[{"op":"write","path":%q,"text":""}]}`, path):                                "/changes/0/path",
			fmt.Sprintf(`{"changes":[{"op":"move","path":%q,"from":"a.txt"}]}`, path):                            "/changes/0/path",
			fmt.Sprintf(`{"changes":[{"op":"delete","path":"a.txt"},{"op":"write","path":%q,"text":""}]}`, path): "/changes/1/path",
		} {
			r := a.do("POST", project+"/changes", change).problem(400, models.CodeInvalidPath)
			require.Equal(t, at, (*r.Errors)[0].Pointer, change)
		}
		r = a.do("PUT", project+"/files", fmt.Sprintf(`{"files":[{"path":"b","text":""},{"path":%q,"text":""}]}`, path)).problem(400, models.CodeInvalidPath)
		require.Equal(t, "/files/1/path", (*r.Errors)[0].Pointer, path)
	}

	old := models.Manifest{{Path: "src\u2215a.js", SHA256: a.keep("old"), Size: 3, MediaType: "text/javascript"}, {Path: "b.js", SHA256: a.keep("b"), Size: 1, MediaType: "text/javascript"}}
	_, err := a.store.Projects.Commit(t.Context(), a.account, p.ID, func(base *models.Revision) (*models.Revision, error) {
		rev := &models.Revision{ID: models.NewID(), AccountID: a.account, ProjectID: p.ID, Parents: models.IDsOf(base.ID), Manifest: old}
		rev.Manifest.Sort()
		rev.Digest = rev.Manifest.Digest()
		return rev, nil
	})
	require.NoError(t, err)
	a.do("PUT", project+"/files/"+url.PathEscape("src\u2215a.js"), "new").want(200)
	a.do("PUT", project+"/files", `{"files":[{"path":"src\u2215a.js","text":"all"},{"path":"b.js","text":""}]}`).want(200)
	a.do("POST", project+"/changes", `{"changes":[{"op":"move","path":"src/a.js","from":"src\u2215a.js"}]}`).want(200)
}

// A unit of ranges that is not known is ignored (RFC 9110, section 14.2).
func TestUnitsOfRanges(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	a.write(p.ID, "a.txt", "0123456789")
	for header, want := range map[string]struct {
		status int
		body   string
	}{"items=0-1": {200, "0123456789"}, "bytes=0-1": {206, "01"}, "lines=4-": {200, "0123456789"}, "bytes=9-": {206, "9"}} {
		r := a.do("GET", "/v1/projects/"+p.ID+"/files/a.txt", "", "Range: "+header).want(want.status)
		require.Equal(t, want.body, string(r.body), header)
	}
	a.do("GET", "/v1/projects/"+p.ID+"/files/a.txt", "", "Range: bytes=10-").problem(416, kernel.CodeRangeNotSatisfiable)
}

// Media types are compared as such: in letters of any size, and as a whole.
func TestMediaTypesOfUploads(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	zipped := zipOf(t, map[string]string{"a.js": "1"})
	for _, media := range []string{"application/zip", "Application/ZIP", "application/zip; x=y", "application/zip ;x=y"} {
		a.do("POST", "/v1/projects/import?engine=phaser", zipped, "Content-Type: "+media).want(201)
	}
	for _, media := range []string{"application/zipper", "text/plain", "", "application/octet-stream", "zip"} {
		r := a.do("POST", "/v1/projects/import?engine=phaser", zipped, "Content-Type: "+media)
		r.problem(415, kernel.CodeUnsupportedMediaType)
		require.Equal(t, "application/zip, multipart/form-data", r.header.Get("Accept"), media)
	}
	a.do("POST", "/v1/assets?name=a.txt", "a fox", "Content-Type: APPLICATION/octet-stream").want(201)
}
