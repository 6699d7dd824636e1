package api

import (
	"archive/zip"
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

func TestPlay(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	art := a.addArtifact(models.ArtifactBuild, "preview", "web", map[string]string{
		"index.html": "<!doctype html>", "js/main.js": "0123456789", "data/level.json": "{}"})
	base := "/play/" + art.ID
	const noKey = "Authorization: "
	if r := a.do("GET", base, "", noKey).want(308); r.header.Get("Location") != base+"/" {
		t.Error(r.header)
	}
	r := a.do("GET", base+"/", "", noKey).want(200)
	if string(r.body) != "<!doctype html>" {
		t.Errorf("%s", r.body)
	}
	for name, want := range map[string]string{
		"Content-Type":                 "text/html; charset=utf-8",
		"Cache-Control":                "public, max-age=31536000, immutable",
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "no-referrer",
		"Access-Control-Allow-Origin":  "*",
		"Cross-Origin-Resource-Policy": "cross-origin",
	} {
		if got := r.header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	csp := r.header.Get("Content-Security-Policy")
	for _, want := range []string{"sandbox allow-scripts", "default-src 'none'", "frame-ancestors *", "form-action 'none'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("%q lacks %q", csp, want)
		}
	}
	if strings.Contains(csp, "allow-same-origin") || len(r.header.Values("Content-Security-Policy")) != 1 || r.header.Get("Permissions-Policy") == "" {
		t.Error(r.header)
	}
	js := a.do("GET", base+"/js/main.js", "", noKey).want(200)
	if ct := js.header.Get("Content-Type"); !strings.HasPrefix(ct, "text/javascript") {
		t.Error(ct)
	}
	a.do("GET", base+"/js/main.js", "", noKey, "If-None-Match: "+js.header.Get("ETag")).want(304)
	if r := a.do("GET", base+"/js/main.js", "", noKey, "Range: bytes=2-3").want(206); string(r.body) != "23" {
		t.Errorf("%s", r.body)
	}
	if r := a.do("HEAD", base+"/js/main.js", "", noKey).want(200); r.header.Get("Content-Length") != "10" || len(r.body) != 0 {
		t.Error(r.header)
	}

	export := a.addArtifact(models.ArtifactExport, "release", "zip", map[string]string{"index.html": "x"})
	for _, path := range []string{base + "/nothing.js", base + "/../" + art.ID + "/index.html", "/play/" + export.ID + "/",
		"/play/" + models.NewID() + "/", "/play/x/", "/play/x", base + "/js", base + "//index.html"} {
		r := a.do("GET", path, "", noKey)
		if r.status != 404 {
			t.Errorf("%s: %d", path, r.status)
		}
		if cc := r.header.Get("Cache-Control"); cc != "no-store" {
			t.Errorf("%s: a miss may be cached: %s", path, cc)
		}
	}
	a.do("POST", base+"/", "", noKey).problem(405, kernel.CodeMethodNotAllowed)
}

func TestEngineModules(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	sum := a.addModule("phaser.js", "export {}")
	r := a.do("GET", "/engine-modules/"+sum+"/phaser.js", "", "Authorization: ").want(200)
	if r.header.Get("Cache-Control") != "public, max-age=31536000, immutable" || r.header.Get("Access-Control-Allow-Origin") != "*" || !strings.HasPrefix(r.header.Get("Content-Type"), "text/javascript") {
		t.Error(r.header)
	}
	a.do("GET", "/engine-modules/"+sum+"/secret.js", "").problem(404, models.CodeNotFound)
	a.do("GET", "/engine-modules/"+strings.Repeat("0", 64)+"/phaser.js", "").problem(404, models.CodeNotFound)
}

func TestArtifacts(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	preview := a.addArtifact(models.ArtifactBuild, "preview", "web", map[string]string{"index.html": "p"})
	release := a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"index.html": "r", "a/b.js": "bb"})
	export := a.addArtifact(models.ArtifactExport, "release", "zip", map[string]string{"neon-fox.zip": "PK…"})

	l := decodeAs[openapi.ArtifactList](a.do("GET", "/v1/artifacts?kind=build", "").want(200))
	if len(l.Data) != 2 || l.Data[0].ID != release.ID || *l.Data[0].PlayURL != "/play/"+release.ID+"/" {
		t.Errorf("%+v", l)
	}
	if l := decodeAs[openapi.ArtifactList](a.do("GET", "/v1/artifacts?job_id="+export.JobID, "").want(200)); len(l.Data) != 1 || l.Data[0].PlayURL != nil {
		t.Errorf("%+v", l)
	}
	full := decodeAs[openapi.ArtifactWithFiles](a.do("GET", "/v1/artifacts/"+release.ID, "").want(200))
	if len(full.Files) != 2 || full.Files[0].Path != "a/b.js" || full.Bytes != 3 {
		t.Errorf("%+v", full)
	}
	a.do("GET", "/v1/artifacts/"+release.ID, "", "Authorization: Bearer "+a.stranger).problem(404, models.CodeNotFound)
	if r := a.do("GET", "/v1/artifacts/"+release.ID+"/files/a/b.js", "").want(200); string(r.body) != "bb" {
		t.Errorf("%s", r.body)
	}

	r := a.do("GET", "/v1/artifacts/"+export.ID+"/download", "").want(200)
	if string(r.body) != "PK…" || r.header.Get("Content-Disposition") != `attachment; filename="neon-fox.zip"` || r.header.Get("Content-Type") != "application/zip" {
		t.Errorf("%s %v", r.body, r.header)
	}
	if r := a.do("GET", "/v1/artifacts/"+export.ID+"/download", "", "Range: bytes=0-1").want(206); string(r.body) != "PK" {
		t.Errorf("%s", r.body)
	}
	a.do("GET", "/v1/artifacts/"+preview.ID+"/download", "").problem(409, models.CodeExportNeedsRelease)

	one, two := a.do("GET", "/v1/artifacts/"+release.ID+"/download", "").want(200), a.do("GET", "/v1/artifacts/"+release.ID+"/download", "").want(200)
	if !bytes.Equal(one.body, two.body) {
		t.Error("the same artifact gives different zips")
	}
	a.do("GET", "/v1/artifacts/"+release.ID+"/download", "", "If-None-Match: "+one.header.Get("ETag")).want(304)
	z, err := zip.NewReader(bytes.NewReader(one.body), int64(len(one.body)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, f.Name+"="+string(text))
	}
	if got := strings.Join(names, " "); got != "a/b.js=bb index.html=r" {
		t.Error(got)
	}
}

// A stored file whose content is lost is a fault of the platform, not a wrong address.
func TestLostBlob(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	art := a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"index.html": "x"})
	a.lose(art.Manifest[0].SHA256)
	a.do("GET", "/v1/artifacts/"+art.ID+"/files/index.html", "").problem(500, models.CodeInternal)
	a.do("GET", "/play/"+art.ID+"/", "").problem(500, models.CodeInternal)

	a.do("GET", "/v1/artifacts/"+art.ID+"/download", "").problem(500, models.CodeInternal)
	if a.logs.FilterMessage("request failed").Len() != 3 {
		t.Error("a failure was not logged")
	}
}

// A stored file that is damaged on disk is never served, in whatever it is used; storing the same content again, by anyone,
// repairs it everywhere.
func TestDamagedBlob(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	const text = "<!doctype html><title>Fox</title>"
	file := "/v1/projects/" + a.newProject().ID + "/files/index.html"
	first := decodeAs[openapi.Revision](a.do("PUT", file, text).want(200))
	tag := a.do("GET", file, "").want(200).header.Get("ETag")
	art := a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"index.html": text})
	artifact := "/v1/artifacts/" + art.ID
	for _, other := range []string{strings.ToUpper(text), text[1:], text + "x", ""} {
		a.damage(art.Manifest[0].SHA256, other)
		for _, path := range []string{file, artifact + "/files/index.html", artifact + "/download", "/play/" + art.ID + "/"} {
			for range 2 { // it is not only noticed the first time
				r := a.do("GET", path, "")
				r.problem(500, models.CodeDamaged)
				if r.header.Get("ETag") != "" || r.header.Get("Cache-Control") != "no-store" {
					t.Errorf("%s: a cache may keep what is damaged: %v", path, r.header)
				}
			}
			a.do("GET", path, "", "Range: bytes=0-3").problem(500, models.CodeDamaged)
		}
		if a.logs.FilterMessage("a blob is damaged").Len() == 0 || a.logs.FilterMessage("request failed").Len() == 0 {
			t.Error("the damage was not logged")
		}

		same := decodeAs[openapi.Revision](a.do("PUT", file, text).want(200))
		if same.ID != first.ID {
			t.Errorf("a repair is no change: %+v", same)
		}
		for _, path := range []string{file, artifact + "/files/index.html", "/play/" + art.ID + "/"} {
			if r := a.do("GET", path, "").want(200); string(r.body) != text || r.header.Get("ETag") != tag {
				t.Errorf("%s: %s %v", path, r.body, r.header)
			}
		}
		a.do("GET", artifact+"/download", "").want(200)
	}

	a.damage(art.Manifest[0].SHA256, "other")
	a.do("GET", "/play/"+art.ID+"/", "").problem(500, models.CodeDamaged)
	theirs := decodeAs[openapi.Project](a.do("POST", "/v1/projects", `{"name":"x","engine":"phaser"}`, "Authorization: Bearer "+a.stranger).want(201)).ID
	a.do("PUT", "/v1/projects/"+theirs+"/files/b.html", text, "Authorization: Bearer "+a.stranger).want(200)
	if r := a.do("GET", "/play/"+art.ID+"/", "").want(200); string(r.body) != text {
		t.Errorf("%s", r.body)
	}
}

// A download that breaks off does not look complete.
func TestBrokenDownload(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	noise := make([]byte, 1<<20)                   // does not shrink
	_, _ = rand.NewChaCha8([32]byte{}).Read(noise) // never fails
	art := a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"a.bin": string(noise), "b.txt": "lost"})
	a.lose(art.Manifest[1].SHA256)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.url+"/v1/artifacts/"+art.ID+"/download", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-API-Key", a.key)
	res, err := a.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if raw, err := io.ReadAll(res.Body); err == nil || res.StatusCode != http.StatusOK {
		t.Errorf("%d: %d bytes that look whole", res.StatusCode, len(raw))
	}
	if a.logs.FilterMessage("request failed").Len() != 1 {
		t.Error("the failure was not logged")
	}
}

// A build that is not a page cannot be played here, but it can be downloaded, and its program runs where it is unpacked.
func TestProgramsAreDownloaded(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	release := a.addArtifact(models.ArtifactBuild, "release", "linux", map[string]string{"game": "\x7fELF…", "game.pck": "GDPC"})
	preview := a.addArtifact(models.ArtifactBuild, "preview", "pck", map[string]string{"game.pck": "GDPC"})
	for _, id := range []string{release.ID, preview.ID} {
		a.do("GET", "/play/"+id+"/", "").problem(409, models.CodeNotPlayable)
		if shown := decodeAs[openapi.ArtifactWithFiles](a.do("GET", "/v1/artifacts/"+id, "").want(200)); shown.PlayURL != nil {
			t.Errorf("%s is played at %s", shown.Format, *shown.PlayURL)
		}
		a.do("GET", "/v1/artifacts/"+id+"/download", "").want(200)
	}
	r := a.do("GET", "/v1/artifacts/"+release.ID+"/download", "").want(200)
	z, err := zip.NewReader(bytes.NewReader(r.body), int64(len(r.body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if runs := f.Mode()&0o111 != 0; runs != (f.Name == "game") {
			t.Errorf("%s has mode %s", f.Name, f.Mode())
		}
	}
}
