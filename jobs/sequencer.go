package jobs

import (
	"context"
	"sync"
	"time"

	"go.uber.org/zap"
)

// SequenceStore is what the sequencer needs of the store.
type SequenceStore interface {
	// Sequence gives up to so many commits' events their positions in the stream, the oldest first, unless another process is at it. It
	// returns the ids of the accounts, projects and pipelines in whose streams they are, and whether there may be more.
	Sequence(ctx context.Context, most int) (streams []string, events int, more bool, err error)
}

// SequenceObserver receives what was sequenced, for metrics.
type SequenceObserver interface {
	Sequenced(events int)
	SequencerFailed()
}

// Sequencer gives committed events their positions in the stream of all events. Any number of processes may run one: the store lets one
// at a time do it, and if it dies, the next.
type Sequencer struct {
	Store    SequenceStore
	Every    time.Duration // looks, if no hint comes
	Pause    time.Duration // at least between two looks, so that events gather
	Log      *zap.Logger
	Streamed func(ids ...string) // is told the accounts, projects and pipelines whose streams have new events
	Observer SequenceObserver    // which Run needs

	once sync.Once
	hint chan struct{}
}

// sequenceMost limits the commits whose events one look takes.
const sequenceMost = 500

// Hint says that events may have been committed. It does not block, and may be called before Run.
func (s *Sequencer) Hint() {
	select {
	case s.hints() <- struct{}{}:
	default:
	}
}

func (s *Sequencer) hints() chan struct{} {
	s.once.Do(func() { s.hint = make(chan struct{}, 1) })
	return s.hint
}

// Run sequences until ctx is done, first immediately.
func (s *Sequencer) Run(ctx context.Context) {
	tick := time.NewTicker(s.Every)
	defer tick.Stop()
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
		select {
		case <-s.hints(): // of what this look finds
		default:
		}
		more, err := s.look(ctx)
		tick.Reset(s.Every)
		switch {
		case err != nil && ctx.Err() == nil:
			s.Observer.SequencerFailed()
			s.Log.Warn("events could not be given their positions, will try again", zap.Error(err))
			pause.Reset(s.Every)
			continue
		case more:
			pause.Reset(0)
			continue
		}
		pause.Reset(s.Pause)
		select {
		case <-ctx.Done():
			return
		case <-s.hints():
		case <-tick.C:
		}
	}
}

func (s *Sequencer) look(ctx context.Context) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	streams, events, more, err := s.Store.Sequence(ctx, sequenceMost)
	if events > 0 {
		s.Observer.Sequenced(events)
		s.Streamed(streams...)
	}
	return more, err
}
