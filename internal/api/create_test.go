package api

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/models"
)

func zipOf(t *testing.T, files map[string]string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range files {
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = io.WriteString(f, text)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.String()
}

const asZip = "Content-Type: application/zip"

func TestProjectsAreImported(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	zipped := zipOf(t, map[string]string{"fox/index.html": "<p>", "fox/package.json": `{"dependencies":{"phaser":"^3.1"}}`, "fox/.git/HEAD": "x", "__MACOSX/fox/._index.html": "y"})
	got := a.do("POST", "/v1/projects/import", zipped, asZip).want(201)
	made := decodeAs[openapi.ImportedProject](got)
	require.Equal(t, "/v1/projects/"+made.Project.ID, got.header.Get("Location"))
	require.Equal(t, []string{"fox", "phaser", "3.90.0", "fox"}, []string{made.Project.Name, made.Project.Engine, *made.Project.EngineVersion, *made.Folder})
	require.Equal(t, []openapi.LeftOut{{Path: "__MACOSX", Files: 1}, {Path: "fox/.git", Files: 1}}, made.LeftOut)
	require.Equal(t, made.Revision.ID, *made.Project.RevisionID)
	require.Equal(t, "index.html package.json", paths(decodeAs[openapi.FileList](a.do("GET", "/v1/projects/"+made.Project.ID+"/files", "").want(200))))

	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "fox.zip")
	require.NoError(t, err)
	_, err = io.WriteString(part, zipped)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	named := decodeAs[openapi.ImportedProject](a.do("POST", "/v1/projects/import?name=Owl&engine=three", form.String(), "Content-Type: "+w.FormDataContentType()).want(201))
	require.Equal(t, []string{"Owl", "three"}, []string{named.Project.Name, named.Project.Engine})

	for name, tt := range map[string]struct {
		query, body, media string
		status             int
		code               models.Code
		at                 string
	}{
		"not a zip":      {"", "hello", "application/zip", 400, models.CodeInvalidArchive, ""},
		"cut off":        {"", zipped[:len(zipped)-9], "application/zip", 400, models.CodeInvalidArchive, ""},
		"slip":           {"", zipOf(t, map[string]string{"../a": "x"}), "application/zip", 400, models.CodeInvalidPath, ""},
		"engine unknown": {"", zipOf(t, map[string]string{"a.js": "x"}), "application/zip", 400, models.CodeUnknownEngine, "engine"},
		"engine none":    {"?engine=doom", zipped, "application/zip", 400, models.CodeUnknownEngine, "engine"},
		"version none":   {"?engine=phaser&engine_version=1", zipped, "application/zip", 400, models.CodeUnknownVersion, "engine_version"},
		"name":           {"?name=a%09b", zipped, "application/zip", 400, models.CodeInvalidRequest, "name"},
		"json":           {"", "{}", "application/json", 415, "unsupported_media_type", ""},
		"no form":        {"", "x", "multipart/form-data", 400, models.CodeInvalidRequest, ""},
		"broken form":    {"", "--x\r\nContent", "multipart/form-data; boundary=x", 400, models.CodeInvalidRequest, ""},
		"other field": {"", "--x\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n" + zipped + "\r\n--x--\r\n", "multipart/form-data; boundary=x", 400,
			models.CodeInvalidRequest, ""},
		"two files": {"", strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n"+zipped+"\r\n", 2) + "--x--\r\n",
			"multipart/form-data; boundary=x", 400, models.CodeInvalidRequest, ""},
	} {
		stored := a.stored()
		before := stored()
		for _, headers := range [][]string{{"Content-Type: " + tt.media}, {"Content-Type: " + tt.media, idempotent(models.NewID())}} {
			p := a.do("POST", "/v1/projects/import"+tt.query, tt.body, headers...).problem(tt.status, tt.code)
			if tt.at != "" {
				require.NotNil(t, p.Errors, name)
				require.Equal(t, tt.at, (*p.Errors)[0].Parameter, name)
			}
		}
		if tt.code != models.CodeUnknownEngine { // which is known when all is read
			require.Equal(t, before, stored(), name)
		}
	}
	a.do("POST", "/v1/projects/import", zipped, asZip, bearer(a.nobody)).problem(403, models.CodeForbidden)
}

// What an import needs of memory does not grow with the archive.
func TestImportsAreStreamed(t *testing.T) { //nolint:paralleltest // it measures the process
	a := newTestAPI(t)
	noise := make([]byte, 4<<20)
	archiveOf := func(files int) string {
		entries := map[string]string{}
		for i := range files {
			_, err := rand.NewChaCha8([32]byte{byte(i)}).Read(noise)
			require.NoError(t, err)
			entries[fmt.Sprintf("%d.png", i)] = string(noise)
		}
		return zipOf(t, entries)
	}
	measure := func(zipped string, headers ...string) uint64 {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		a.send("POST", "/v1/projects/import?engine=phaser", strings.NewReader(zipped), append(headers, asZip)...).want(201)
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	small, large := archiveOf(1), archiveOf(13)
	measure(small) // pools fill
	for _, headers := range [][]string{nil, {idempotent(models.NewID())}} {
		var again []string
		if headers != nil {
			again = []string{idempotent(models.NewID())}
		}
		one, many := measure(small, headers...), measure(large, again...)
		t.Logf("%d KiB for %d MiB, %d KiB for %d MiB", one>>10, len(small)>>20, many>>10, len(large)>>20)
		require.Less(t, many, one+8<<20, "an archive of %d MiB", len(large)>>20)
	}
}

func TestProjectsFromStarters(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := decodeAs[openapi.Project](a.do("POST", "/v1/projects", `{"name":"Fox","from":{"starter":"phaser"}}`).want(201))
	require.Equal(t, []string{"Fox", "phaser"}, []string{p.Name, p.Engine})
	require.Equal(t, "main.js", paths(decodeAs[openapi.FileList](a.do("GET", "/v1/projects/"+p.ID+"/files", "").want(200))))
	for body, at := range map[string]string{
		`{"name":"Fox"}`: "/engine",
		`{"name":"Fox","from":{"starter":"doom"}}`:                                  "/engine",
		`{"name":"Fox","from":{}}`:                                                  "/from",
		`{"name":"Fox","from":{"end_user":"u"}}`:                                    "/from/end_user",
		`{"name":"Fox","from":{"zip":"u"}}`:                                         "/from/zip",
		`{"name":"Fox","engine":"phaser","from":{"starter":"phaser","prompt":"x"}}`: "/from",
		`{"name":"Fox","engine":"three","from":{"starter":"phaser"}}`:               "/from/starter",
	} {
		got := a.do("POST", "/v1/projects", body).want(400)
		require.Equal(t, at, (*decodeAs[openapi.Problem](got).Errors)[0].Pointer, body)
	}
}

func TestProjectsFromPrompts(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	key := idempotent(models.NewID())
	body := `{"name":"Fox","engine":"phaser","from":{"prompt":"a fox in a forest","end_user":"u1"}}`
	got := a.do("POST", "/v1/projects", body, key).want(201)
	p := decodeAs[openapi.Project](got)
	require.Equal(t, "/v1/projects/"+p.ID, got.header.Get("Location"))
	require.Equal(t, p.ID, p.Pipeline.ProjectID)
	require.Len(t, p.Pipeline.Jobs, 2)
	require.Equal(t, "u1", *p.Pipeline.Jobs[0].EndUser)
	require.Equal(t, string(got.body), string(a.do("POST", "/v1/projects", body, key).want(201).body))
	require.Equal(t, []string{"Fox"}, a.names(""))
	a.do("GET", "/v1/pipelines/"+p.Pipeline.ID, "").want(200)
	shown := decodeAs[openapi.Project](a.do("GET", "/v1/projects/"+p.ID, "").want(200))
	require.Nil(t, shown.Pipeline)

	for body, at := range map[string]string{
		`{"name":"Fox","engine":"phaser","from":{"prompt":" "}}`: "/from/prompt",
		`{"name":"Fox","engine":"doom","from":{"prompt":"x"}}`:   "/engine",
	} {
		got := a.do("POST", "/v1/projects", body).want(400)
		require.Equal(t, at, (*decodeAs[openapi.Problem](got).Errors)[0].Pointer, body)
	}
	require.Equal(t, []string{"Fox"}, a.names(""), "a prompt that is refused makes no project")
	made := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"k","role":"admin","scopes":["projects:write"]}`, bearer(a.admin)).want(201))
	a.do("POST", "/v1/projects", body, bearer(made.Key)).problem(403, models.CodeForbidden)
}

// sayingStarters are the parts of engines that creation needs.
func sayingStarters(s *projects.Service) {
	s.Starter = func(engine, _, title string) ([]models.File, error) {
		return []models.File{{Path: "main.js", Data: []byte(engine + " " + title)}}, nil
	}
	s.Recognize = func(paths []string, read func(string) ([]byte, error)) ([]projects.Recognized, error) {
		for _, p := range paths {
			if p == "package.json" {
				raw, err := read(p)
				if err == nil && bytes.Contains(raw, []byte("phaser")) {
					return []projects.Recognized{{Engine: "phaser", Major: "3"}}, nil
				}
			}
		}
		return nil, nil
	}
}
