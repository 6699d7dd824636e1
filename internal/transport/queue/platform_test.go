package queue_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func ok(context.Context, *jobs.Attempt) (*jobs.Result, error) { return &jobs.Result{}, nil }

func TestManyJobsEachRunOnce(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, testenv.Redis(t))
	var runs atomic.Int64
	h := func(context.Context, *jobs.Attempt) (*jobs.Result, error) { runs.Add(1); return &jobs.Result{}, nil }
	p.addWorker(4, h)
	p.addWorker(4, h)
	var ids []string
	for range 150 { // many windows' worth
		ids = append(ids, p.submit().ID)
	}
	for _, id := range ids {
		p.await(id, models.StateSucceeded)
		require.Equal(t, 1, p.count(id, models.EventStarted))
		require.Equal(t, 1, p.count(id, models.EventSucceeded))
	}
	require.Equal(t, int64(150), runs.Load())
}

func TestErrorsAreRetriedAndPermanentOnesAreNot(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, testenv.Redis(t))
	p.addWorker(2, func(_ context.Context, a *jobs.Attempt) (*jobs.Result, error) {
		a.Log("attempt with \x00 and \xff")
		if a.Job.Priority == models.PriorityLow {
			return nil, models.NewError(models.CodeCompileFailed, "line 1")
		}
		if a.Job.Failures == 0 {
			panic("first time")
		}
		return &jobs.Result{}, nil
	})
	j := p.submit()
	done := p.await(j.ID, models.StateSucceeded)
	require.Equal(t, 1, done.Failures)
	require.Equal(t, 1, p.count(j.ID, models.EventRetrying))
	require.Empty(t, done.ErrorCode, "the success clears the error of the attempt before")

	bad, err := p.service.Submit(t.Context(), jobs.JobRequest{AccountID: p.project.AccountID, ProjectID: p.project.ID, Kind: models.KindBuild, Priority: models.PriorityLow})
	require.NoError(t, err)
	failed := p.await(bad.ID, models.StateFailed)
	require.Equal(t, models.CodeCompileFailed, failed.ErrorCode)
	require.Equal(t, 1, failed.Attempt)
	require.Contains(t, failed.LogTail, "attempt with")
}

// untilDone runs until its context ends, and reports when it has begun.
func untilDone(started chan<- string) handlerFunc {
	return func(ctx context.Context, a *jobs.Attempt) (*jobs.Result, error) {
		a.Progress(0.3, "half asleep")
		started <- a.Job.ID
		<-ctx.Done()
		return nil, context.Cause(ctx)
	}
}

func TestCancelOfARunningJobStopsIt(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, testenv.Redis(t))
	started := make(chan string, 1)
	p.addWorker(1, untilDone(started))
	j := p.submit()
	<-started
	asked := time.Now()
	got, err := p.service.Cancel(t.Context(), p.project.AccountID, j.ID)
	require.NoError(t, err)
	require.Equal(t, models.StateRunning, got.State)
	p.await(j.ID, models.StateCancelled)
	require.Less(t, time.Since(asked), 20*time.Second)
	require.Equal(t, 1, p.count(j.ID, models.EventStarted), "a cancelled job is not retried")
}

func TestCancelReachesAWorkerThatMissedTheHint(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, testenv.Redis(t))
	started := make(chan string, 1)
	p.addWorker(1, untilDone(started))
	j := p.submit()
	<-started
	_, _, err := p.store.Jobs.Cancel(t.Context(), p.project.AccountID, j.ID, "only in the database")
	require.NoError(t, err)
	p.await(j.ID, models.StateCancelled)
}

func TestStoppingWorkerHandsBackAndAnotherFinishes(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, testenv.Redis(t))
	started := make(chan string, 1)
	first := p.addWorker(1, untilDone(started))
	j := p.submit()
	<-started
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	require.NoError(t, first.group.Stop(ctx))
	p.await(j.ID, models.StateQueued)
	p.addWorker(1, ok)
	done := p.await(j.ID, models.StateSucceeded)
	require.Equal(t, 2, done.Attempt)
	require.Zero(t, done.Failures)
	require.Zero(t, done.WorkerDeaths)
}

func TestRedisThatForgetsEverythingLosesNothing(t *testing.T) {
	t.Parallel()
	r := testenv.StartRedis(t)
	p := newPlatform(t, r.URL())
	var ids []string
	for range 20 {
		ids = append(ids, p.submit().ID)
	}
	require.Eventually(t, func() bool { // one has been dispatched
		waiting, err := p.store.Backlog.Unclaimed(t.Context(), -time.Hour, 100)
		return err == nil && len(waiting) > 0
	}, 20*time.Second, 5*time.Millisecond)
	c := redis.NewClient(&redis.Options{Addr: r.Addr()})
	defer c.Close()
	require.NoError(t, c.FlushAll(t.Context()).Err())
	p.addWorker(2, ok)
	for _, id := range ids {
		p.await(id, models.StateSucceeded)
		require.Equal(t, 1, p.count(id, models.EventSucceeded))
	}
}

func TestRedisAwayForAWhileLosesNothing(t *testing.T) {
	t.Parallel()
	r := testenv.StartRedis(t)
	p := newPlatform(t, r.URL())
	p.addWorker(2, ok)
	p.await(p.submit().ID, models.StateSucceeded)
	r.Kill()
	var ids []string
	for range 10 {
		ids = append(ids, p.submit().ID) // accepted: the database is the truth
	}
	r.Start()
	for _, id := range ids {
		p.await(id, models.StateSucceeded)
		require.Equal(t, 1, p.count(id, models.EventSucceeded))
	}
}

func TestLostWorkersJobRunsElsewhereAndItsLateResultIsDropped(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, testenv.Redis(t))
	started, finish := make(chan string, 2), make(chan struct{})
	// A worker that is cut off from the world: its lease is not renewed and it does not hear of a cancel.
	w := p.addWorker(1, func(_ context.Context, a *jobs.Attempt) (*jobs.Result, error) {
		started <- a.Job.ID
		<-finish
		return &jobs.Result{Output: models.JSON(`{"by":"the lost one"}`)}, nil
	})
	w.executor.Ledger = cutOff{w.executor.Ledger}
	j := p.submit()
	<-started
	p.addWorker(1, func(context.Context, *jobs.Attempt) (*jobs.Result, error) {
		return &jobs.Result{Output: models.JSON(`{"by":"the other"}`)}, nil
	})
	done := p.await(j.ID, models.StateSucceeded)
	close(finish)
	require.Equal(t, 2, done.Attempt)
	require.Equal(t, 1, done.WorkerDeaths)
	require.NoError(t, w.executor.Wait(t.Context()))
	require.JSONEq(t, `{"by":"the other"}`, string(p.job(j.ID).Output))
	require.Equal(t, 1, p.count(j.ID, models.EventSucceeded))
}

// A finish that finds its job's row locked by somebody who hangs is tried until the lock is gone; nothing is lost, and the job
// does not run again.
func TestFinishOutwaitsALockedRow(t *testing.T) {
	t.Parallel()
	p := newPlatformWith(t, testenv.Redis(t), map[string]string{"lock_timeout": "200ms"})
	started, finish := make(chan string, 2), make(chan struct{})
	w := p.addWorker(1, func(_ context.Context, a *jobs.Attempt) (*jobs.Result, error) {
		started <- a.Job.ID
		<-finish
		return &jobs.Result{Output: models.JSON(`{"by":"the first"}`)}, nil
	})
	refused := make(chan error, 100)
	w.executor.Ledger = watched{w.executor.Ledger, refused}
	j := p.submit()
	<-started
	conn, err := pgx.Connect(t.Context(), p.database)
	require.NoError(t, err)
	defer conn.Close(context.Background())
	held, err := conn.Begin(t.Context())
	require.NoError(t, err)
	_, err = held.Exec(t.Context(), "SELECT 1 FROM job_queue WHERE job_id = $1 FOR UPDATE", j.ID)
	require.NoError(t, err)
	close(finish)
	for range 2 {
		require.Equal(t, models.CodeUnavailable, models.CodeOf(<-refused))
	}
	require.NoError(t, held.Rollback(t.Context()))
	done := p.await(j.ID, models.StateSucceeded)
	require.Equal(t, 1, done.Attempt)
	require.JSONEq(t, `{"by":"the first"}`, string(done.Output))
	require.Equal(t, 1, p.count(j.ID, models.EventSucceeded))
}

// watched is a ledger that tells of the finishes that failed.
type watched struct {
	jobs.Ledger
	refused chan<- error
}

func (l watched) Finish(ctx context.Context, f models.Fence, out jobs.Outcome) (jobs.Effects, error) {
	effects, err := l.Ledger.Finish(ctx, f, out)
	if err != nil {
		l.refused <- err
	}
	return effects, err
}

// cutOff is a ledger whose worker cannot renew its leases.
type cutOff struct{ jobs.Ledger }

func (cutOff) Renew(context.Context, string, []models.Fence, time.Duration) ([]jobs.Renewed, error) {
	return nil, errors.New("no route to the database")
}

func TestOneAccountsFloodDoesNotHoldUpAnother(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, testenv.Redis(t))
	ran := make(chan string, 1000)
	gate := make(chan struct{})
	p.addWorker(1, func(_ context.Context, a *jobs.Attempt) (*jobs.Result, error) {
		<-gate
		ran <- a.Job.AccountID
		return &jobs.Result{}, nil
	})
	for range 100 {
		p.submit()
	}
	other := &models.Account{ID: models.NewID(), Name: "b"}
	require.NoError(t, p.store.Accounts.CreateAccount(t.Context(), other))
	quiet := &models.Project{ID: models.NewID(), AccountID: other.ID, Name: "g", Engine: "phaser"}
	require.NoError(t, p.store.Projects.CreateProject(t.Context(), quiet))
	_, err := p.service.Submit(t.Context(), jobs.JobRequest{AccountID: other.ID, ProjectID: quiet.ID, Kind: models.KindBuild})
	require.NoError(t, err)
	close(gate)
	before := 0
	for account := range ran {
		if account == other.ID {
			break
		}
		before++
	}
	// Each of the two dispatchers may have filled a window of eight, and be filling another.
	require.LessOrEqual(t, before, 4*8, "the other account waits for what was released before, not for the flood")
}

func TestPausedQueueIsNotOpen(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, testenv.Redis(t))
	w := p.addWorker(1, ok)
	inspector := asynq.NewInspectorFromRedisClient(w.redis.Client())
	low := models.Queue{Kind: models.KindBuild, Priority: models.PriorityLow}
	require.NoError(t, inspector.PauseQueue(low.Name()))
	open, err := w.server.Open(t.Context())
	require.NoError(t, err)
	require.Len(t, open, len(models.Priorities())-1)
	require.NotContains(t, open, low)
	require.NoError(t, inspector.UnpauseQueue(low.Name()))
	open, err = w.server.Open(t.Context())
	require.NoError(t, err)
	require.Contains(t, open, low)
}
