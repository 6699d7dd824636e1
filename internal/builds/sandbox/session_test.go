package sandbox

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

var jobToken = protocol.Token{7, 7, 7}

var tight = engines.Limits{OutputBytes: 1000, OutputFiles: 3, LogBytes: 200}

// spoken is what an agent says in a conversation, as bytes.
func spoken(tb testing.TB, say func(w *protocol.Writer)) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := protocol.NewWriter(&b)
	w.Begin(jobToken)
	say(w)
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// hear runs the host's side on what an agent says.
func hear(tb testing.TB, said []byte) (*answer, *logTail, error) {
	tb.Helper()
	sink := engines.NewSpool(tb.TempDir())
	tb.Cleanup(func() { _ = sink.Close() })
	log := newLogTail(tight.LogBytes, nil)
	s := &session{r: protocol.NewReader(bytes.NewReader(said)), w: protocol.NewWriter(io.Discard), limits: tight, sink: sink, log: log}
	s.begin(jobToken)
	a, err := s.receive()
	return a, log, err
}

func send(w *protocol.Writer, t protocol.Type, payload string) { _ = w.Send(t, []byte(payload)) }

const success = `{"outcome":"succeeded"}`

func TestSessionTakesAnAnswer(t *testing.T) {
	t.Parallel()
	a, log, err := hear(t, spoken(t, func(w *protocol.Writer) {
		send(w, protocol.Log, "one\ntw")
		send(w, protocol.Log, "o\n\x1b[31mred\x00\n")
		send(w, protocol.Progress, `{"stage":"bundle","fraction":0.5}`)
		send(w, protocol.Diagnostics, `[{"severity":"odd","file":"../../etc/passwd","line":-1,"text":"x\u0000y"}]`)
		_ = protocol.SendFile(w, "b.js", []byte("B"))
		_ = protocol.SendFile(w, "a/a.js", []byte(strings.Repeat("A", 900)))
		send(w, protocol.Done, success)
		send(w, protocol.Log, "never read")
	}))
	if err != nil || outcome(a.end) != nil {
		t.Fatal(err, a.end)
	}
	if len(a.files) != 2 || a.files[0].Path != "a/a.js" || a.files[1].Path != "b.js" || a.files[0].Size != 900 {
		t.Errorf("files %+v", a.files)
	}
	if got := log.String(); got != "one\ntwo\nred\ufffd\n" {
		t.Errorf("log %q", got)
	}
	d := a.diagnostics[0]
	if d.Severity != "error" || d.File != "" || d.Line != 0 || d.Text != "x\ufffdy" {
		t.Errorf("diagnostic %+v", d)
	}
}

func TestSessionRefuses(t *testing.T) {
	t.Parallel()
	limit := errors.New("a limit error")
	for name, c := range map[string]struct {
		say  func(w *protocol.Writer)
		want error
		code models.Code
	}{
		"silence":         {func(*protocol.Writer) {}, io.EOF, models.CodeSandboxFailed},
		"second hello":    {func(w *protocol.Writer) { send(w, protocol.Hello, "{}") }, protocol.ErrUnexpected, models.CodeSandboxFailed},
		"start":           {func(w *protocol.Writer) { send(w, protocol.Start, "{}") }, protocol.ErrUnexpected, models.CodeSandboxFailed},
		"run":             {func(w *protocol.Writer) { send(w, protocol.Run, "") }, protocol.ErrUnexpected, models.CodeSandboxFailed},
		"bad diagnostics": {func(w *protocol.Writer) { send(w, protocol.Diagnostics, "{") }, protocol.ErrBadPayload, models.CodeSandboxFailed},
		"bad progress":    {func(w *protocol.Writer) { send(w, protocol.Progress, "[]") }, protocol.ErrBadPayload, models.CodeSandboxFailed},
		"bad outcome":     {func(w *protocol.Writer) { send(w, protocol.Done, `{"outcome":"great"}`) }, protocol.ErrBadPayload, models.CodeSandboxFailed},
		"log in a file": {func(w *protocol.Writer) {
			send(w, protocol.FileBegin, string(protocol.FileHead("a", 1)))
			send(w, protocol.Log, "x\n")
		}, protocol.ErrUnexpected, models.CodeSandboxFailed},
		"done in a file": {func(w *protocol.Writer) {
			send(w, protocol.FileBegin, string(protocol.FileHead("a", 1)))
			send(w, protocol.Done, success)
		}, protocol.ErrUnexpected, models.CodeSandboxFailed},
		"credit for nothing": {func(w *protocol.Writer) { send(w, protocol.Credit, "\x00\x00\x00\x01") }, protocol.ErrBadCredit, models.CodeSandboxFailed},
		"empty credit":       {func(w *protocol.Writer) { send(w, protocol.Credit, "") }, protocol.ErrBadCredit, models.CodeSandboxFailed},
		"endless talk": {func(w *protocol.Writer) {
			for range talkMore / 4096 * 2 {
				send(w, protocol.Log, strings.Repeat("x", 4095)+"\n")
			}
		}, protocol.ErrOverdrawn, models.CodeSandboxFailed},
		"hostile path": {func(w *protocol.Writer) { _ = protocol.SendFile(w, "../a", []byte("x")) }, protocol.ErrBadPayload, models.CodeSandboxFailed},
		"too much":     {func(w *protocol.Writer) { _ = protocol.SendFile(w, "a", make([]byte, 1001)) }, limit, models.CodeOutputTooLarge},
		"too many": {func(w *protocol.Writer) {
			for n := range 4 {
				_ = protocol.SendFile(w, fmt.Sprint(n), nil)
			}
		}, limit, models.CodeOutputTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, _, err := hear(t, spoken(t, c.say))
			kind := err
			if _, ok := errors.AsType[*protocol.LimitError](err); ok {
				kind = limit
			}
			if !errors.Is(kind, c.want) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			if len(a.files) > 0 {
				t.Error("files in spite of an error")
			}
			if got := models.CodeOf(broken(err, "")); got != c.code {
				t.Errorf("code %s", got)
			}
		})
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	for end, want := range map[protocol.Outcome]models.Code{
		protocol.CompileFailed: models.CodeCompileFailed, protocol.OutputTooLarge: models.CodeOutputTooLarge,
		protocol.OutOfMemory: models.CodeOutOfMemory, protocol.Failed: models.CodeSandboxFailed,
	} {
		if got := models.CodeOf(outcome(protocol.End{Outcome: end})); got != want {
			t.Errorf("%s: %s", end, got)
		}
	}
	for said, want := range map[string]models.Code{
		"fatal error: runtime: out of memory":                   models.CodeOutOfMemory,
		"runtime: goroutine stack exceeds 268435456-byte limit": models.CodeBuildFailed,
		"fatal error: runtime: cannot allocate memory":          models.CodeOutOfMemory,
		"panic: something else":                                 models.CodeSandboxFailed,
	} {
		if got := models.CodeOf(broken(io.EOF, said)); got != want {
			t.Errorf("%s: %s", said, got)
		}
	}
}

func TestLogIsBounded(t *testing.T) {
	t.Parallel()
	var seen []string
	l := newLogTail(1000, func(line string) { seen = append(seen, line) })
	l.write([]byte("first\n"))
	l.write(bytes.Repeat([]byte("x"), 1<<20)) // one endless line
	l.write([]byte("\n"))
	for n := range 100000 {
		l.write(fmt.Appendf(nil, "line %d\n", n))
	}
	l.write([]byte("the end"))
	tail := l.String()
	if len(tail) > 1100 || !strings.HasSuffix(tail, "line 99999\nthe end\n") || !strings.HasPrefix(tail, "…\nline ") {
		t.Errorf("tail of %d bytes: %.60q…", len(tail), tail)
	}
	total := 0
	for _, s := range seen {
		total += len(s)
		if len(s) > maxLogLine {
			t.Errorf("line of %d bytes", len(s))
		}
	}
	if total > 1000*forwardTimes+maxLogLine || seen[0] != "first" || !slices.Contains(seen, "(the log is too long to be shown while it runs)") {
		t.Errorf("forwarded %d bytes", total)
	}
}

// FuzzSession lets a hostile agent speak. The input is a list of frames: type, faults, length, payload.
func FuzzSession(f *testing.F) {
	f.Add([]byte{8, 0, 2, 'x', '\n', 11, 0, byte(len(success))})
	f.Add(append([]byte{11, 0, byte(len(success))}, success...))
	f.Add(append([]byte{3, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1, 'a', 4, 0, 1, 'x', 5, 8, 0}, append([]byte{11, 0, byte(len(success))}, success...)...))
	f.Add([]byte{3, 1, 0, 8, 2, 0, 8, 4, 0})
	f.Fuzz(func(t *testing.T, in []byte) {
		var wire bytes.Buffer
		seq := uint32(0)
		var content []byte
		for len(in) >= 3 {
			typ, faults, n := in[0], in[1], min(int(in[2]), len(in)-3)
			payload := in[3 : 3+n]
			in = in[3+n:]
			switch protocol.Type(typ) {
			case protocol.FileBegin:
				content = nil
			case protocol.FileChunk:
				content = append(content, payload...)
			case protocol.FileEnd:
				if faults&8 != 0 { // a true digest, which no fuzzer guesses
					var b bytes.Buffer
					w := protocol.NewWriter(&b)
					_ = protocol.SendFile(w, "x", content)
					_ = w.Flush()
					payload = b.Bytes()[b.Len()-32:]
				}
			}
			length, tok, number := uint32(len(payload)), jobToken, seq
			if faults&1 != 0 {
				length += uint32(faults) << 16
			}
			if faults&2 != 0 {
				tok[0]++
			}
			if faults&4 != 0 {
				number += uint32(faults)
			}
			head := binary.BigEndian.AppendUint32(nil, length)
			head = binary.BigEndian.AppendUint32(append(head, typ, 0, 0, 0), number)
			wire.Write(append(append(head, tok[:]...), payload...))
			seq++
		}
		a, log, err := hear(t, wire.Bytes())
		total := 0
		for _, file := range a.files {
			total += int(file.Size)
		}
		if total > int(tight.OutputBytes) || len(a.files) > tight.OutputFiles || len(a.diagnostics) > maxDiagnostics {
			t.Fatalf("kept %d bytes in %d files", total, len(a.files))
		}
		if len(log.String()) > int(tight.LogBytes)+10 {
			t.Fatal("the log grows")
		}
		if err == nil && len(a.files) > 0 && models.CheckManifest(a.files) != nil {
			t.Fatal("took files that models refuses")
		}
		if err != nil && len(a.files) > 0 {
			t.Fatal("files in spite of an error")
		}
	})
}
