package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

const tusClient = "../../tests/tus"

// tusRun is what tests/tus/upload.mjs is told, and tusEvent what it says.
type (
	tusRun struct {
		Endpoint string `json:"endpoint,omitempty"`
		URL      string `json:"url,omitempty"`
		Key      string `json:"key"`
		Path     string `json:"path"`
		Name     string `json:"name"`
		Type     string `json:"type,omitempty"`
		SHA256   string `json:"sha256,omitempty"`
		Chunk    int    `json:"chunk,omitempty"`
		Deferred bool   `json:"deferred,omitempty"`
		StopAt   int    `json:"stopAt,omitempty"`
	}
	tusEvent struct {
		URL, Asset, Error, Problem string
		Stopped, Status            int
	}
)

// tusUpload runs the official client, and merges what it says.
func tusUpload(t *testing.T, r tusRun) (all tusEvent) {
	t.Helper()
	dir := testenv.NodeModules(t, tusClient)
	program, err := os.ReadFile(filepath.Join(tusClient, "upload.mjs"))
	require.NoError(t, err)
	told, err := json.Marshal(r)
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), "node", "--input-type=module", "-e", string(program), "--", string(told))
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	for line := range strings.Lines(string(out)) {
		require.NoError(t, json.Unmarshal([]byte(line), &all), line)
	}
	return all
}

// aSound is a WAV of noise, of so many bytes.
func aSound(t *testing.T, size int) (path, digest string) {
	t.Helper()
	data := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{byte(size)}).Read(data)
	le := func(at, n int, v uint32) {
		for i := range n {
			data[at+i] = byte(v >> (8 * i))
		}
	}
	copy(data, "RIFF....WAVEfmt ....................data")
	le(4, 4, uint32(size-8))
	le(16, 4, 16)
	le(20, 2, 1) // PCM
	le(22, 2, 2)
	le(24, 4, 44_100)
	le(28, 4, 44_100*4)
	le(32, 2, 4)
	le(34, 2, 16)
	le(40, 4, uint32(size-44))
	path = filepath.Join(t.TempDir(), "noise.wav")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	sum := sha256.Sum256(data)
	return path, hex.EncodeToString(sum[:])
}

// second is another process of the same platform: another API over the same database and files.
func (a *testAPI) second(t *testing.T) string {
	t.Helper()
	b := newTestAPI(t, func(o *Options) {
		other := *a.uploads
		o.Uploads, o.Keys, o.Tokens, o.Standings, o.Answers, o.Blobs = &other, a.options.Keys, a.options.Tokens, a.options.Standings, a.options.Answers, a.blobs
	})
	return b.url
}

// The official client uploads a large file, is stopped in the middle of a request, and another one goes on at another process.
func TestOfficialTusClient(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	const size = 40<<20 + 44
	path, digest := aSound(t, size)
	run := tusRun{Endpoint: a.url + "/v1/uploads", Key: a.key, Path: path, Name: "noise.wav", Type: "audio/wav", SHA256: digest, StopAt: 20 << 20}
	stopped := tusUpload(t, run)
	require.NotZero(t, stopped.Stopped)
	require.NotEmpty(t, stopped.URL)
	id := stopped.URL[strings.LastIndex(stopped.URL, "/")+1:]
	require.Eventually(t, func() bool { return a.offset(id) >= 8<<20 }, 20*time.Second, 20*time.Millisecond)

	run.StopAt, run.URL = 0, a.second(t)+"/v1/uploads/"+id
	done := tusUpload(t, run)
	require.Empty(t, done.Error)
	asset := decodeAs[openapi.Asset](a.do("GET", "/v1/assets/"+done.Asset, "").want(200))
	require.Equal(t, digest, asset.Sha256)
	require.EqualValues(t, size, asset.Size)
	require.NotZero(t, *asset.DurationMs)
	require.Zero(t, a.staged())

	// In chunks, with a length that comes at the end, it is the same asset.
	run.URL, run.Chunk, run.Deferred = "", 16<<20, true
	again := tusUpload(t, run)
	require.Empty(t, again.Error)
	require.Equal(t, done.Asset, again.Asset)
}

// A connection that a proxy cuts again and again does not keep the official client from its end.
func TestOfficialTusClientBehindABadLine(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	path, digest := aSound(t, 6<<20)
	var cuts atomic.Int32
	front := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := r.Body
		if r.Method == http.MethodPatch && cuts.Add(1) <= 2 {
			body = http.MaxBytesReader(w, r.Body, 2<<20) // and then the line breaks
		}
		out, err := http.NewRequestWithContext(r.Context(), r.Method, a.url+r.URL.Path, body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		out.Header, out.ContentLength = r.Header.Clone(), r.ContentLength
		res, err := a.client.Do(out)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer res.Body.Close()
		maps.Copy(w.Header(), res.Header)
		w.WriteHeader(res.StatusCode)
		_, _ = io.Copy(w, res.Body)
	}))
	front.Start()
	t.Cleanup(front.Close)
	done := tusUpload(t, tusRun{Endpoint: front.URL + "/v1/uploads", Key: a.key, Path: path, Name: "noise.wav"})
	require.Empty(t, done.Error)
	require.Greater(t, cuts.Load(), int32(2))
	require.Equal(t, digest, decodeAs[openapi.Asset](a.do("GET", "/v1/assets/"+done.Asset, "").want(200)).Sha256)
}

// What is refused reaches the official client as a problem.
func TestOfficialTusClientIsRefused(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	path := filepath.Join(t.TempDir(), "both.png")
	require.NoError(t, os.WriteFile(path, []byte(aPicture(t, 24)+"PK\x05\x06"+strings.Repeat("\x00", 18)), 0o600))
	run := tusRun{Endpoint: a.url + "/v1/uploads", Key: a.key, Path: path, Name: "both.png"}
	for name, c := range map[string]struct {
		change func(*tusRun)
		status int
		code   models.Code
	}{
		"hostile":           {func(*tusRun) {}, 400, models.CodeAssetRefused},
		"named as no asset": {func(r *tusRun) { r.Name = "both.exe" }, 400, models.CodeAssetTypeMismatch},
		"no key":            {func(r *tusRun) { r.Key = "none" }, 401, models.CodeUnauthorized},
	} {
		r := run
		c.change(&r)
		got := tusUpload(t, r)
		require.Equal(t, c.status, got.Status, "%s: %+v", name, got)
		require.Contains(t, got.Problem, `"`+string(c.code)+`"`, name)
	}
	require.Zero(t, a.staged())
}
