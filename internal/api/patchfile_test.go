package api

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

const (
	asJSONPatch  = "Content-Type: application/json-patch+json"
	asMergePatch = "Content-Type: application/merge-patch+json"
	asDiff       = "Content-Type: text/x-diff"
	allPatches   = "application/json-patch+json, application/merge-patch+json, text/x-diff, text/x-patch"
)

// A file is patched as the media type says, and the answer's tag is good for the next patch.
func TestFilesArePatched(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	a.write(p.ID, "levels/1.json", "{\n  \"b\": 1.50,\n  \"a\": [1]\n}\n")
	file := "/v1/projects/" + p.ID + "/files/levels/1.json"
	read := func() string { return string(a.do("GET", file, "").want(200).body) }
	tag := a.do("GET", file, "").header.Get("ETag")

	r := a.do("PATCH", file, `[{"op":"test","path":"/a/0","value":1},{"op":"add","path":"/a/-","value":2}]`, asJSONPatch, "If-Match: "+tag).want(200)
	rev := decodeAs[openapi.Revision](r)
	require.Equal(t, "patch levels/1.json", rev.Message)
	require.Equal(t, "{\n  \"b\": 1.50,\n  \"a\": [\n    1,\n    2\n  ]\n}\n", read())
	require.Equal(t, a.do("GET", file, "").header.Get("ETag"), r.header.Get("ETag"))

	r = a.do("PATCH", file, `{"z":{"y":1,"x":null},"a":null}`, asMergePatch+"; charset=UTF-8", "If-Match: "+r.header.Get("ETag")).want(200)
	require.Equal(t, "{\n  \"b\": 1.50,\n  \"z\": {\n    \"y\": 1\n  }\n}\n", read())
	require.Equal(t, rev.ID, *decodeAs[openapi.Revision](r).ParentID, "one revision each")

	diff := "--- a/levels/1.json\n+++ b/levels/1.json\n@@ -1,3 +1,3 @@\n {\n-  \"b\": 1.50,\n+  \"b\": 2,\n   \"z\": {\n"
	for i, media := range []string{"text/x-diff", "text/x-patch; charset=iso-8859-1"} {
		if i > 0 {
			diff = strings.NewReplacer("-  \"b\": 1.50,", "-  \"b\": 2,", "+  \"b\": 2,", "+  \"b\": 3,").Replace(diff)
		}
		a.do("PATCH", file, diff, "Content-Type: "+media).want(200)
	}
	require.Equal(t, "{\n  \"b\": 3,\n  \"z\": {\n    \"y\": 1\n  }\n}\n", read())

	// A patch without an effect makes no revision, and a whole value may be replaced.
	now := decodeAs[openapi.Project](a.do("GET", "/v1/projects/"+p.ID, "").want(200)).RevisionID
	require.Equal(t, *now, decodeAs[openapi.Revision](a.do("PATCH", file, `{}`, asMergePatch).want(200)).ID)
	a.do("PATCH", file, `7`, asMergePatch).want(200)
	require.Equal(t, "7\n", read())
}

// What does not fit changes nothing, and the answer says where the mistake is.
func TestPatchesThatAreRefused(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	a.write(p.ID, "a.json", `{"a":1}`)
	a.write(p.ID, "b.txt", "one\n")
	a.write(p.ID, "big.txt", strings.Repeat("\n", 1<<20+1))
	files := "/v1/projects/" + p.ID + "/files/"
	stored := a.stored()
	before := stored()
	diff := "--- a\n+++ b\n@@ -1 +1 @@\n-one\n+two\n"
	for _, tt := range []struct {
		name, path, body, media string
		status                  int
		code                    models.Code
		pointer, parameter      string
	}{
		{"an operation that cannot be done", "a.json", `[{"op":"add","path":"/b","value":1},{"op":"remove","path":"/c"}]`, asJSONPatch, 409, models.CodeConflict, "/1", ""},
		{"a test", "a.json", `[{"op":"test","path":"/a","value":2}]`, asJSONPatch, 409, models.CodeTestFailed, "/0", ""},
		{"an unknown operation", "a.json", `[{"op":"burn","path":"/a"}]`, asJSONPatch, 400, models.CodeInvalidRequest, "/0/op", ""},
		{"no operations", "a.json", `[]`, asJSONPatch, 400, models.CodeInvalidRequest, "", ""},
		{"an object as operations", "a.json", `{}`, asJSONPatch, 400, models.CodeInvalidRequest, "", ""},
		{"nothing", "a.json", ``, asJSONPatch, 400, models.CodeInvalidRequest, "", ""},
		{"no JSON", "a.json", `{"a":`, asMergePatch, 400, models.CodeInvalidRequest, "", ""},
		{"a member twice", "a.json", `{"a":1,"a":2}`, asMergePatch, 400, models.CodeInvalidRequest, "", ""},
		{"two values", "a.json", `{} {}`, asMergePatch, 400, models.CodeInvalidRequest, "", ""},
		{"deep", "a.json", strings.Repeat(`{"a":`, 65) + `1` + strings.Repeat(`}`, 65), asMergePatch, 400, models.CodeInvalidRequest, "", ""},
		{"a file that is not JSON", "b.txt", `{"a":1}`, asMergePatch, 409, models.CodeConflict, "", ""},
		{"a diff that does not fit", "b.txt", strings.ReplaceAll(diff, "-one", "-two"), asDiff, 409, models.CodeConflict, "", ""},
		{"no diff", "b.txt", "nonsense", asDiff, 400, models.CodeInvalidRequest, "", ""},
		{"a diff of another file", "b.txt", "diff --git a/c.txt b/c.txt\n" + diff, asDiff, 400, models.CodeInvalidRequest, "", ""},
		{"a diff that deletes", "b.txt", "--- a/b.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n", asDiff, 400, models.CodeInvalidRequest, "", ""},
		{"no such file", "c.txt", diff, asDiff, 404, models.CodeNotFound, "", ""},
		{"a folder", "", diff, asDiff, 400, models.CodeInvalidPath, "", "path"},
		{"another place", "..%2Fb.txt", diff, asDiff, 400, models.CodeInvalidPath, "", "path"},
		{"a large file", "big.txt", diff, asDiff, 400, models.CodeInvalidRequest, "", "path"},
		{"a large patch", "b.txt", strings.Repeat("x", 4<<20+1), asDiff, 413, models.CodePayloadTooLarge, "", ""},
	} {
		r := a.do("PATCH", files+tt.path, tt.body, tt.media)
		problem := r.problem(tt.status, tt.code)
		var at openapi.ProblemField
		if problem.Errors != nil {
			at = (*problem.Errors)[0]
		}
		require.Equal(t, []string{tt.pointer, tt.parameter}, []string{at.Pointer, at.Parameter}, "%s: %s", tt.name, r.body)
	}
	for _, media := range []string{"application/json", "text/plain", "", "nonsense/", "application/json-patch+json; charset=utf-16", "application/json-patch+jsonx",
		"multipart/form-data; boundary=x"} {
		r := a.do("PATCH", files+"a.json", `{}`, "Content-Type: "+media)
		r.problem(415, kernel.CodeUnsupportedMediaType)
		require.Equal(t, allPatches, r.header.Get("Accept-Patch"), media)
	}
	a.do("PATCH", files+"a.json", `{"a":2}`, asMergePatch, `If-Match: "other"`).problem(412, models.CodePreconditionFailed)
	a.do("PATCH", files+"a.json", `{"a":2}`, asMergePatch, `If-None-Match: *`).problem(412, models.CodePreconditionFailed)
	a.do("PATCH", files+"none.json", `{"a":2}`, asMergePatch, `If-Match: *`).problem(412, models.CodePreconditionFailed)
	a.do("PATCH", files+"a.json", `{"a":2}`, asMergePatch, bearer(a.stranger)).problem(404, models.CodeNotFound)
	a.do("PATCH", files+"a.json", `{"a":2}`, asMergePatch, bearer(a.nobody)).problem(403, models.CodeForbidden)
	a.do("PATCH", "/v1/projects/"+a.newProject().ID+"/files/a.json", `{"a":2}`, asMergePatch).problem(404, models.CodeNotFound)
	a.do("DELETE", "/v1/projects/"+a.newProject().ID, "") // the change that is counted below is none of the patches'
	require.NotEqual(t, before, stored())
	require.Equal(t, `{"a":1}`, string(a.do("GET", files+"a.json", "").want(200).body))
}

// Of patches at once, each has its effect once, or is refused.
func TestPatchesAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	a.write(p.ID, "a.json", `{"n":0}`)
	file := "/v1/projects/" + p.ID + "/files/a.json"
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			for {
				now := a.do("GET", file, "")
				n, err := strconv.Atoi(strings.Trim(string(now.body), "{\"n: }\n"))
				if err != nil {
					t.Error(err)
					return
				}
				body, media, tag := fmt.Sprintf(`{"n":%d}`, n+1), asMergePatch, "If-Match: "+now.header.Get("ETag")
				if i%2 == 0 {
					body, media, tag = fmt.Sprintf(`[{"op":"test","path":"/n","value":%d},{"op":"replace","path":"/n","value":%d}]`, n, n+1), asJSONPatch, "If-Match: *"
				}
				r := a.do("PATCH", file, body, media, tag)
				if r.status == 200 {
					return
				}
				if r.status != 412 && r.status != 409 {
					t.Errorf("%d %s", r.status, r.body)
					return
				}
			}
		})
	}
	all.Wait()
	require.Equal(t, `{"n":6}`, strings.TrimSpace(string(a.do("GET", file, "").want(200).body)))
}

// What takes patches says which (RFC 5789).
func TestAcceptPatch(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	a.write(p.ID, "a.json", `{}`)
	project := "/v1/projects/" + p.ID
	for path, want := range map[string][2]string{
		project + "/files/a.json":  {allPatches, "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"},
		project + "/files/no/such": {allPatches, "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"},
		project:                    {"application/json", "DELETE, GET, HEAD, OPTIONS, PATCH"},
		project + "/revisions":     {"", "GET, HEAD, OPTIONS"},
	} {
		r := a.do("OPTIONS", path, "", "Authorization: ").want(204)
		require.Equal(t, want[0], r.header.Get("Accept-Patch"), path)
		var allowed []string
		for _, line := range r.header.Values("Allow") {
			allowed = append(allowed, strings.Split(line, ", ")...)
		}
		require.ElementsMatch(t, strings.Split(want[1], ", "), allowed, path)
	}
	require.Equal(t, allPatches, a.do("GET", project+"/files/a.json", "").want(200).header.Get("Accept-Patch"))
	require.Equal(t, allPatches, a.do("HEAD", project+"/files/a.json", "").want(200).header.Get("Accept-Patch"))
	require.Equal(t, "application/json", a.do("GET", project, "").want(200).header.Get("Accept-Patch"))
	require.Equal(t, "application/json", a.do("PATCH", project, "{}", "Content-Type: text/plain").want(415).header.Get("Accept-Patch"))
	require.Equal(t, "application/json", a.do("POST", "/v1/jobs", "{}", "Content-Type: text/plain").want(415).header.Get("Accept"))
	r := a.do("PATCH", project, "{}", "Content-Encoding: gzip").want(415)
	require.Equal(t, []string{"identity", ""}, []string{r.header.Get("Accept-Encoding"), r.header.Get("Accept-Patch")})
}
