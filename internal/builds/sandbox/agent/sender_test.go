package agent

import (
	"bytes"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// writes remembers what was written at once.
type writes struct {
	mu  sync.Mutex
	all [][]byte
}

func (w *writes) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, bytes.Clone(p))
	return len(p), nil
}

// take returns the types of the frames of each write so far, and forgets them.
func (w *writes) take(t *testing.T, token protocol.Token) (all [][]protocol.Type) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	r := protocol.NewReader(bytes.NewReader(slices.Concat(w.all...)))
	r.Expect(token)
	for _, data := range w.all {
		var types []protocol.Type
		for left := len(data); left > 0; {
			f, err := r.Next()
			if err != nil {
				t.Fatal(err)
			}
			types = append(types, f.Type)
			left -= protocol.HeaderSize + len(f.Payload)
		}
		all = append(all, types)
	}
	w.all = nil
	return all
}

// Progress travels with other messages if there are some soon, and alone if there are none.
func TestProgressIsOnTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out writes
		s := newSender(&out)
		expect := func(token protocol.Token, want ...[]protocol.Type) {
			t.Helper()
			if got := out.take(t, token); !slices.EqualFunc(got, want, slices.Equal) {
				t.Errorf("written: %v, want %v", got, want)
			}
		}
		quick, long := protocol.Token{1}, protocol.Token{2}
		s.begin(quick)
		s.step("bundling", 0.1)
		s.step("the page", 0.8)
		s.done(protocol.End{Outcome: protocol.Succeeded})
		expect(quick, []protocol.Type{protocol.Progress, protocol.Progress, protocol.Done})

		s.begin(long)
		s.step("bundling", 0.1)
		time.Sleep(progressDelay)
		synctest.Wait()
		expect(long, []protocol.Type{protocol.Progress})
	})
}
