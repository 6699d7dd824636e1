package store

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// claimSuspect claims the next suspect for a worker; nil when there is none.
func claimSuspect(t *testing.T, s *Store, worker string) *models.Job {
	t.Helper()
	j, err := s.Ledger.ClaimSuspect(t.Context(), models.Queues(), worker, 0, lease)
	if err != nil {
		require.ErrorIs(t, err, jobs.ErrNotClaimable)
		return nil
	}
	return j
}

// die expires every lease, as the death of all workers would.
func die(t *testing.T, s *Store) {
	t.Helper()
	require.NoError(t, s.Backlog.ExpireLeases(t.Context()))
	_, err := s.Backlog.ReapExpired(t.Context(), 100)
	require.NoError(t, err)
}

// incriminate makes suspects of waiting jobs: they lose as many workers as it takes.
func incriminate(t *testing.T, s *Store, p *models.Project, js ...*models.Job) {
	t.Helper()
	for range jobs.SuspectAfter {
		released := release(t, s, p)
		for _, j := range js {
			claimOf(t, s, released, j)
		}
		die(t, s)
	}
}

// One death says nothing about a job: it runs among others again at once, and before those that were submitted after it.
func TestOneDeathMakesNoSuspect(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		a, b := submit1(t, s, p), submit1(t, s, p)
		released := release(t, s, p)
		claimOf(t, s, released, a)
		claimOf(t, s, released, b)
		later := submit1(t, s, p)
		die(t, s)
		require.Nil(t, claimSuspect(t, s, "w"))
		released = release(t, s, p)
		require.Equal(t, []string{a.ID, b.ID, later.ID}, dispatched(released))

		// Who was there at both deaths is a suspect; who ran beside it once is not.
		claimOf(t, s, released, a)
		claimOf(t, s, released, later)
		die(t, s)
		require.Equal(t, a.ID, claimSuspect(t, s, "w").ID)
		require.Nil(t, claimSuspect(t, s, "w"))
		require.Equal(t, 1, state(t, s, later).WorkerDeaths)
	})
}

func TestOnlyDeathsAloneMakeAJobPoisonous(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		j := submit1(t, s, p)
		incriminate(t, s, p, j)
		for i := range 2 * jobs.MaxDeathsAlone {
			if i > 0 {
				die(t, s)
			}
			require.NotNil(t, claimSuspect(t, s, "w"), "it waited for its worker's other jobs when that was lost")
		}
		for death := range jobs.MaxDeathsAlone {
			got := state(t, s, j)
			require.Equal(t, models.StateRunning, got.State)
			require.Equal(t, death, got.DeathsAlone)
			require.NoError(t, s.Ledger.RunsAlone(t.Context(), got.Fence()))
			die(t, s)
			claimSuspect(t, s, "w")
		}
		got := state(t, s, j)
		require.Equal(t, models.StateFailed, got.State)
		require.Equal(t, models.CodePoisonous, got.ErrorCode)
		require.Equal(t, "3 workers were lost while they ran this job and nothing else", got.ErrorMessage)

		_, _, err := s.Jobs.Retry(t.Context(), p.AccountID, j.ID)
		require.NoError(t, err)
		again := claim(t, s, p, j) // dispatched as any other
		require.Zero(t, again.DeathsAlone)
		require.Zero(t, again.WorkerDeaths)
	})
}

func TestSuspectsOfOneDeathRunOneAtATimeAndAreNotDispatched(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		one := submit1(t, s, p)
		incriminate(t, s, p, one, submit1(t, s, p))
		three := submit1(t, s, p)
		require.Equal(t, []string{three.ID}, dispatched(release(t, s, p)))
		queues, err := s.Backlog.WaitingQueues(t.Context())
		require.NoError(t, err)
		require.Empty(t, queues)
		accounts, err := s.Backlog.Waiting(t.Context(), one.Queue())
		require.NoError(t, err)
		require.Empty(t, accounts)

		_, err = s.Ledger.ClaimSuspect(t.Context(), []models.Queue{{Kind: models.KindExport, Priority: models.PriorityDefault}, {Kind: models.KindBuild, Priority: models.PriorityLow}}, "w", 0, lease)
		require.ErrorIs(t, err, jobs.ErrNotClaimable, "not of this worker's queues")
		_, err = s.Ledger.ClaimSuspect(t.Context(), nil, "w", 0, lease)
		require.ErrorIs(t, err, jobs.ErrNotClaimable, "all are paused")
		_, err = s.Ledger.ClaimSuspect(t.Context(), models.Queues(), "w", time.Hour, lease)
		require.ErrorIs(t, err, jobs.ErrNotClaimable, "it has not waited so long")

		// Many workers ask for a suspect concurrently: one gets one.
		var mu sync.Mutex
		var got []*models.Job
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if j, err := s.Ledger.ClaimSuspect(t.Context(), models.Queues(), "w", 0, lease); err == nil {
					mu.Lock()
					defer mu.Unlock()
					got = append(got, j)
				}
			})
		}
		all.Wait()
		require.Len(t, got, 1)
		require.Nil(t, claimSuspect(t, s, "w"))

		// Once it is cleared, it is like any other job, and the next one may run.
		require.NoError(t, s.Ledger.Clear(t.Context(), got[0].Fence()))
		next := claimSuspect(t, s, "w")
		require.NotNil(t, next)
		require.NotEqual(t, got[0].ID, next.ID)

		// A death beside other jobs makes suspects, whatever was shown before.
		require.NoError(t, s.Ledger.RunsAlone(t.Context(), next.Fence()))
		die(t, s)
		require.Equal(t, 1, state(t, s, next).DeathsAlone)
		require.Zero(t, state(t, s, got[0]).DeathsAlone)
		require.NotEmpty(t, state(t, s, got[0]).SuspectOf)
	})
}

// dispatched are the jobs of dispatches.
func dispatched(ds []jobs.Dispatch) (ids []string) {
	for _, d := range ds {
		ids = append(ids, d.JobID)
	}
	return ids
}

func TestDeathOfAStoppingWorkerCountsNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		j := submit1(t, s, p)
		claim(t, s, p, j)
		require.NoError(t, s.Ledger.Drain(t.Context(), "another"))
		require.NoError(t, s.Ledger.Drain(t.Context(), "worker"))
		die(t, s)
		require.Nil(t, claimSuspect(t, s, "w"))
		require.Zero(t, claim(t, s, p, j).WorkerDeaths)
		require.Equal(t, []models.EventType{models.EventQueued, models.EventStarted, models.EventQueued, models.EventStarted}, history(t, s, j))
		die(t, s)
		require.Equal(t, 1, state(t, s, j).WorkerDeaths, "the next worker's lease is a new one")
	})
}

func TestLostLeaseOfALivingWorkerIsTakenBack(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		j := submit1(t, s, p)
		incriminate(t, s, p, j)
		suspect := claimSuspect(t, s, "w")
		require.NoError(t, s.Ledger.RunsAlone(t.Context(), suspect.Fence()))
		die(t, s)
		require.NoError(t, s.Ledger.Survived(t.Context(), "another", suspect.Fence()))
		require.Equal(t, 1, state(t, s, j).DeathsAlone)
		require.NoError(t, s.Ledger.Survived(t.Context(), "w", suspect.Fence()))
		require.NoError(t, s.Ledger.Survived(t.Context(), "w", suspect.Fence()), "once is enough")
		again := claim(t, s, p, j)
		require.Zero(t, again.DeathsAlone)
		require.Equal(t, jobs.SuspectAfter, again.WorkerDeaths)
		require.ErrorIs(t, s.Ledger.RunsAlone(t.Context(), suspect.Fence()), jobs.ErrStale)
		require.ErrorIs(t, s.Ledger.Clear(t.Context(), suspect.Fence()), jobs.ErrStale)
	})
}

// A worker that finds its lease lost may find the job in another one's hands already, which was idle and fast.
func TestLostLeaseOfALivingWorkerIsTakenBackFromTheNextWorker(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		j := submit1(t, s, p)
		incriminate(t, s, p, j)
		slow := claimSuspect(t, s, "slow")
		require.NoError(t, s.Ledger.RunsAlone(t.Context(), slow.Fence()))
		die(t, s)
		next := claimSuspect(t, s, "fast")
		require.NoError(t, s.Ledger.RunsAlone(t.Context(), next.Fence()))
		require.Equal(t, 1, state(t, s, j).DeathsAlone)
		for range 2 { // once is enough
			require.NoError(t, s.Ledger.Survived(t.Context(), "slow", slow.Fence()))
		}
		got := state(t, s, j)
		require.Zero(t, got.DeathsAlone)
		require.Equal(t, jobs.SuspectAfter, got.WorkerDeaths)
		require.Empty(t, got.SuspectOf)
		require.Equal(t, models.StateRunning, got.State)

		// What the next worker's own death says stays.
		die(t, s)
		require.NoError(t, s.Ledger.Survived(t.Context(), "slow", slow.Fence()))
		got = state(t, s, j)
		require.Equal(t, 1, got.DeathsAlone)
		require.Equal(t, jobs.SuspectAfter+1, got.WorkerDeaths)
		require.Equal(t, "fast", got.SuspectOf)

		// A worker that has ended the job meanwhile has decided its outcome.
		_, err := s.Ledger.Finish(t.Context(), claimSuspect(t, s, "last").Fence(), jobs.Outcome{Verdict: jobs.Succeeded})
		require.NoError(t, err)
		require.NoError(t, s.Ledger.Survived(t.Context(), "fast", next.Fence()))
		require.Equal(t, jobs.SuspectAfter+1, state(t, s, j).WorkerDeaths)
	})
}

func TestSuspectThatEndsIsNoneAnyMore(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		j := submit1(t, s, p)
		incriminate(t, s, p, j)
		// Handed back, for want of room, it stays one; after an error that its worker survived it does not.
		_, err := s.Ledger.Finish(t.Context(), claimSuspect(t, s, "w").Fence(), jobs.Outcome{Verdict: jobs.HandBack})
		require.NoError(t, err)
		_, err = s.Ledger.Finish(t.Context(), claimSuspect(t, s, "w").Fence(), jobs.Outcome{Verdict: jobs.Retry,
			Err: models.NewError(models.CodeProviderFailed, "a bad day")})
		require.NoError(t, err)
		require.Empty(t, state(t, s, j).SuspectOf)
		r := claim(t, s, p, j)
		_, err = s.Ledger.Finish(t.Context(), r.Fence(), jobs.Outcome{Verdict: jobs.Succeeded})
		require.NoError(t, err)
	})
}
