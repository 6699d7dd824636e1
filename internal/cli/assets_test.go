package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

// fakeUpload is the upload of a server on a bad line: every second part breaks off in its middle.
type fakeUpload struct {
	mu    sync.Mutex
	u     *apiclient.AssetUpload
	data  bytes.Buffer
	parts int
	begun int
}

func (f *fakeUpload) shown() apiclient.AssetUpload {
	u := *f.u
	u.Offset = int64(f.data.Len())
	if u.Offset == *u.Length {
		u.State, u.AssetID = apiclient.UploadFinished, given("a1")
	}
	return u
}

// assetRoutes answers what the commands of assets ask.
func (s *fakeServer) assetRoutes(mux *http.ServeMux) {
	one := apiclient.Asset{ID: "a1", Name: "hero\x1b[2J.png", Kind: "png", Size: 3 << 20, CreatedAt: time.Now()}
	mux.HandleFunc("GET /v1/assets", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, apiclient.AssetList{Data: []apiclient.Asset{one}})
	})
	mux.HandleFunc("POST /v1/assets", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if strings.HasPrefix(string(body), "bad") {
			problem(w, 400, models.CodeAssetRefused, "the file was refused: it is bad", "")
			return
		}
		answer(w, 201, apiclient.Asset{ID: "whole-" + r.FormValue("name") + "-" + string(body)})
	})
	mux.HandleFunc("GET /v1/assets/{id}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("id") != "a1" {
			problem(w, 404, models.CodeNotFound, "no such asset", "")
			return
		}
		answer(w, 200, one)
	})
	mux.HandleFunc("PATCH /v1/assets/{id}", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, apiclient.Asset{ID: "a1", Name: "new.png"})
	})
	mux.HandleFunc("DELETE /v1/assets/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /v1/assets/{id}/content", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "PNG") })
	mux.HandleFunc("GET /v1/assets/{id}/thumbnail", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "WEBP") })
	mux.HandleFunc("DELETE /v1/uploads/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	f := &s.upload
	mux.HandleFunc("GET /v1/uploads", func(w http.ResponseWriter, _ *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		var l apiclient.AssetUploadList
		if f.u != nil {
			l.Data = append(l.Data, f.shown())
		}
		answer(w, 200, l)
	})
	mux.HandleFunc("POST /v1/uploads", func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.begun++
		length, _ := strconv.ParseInt(r.Header.Get("Upload-Length"), 10, 64)
		f.u = &apiclient.AssetUpload{ID: "u1", Name: "large.wav", State: apiclient.UploadOpen, Length: &length, ExpiresAt: time.Now()}
		answer(w, 201, f.shown())
	})
	mux.HandleFunc("GET /v1/uploads/{id}", func(w http.ResponseWriter, _ *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		answer(w, 200, f.shown())
	})
	mux.HandleFunc("PATCH /v1/uploads/{id}", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		f.mu.Lock()
		defer f.mu.Unlock()
		if r.Header.Get("Upload-Offset") != strconv.Itoa(f.data.Len()) || r.Header.Get("Tus-Resumable") != "1.0.0" {
			problem(w, 409, models.CodeConflict, "another offset", "")
			return
		}
		if f.parts++; f.parts%2 == 0 {
			f.data.Write(body[:len(body)/2])
			panic(http.ErrAbortHandler)
		}
		f.data.Write(body)
		w.WriteHeader(http.StatusNoContent)
	})
}

func TestAssetCommands(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	out := filepath.Join(folder, "out.png")
	for _, tt := range []struct {
		args     []string
		code     int
		out, err string // what they contain
	}{
		{[]string{"list"}, 0, "hero", ""},
		{[]string{"list"}, 0, "3.0 MiB", ""},
		{[]string{"list", "--json"}, 0, `"kind": "png"`, ""},
		{[]string{"show", "a1"}, 0, `"id": "a1"`, ""},
		{[]string{"show", "a2"}, 1, "", "no such asset"},
		{[]string{"upload", file("a.txt", "text"), file("b.txt", "more")}, 0, "whole-a.txt-text\nwhole-b.txt-more\n", ""},
		{[]string{"upload", file("a.txt", "text"), "--name", "c.txt", "--json"}, 0, `"id": "whole-c.txt-text"`, ""},
		{[]string{"upload", file("a.txt", "text"), file("b.txt", "more"), "--name", "c.txt"}, ExitUsage, "", "--name is for one file"},
		{[]string{"upload", file("bad.txt", "bad")}, ExitUsage, "", "it is bad"},
		{[]string{"upload", "-"}, ExitUsage, "", "give --name"},
		{[]string{"upload", folder}, ExitUsage, "", "is no file"},
		{[]string{"upload", filepath.Join(folder, "none")}, ExitUsage, "", "no such file"},
		{[]string{"upload"}, ExitUsage, "", "FILE… is missing"},
		{[]string{"download", "a1", "--out", out}, 0, out, ""},
		{[]string{"download", "a1", "--out", "-", "--thumbnail"}, 0, "WEBP", ""},
		{[]string{"rename", "a1", "new.png"}, 0, `"name": "new.png"`, ""},
		{[]string{"delete", "a1"}, 0, "Deleted.", ""},
		{[]string{"uploads", "delete", "u1"}, 0, "Deleted.", ""},
	} {
		r := run(within(t), t, Deps{}, s.env(), append([]string{"assets"}, tt.args...)...)
		if r.code != tt.code || !strings.Contains(r.out, tt.out) || !strings.Contains(r.err, tt.err) || strings.Contains(r.out, "\x1b") {
			t.Errorf("%v: %d\n%s\n%s", tt.args, r.code, r.out, r.err)
		}
	}
	if text, err := os.ReadFile(out); err != nil || string(text) != "PNG" {
		t.Error(string(text), err)
	}
}

// A large file goes in parts, and goes on where it was when the line breaks, or when another command had begun.
func TestLargeAssetsGoInParts(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	data := bytes.Repeat([]byte("0123456789abcdef"), 20<<20/16)
	path := filepath.Join(t.TempDir(), "large.wav")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	r := run(within(t), t, Deps{}, s.env(), "assets", "upload", path)
	if r.code != 0 || r.out != "a1\n" || !strings.Contains(r.err, "large.wav: 20.0 MiB of 20.0 MiB") || !strings.Contains(r.err, "large.wav: 12.0 MiB") {
		t.Fatalf("%d\n%s\n%s", r.code, r.out, r.err)
	}
	if !bytes.Equal(s.upload.data.Bytes(), data) || s.upload.begun != 1 {
		t.Errorf("%d bytes arrived of %d uploads", s.upload.data.Len(), s.upload.begun)
	}

	sum := sha256.Sum256(data)
	s.upload.u.Sha256 = given(hex.EncodeToString(sum[:]))
	s.upload.data.Truncate(9 << 20)
	r = run(within(t), t, Deps{}, s.env(), "assets", "upload", path)
	if r.code != 0 || r.out != "a1\n" || !strings.Contains(r.err, "goes on at 9.0 MiB of 20.0 MiB") || s.upload.begun != 1 ||
		!bytes.Equal(s.upload.data.Bytes(), data) {
		t.Fatalf("%d\n%s\n%s", r.code, r.out, r.err)
	}
	r = run(within(t), t, Deps{}, s.env(), "assets", "uploads", "list")
	if r.code != 0 || !strings.Contains(r.out, "finished") {
		t.Errorf("%d\n%s\n%s", r.code, r.out, r.err)
	}
}
