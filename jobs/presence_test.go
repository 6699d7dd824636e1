package jobs

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// roster remembers what a worker said last, and what is asked of it.
type roster struct {
	mu    sync.Mutex
	drain bool
	away  bool
	last  models.Beat
	at    time.Time
	gone  bool
}

func (r *roster) Beat(_ context.Context, b models.Beat) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away {
		return false, errors.New("away")
	}
	r.last, r.at = b, time.Now()
	return r.drain, nil
}

func (r *roster) Asked(context.Context, string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away {
		return false, errors.New("away")
	}
	return r.drain, nil
}

func (r *roster) Gone(context.Context, string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gone = true
	return nil
}

func (r *roster) set(drain, away bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drain, r.away = drain, away
}

func (r *roster) beat() (models.Beat, time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last, r.at
}

func TestDrainedWorkerTakesNothingAndEndsWhatRuns(t *testing.T) {
	t.Parallel()
	last := map[string]time.Duration{"first": 30 * time.Second, "second": time.Second, "third": time.Second, suspectID: time.Second}
	withSuspectWorker(t, last, func(w *suspectWorker) {
		r := &roster{}
		p := &Presence{Store: r, Executor: w.Executor, Slots: models.Slots{models.KindBuild: 2}, Log: zap.NewNop()}
		ctx, end := context.WithCancel(w.ctx)
		ended := make(chan struct{})
		go func() { p.Run(ctx); close(ended) }()
		w.try("first")
		require.Equal(t, []string{"first"}, w.now())
		r.set(true, false)
		time.Sleep(time.Second)
		w.try("second")
		require.Equal(t, []string{"first"}, w.now(), "it takes no more within a second")
		b, _ := r.beat()
		require.True(t, b.Draining)
		require.Equal(t, 1, b.Busy)

		r.set(true, true)
		time.Sleep(40 * time.Second)
		w.try("third")
		require.Empty(t, w.now(), "what was asked holds while the database is away, and no suspect is taken either")
		require.Equal(t, []string{"first"}, w.all())
		require.Zero(t, w.ledger.notes().claims)
		r.set(true, false)
		time.Sleep(time.Second)
		b, _ = r.beat()
		require.True(t, b.Draining)
		require.Zero(t, b.Busy, "it says that it is drained")

		before := len(w.ledger.notes().resumed)
		r.set(false, false)
		time.Sleep(time.Second)
		require.Greater(t, len(w.ledger.notes().resumed), before)
		time.Sleep(10 * time.Second)
		require.Contains(t, w.all(), suspectID)
		w.try("third")
		require.Contains(t, w.now(), "third")
		b, at := r.beat()
		require.False(t, b.Draining)
		time.Sleep(beatEvery + askEvery)
		_, again := r.beat()
		require.True(t, again.After(at), "it says that it is there without a change")
		end()
		<-ended
		require.True(t, r.gone)
	})
}

// A suspect that ends while its worker is at rest does not have it take tasks.
func TestRestOutlastsASuspect(t *testing.T) {
	t.Parallel()
	withSuspectWorker(t, map[string]time.Duration{suspectID: 10 * time.Second}, func(w *suspectWorker) {
		time.Sleep(time.Second)
		require.Equal(t, []string{suspectID}, w.now())
		w.Rest(true)
		require.Equal(t, 1, w.Busy())
		time.Sleep(15 * time.Second)
		require.Empty(t, w.now())
		require.Zero(t, w.Busy())
		require.Empty(t, w.ledger.notes().resumed)
		w.Rest(false)
		require.Len(t, w.ledger.notes().resumed, 1)
	})
}
