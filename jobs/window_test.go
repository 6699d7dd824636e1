package jobs

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/platform/redact"
	"github.com/spark-games/spark/models"
)

func TestWindowFollowsTheClaims(t *testing.T) {
	t.Parallel()
	var m meter
	now := time.Unix(1_800_000_000, 0)
	require.Equal(t, 1, m.window(now), "a worker that becomes free finds a job")
	for n := 1; n <= 100; n++ { // 400 jobs a second
		now = now.Add(2500 * time.Microsecond)
		m.claimed(now)
		require.LessOrEqual(t, m.window(now), n+1)
	}
	require.InDelta(t, 100, m.window(now), 11, "a quarter of a second's work, to a step of the meter")
	require.InDelta(t, 50, m.window(now.Add(windowAhead/2)), 11)
	require.Equal(t, 1, m.window(now.Add(windowAhead+meterStep)))
	require.Equal(t, 1, m.window(now.Add(1000*time.Hour)))
	m.claimed(now.Add(-time.Minute)) // a clock that is set back
	require.LessOrEqual(t, m.window(now.Add(-time.Minute)), 102)
}

func TestOnlyShortJobsAreBundled(t *testing.T) {
	t.Parallel()
	for took, want := range map[time.Duration]int{
		0: bundleMost, time.Millisecond: bundleMost, 5 * time.Millisecond: 4, 20 * time.Millisecond: 1, time.Minute: 1,
	} {
		var m meter
		require.Equal(t, 1, m.bundle(), "nothing is known yet")
		m.finished(took)
		require.Equal(t, want, m.bundle(), took)
		for range 100 {
			m.finished(time.Second)
		}
		require.Equal(t, 1, m.bundle(), "jobs that became long")
	}
}

// timedHandler runs each job for as long as the test says.
type timedHandler struct {
	takes map[string]time.Duration
	mu    sync.Mutex
	ran   []string
}

func (h *timedHandler) Run(_ context.Context, a *Attempt) (*Result, error) {
	h.mu.Lock()
	h.ran = append(h.ran, a.Job.ID)
	h.mu.Unlock()
	time.Sleep(h.takes[a.Job.ID])
	return &Result{}, nil
}

func TestJobsBehindALongOneAreGivenBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := &timedHandler{takes: map[string]time.Duration{"b": time.Minute}}
		l := &suspectLedger{}
		var back []Dispatch
		var after time.Duration
		began := time.Now()
		due := make(chan models.Queue, 100)
		e := &Executor{Ledger: l, Suspects: l, Source: l, Owner: "w", Log: zap.NewNop(), Observer: nobody{}, Meter: &Dispatcher{}, Redact: redact.New(),
			Handlers: map[models.Kind]Handler{models.KindBuild: h},
			Changed: func(_ []string, qs []models.Queue) {
				for _, q := range qs {
					due <- q
				}
			},
			Withdraw: func(_ context.Context, ds []Dispatch) error { back, after = ds, time.Since(began); return nil }}
		q := models.Queue{Kind: models.KindBuild, Priority: models.PriorityDefault}
		d := func(id string) Dispatch { return Dispatch{JobID: id, No: 1, Queue: q} }
		e.ExecuteBundle(t.Context(), []Dispatch{d("a"), d("b"), d("c"), d("d")})
		require.Equal(t, []string{"a", "b"}, h.ran)
		require.Equal(t, []Dispatch{d("c"), d("d")}, back)
		require.Equal(t, bundleWithin, after, "not only when the long one has ended")
		require.Len(t, due, 3, "two that ended, and those that were given back")
		require.Equal(t, time.Minute, time.Since(began))
	})
}
