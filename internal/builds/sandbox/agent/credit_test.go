package agent

import (
	"encoding/binary"
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// endless is a file without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// counter takes everything until it is broken, and remembers how much.
type counter struct {
	n      atomic.Int64
	broken atomic.Bool
}

func (c *counter) Write(p []byte) (int, error) {
	if c.broken.Load() {
		return 0, io.ErrClosedPipe
	}
	c.n.Add(int64(len(p)))
	return len(p), nil
}

// TestAnAgentStallsWithoutCredit has a host that takes everything and grants nothing, then a little, then ends the job.
func TestAnAgentStallsWithoutCredit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out counter
		s := newSender(&out)
		s.begin(protocol.Token{1})
		go func() { _ = s.stream("big.bin", 1<<40, endless{}) }()
		synctest.Wait()
		const frame = protocol.MaxPayload + protocol.HeaderSize
		if n := out.n.Load(); n > protocol.Window || n < protocol.Window-frame {
			t.Errorf("%d bytes with a credit of %d", n, protocol.Window)
		}
		if err := s.credit.Grant(protocol.Frame{Payload: binary.BigEndian.AppendUint32(nil, 2*frame)}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if n := out.n.Load(); n > protocol.Window+2*frame || n < protocol.Window+frame {
			t.Errorf("%d bytes with another %d", n, 2*frame)
		}
		out.broken.Store(true)
		if err := s.credit.Grant(protocol.Frame{Payload: binary.BigEndian.AppendUint32(nil, frame)}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		before := out.n.Load()
		s.done(protocol.End{Outcome: protocol.Failed}) // it does not come between the parts of a file
		if out.n.Load() != before || !s.ended() {
			t.Error("the agent continues although nobody reads its output")
		}
	})
}

func TestAnAgentRefusesBadCredit(t *testing.T) {
	t.Parallel()
	for name, payload := range map[string][]byte{"too much": {255, 255, 255, 255}, "unasked": {0, 0, 0, 1}, "empty": nil} {
		h := newHost(t)
		h.begin(protocol.Token{1})
		h.send(protocol.Start, spec(t, 1, 5))
		h.send(protocol.Credit, payload)
		if err := <-h.done; err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
