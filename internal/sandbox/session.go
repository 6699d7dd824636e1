package sandbox

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// session is the host's side of one job, over any transport.
type session struct {
	r      *protocol.Reader
	w      *protocol.Writer
	limits engines.Limits
	log    *logTail
	heard  bool // the agent has said something about the job
}

// answer is what an agent delivered: files within the limits, and how it says the job ended.
type answer struct {
	end         protocol.End
	files       []models.File
	diagnostics []engines.Diagnostic
}

// maxDiagnostics is how many diagnostics are kept; a project with more is read from the first ones.
const maxDiagnostics = 200

// newToken makes the name of a job on the wire.
func newToken() (t protocol.Token) {
	_, _ = rand.Read(t[:]) // never fails
	return t
}

// awaitHello waits until the agent can take a job.
func awaitHello(r *protocol.Reader) error {
	f, err := r.Next()
	if err != nil {
		return err
	}
	if f.Type != protocol.Hello {
		return fmt.Errorf("%w: %s instead of hello", protocol.ErrUnexpected, f.Type)
	}
	g, err := protocol.Decode[protocol.Greeting](f)
	if err != nil {
		return err
	}
	if g.Version != protocol.Version {
		return fmt.Errorf("agent speaks version %d of the protocol, and Spark version %d", g.Version, protocol.Version)
	}
	return nil
}

// send hands the job to the agent.
func (s *session) send(t protocol.Token, spec protocol.Spec, files []models.File) error {
	spec.Files, spec.Bytes = len(files), 0
	for _, f := range files {
		spec.Bytes += int64(len(f.Data))
	}
	start, err := protocol.Encode(spec)
	if err != nil {
		return err
	}
	s.w.Begin(t)
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

// receive reads until the agent says that the job is done. Every error ends the conversation.
func (s *session) receive(t protocol.Token) (*answer, error) {
	s.r.Expect(t)
	a := &answer{}
	files := protocol.Files{MaxFiles: s.limits.OutputFiles, MaxBytes: s.limits.OutputBytes}
	for {
		f, err := s.r.Next()
		if err != nil {
			return a, err
		}
		s.heard = true
		switch f.Type {
		case protocol.FileBegin, protocol.FileChunk, protocol.FileEnd:
			if err := files.Accept(f); err != nil {
				return a, err
			}
			continue
		}
		if files.Open() {
			return a, fmt.Errorf("%w: %s within a file", protocol.ErrUnexpected, f.Type)
		}
		switch f.Type {
		case protocol.Log:
			s.log.write(f.Payload)
		case protocol.Progress:
			if _, err := protocol.Decode[protocol.Step](f); err != nil {
				return a, err
			}
		case protocol.Diagnostics:
			list, err := protocol.Decode[[]engines.Diagnostic](f)
			if err != nil {
				return a, err
			}
			for _, d := range list[:min(len(list), maxDiagnostics-len(a.diagnostics))] {
				a.diagnostics = append(a.diagnostics, cleanDiagnostic(d))
			}
		case protocol.Done:
			if a.end, err = protocol.Decode[protocol.End](f); err != nil {
				return a, err
			}
			if !a.end.Outcome.Valid() {
				return a, fmt.Errorf("%w: outcome %q", protocol.ErrBadPayload, a.end.Outcome)
			}
			if a.files, err = files.Result(); err != nil {
				return a, err
			}
			slices.SortFunc(a.files, func(x, y models.File) int { return strings.Compare(x.Path, y.Path) })
			return a, nil
		default:
			return a, fmt.Errorf("%w: %s from the agent", protocol.ErrUnexpected, f.Type)
		}
	}
}

// cleanDiagnostic makes what an agent says of a project fit to be shown: bounded, and naming no file outside it.
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

func clip(s string, most int) string {
	if len(s) > most {
		s = s[:most] + "…"
	}
	return printable(s)
}
