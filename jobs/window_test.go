package jobs

import (
	"context"
	"math"
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
	now := time.Now()
	require.Equal(t, 1, m.window(now, 0), "a worker that becomes free finds a job")
	for n := 1; n <= 800; n++ { // 400 jobs a second
		now = now.Add(2500 * time.Microsecond)
		m.claimed(now)
		require.LessOrEqual(t, m.window(now, 1), n+1)
	}
	require.InDelta(t, 100, m.window(now, 1), 2, "a quarter of a second's work")
	require.InDelta(t, 400, m.window(now, 4), 8, "the other workers take as many")
	require.InDelta(t, 100*math.Exp(-1), m.window(now.Add(windowAhead), 1), 2)
	require.Equal(t, 1, m.window(now.Add(10*windowAhead), 4))
	require.Equal(t, 1, m.window(now.Add(1000*time.Hour), 4))
}

// Jobs of one length that end in step are claimed in bursts; the window holds a quarter of a second's work all the same.
func TestWindowIsMeasuredOverAJobsLength(t *testing.T) {
	t.Parallel()
	for _, length := range []time.Duration{time.Second, 5 * time.Second, time.Hour} {
		var m meter
		now := time.Now()
		for range 20 {
			m.ended(length)
			for range 20 {
				m.claimed(now)
			}
			require.LessOrEqual(t, m.window(now, 1), 1+int(2*20*windowAhead/min(length, meterMost)), length)
			now = now.Add(length)
		}
	}
}

func TestOnlyManyShortJobsAreBundled(t *testing.T) {
	t.Parallel()
	for took, want := range map[time.Duration]int{
		0: bundleMost, time.Millisecond: bundleMost, 10 * time.Millisecond: 5, bundleTime: 1, time.Minute: 1,
	} {
		var m meter
		require.Equal(t, 1, m.bundle(1000), "nothing is known yet")
		m.ended(took)
		require.Equal(t, want, m.bundle(1000), took)
		require.Equal(t, 1, m.bundle(spread), "other slots may run them at the same time")
		for range 100 {
			m.ended(time.Second)
		}
		require.Equal(t, 1, m.bundle(1000), "jobs that became long")
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

// bundleBed is an executor whose jobs take as long as the test says, and what it gave back.
type bundleBed struct {
	*Executor
	handler *timedHandler
	due     chan models.Queue

	mu    sync.Mutex
	back  []Dispatch
	after time.Duration
}

var bundled = models.Queue{Kind: models.KindBuild, Priority: models.PriorityDefault}

func newBundleBed(takes map[string]time.Duration) *bundleBed {
	b := &bundleBed{handler: &timedHandler{takes: takes}, due: make(chan models.Queue, 100)}
	l := &suspectLedger{}
	began := time.Now()
	b.Executor = &Executor{Ledger: l, Suspects: l, Source: l, Owner: "w", Log: zap.NewNop(), Observer: nobody{}, Meter: &Dispatcher{}, Redact: redact.New(),
		Handlers: map[models.Kind]Handler{models.KindBuild: b.handler},
		Changed: func(_ []string, qs []models.Queue) {
			for _, q := range qs {
				b.due <- q
			}
		},
		Withdraw: func(_ context.Context, ds []Dispatch) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.back, b.after = append(b.back, ds...), time.Since(began)
			return nil
		}}
	return b
}

func bundleOf(ids ...string) (ds []Dispatch) {
	for _, id := range ids {
		ds = append(ds, Dispatch{JobID: id, No: 1, Queue: bundled})
	}
	return ds
}

func TestJobsBehindALongOneAreGivenBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBundleBed(map[string]time.Duration{"b": time.Minute})
		began := time.Now()
		b.ExecuteBundle(t.Context(), bundleOf("a", "b", "c", "d"))
		require.Equal(t, []string{"a", "b"}, b.handler.ran)
		require.Equal(t, bundleOf("c", "d"), b.back)
		require.Equal(t, bundleWithin, b.after, "not only when the long one has ended")
		require.Len(t, b.due, 1, "those that were given back")
		require.Equal(t, time.Minute, time.Since(began))
	})
}

// What a worker does not take is released again at once: in a small window it would hold up everything behind it.
func TestWorkerThatTakesNoJobsGivesThemBack(t *testing.T) {
	t.Parallel()
	for name, shut := range map[string]func(*bundleBed){
		"it is stopping":           func(b *bundleBed) { _ = b.Drain(context.Background()) },
		"a suspect has it, so far": func(b *bundleBed) { _, _ = b.suspects.gate.close(context.Background()) },
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBundleBed(nil)
			shut(b)
			b.ExecuteBundle(t.Context(), bundleOf("a", "b", "c"))
			require.Empty(t, b.handler.ran, name)
			require.Equal(t, bundleOf("a", "b", "c"), b.back, name)
			require.Zero(t, b.after, name)
			require.Equal(t, bundled, <-b.due, name)
		})
	}
}
