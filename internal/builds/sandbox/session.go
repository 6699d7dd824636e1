package sandbox

import (
	"crypto/rand"
	"fmt"
	"io"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// session is the host's side of one job, over any transport. It is for one goroutine: while it may not send, it reads.
type session struct {
	r      *protocol.Reader
	w      *protocol.Writer
	limits engines.Limits
	sink   engines.Sink
	log    *logTail
	meter  *meter // nil for none
	heard  bool   // the agent has said something about the job

	credit  protocol.Balance   // for the input
	allowed protocol.Allowance // of the agent, for all that it says
	outputs protocol.Receiver
	answer  answer
	done    bool
}

// answer is what an agent delivered: files within the limits, and how the job ended.
type answer struct {
	end         protocol.End
	files       models.Manifest // of what is in the sink
	diagnostics []engines.Diagnostic
}

// maxDiagnostics is how many diagnostics are kept; a project with more is read from the first ones.
const maxDiagnostics = 200

// Limits of an agent's messages beside its outputs: the log, of which less is passed on, and diagnostics.
const (
	talkTimes = 16
	talkMore  = 8 << 20
)

// newToken makes the token of a job.
func newToken() (t protocol.Token) {
	_, _ = rand.Read(t[:]) // never fails
	return t
}

// awaitHello waits until the agent can take a job.
func awaitHello(r *protocol.Reader) (g protocol.Greeting, err error) {
	f, err := r.Next()
	if err != nil {
		return g, err
	}
	if f.Type != protocol.Hello {
		return g, fmt.Errorf("%w: %s instead of hello", protocol.ErrUnexpected, f.Type)
	}
	if g, err = protocol.Decode[protocol.Greeting](f); err != nil {
		return g, err
	}
	if g.Version != protocol.Version {
		return g, fmt.Errorf("agent speaks version %d of the protocol, and Spark version %d", g.Version, protocol.Version)
	}
	return g, nil
}

// begin makes both directions those of a job.
func (s *session) begin(t protocol.Token) {
	s.r.Expect(t)
	s.w.Begin(t)
	s.w.Pay = s.pay
	s.credit.Reset()
	s.allowed.Reset(protocol.DataOf(s.limits.OutputFiles, s.limits.OutputBytes) + talkTimes*s.limits.LogBytes + talkMore)
	s.outputs = protocol.Receiver{MaxFiles: s.limits.OutputFiles, MaxBytes: s.limits.OutputBytes,
		Create: func(path string, _ int64) (io.WriteCloser, error) { return s.sink.Create(path) }}
}

// send sends the job to the agent.
func (s *session) send(t protocol.Token, spec protocol.Spec, files []models.File) error {
	spec.Files, spec.Bytes = len(files), 0
	for _, f := range files {
		spec.Bytes += int64(len(f.Data))
	}
	start, err := protocol.Encode(spec)
	if err != nil {
		return err
	}
	s.begin(t)
	if err := s.w.Send(protocol.Start, start); err != nil {
		return err
	}
	for _, f := range files {
		if err := protocol.SendFile(s.w, f.Path, f.Data); err != nil {
			return err
		}
	}
	if err := s.w.Send(protocol.Run, nil); err != nil {
		return err
	}
	return s.w.Flush()
}

// pay reads messages of the agent until it grants enough credit for a frame.
func (s *session) pay(t protocol.Type, payload int) error {
	for !s.credit.Spend(t, payload) {
		if err := s.w.Flush(); err != nil {
			return err
		}
		if err := s.hear(); err != nil {
			return err
		}
		if s.done {
			return fmt.Errorf("%w: done before the job has begun", protocol.ErrUnexpected)
		}
	}
	return nil
}

// receive reads until the agent reports that the job is done. Every error ends the session.
func (s *session) receive() (*answer, error) {
	for !s.done {
		if err := s.hear(); err != nil {
			return &s.answer, err
		}
	}
	return &s.answer, nil
}

// hear processes one frame of the agent, and grants credit for it.
func (s *session) hear() error {
	f, err := s.r.Next()
	if err != nil {
		return err
	}
	s.heard = true
	if err := s.allowed.Take(f); err != nil {
		return err
	}
	if err := s.take(f); err != nil {
		return err
	}
	if grant := s.allowed.Due(); grant != nil && !s.done {
		// An agent that does not read any more has ended, and its last messages are still to be read.
		_ = s.w.Send(protocol.Credit, grant)
		_ = s.w.Flush()
	}
	return nil
}

func (s *session) take(f protocol.Frame) error {
	switch f.Type {
	case protocol.FileBegin, protocol.FileChunk, protocol.FileEnd:
		return s.outputs.Accept(f)
	case protocol.Credit:
		return s.credit.Grant(f)
	}
	if s.outputs.Open() {
		return fmt.Errorf("%w: %s within a file", protocol.ErrUnexpected, f.Type)
	}
	switch f.Type {
	case protocol.Log:
		s.log.write(f.Payload)
		return nil
	case protocol.Progress:
		step, err := protocol.Decode[protocol.Step](f)
		if err == nil && s.meter != nil {
			s.meter.step(step)
		}
		return err
	case protocol.Diagnostics:
		return s.diagnose(f)
	case protocol.Done:
		return s.end(f)
	}
	return fmt.Errorf("%w: %s from the agent", protocol.ErrUnexpected, f.Type)
}

func (s *session) diagnose(f protocol.Frame) error {
	list, err := protocol.Decode[[]engines.Diagnostic](f)
	if err != nil {
		return err
	}
	a := &s.answer
	for _, d := range list[:min(len(list), maxDiagnostics-len(a.diagnostics))] {
		a.diagnostics = append(a.diagnostics, cleanDiagnostic(d))
	}
	return nil
}

func (s *session) end(f protocol.Frame) (err error) {
	a := &s.answer
	if a.end, err = protocol.Decode[protocol.End](f); err != nil {
		return err
	}
	if !a.end.Outcome.Valid() {
		return fmt.Errorf("%w: outcome %q", protocol.ErrBadPayload, a.end.Outcome)
	}
	if a.files, err = s.outputs.Result(); err != nil {
		return err
	}
	a.files.Sort()
	s.done = true
	return nil
}

// cleanDiagnostic makes an agent's diagnostic safe to show: bounded, and without a file outside the project.
func cleanDiagnostic(d engines.Diagnostic) engines.Diagnostic {
	if d.Severity != "warning" {
		d.Severity = "error"
	}
	if d.File != "" && models.CheckPath(d.File) != nil {
		d.File = ""
	}
	d.Text, d.LineText = clip(d.Text, 4<<10), clip(d.LineText, 1<<10)
	d.Line, d.Column = max(d.Line, 0), max(d.Column, 0)
	return d
}

func clip(s string, most int) string { return models.CleanText(models.Shorten(s, most)) }
