package agent

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/bundle"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// unlimited keeps the tests' own process free of an agent's limits.
var unlimited = Surroundings{Limit: func(engines.Plan, func()) func() { return func() {} }}

func spec(tb testing.TB, files int, size int64) []byte {
	tb.Helper()
	p, err := protocol.Encode(protocol.Spec{Files: files, Bytes: size,
		Plan: engines.Plan{Bundle: &engines.Bundle{Entry: "main.js", Mode: engines.Release}}})
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// leave does once for the tests what an agent's process does first.
var leave = sync.OnceValue(bundle.Leave)

// host speaks with an agent in this process.
type host struct {
	t    *testing.T
	w    *protocol.Writer
	r    *protocol.Reader
	in   io.Closer
	done chan error
}

func newHost(t *testing.T) *host {
	t.Helper()
	if err := leave(); err != nil {
		t.Fatal(err)
	}
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	h := &host{t: t, w: protocol.NewWriter(inW), r: protocol.NewReader(outR), in: inW, done: make(chan error, 1)}
	go func() {
		err := Serve(inR, outW, unlimited)
		_ = inR.CloseWithError(io.ErrClosedPipe)
		_ = outW.Close()
		h.done <- err
	}()
	t.Cleanup(func() { _ = inW.Close(); _ = outR.Close() })
	if f, err := h.r.Next(); err != nil || f.Type != protocol.Hello {
		t.Fatalf("hello: %v %v", f.Type, err)
	}
	return h
}

func (h *host) begin(t protocol.Token) {
	h.w.Begin(t)
	h.r.Expect(t)
}

func (h *host) send(t protocol.Type, payload []byte) {
	_ = h.w.Send(t, payload)
	_ = h.w.Flush()
}

// end reads until Done.
func (h *host) end() protocol.End {
	h.t.Helper()
	for {
		f, err := h.r.Next()
		if err != nil {
			h.t.Fatal(err)
		}
		if f.Type == protocol.Done {
			end, err := protocol.Decode[protocol.End](f)
			if err != nil {
				h.t.Fatal(err)
			}
			return end
		}
	}
}

func TestOneJobAfterAnother(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	for n, code := range []string{"run()", "let = ;", "run(2)"} {
		h.begin(protocol.Token{byte(n + 1)})
		h.send(protocol.Start, spec(t, 1, int64(len(code))))
		if err := protocol.SendFile(h.w, "main.js", []byte(code)); err != nil {
			t.Fatal(err)
		}
		h.send(protocol.Run, nil)
		want := protocol.Succeeded
		if n == 1 {
			want = protocol.CompileFailed
		}
		if end := h.end(); end.Outcome != want {
			t.Errorf("job %d: %+v", n, end)
		}
	}
	_ = h.in.Close()
	if err := <-h.done; err != nil {
		t.Errorf("end: %v", err)
	}
}

func TestPlanWithoutAnAction(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.begin(protocol.Token{1})
	h.send(protocol.Start, []byte(`{"plan":{}}`))
	h.send(protocol.Run, nil)
	if end := h.end(); end.Outcome != protocol.Failed {
		t.Errorf("%+v", end)
	}
}

func TestHostileHosts(t *testing.T) {
	t.Parallel()
	limit := errors.New("a limit error")
	for name, c := range map[string]struct {
		say  func(h *host)
		want error
	}{
		"run first": {func(h *host) { h.begin(protocol.Token{}); h.send(protocol.Run, nil) }, protocol.ErrUnexpected},
		"hello":     {func(h *host) { h.send(protocol.Start, spec(t, 0, 0)); h.send(protocol.Hello, nil) }, protocol.ErrUnexpected},
		"start twice": {func(h *host) {
			h.send(protocol.Start, spec(t, 1, 1))
			h.begin(protocol.Token{2})
			h.send(protocol.Start, spec(t, 1, 1))
		}, protocol.ErrUnexpected},
		"bad spec": {func(h *host) { h.send(protocol.Start, []byte("{")) }, protocol.ErrBadPayload},
		"too much": {func(h *host) { h.send(protocol.Start, spec(t, 1, 1<<40)) }, limit},
		"more than said": {func(h *host) {
			h.send(protocol.Start, spec(t, 1, 1))
			_ = protocol.SendFile(h.w, "a", []byte("xx"))
			h.send(protocol.Run, nil)
		}, limit},
		"less than said": {func(h *host) { h.send(protocol.Start, spec(t, 1, 1)); h.send(protocol.Run, nil) }, protocol.ErrUnexpected},
		"hostile path": {func(h *host) {
			h.send(protocol.Start, spec(t, 1, 1))
			_ = protocol.SendFile(h.w, "../a", []byte("x"))
			h.send(protocol.Run, nil)
		}, protocol.ErrBadPayload},
		"stale token": {func(h *host) {
			h.send(protocol.Start, spec(t, 1, 1))
			h.begin(protocol.Token{9})
			h.send(protocol.Run, nil)
		}, protocol.ErrStaleToken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t)
			h.begin(protocol.Token{1})
			c.say(h)
			_ = h.in.Close()
			err := <-h.done
			if _, ok := errors.AsType[*protocol.LimitError](err); ok {
				err = limit
			}
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

func TestLogsAreWholeLines(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	s := newSender(&b)
	s.begin(protocol.Token{1})
	s.log("one\ntwo " + strings.Repeat("x", 100_000) + "\n\xff")
	s.done(protocol.End{Outcome: protocol.Succeeded})
	s.log("too late")
	r := protocol.NewReader(&b)
	r.Expect(protocol.Token{1})
	var got []string
	for {
		f, err := r.Next()
		if err != nil {
			break
		}
		got = append(got, f.Type.String())
		if f.Type == protocol.Log && (len(f.Payload) > maxLogLine+1 || f.Payload[len(f.Payload)-1] != '\n') {
			t.Errorf("log of %d bytes", len(f.Payload))
		}
	}
	if strings.Join(got, ",") != "log,log,log,done" {
		t.Errorf("frames %q", got)
	}
}

// FuzzServe lets a hostile host speak. The seeds' plans have no action: the bundler is not what is tried here.
func FuzzServe(f *testing.F) {
	for _, say := range []func(w *protocol.Writer){
		func(w *protocol.Writer) { _ = w.Send(protocol.Run, nil) },
		func(w *protocol.Writer) { _ = protocol.SendFile(w, "main.js", []byte("run()")) },
	} {
		var b bytes.Buffer
		w := protocol.NewWriter(&b)
		w.Begin(protocol.Token{1})
		_ = w.Send(protocol.Start, []byte(`{"plan":{},"files":1,"bytes":5}`))
		say(w)
		_ = w.Flush()
		f.Add(b.Bytes())
	}
	f.Fuzz(func(_ *testing.T, in []byte) {
		// Any answer will do, so long as there is one.
		_ = Serve(bytes.NewReader(in), io.Discard, unlimited)
	})
}
