package api

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spark-games/spark/internal/api/inbound"
	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// sorted are the document's operations, each with a path that names nothing.
func (a *testAPI) sorted() []*openapi.Operation {
	ops := a.doc.Operations()
	slices.SortFunc(ops, func(x, y *openapi.Operation) int { return strings.Compare(x.ID, y.ID) })
	return ops
}

var placeholder = regexp.MustCompile(`\{[a-z0-9]+\}`)

func pathOf(op *openapi.Operation) string { return pathWith(op, models.NewID()) }

// pathWith is an operation's path with something in its placeholders. A stream that would not end is resumed where it cannot be.
func pathWith(op *openapi.Operation, what string) string {
	path := placeholder.ReplaceAllString(op.Path, what)
	if op.ID == "streamEvents" {
		path += "?last_event_id=9000000000000000000"
	}
	return path
}

// The worst bodies within an operation's limit take limited time and memory, and leave nothing running. (The test runs alone,
// because it measures the allocations of the process.)
func TestWorstBodies(t *testing.T) {
	a := newTestAPI(t)
	project := a.newProject().ID
	a.do("GET", "/healthz", "").want(200) // the client's connection is there
	goroutines := runtime.NumGoroutine()
	repeat := func(size int, before, each, after string) []byte {
		return []byte(before + strings.TrimSuffix(strings.Repeat(each+",", (size-len(before)-len(after))/(len(each)+1)), ",") + after)
	}
	for _, op := range a.sorted() {
		limit := int(op.BodyLimit)
		if limit == 0 {
			limit = 1 << 20 // an operation that takes no body is sent one
		}
		unknown := bytes.NewBufferString(`{"x":0`)
		for i := 0; unknown.Len() < limit-32; i++ {
			fmt.Fprintf(unknown, `,"f%d":1`, i)
		}
		unknown.WriteByte('}')
		for name, body := range map[string][]byte{
			"unknown fields":   unknown.Bytes(),
			"wrong files":      repeat(limit, `{"files":[`, `1`, `]}`),
			"empty files":      repeat(limit, `{"files":[`, `{"path":"a","text":""}`, `]}`),
			"wrong steps":      repeat(limit, `{"project_id":"x","steps":[`, `{"kind":"build"}`, `]}`),
			"input of a job":   repeat(limit, `{"kind":"generation","project_id":"`+project+`","input":{"prompt":[`, `[]`, `]}}`),
			"depth":            []byte(strings.Repeat("[", limit)),
			"one large string": []byte(`{"name":"` + strings.Repeat("n", limit-16) + `"}`),
			"noise":            bytes.Repeat([]byte{0xff, 0}, limit/2),
		} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // far more than it takes, on any machine
			req, err := http.NewRequestWithContext(ctx, op.Method, a.url+pathOf(op), bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("X-API-Key", a.admin)
			req.Header.Set("Content-Type", "application/json")
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			res, err := a.client.Do(req)
			if err != nil {
				t.Fatalf("%s, %s: %v", op.ID, name, err)
			}
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			cancel()
			runtime.ReadMemStats(&after)
			if grown, most := after.TotalAlloc-before.TotalAlloc, uint64(8*len(body)+32<<20); grown > most {
				t.Errorf("%s, %s: %d bytes of memory for %d", op.ID, name, grown, len(body))
			}
			if res.StatusCode >= 500 {
				t.Errorf("%s, %s: %d", op.ID, name, res.StatusCode)
			}
		}
	}
	a.client.CloseIdleConnections()
	eventually(t, func() bool { return runtime.NumGoroutine() <= goroutines })
}

// Without a key, the response is sent before the body arrives, and the connection ends; the same holds if a body never arrives.
func TestRefusedBeforeTheBody(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t, func(o *Options) { o.Pace = inbound.Pace{Patience: 100 * time.Millisecond, Rate: inbound.DefaultRate} })
	for _, op := range a.sorted() {
		if op.BodyLimit == 0 {
			continue
		}
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			refuseBeforeBody(t, a, op)
		})
	}
}

func refuseBeforeBody(t *testing.T, a *testAPI, op *openapi.Operation) {
	t.Helper()
	key := func(k string) string { return "X-API-Key: " + k }
	may := key(a.admin)
	if op.Scope == auth.ScopeMe { // no key has it
		may = "Sec-Fetch-Site: same-origin\r\nCookie: spark_user=" + a.signIn(op.ID, nil).secret
	}
	for _, tt := range []struct {
		as, body string
		code     models.Code
	}{
		{key(""), "", models.CodeUnauthorized},
		{key(""), "{", models.CodeUnauthorized},
		{key(a.nobody), "{", models.CodeForbidden},
		{may, "", kernel.CodeRequestTimeout},
		{may, "{", kernel.CodeRequestTimeout},
	} {
		path, media := pathOf(op), "application/json"
		switch op.ID {
		case "writeFile":
			path = "/v1/projects/" + a.newProject().ID + "/files/a.txt"
		case "patchFile":
			media = "application/merge-patch+json"
		case "importProject":
			media = "application/zip"
		case "appendAssetUpload", "createAssetUpload":
			if tt.code == kernel.CodeRequestTimeout {
				continue // what arrives is kept, see TestBrokenPartsAreKept
			}
		case "createAsset":
			path, media = path+"?name=a.txt", "application/octet-stream"
		}
		conn, err := net.Dial("tcp", strings.TrimPrefix(a.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\n%s\r\nContent-Length: 1000\r\n\r\n%s", op.Method, path, media, tt.as, tt.body)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%s: %v", op.ID, err)
		}
		raw, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if !strings.Contains(string(raw), `"`+string(tt.code)+`"`) || !res.Close {
			t.Errorf("%s with %q: %d %s", op.ID, tt.body, res.StatusCode, raw)
		}
		if rest, err := io.ReadAll(conn); err != nil || len(rest) > 0 {
			t.Errorf("%s: the connection stays open: %q %v", op.ID, rest, err)
		}
		_ = conn.Close()
	}
}

// Every operation that is not public refuses a request without a key, however it was written.
func TestNothingWithoutAKey(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	for _, op := range a.sorted() {
		if op.Scope == auth.ScopePublic {
			continue
		}
		for _, header := range []string{"Authorization: ", "Authorization: Bearer", "Authorization: Bearer x", "Authorization: Basic eDp5", "X-API-Key: "} {
			r := a.do(op.Method, pathOf(op), "{}", "Authorization: ", header)
			if r.status != http.StatusUnauthorized {
				t.Errorf("%s with %q: %d", op.ID, header, r.status)
			}
		}
	}
}
