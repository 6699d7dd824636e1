package agent

import (
	"crypto/sha256"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// sender writes a job's frames from several goroutines. After Done, and after a write has failed, it writes no more: a
// host that is gone closes the input too, and that ends the agent.
type sender struct {
	mu     sync.Mutex
	w      *protocol.Writer
	credit protocol.Balance // for data
	over   bool
	due    bool // progress will be flushed
}

func newSender(out io.Writer) *sender {
	s := &sender{w: protocol.NewWriter(out)}
	s.w.Pay = s.pay
	return s
}

// pay waits until the host has granted enough credit for a frame. It holds the sender's lock, so other senders wait too.
func (s *sender) pay(t protocol.Type, payload int) error {
	if s.credit.Spend(t, payload) {
		return nil
	}
	if err := s.w.Flush(); err != nil {
		return err
	}
	s.credit.Await(t, payload)
	return nil
}

// grant lets the host send more data.
func (s *sender) grant(credit []byte) {
	s.send(func() error {
		if err := s.w.Send(protocol.Credit, credit); err != nil {
			return err
		}
		return s.w.Flush()
	})
}

func (s *sender) greet(i engines.Isolation) error {
	p, err := protocol.Encode(protocol.Greeting{Version: protocol.Version, Isolation: i})
	if err != nil {
		return err
	}
	if err := s.w.Send(protocol.Hello, p); err != nil {
		return err
	}
	return s.w.Flush()
}

func (s *sender) begin(t protocol.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.w.Begin(t)
	s.credit.Reset()
	s.over, s.due = false, false
}

func (s *sender) ended() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over
}

// send writes under the lock.
func (s *sender) send(write func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over && write() != nil {
		s.over = true
	}
}

const maxLogLine = 4 << 10

// log sends one or more lines immediately; logs are for reading while the build runs.
func (s *sender) log(text string) {
	s.send(func() error {
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			if len(line) > maxLogLine {
				line = line[:maxLogLine]
			}
			if err := s.w.Send(protocol.Log, []byte(strings.ToValidUTF8(line, "\ufffd")+"\n")); err != nil {
				return err
			}
		}
		return s.w.Flush()
	})
}

// What of diagnostics is sent: the host reads no more of them.
const (
	maxDiagnostics    = 200
	maxDiagnosticText = 8 << 10
)

// diagnostics sends the first ones of a list, one frame each.
func (s *sender) diagnostics(list []engines.Diagnostic) {
	list = slices.Clone(list[:min(len(list), maxDiagnostics)])
	s.send(func() error {
		for i := range list {
			d := &list[i]
			d.Text, d.LineText = d.Text[:min(len(d.Text), maxDiagnosticText)], d.LineText[:min(len(d.LineText), maxDiagnosticText)]
			p, err := protocol.Encode(list[i : i+1])
			if err != nil || len(p) > protocol.MaxPayload {
				continue
			}
			if err := s.w.Send(protocol.Diagnostics, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *sender) file(f models.File) {
	s.send(func() error { return protocol.SendFile(s.w, f.Path, f.Data) })
}

// progressDelay is how long a report of progress waits for another message to travel with. A message costs a switch of every
// process between the agent and the worker, and many jobs are over sooner.
const progressDelay = 20 * time.Millisecond

// step reports the job's progress.
func (s *sender) step(stage string, fraction float64) {
	s.send(func() error {
		p, err := protocol.Encode(protocol.Step{Stage: stage, Fraction: fraction})
		if err != nil {
			return err
		}
		if !s.due {
			s.due = true
			time.AfterFunc(progressDelay, s.flushProgress)
		}
		return s.w.Send(protocol.Progress, p)
	})
}

func (s *sender) flushProgress() {
	s.send(func() error {
		s.due = false
		return s.w.Flush()
	})
}

// stream sends a file of a known size without holding it in memory. A file that turns out to be shorter is filled up, so
// that the conversation stays whole, and errShort is answered.
func (s *sender) stream(path string, size int64, r io.Reader) error {
	var short error
	s.send(func() error {
		if err := s.w.Send(protocol.FileBegin, protocol.FileHead(path, size)); err != nil {
			return err
		}
		h, buf := sha256.New(), make([]byte, min(size, protocol.MaxPayload))
		for left := size; left > 0; {
			n := min(left, int64(len(buf)))
			if short == nil {
				if got, err := io.ReadFull(r, buf[:n]); err != nil {
					clear(buf[got:])
					short = errShort
				}
			}
			h.Write(buf[:n])
			if err := s.w.Send(protocol.FileChunk, buf[:n]); err != nil {
				return err
			}
			left -= n
		}
		return s.w.Send(protocol.FileEnd, h.Sum(nil))
	})
	return short
}

var errShort = errors.New("the file shrank while it was read")

// done ends the job, once. It marks the end before the host can hear of it and send the next Start.
func (s *sender) done(end protocol.End) {
	s.send(func() error {
		s.over = true
		p, err := protocol.Encode(end)
		if err != nil {
			return err
		}
		if err := s.w.Send(protocol.Done, p); err != nil {
			return err
		}
		return s.w.Flush()
	})
}
