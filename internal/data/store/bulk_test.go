package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// worked is what the workers and the metrics are told.
type worked struct {
	mu      sync.Mutex
	stopped []string
	changed map[string]int
	failed  int
}

func (w *worked) OperationJobs(models.OperationAction, int, int, int) {}
func (w *worked) OperationsFailed()                                   { w.failed++ }

func newBulk(s *Store) (*jobs.Bulk, *worked) {
	w := &worked{changed: make(map[string]int)}
	service := &jobs.Service{Intake: struct {
		*Jobs
		*Projects
		*Artifacts
		*Spending
	}{s.Jobs, s.Projects, s.Artifacts, s.Spending}, Accounts: s.Accounts, Ready: func() error { return nil },
		Changed: func(ids []string, _ []models.Queue) {
			w.mu.Lock()
			defer w.mu.Unlock()
			for _, id := range ids {
				w.changed[id]++
			}
		},
		CancelRunning: func(_ context.Context, id string) { w.stopped = append(w.stopped, id) }}
	return &jobs.Bulk{Service: service, Store: s.Operations, Log: zap.NewNop(), Observer: w}, w
}

func operate(t *testing.T, s *Store, account string, action models.OperationAction, f models.JobFilter, dry bool) *models.Operation {
	t.Helper()
	o := &models.Operation{ID: models.NewID(), AccountID: account, ProjectID: f.ProjectID, Action: action, Filter: models.ToJSON(f), DryRun: dry}
	require.NoError(t, s.Operations.Create(t.Context(), o, 3))
	return o
}

// finishOperations works on all operations until none is under way.
func finishOperations(t *testing.T, b *jobs.Bulk) {
	t.Helper()
	for more := true; more; {
		var err error
		more, err = b.Once(t.Context())
		require.NoError(t, err)
	}
}

func operation(t *testing.T, s *Store, o *models.Operation) *models.Operation {
	t.Helper()
	now, err := s.Operations.Operation(t.Context(), o.AccountID, o.ID)
	require.NoError(t, err)
	return now
}

func numbers(o *models.Operation) []int {
	return []int{o.Matched, o.Done, o.Along, o.Skipped, o.Failed}
}

func reasonsOf(t *testing.T, o *models.Operation) (all map[models.Code]int) {
	t.Helper()
	require.NoError(t, json.Unmarshal(o.Reasons, &all))
	return all
}

// Cancelling by filter: what waits ends, what runs is told to stop, with those that wait for it; nothing else is touched.
func TestOperationCancels(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		p, other := tenant(t, s), tenant(t, s)
		second := &models.Project{ID: models.NewID(), AccountID: p.AccountID, Name: "second", Engine: "phaser"}
		require.NoError(t, s.Projects.CreateProject(ctx, second))
		running := claim(t, s, p, submit1(t, s, p))
		waiting, foreign, elsewhere := submit1(t, s, p), submit1(t, s, other), submit1(t, s, second)
		steps := pipeline(t, s, p, [][]int{{}, {0}, {1}}, models.DependencyCancel)
		b, w := newBulk(s)

		dry := operate(t, s, p.AccountID, models.OperationCancel, models.JobFilter{ProjectID: p.ID}, true)
		finishOperations(t, b)
		dry = operation(t, s, dry)
		require.Equal(t, models.OperationDone, dry.State)
		require.Equal(t, []int{5, 0, 0, 0, 0}, numbers(dry))
		require.Equal(t, models.StateQueued, state(t, s, waiting).State)

		o := operate(t, s, p.AccountID, models.OperationCancel, models.JobFilter{ProjectID: p.ID}, false)
		later := submit1(t, s, p)
		finishOperations(t, b)
		o = operation(t, s, o)
		require.Equal(t, models.OperationDone, o.State)
		require.NotNil(t, o.FinishedAt)
		require.Equal(t, []int{5, 3, 2, 0, 0}, numbers(o))
		for _, j := range append(steps, waiting) {
			require.Equal(t, models.StateCancelled, state(t, s, j).State)
		}
		require.NotNil(t, state(t, s, running).CancelRequestedAt)
		require.Equal(t, []string{running.ID}, w.stopped)
		for _, j := range []*models.Job{foreign, elsewhere, later} {
			require.Equal(t, models.StateQueued, state(t, s, j).State)
		}
		require.Positive(t, w.changed[o.ID], "who waits for it is told")
		sequence(t, s)
		told := 0
		events, err := s.Stream.After(ctx, p.AccountID, models.Place{}, 0, 1000)
		require.NoError(t, err)
		for _, e := range events {
			if e.Type == models.EventOperationEnded {
				told++
			}
		}
		require.Equal(t, 2, told)
		entries := audited(t, s, p.AccountID)
		ends := slices.DeleteFunc(entries, func(e models.AuditEntry) bool { return e.Action != "operation.end" })
		require.Len(t, ends, 2)
	})
}

// What is queued again is what had ended when the operation was made, each once, as far as the account may.
func TestOperationRetries(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		p := tenant(t, s)
		fail := func(j *models.Job) *models.Job {
			_, err := s.Ledger.Finish(ctx, claim(t, s, p, j).Fence(), jobs.Outcome{Verdict: jobs.Failed, Err: models.NewError(models.CodeBuildFailed, "no")})
			require.NoError(t, err)
			return j
		}
		lost := fail(submit1(t, s, p))
		steps := pipeline(t, s, p, [][]int{{}, {0}}, models.DependencyCancel)
		fail(steps[0])
		require.Equal(t, models.StateCancelled, state(t, s, steps[1]).State)
		again := fail(submit1(t, s, p))
		o := operate(t, s, p.AccountID, models.OperationRetry, models.JobFilter{}, false)
		_, _, err := s.Jobs.Retry(ctx, p.AccountID, again.ID) // by hand, and it fails again
		require.NoError(t, err)
		fail(again)
		alone := operate(t, s, p.AccountID, models.OperationRetry, models.JobFilter{Code: models.CodeDependencyFailed}, false)
		b, _ := newBulk(s)
		_, err = b.Once(ctx) // counts
		require.NoError(t, err)
		require.True(t, operation(t, s, o).Counted)
		finishOperations(t, b)
		require.Equal(t, []int{3, 2, 1, 0, 0}, numbers(operation(t, s, o)))
		require.Equal(t, models.StateQueued, state(t, s, lost).State)
		require.Equal(t, []models.State{models.StateQueued, models.StateBlocked}, []models.State{state(t, s, steps[0]).State, state(t, s, steps[1]).State})
		require.Equal(t, models.StateFailed, state(t, s, again).State)
		require.Equal(t, models.OperationDone, operation(t, s, alone).State)

		// Its cause has not been retried: it stays.
		fail(steps[0])
		alone = operate(t, s, p.AccountID, models.OperationRetry, models.JobFilter{Code: models.CodeDependencyFailed}, false)
		finishOperations(t, b)
		alone = operation(t, s, alone)
		require.Equal(t, []int{1, 0, 0, 1, 0}, numbers(alone))
		require.Equal(t, map[models.Code]int{models.CodeConflict: 1}, reasonsOf(t, alone))

		// What the account may not is skipped, with the reason.
		_, err = s.Accounts.ChangeAccount(ctx, p.AccountID, func(a *models.Account) error {
			a.MaxWaiting = new(int)
			*a.MaxWaiting = 1
			return nil
		})
		require.NoError(t, err)
		full := operate(t, s, p.AccountID, models.OperationRetry, models.JobFilter{State: models.StateFailed}, false)
		finishOperations(t, b)
		full = operation(t, s, full)
		require.Equal(t, []int{2, 1, 0, 1, 0}, []int{full.Matched, full.Done, 0, full.Skipped, full.Failed})
		require.Equal(t, map[models.Code]int{models.CodeBacklogFull: 1}, reasonsOf(t, full))
	})
}

// cut is a store to which the connection is lost, before or after what it is asked is committed.
type cut struct {
	*Operations
	mu    sync.Mutex
	steps int
}

var errCut = errors.New("the process was killed")

func (c *cut) Advance(ctx context.Context, o *models.Operation, step jobs.OperationStep) (jobs.Effects, error) {
	c.mu.Lock()
	c.steps++
	n := c.steps
	c.mu.Unlock()
	if n%3 == 0 {
		dead, die := context.WithCancel(ctx)
		die()
		return c.Operations.Advance(dead, o, step)
	}
	effects, err := c.Operations.Advance(ctx, o, step)
	if n%3 == 1 && err == nil {
		return jobs.Effects{}, errCut
	}
	return effects, err
}

// However often processes die in the middle, and however many there are, each job is changed once.
func TestOperationsSurviveTheirProcesses(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		p := tenant(t, s)
		const n = 230
		var all []*models.Job
		for range n {
			all = append(all, newJob(p, models.KindBuild, models.StateQueued))
		}
		require.NoError(t, s.Jobs.Submit(ctx, jobs.Submission{Jobs: all}))
		work := func(o *models.Operation) *models.Operation {
			store := &cut{Operations: s.Operations}
			var processes sync.WaitGroup
			for range 3 {
				processes.Go(func() {
					for ctx.Err() == nil {
						b, _ := newBulk(s) // each process dies after a round
						b.Store = store
						_, _ = b.Once(ctx)
						now, err := s.Operations.Operation(ctx, o.AccountID, o.ID)
						if err != nil || now.State.Ended() {
							return
						}
					}
				})
			}
			processes.Wait()
			return operation(t, s, o)
		}
		o := work(operate(t, s, p.AccountID, models.OperationCancel, models.JobFilter{State: models.StateQueued}, false))
		require.Equal(t, models.OperationDone, o.State)
		require.Equal(t, []int{n, n, 0, 0, 0}, numbers(o))
		o = work(operate(t, s, p.AccountID, models.OperationRetry, models.JobFilter{State: models.StateCancelled}, false))
		require.Equal(t, models.OperationDone, o.State)
		require.Equal(t, []int{n, n, 0, 0, 0}, numbers(o))
		for _, j := range all {
			require.Equal(t, []string{"queued", "cancelled", "queued"}, eventTypes(t, s, j))
		}
		require.Equal(t, 0, count(t, s, "account_events", "type <> 'operation_ended'"))
		require.Equal(t, 2, count(t, s, "account_events", "type = 'operation_ended'"))
	})
}

func TestOperationsAreLimitedAndStopped(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		p, other := tenant(t, s), tenant(t, s)
		job := submit1(t, s, p)
		made := make([]*models.Operation, 8)
		errs := make([]error, len(made))
		var all sync.WaitGroup
		for i := range made {
			made[i] = &models.Operation{ID: models.NewID(), AccountID: p.AccountID, Action: models.OperationCancel, Filter: models.JSON("{}")}
			all.Go(func() { errs[i] = s.Operations.Create(ctx, made[i], 3) })
		}
		all.Wait()
		var under []*models.Operation
		for i, err := range errs {
			if err == nil {
				under = append(under, made[i])
				continue
			}
			require.Equal(t, models.CodeLimitReached, models.CodeOf(err))
		}
		require.Len(t, under, 3)
		_, err := s.Operations.Stop(ctx, other.AccountID, under[0].ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		for _, o := range under {
			for range 2 { // the second time is fine, too
				stopped, err := s.Operations.Stop(ctx, p.AccountID, o.ID)
				require.NoError(t, err)
				require.Equal(t, models.OperationCancelled, stopped.State)
			}
			_, err = s.Operations.Advance(ctx, o, jobs.OperationStep{Found: 1, Reached: o.ID, End: true})
			require.ErrorIs(t, err, jobs.ErrBehind, "it goes no further")
		}
		require.Equal(t, models.StateQueued, state(t, s, job).State)

		// Of a suspended account nothing goes on.
		o := operate(t, s, p.AccountID, models.OperationCancel, models.JobFilter{}, false)
		_, err = s.Accounts.ChangeAccount(ctx, p.AccountID, func(a *models.Account) error { a.State = models.AccountSuspended; return nil })
		require.NoError(t, err)
		b, _ := newBulk(s)
		finishOperations(t, b)
		o = operation(t, s, o)
		require.Equal(t, []any{models.OperationFailed, models.CodeAccountSuspended}, []any{o.State, o.ErrorCode})
		_, err = s.Operations.Stop(ctx, p.AccountID, o.ID)
		require.Equal(t, models.CodeConflict, models.CodeOf(err))

		pruned := 0
		done, err := s.Retention.Operations(ctx, time.Hour)
		require.NoError(t, err)
		require.Zero(t, done.Removed["operations"])
		require.NoError(t, s.db.write(ctx, func(tx *tx) error {
			return tx.Exec("UPDATE operations SET created_at = " + tx.dialect.nowPlus(micros(-2*time.Hour))).Error
		}))
		done, err = s.Retention.Operations(ctx, time.Hour)
		require.NoError(t, err)
		pruned += done.Removed["operations"]
		require.Equal(t, 4, pruned)
	})
}
