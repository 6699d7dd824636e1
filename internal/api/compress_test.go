package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/models"
)

// unpacked is the content of an answer, by the encoding that it declares.
func unpacked(t *testing.T, r answer) string {
	t.Helper()
	var in io.Reader = bytes.NewReader(r.body)
	var err error
	switch encoding := r.header.Get("Content-Encoding"); encoding {
	case "":
	case "gzip":
		in, err = gzip.NewReader(in)
	case "zstd":
		in, err = zstd.NewReader(in)
	default:
		t.Fatalf("encoding %q", encoding)
	}
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestAnswersArePacked(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	text := strings.Repeat("let fox = 'jumps';\n", 1000)
	noise := make([]byte, 20_000)
	_, _ = rand.Read(noise)
	art := a.addArtifact(models.ArtifactBuild, "preview", "web",
		map[string]string{"index.html": "<!doctype html>", "main.js": text, "fox.png": string(noise), "game.wasm": text})
	game := "/play/" + art.ID + "/"
	for _, c := range []struct{ path, accept, want string }{
		{game + "main.js", "gzip", "gzip"},
		{game + "main.js", "gzip, deflate, br, zstd", "zstd"},
		{game + "main.js", "zstd;q=0, gzip;q=0.5", "gzip"},
		{game + "main.js", "gzip;q=0", ""},
		{game + "main.js", "br", ""},
		{game + "main.js", "identity", ""},
		{game + "main.js", ";;q=,,gzip;q=x", ""},
		{game + "game.wasm", "gzip", "gzip"},
		{game + "fox.png", "gzip, zstd", ""},
		{game, "gzip, zstd", ""}, // too small
		{"/openapi.json", "zstd", "zstd"},
		{"/docs", "gzip", "gzip"},
		{"/v1/artifacts/" + art.ID + "/download", "gzip, zstd", ""},
		{"/admin/jobs", "gzip, zstd", ""},
	} {
		whole := a.do("GET", c.path, "", "X-API-Key: "+a.admin, "Accept-Encoding: identity")
		r := a.do("GET", c.path, "", "X-API-Key: "+a.admin, "Accept-Encoding: "+c.accept)
		if got := r.header.Get("Content-Encoding"); got != c.want || r.status != whole.status {
			t.Errorf("%s as %q: %d %q, want %q", c.path, c.accept, r.status, got, c.want)
		}
		if c.want == "" {
			continue
		}
		if unpacked(t, r) != string(whole.body) || len(r.body) > len(whole.body)/2 {
			t.Errorf("%s as %q: %d bytes of %d", c.path, c.accept, len(r.body), len(whole.body))
		}
		if r.header.Get("Vary") != "Accept-Encoding" || whole.header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: %v", c.path, r.header)
		}
		if tag := whole.header.Get("ETag"); tag != "" && r.header.Get("ETag") == tag {
			t.Errorf("%s: both have the tag %s", c.path, tag)
		}
	}
	if r := a.do("GET", game+"main.js", "", "Accept-Encoding: gzip", "Range: bytes=4-6").want(206); string(r.body) != "fox" || r.header.Get("Content-Encoding") != "" {
		t.Errorf("a range: %q %v", r.body, r.header)
	}
}

// Whichever tag a client got, it may send it as a condition.
func TestTagsOfPackedAnswers(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	file := "/v1/projects/" + a.newProject().ID + "/files/a.js"
	text := strings.Repeat("let fox = 'jumps';\n", 1000)
	a.do("PUT", file, text).want(200)
	plain := a.do("GET", file, "", "Accept-Encoding: identity").want(200).header.Get("ETag")
	tags := map[string]bool{plain: true}
	for _, encoding := range []string{"gzip", "zstd"} {
		tag := a.do("GET", file, "", "Accept-Encoding: "+encoding).want(200).header.Get("ETag")
		tags[tag] = true
		if got := a.do("GET", file, "", "Accept-Encoding: "+encoding, "If-None-Match: W/\"x\", "+tag).want(304).header.Get("ETag"); got != tag {
			t.Errorf("%s is unchanged as %s", tag, got)
		}
		a.do("PUT", file, text+encoding, "If-Match: "+tag).want(200)
		a.do("PUT", file, text, "If-Match: "+tag).problem(412, models.CodePreconditionFailed)
		a.do("PUT", file, text).want(200)
		// The rest of a packed answer is not a range of the content.
		if r := a.do("GET", file, "", "Range: bytes=10-", "If-Range: "+tag).want(200); string(r.body) != text {
			t.Errorf("%s: %d bytes", encoding, len(r.body))
		}
	}
	if len(tags) != 3 {
		t.Error(tags)
	}
}

// Events are sent one by one, and a replayed answer is the one that was given, whatever their encoding.
func TestPackedStreamsAndReplays(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	job := a.submit(models.KindBuild)
	head, line := a.stream(t.Context(), "/v1/jobs/"+job.ID+"/events", "Accept-Encoding: gzip, zstd")
	if got := head.header.Get("Content-Encoding"); got != "" {
		t.Errorf("a stream with %q", got)
	}
	waitFor(t, line, "data:")

	labels := map[string]string{}
	for _, c := range "abcdefghijklmnop" {
		labels[string(c)] = strings.Repeat("x", 60)
	}
	body, err := json.Marshal(map[string]any{"name": "Fox", "engine": "phaser", "labels": labels})
	if err != nil {
		t.Fatal(err)
	}
	post := func(encoding string) answer {
		return a.do("POST", "/v1/projects", string(body), "Idempotency-Key: fox", "Accept-Encoding: "+encoding).want(http.StatusCreated)
	}
	first := unpacked(t, post("zstd"))
	if again := post("gzip"); again.header.Get("Content-Encoding") != "gzip" || unpacked(t, again) != first || first == "" {
		t.Errorf("%v\n%s", again.header, first)
	}
	if whole := post("identity"); string(whole.body) != first {
		t.Errorf("%s", whole.body)
	}
}

// An answer that breaks off does not look whole because it is packed.
func TestBrokenPackedAnswer(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t, func(o *Options) { o.Blobs = breaking{o.Blobs} })
	art := a.addArtifact(models.ArtifactBuild, "preview", "web", map[string]string{"main.js": strings.Repeat("let fox = 1;\n", 100_000)})
	for _, encoding := range []string{"gzip", "zstd", "identity"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.url+"/play/"+art.ID+"/main.js", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", encoding)
		res, err := a.client.Do(req)
		if err != nil {
			continue // broken off before its head
		}
		n, err := io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		if err == nil {
			t.Errorf("%s: a broken answer of %d bytes looks whole", encoding, n)
		}
	}
}

// breaking is content that cannot be read beyond its middle.
type breaking struct{ kernel.Blobs }

func (b breaking) Open(ctx context.Context, digest string) (io.ReadSeekCloser, error) {
	in, err := b.Blobs.Open(ctx, digest)
	return &halved{ReadSeekCloser: in}, err
}

type halved struct {
	io.ReadSeekCloser
	read int
}

func (h *halved) Read(p []byte) (int, error) {
	if h.read > 600_000 {
		return 0, errBroken
	}
	n, err := h.ReadSeekCloser.Read(p)
	h.read += n
	return n, err
}
