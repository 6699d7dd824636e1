package sandbox_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// witness is a listener whose connections are held by processes: a connection breaks when its process is gone.
type witness struct {
	net.Listener
	t *testing.T
}

func newWitness(t *testing.T) witness {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return witness{l, t}
}

func (w witness) addr() string { return w.Addr().String() }

// arrive waits for a process.
func (w witness) arrive() net.Conn {
	w.t.Helper()
	c := w.arriveWithin(30 * time.Second)
	if c == nil {
		w.t.Fatal("no process has come")
	}
	return c
}

// arriveWithin is arrive that may be in vain.
func (w witness) arriveWithin(d time.Duration) net.Conn {
	w.t.Helper()
	_ = w.Listener.(*net.TCPListener).SetDeadline(time.Now().Add(d))
	c, err := w.Accept()
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = c.Close() })
	return c
}

// gone waits until the process is dead. One that is not killed stays forever.
func (w witness) gone(c net.Conn) {
	w.t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
	if _, err := c.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
		w.t.Error("a process outlived its job")
	}
}

func TestHostileAndBrokenAgents(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]models.Code{
		"mute": models.CodeSandboxFailed, "old": models.CodeSandboxFailed, "crash": models.CodeSandboxFailed,
		"garbage": models.CodeSandboxFailed, "stale": models.CodeSandboxFailed, "oom": models.CodeOutOfMemory,
		"bomb": models.CodeOutputTooLarge, "flood": models.CodeSandboxFailed,
		"grants nothing": models.CodeTimeout, "grants too much": models.CodeSandboxFailed,
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			r := newRunner(t, fake(mode), func(o *sandbox.Options) { o.Warm = -1 })
			req := request(t, engines.Preview, files("main.js", "run()"))
			req.Plan.Limits = engines.Limits{OutputBytes: 3 << 20, LogBytes: 10 << 10}
			if mode == "grants nothing" {
				req.Files = append(req.Files, models.File{Path: "big.bin", Data: make([]byte, 2*protocol.Window)})
				req.Plan.Limits.Time = 300 * time.Millisecond
			}
			res, err := r.Run(t.Context(), req)
			if models.CodeOf(err) != want {
				t.Errorf("error %v, want %s", err, want)
			}
			if strings.Contains(models.AsError(err).Message, "/secret") {
				t.Error("the message shows what only logs may")
			}
			if res != nil && (res.Outputs != nil || len(res.LogTail) > 11<<10) {
				t.Errorf("outputs %v, log of %d bytes", res.Outputs, len(res.LogTail))
			}
		})
	}
}

func TestWholeGroupIsKilled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		limit time.Duration
		stop  error
		want  models.Code
	}{
		"timeout": {500 * time.Millisecond, nil, models.CodeTimeout},
		"cancel":  {time.Hour, errors.New("no longer wanted"), models.CodeCancelled},
		"cause":   {time.Hour, models.NewError(models.CodeWorkerLost, "lease lost"), models.CodeWorkerLost},
		"overdue": {time.Hour, context.DeadlineExceeded, models.CodeTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWitness(t)
			r := newRunner(t, fake("family", w.addr()))
			// On a busy machine a short limit may be over before there is a family: then it gets more time.
			for limit := c.limit; ; limit *= 2 {
				child, err := stopFamily(t, w, r, limit, c.stop)
				if models.CodeOf(err) != c.want {
					t.Fatalf("error %v", err)
				}
				if child != nil {
					// Run has returned, so nothing may run any more; the network only needs a moment to say so.
					w.gone(child)
					return
				}
				if limit > time.Minute {
					t.Fatal("no process has come")
				}
			}
		})
	}
}

// stopFamily runs an agent with a child, until the limit or, when there is a cause to stop, until the child is there. It
// returns the child, nil when the limit came first, and the run's error.
func stopFamily(t *testing.T, w witness, r *sandbox.LocalRunner, limit time.Duration, stop error) (child net.Conn, err error) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	req := request(t, engines.Preview, files("main.js", "run()"))
	req.Plan.Limits.Time = limit
	failed := make(chan error, 1)
	go func() {
		_, err := r.Run(ctx, req)
		failed <- err
	}()
	if stop != nil {
		child = w.arrive()
		cancel(stop)
		return child, <-failed
	}
	err = <-failed
	return w.arriveWithin(time.Second), err
}

func TestAgentsDieWithTheWorker(t *testing.T) {
	t.Parallel()
	w := newWitness(t)
	host := exec.Command(os.Args[0], fakeArg, "host", w.addr(), t.TempDir())
	if err := host.Start(); err != nil {
		t.Fatal(err)
	}
	child := w.arrive()
	if err := host.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = host.Wait()
	if runtime.GOOS == "linux" { // elsewhere only an agent that listens to its input ends
		w.gone(child)
	}
}

func TestDeadWarmAgentIsReplaced(t *testing.T) {
	t.Parallel()
	r := newRunner(t, fake("dies waiting"))
	for range 2 {
		if _, err := r.Run(t.Context(), request(t, engines.Preview, files("main.js", "run()"))); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAgentsKnowNoSecrets(t *testing.T) {
	t.Parallel()
	r := newRunner(t, fake("environment"))
	res, err := r.Run(t.Context(), request(t, engines.Preview, files("main.js", "run()")))
	if models.CodeOf(err) != models.CodeSandboxFailed {
		t.Fatal(err)
	}
	if !strings.Contains(res.LogTail, "TMPDIR=") || strings.Contains(res.LogTail, envSecret) || strings.Contains(res.LogTail, "PATH=") {
		t.Errorf("environment:\n%s", res.LogTail)
	}
}

func TestMemoryLimit(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	var code strings.Builder
	for code.Len() < 6<<20 {
		code.WriteString("f({a:1,b:[1,2,x=>x+1]});")
	}
	req := request(t, engines.Release, files("main.js", code.String()))
	req.Plan.Limits.MemoryBytes = 64 << 20
	res, err := r.Run(t.Context(), req)
	if models.CodeOf(err) != models.CodeOutOfMemory || res.Outputs != nil {
		t.Errorf("error %v", err)
	}
}

func TestDeepNesting(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	n := 1 << 20
	req := request(t, engines.Preview, files("main.js", "x="+strings.Repeat("[", n)+strings.Repeat("]", n)))
	_, err := r.Run(t.Context(), req)
	if code := models.CodeOf(err); code != models.CodeBuildFailed && code != models.CodeOutOfMemory {
		t.Errorf("error %v", err)
	}
	// The runner still works.
	if _, err := r.Run(t.Context(), request(t, engines.Preview, files("main.js", "run()"))); err != nil {
		t.Error(err)
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	w := newWitness(t)
	r := newRunner(t, fake("hang", w.addr()))
	failed := make(chan error, 1)
	go func() {
		_, err := r.Run(t.Context(), request(t, engines.Preview, files("main.js", "run()")))
		failed <- err
	}()
	child := w.arrive()
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // no time to finish
	if err := r.Close(ctx); err != nil {
		t.Error(err)
	}
	if err := <-failed; models.CodeOf(err) != models.CodeUnavailable {
		t.Errorf("the running build: %v", err)
	}
	w.gone(child)
	if _, err := r.Run(t.Context(), request(t, engines.Preview, files("main.js", "run()"))); models.CodeOf(err) != models.CodeUnavailable {
		t.Errorf("a build after the end: %v", err)
	}
	if err := r.Close(context.Background()); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	r := newRunner(t, func(o *sandbox.Options) { o.Warm = 2 })
	var wg sync.WaitGroup
	for range 12 {
		req := request(t, engines.Release, files("main.js", "run()"))
		wg.Go(func() {
			if res, err := r.Run(t.Context(), req); err != nil || len(res.Outputs.Manifest()) != 2 {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	good := request(t, engines.Preview, files("main.js", "run()"))
	for name, change := range map[string]func(*engines.RunRequest){
		"no files":     func(q *engines.RunRequest) { q.Files = nil },
		"hostile path": func(q *engines.RunRequest) { q.Files = files("../main.js", "run()") },
		"no action":    func(q *engines.RunRequest) { q.Plan.Bundle = nil },
	} {
		req := good
		change(&req)
		var e *models.Error
		if _, err := r.Run(t.Context(), req); !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := sandbox.NewLocalRunner(sandbox.Options{}); err == nil {
		t.Error("a runner without toolchains")
	}
}
