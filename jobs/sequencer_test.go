package jobs_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/jobs"
)

// outbox is a store of which each look takes what is next.
type outbox struct {
	mu     sync.Mutex
	commit []func() (accounts []string, events int, more bool, err error)
	looks  []time.Time
}

func (o *outbox) Sequence(context.Context, int) ([]string, int, bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.looks = append(o.looks, time.Now())
	if len(o.commit) == 0 {
		return nil, 0, false, nil
	}
	next := o.commit[0]
	o.commit = o.commit[1:]
	return next()
}

func (o *outbox) add(accounts []string, events int, more bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.commit = append(o.commit, func() ([]string, int, bool, error) { return accounts, events, more, err })
}

// since lists when it was looked, after a time.
func (o *outbox) since(begun time.Time) (after []time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, at := range o.looks {
		after = append(after, at.Sub(begun))
	}
	o.looks = nil
	return after
}

type sequenceNotes struct{ events, failed int }

func (n *sequenceNotes) Sequenced(events int) { n.events += events }
func (n *sequenceNotes) SequencerFailed()     { n.failed++ }

// A hint is followed at once after a silence, many hints in a row share a look, and without hints it is looked now and then; what does not
// fit one look is taken by the next, and an error is no end.
func TestSequencerLooks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store, notes := &outbox{}, &sequenceNotes{}
		var told []string
		s := &jobs.Sequencer{Store: store, Every: time.Second, Pause: 10 * time.Millisecond, Log: zap.NewNop(), Observer: notes,
			Streamed: func(accounts ...string) { told = append(told, accounts...) }}
		s.Hint() // before it runs
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		begun := time.Now()
		go func() { defer close(done); s.Run(ctx) }()
		time.Sleep(500 * time.Millisecond)
		synctest.Wait()
		require.Equal(t, []time.Duration{0}, store.since(begun))

		store.add([]string{"a", "b"}, 5, true, nil)
		store.add([]string{"a"}, 1, false, nil)
		for range 10 {
			s.Hint()
		}
		synctest.Wait()
		require.Equal(t, []time.Duration{500 * time.Millisecond, 500 * time.Millisecond}, store.since(begun))
		require.Equal(t, []string{"a", "b", "a"}, told)
		require.Equal(t, 6, notes.events)
		s.Hint()
		s.Hint()
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
		require.Equal(t, []time.Duration{510 * time.Millisecond}, store.since(begun))
		time.Sleep(1300 * time.Millisecond)
		synctest.Wait()
		require.Equal(t, []time.Duration{1510 * time.Millisecond}, store.since(begun))

		store.add(nil, 0, false, errors.New("away"))
		store.add([]string{"c"}, 1, false, nil)
		s.Hint()
		time.Sleep(1100 * time.Millisecond)
		synctest.Wait()
		require.Equal(t, []time.Duration{1900 * time.Millisecond, 2900 * time.Millisecond}, store.since(begun))
		require.Equal(t, sequenceNotes{7, 1}, *notes)
		require.Equal(t, "c", told[len(told)-1])
		stop()
		<-done
	})
}
