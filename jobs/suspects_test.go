package jobs

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/platform/redact"
	"github.com/spark-games/spark/models"
)

// suspectLedger holds one suspect, and notes what a worker does with it.
type suspectLedger struct {
	mu      sync.Mutex
	suspect *models.Job // nil while it runs or when it has ended
	suspectNotes
	claimTakes time.Duration
	held       bool                            // an administrator has paused the queues
	stale      bool                            // every lease is taken for lost
	drain      func(ctx context.Context) error // nil for one that returns immediately
}

type suspectNotes struct {
	alone   bool
	cleared bool
	ends    []Outcome
	claims  int
	// dispatched counts the claims of other jobs, and handedBack those of them that were given back.
	dispatched, handedBack int
	// survived are the attempts whose worker said that it lives.
	survived []models.Fence
	paused   []time.Time
	resumed  []time.Time
}

// notes are those so far.
func (l *suspectLedger) notes() suspectNotes {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.suspectNotes
	n.survived = slices.Clone(n.survived)
	n.ends, n.paused, n.resumed = slices.Clone(n.ends), slices.Clone(n.paused), slices.Clone(n.resumed)
	return n
}

const suspectID = "suspect"

func (l *suspectLedger) Claim(_ context.Context, id string, _ int64, _ string, _ time.Duration) (*models.Job, error) {
	l.mu.Lock()
	l.dispatched++
	l.mu.Unlock()
	time.Sleep(l.claimTakes)
	now := time.Now()
	return &models.Job{ID: id, Kind: models.KindBuild, Attempt: 1, StartedAt: &now, MaxFailures: 3}, nil
}

func (l *suspectLedger) ClaimSuspect(_ context.Context, queues []models.Queue, _ string, waited, _ time.Duration) (*models.Job, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.suspect == nil || len(queues) == 0 || time.Since(l.suspect.RunAt) < waited {
		return nil, ErrNotClaimable
	}
	job := *l.suspect
	now := time.Now()
	job.Attempt++
	job.StartedAt = &now
	l.suspect = nil
	l.claims++
	return &job, nil
}

func (l *suspectLedger) RunsAlone(context.Context, models.Fence) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.alone = true
	return nil
}

func (l *suspectLedger) Clear(context.Context, models.Fence) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.alone, l.cleared = false, true
	return nil
}

func (l *suspectLedger) Finish(_ context.Context, f models.Fence, out Outcome) (Effects, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stale {
		return Effects{}, ErrStale
	}
	if f.JobID != suspectID && out.Verdict == HandBack {
		l.handedBack++
	}
	if f.JobID == suspectID {
		l.alone = false
		l.ends = append(l.ends, out)
		if out.Verdict == HandBack {
			l.suspect = &models.Job{ID: suspectID, Kind: models.KindBuild, Attempt: f.Attempt, WorkerDeaths: 1, RunAt: time.Now(), MaxFailures: 3}
		}
	}
	return Effects{}, nil
}

func (l *suspectLedger) Renew(_ context.Context, _ string, held []models.Fence, _ time.Duration) (alive []Renewed, _ error) {
	for _, f := range held {
		alive = append(alive, Renewed{Fence: f})
	}
	return alive, nil
}

func (l *suspectLedger) Withdraw(context.Context, []Dispatch) error                    { return nil }
func (l *suspectLedger) Progress(context.Context, models.Fence, float64, string) error { return nil }
func (l *suspectLedger) Log(context.Context, models.Fence, []string) error             { return nil }

func (l *suspectLedger) Survived(_ context.Context, _ string, f models.Fence) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.survived = append(l.survived, f)
	return nil
}

func (l *suspectLedger) Drain(ctx context.Context, _ string) error {
	if l.drain != nil {
		return l.drain(ctx)
	}
	return nil
}

func (l *suspectLedger) Open(context.Context) ([]models.Queue, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held {
		return nil, nil
	}
	return models.Queues(), nil
}

func (l *suspectLedger) Pause() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paused = append(l.paused, time.Now())
}
func (l *suspectLedger) Resume() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.resumed = append(l.resumed, time.Now())
}

// nobody is an observer that ignores everything.
type nobody struct{}

func (nobody) JobStarted(models.Kind, time.Duration)                     {}
func (nobody) JobEnded(models.Kind, Verdict, models.Code, time.Duration) {}
func (nobody) JobStopped(models.Kind)                                    {}
func (nobody) TaskDropped(models.Kind)                                   {}
func (nobody) StaleResult(models.Kind)                                   {}
func (nobody) HandlerStuck(models.Kind)                                  {}
func (nobody) LeasesRenewed(int, int, int)                               {}

// suspectWorker is a worker whose jobs take as long as they are told.
type suspectWorker struct {
	*Executor
	ledger *suspectLedger
	stop   context.CancelFunc
	ctx    context.Context

	mu      sync.Mutex
	running []string
	ran     []string
	last    map[string]time.Duration
}

// Run implements Handler.
func (w *suspectWorker) Run(ctx context.Context, a *Attempt) (*Result, error) {
	w.mu.Lock()
	w.running, w.ran = append(w.running, a.Job.ID), append(w.ran, a.Job.ID)
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.running = slices.DeleteFunc(w.running, func(id string) bool { return id == a.Job.ID })
	}()
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-time.After(w.last[a.Job.ID]):
		return nil, nil
	}
}

// now are the jobs that run at the moment.
func (w *suspectWorker) now() []string {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.running)
}

// all are the jobs that have run or run.
func (w *suspectWorker) all() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.ran)
}

// try gives the worker a dispatched job.
func (w *suspectWorker) try(id string) {
	go w.ExecuteBundle(w.ctx, []Dispatch{{JobID: id, No: 1, Queue: models.Queue{Kind: models.KindBuild, Priority: models.PriorityDefault}}})
}

func withSuspectWorker(t *testing.T, last map[string]time.Duration, test func(*suspectWorker)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &suspectLedger{suspect: &models.Job{ID: suspectID, Kind: models.KindBuild, WorkerDeaths: 1, RunAt: time.Now(), MaxFailures: 3}}
		ctx, end := context.WithCancel(t.Context())
		stopping, stop := context.WithCancel(t.Context())
		w := &suspectWorker{ledger: l, last: last, ctx: stopping, stop: stop}
		w.Executor = &Executor{Ledger: l, Suspects: l, Source: l, Owner: "w", Log: zap.NewNop(), Observer: nobody{},
			Redact: redact.New(), Meter: &Dispatcher{}, Withdraw: l.Withdraw, Changed: func([]string, []models.Queue) {}, Handlers: map[models.Kind]Handler{models.KindBuild: w}}
		over := make(chan struct{})
		go func() { w.RunSuspects(ctx, stopping); close(over) }()
		test(w)
		stop()
		require.NoError(t, w.Wait(t.Context()))
		end()
		<-over
	})
}

func TestSuspectHasItsWorkerToItself(t *testing.T) {
	t.Parallel()
	withSuspectWorker(t, map[string]time.Duration{"first": 10 * time.Second, suspectID: time.Minute, "second": time.Second, "third": time.Second}, func(w *suspectWorker) {
		w.try("first")
		time.Sleep(idleFirst - time.Second)
		require.Equal(t, []string{"first"}, w.now())
		require.Zero(t, w.ledger.notes().claims, "an idle worker may come first")
		time.Sleep(2 * time.Second)
		require.Equal(t, 1, w.ledger.notes().claims)
		w.try("second")
		require.Equal(t, []string{"first"}, w.now(), "the suspect waits for it, and nothing else begins")
		require.False(t, w.ledger.notes().alone, "a death now would not be the suspect's alone")
		time.Sleep(10 * time.Second)
		require.Equal(t, []string{suspectID}, w.now())
		require.True(t, w.ledger.notes().alone)
		w.try("second")
		require.Equal(t, []string{suspectID}, w.now())
		require.Empty(t, w.ledger.notes().resumed)

		time.Sleep(firstProbation)
		w.try("third")
		require.Equal(t, []string{suspectID, "third"}, w.now(), "its probation is over")
		require.True(t, w.ledger.notes().cleared)
		require.Len(t, w.ledger.notes().resumed, 1)
		time.Sleep(time.Minute)
		require.Empty(t, w.now())
		require.Equal(t, []string{"first", suspectID, "third"}, w.all())
		require.Equal(t, Succeeded, w.ledger.notes().ends[0].Verdict)
		w.try("second")
		require.Equal(t, []string{"second"}, w.now())
	})
}

func TestShortSuspectOpensTheWorkerWhenItEnds(t *testing.T) {
	t.Parallel()
	withSuspectWorker(t, map[string]time.Duration{suspectID: 2 * time.Second, "next": time.Second}, func(w *suspectWorker) {
		time.Sleep(time.Second) // the worker is idle
		require.Equal(t, []string{suspectID}, w.now())
		time.Sleep(2 * time.Second)
		w.try("next")
		require.Equal(t, []string{"next"}, w.now())
		require.False(t, w.ledger.notes().cleared)
	})
}

// An attempt may end before the renewal of its lease finds that it is lost: its worker lives all the same.
func TestWorkerOfAStaleAttemptSaysThatItLives(t *testing.T) {
	t.Parallel()
	withSuspectWorker(t, map[string]time.Duration{suspectID: time.Second, "other": time.Second}, func(w *suspectWorker) {
		w.ledger.mu.Lock()
		w.ledger.stale = true
		w.ledger.mu.Unlock()
		time.Sleep(3 * time.Second)
		w.try("other")
		time.Sleep(3 * time.Second)
		require.Equal(t, []string{suspectID, "other"}, w.all())
		require.Equal(t, []models.Fence{{JobID: suspectID, Attempt: 1}, {JobID: "other", Attempt: 1}}, w.ledger.notes().survived)
	})
}

// A worker whose jobs take long serves others for as long as it tried to make room, and makes it in the end.
func TestMakingRoomLeavesTimeForOthers(t *testing.T) {
	t.Parallel()
	const long = 20 * time.Minute
	withSuspectWorker(t, map[string]time.Duration{"long": long, suspectID: time.Second}, func(w *suspectWorker) {
		began := time.Now()
		w.try("long")
		time.Sleep(long - time.Second)
		require.Equal(t, []string{"long"}, w.now())
		require.Greater(t, w.ledger.notes().claims, 3)
		var closed time.Duration
		notes := w.ledger.notes()
		for i, p := range notes.paused {
			until := time.Now()
			if i < len(notes.resumed) {
				until = notes.resumed[i]
			}
			closed += until.Sub(p)
			if i > 0 {
				require.GreaterOrEqual(t, p.Sub(notes.resumed[i-1]), notes.resumed[i-1].Sub(notes.paused[i-1]), "try %d", i)
			}
		}
		require.LessOrEqual(t, closed, time.Since(began)*2/3)
		for _, out := range notes.ends {
			require.Equal(t, HandBack, out.Verdict)
		}
		time.Sleep(long)
		require.Equal(t, []string{"long", suspectID}, w.all())
	})
}

// A suspect that has passed its probation runs on as any other job; when it ends, the next one's wait is over.
func TestClearedSuspectIsWaitedForByTheNext(t *testing.T) {
	t.Parallel()
	withSuspectWorker(t, map[string]time.Duration{suspectID: 75 * time.Second, "next": time.Hour}, func(w *suspectWorker) {
		time.Sleep(firstProbation + time.Second)
		require.True(t, w.ledger.notes().cleared)
		w.ledger.mu.Lock()
		w.ledger.suspect = &models.Job{ID: "next", Kind: models.KindBuild, WorkerDeaths: 1, RunAt: time.Now(), MaxFailures: 3}
		w.ledger.mu.Unlock()
		time.Sleep(time.Minute - firstProbation)
		require.Equal(t, 2, w.ledger.notes().claims)
		require.Equal(t, []string{suspectID}, w.now())
		time.Sleep(15 * time.Second)
		require.Equal(t, []string{"next"}, w.now())
		w.try("other")
		require.Equal(t, []string{"next"}, w.now(), "it is alone")
		w.stop()
	})
}

func TestSuspectThatWaitsForRoomIsCancelledAndHandedBack(t *testing.T) {
	t.Parallel()
	withSuspectWorker(t, map[string]time.Duration{"long": time.Hour}, func(w *suspectWorker) {
		w.try("long")
		time.Sleep(idleFirst + time.Second)
		w.Cancel(suspectID)
		require.Equal(t, []string{"long"}, w.now())
		require.Equal(t, Cancelled, w.ledger.notes().ends[0].Verdict)
	})
	withSuspectWorker(t, map[string]time.Duration{"long": time.Hour}, func(w *suspectWorker) {
		w.try("long")
		time.Sleep(idleFirst + time.Second)
		w.stop()
		require.Empty(t, w.now())
		require.Equal(t, HandBack, w.ledger.notes().ends[0].Verdict)
		require.NoError(t, w.Drain(context.WithoutCancel(w.ctx)))
		time.Sleep(time.Hour)
		require.Len(t, w.ledger.notes().ends, 1, "a worker that stops takes no suspect")
	})
}

func TestDrainingWorkerBeginsNothing(t *testing.T) {
	t.Parallel()
	withSuspectWorker(t, map[string]time.Duration{"claimed": time.Hour, "late": time.Hour}, func(w *suspectWorker) {
		w.ledger.mu.Lock()
		w.ledger.suspect, w.ledger.claimTakes = nil, time.Second
		w.ledger.drain = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() } // the database does not answer
		w.ledger.mu.Unlock()
		w.try("claimed") // its claim ends after Drain's mark
		synctest.Wait()
		began := time.Now()
		require.ErrorIs(t, w.Drain(context.WithoutCancel(w.ctx)), context.DeadlineExceeded)
		require.Equal(t, drainWithin, time.Since(began))
		w.try("late")
		require.Empty(t, w.now())
		require.Empty(t, w.all())
		require.Equal(t, 1, w.ledger.notes().dispatched)
		require.Equal(t, 1, w.ledger.notes().handedBack)
	})
}

func TestSuspectOfAPausedQueueWaits(t *testing.T) {
	t.Parallel()
	withSuspectWorker(t, map[string]time.Duration{suspectID: time.Minute}, func(w *suspectWorker) {
		hold := func(held bool) {
			w.ledger.mu.Lock()
			defer w.ledger.mu.Unlock()
			w.ledger.held = held
		}
		hold(true)
		time.Sleep(time.Minute)
		require.Zero(t, w.ledger.notes().claims)
		hold(false)
		time.Sleep(time.Second)
		require.Equal(t, []string{suspectID}, w.now())
	})
}

func TestProbationGrowsWithEachDeath(t *testing.T) {
	t.Parallel()
	require.Equal(t, firstProbation, probation(SuspectAfter))
	require.Equal(t, 4*firstProbation, probation(SuspectAfter+2))
	require.Greater(t, probation(1000), PolicyOf(models.KindBuild).Timeout, "what kills at the very end is found too")
}
