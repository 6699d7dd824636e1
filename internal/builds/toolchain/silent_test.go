package toolchain_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/toolchain"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// silentRegistry accepts connections and never answers. called is closed when the first one arrives, and calls counts them.
func silentRegistry(t *testing.T) (url string, called <-chan struct{}, calls *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	first := make(chan struct{})
	calls = new(atomic.Int32)
	var wg sync.WaitGroup
	wg.Go(func() {
		var open []net.Conn
		for {
			c, err := l.Accept()
			if err != nil {
				break
			}
			calls.Add(1)
			if open = append(open, c); len(open) == 1 {
				close(first)
			}
		}
		for _, c := range open {
			_ = c.Close()
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		wg.Wait()
	})
	return "http://" + l.Addr().String(), first, calls
}

// golang is an engine with one Go module.
type golang struct{ small }

func (golang) Toolchain() engines.Toolchain {
	return engines.Toolchain{Go: &engines.GoToolchain{
		GoMod: []byte("module game\n\ngo 1.24\n\nrequire example.com/none v1.0.0\n"),
		GoSum: []byte("example.com/none v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nexample.com/none v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"),
		Warm:  [][]models.File{{{Path: "main.go", Data: []byte("package main\n\nimport _ \"example.com/none\"\n\nfunc main() {}\n")}}},
	}}
}

// The install gives up on a registry that accepts requests and never answers, and the message says so. The registry may answer
// later, so the job is retried.
func TestSilentRegistry(t *testing.T) {
	url, _, calls := silentRegistry(t)
	t.Setenv("npm_config_registry", url)
	t.Setenv("npm_config_cache", t.TempDir())
	t.Setenv("GOPROXY", url)
	t.Setenv("GONOSUMDB", "*")
	for name, tt := range map[string]struct {
		e    engines.Engine
		says string
	}{
		"npm": {good(), "npm's registry has sent nothing for 1.5s"},
		"go":  {golang{}, "Go's module proxy has sent nothing for 1.5s"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			in := toolchain.New(dir, nil)
			in.SetSilence(1500 * time.Millisecond)
			told := make(chan toolchain.Progress, 100)
			defer in.Watch(func(p toolchain.Progress) { told <- p })()
			_, err := in.Ensure(t.Context(), tt.e)
			if models.CodeOf(err) != models.CodeEngineUnavailable || !strings.HasPrefix(models.AsError(err).Message, tt.says) || jobs.IsPermanent(err) {
				t.Errorf("error %v", err)
			}
			// The installer's programs are gone, and the second attempt starts none.
			before := calls.Load()
			if _, again := in.Ensure(t.Context(), tt.e); again == nil || again.Error() != err.Error() || calls.Load() != before {
				t.Errorf("the second attempt: %v, after %d calls and %d more", again, before, calls.Load()-before)
			}
			first := <-told
			if first.Engine != "small" || first.Done {
				t.Errorf("the first report: %+v", first)
			}
			last := first
			for len(told) > 0 {
				last = <-told
			}
			if !last.Done || last.Err == nil {
				t.Errorf("the last report: %+v", last)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp-*")); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

// Close ends an install with the programs that it runs, even if its caller has gone, and nothing is left.
func TestCloseEndsInstalls(t *testing.T) {
	url, called, _ := silentRegistry(t)
	t.Setenv("npm_config_registry", url)
	t.Setenv("npm_config_cache", t.TempDir())
	dir := t.TempDir()
	in := toolchain.New(dir, nil)
	ctx, leave := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := in.Ensure(ctx, good())
		ended <- err
	}()
	<-called
	leave()
	if err := <-ended; err == nil {
		t.Error("the caller had its packages")
	}
	in.Close()
	if left, _ := os.ReadDir(dir); len(left) != 1 { // the lock
		t.Errorf("left behind: %v", left)
	}
	if _, err := in.Ensure(t.Context(), good()); models.CodeOf(err) != models.CodeEngineUnavailable {
		t.Errorf("after Close: %v", err)
	}
}
