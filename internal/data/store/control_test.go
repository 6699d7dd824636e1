package store

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

func TestCancel(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		queued := submit1(t, s, p)
		got, _, err := s.Jobs.Cancel(t.Context(), p.AccountID, queued.ID, "why not")
		require.NoError(t, err)
		require.Equal(t, models.StateCancelled, got.State)
		require.NotNil(t, got.FinishedAt)
		require.Empty(t, release(t, s, p))
		_, _, err = s.Jobs.Cancel(t.Context(), p.AccountID, queued.ID, "again")
		require.NoError(t, err, "cancelling twice is no error")

		j := submit1(t, s, p)
		running := claim(t, s, p, j)
		got, _, err = s.Jobs.Cancel(t.Context(), p.AccountID, j.ID, "stop")
		require.NoError(t, err)
		require.Equal(t, models.StateRunning, got.State)
		renewed, err := s.Ledger.Renew(t.Context(), "worker", []models.Fence{running.Fence()}, lease)
		require.NoError(t, err)
		require.True(t, renewed[0].CancelRequested)
		effects, err := s.Ledger.Finish(t.Context(), running.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{}})
		require.NoError(t, err)
		require.Equal(t, models.StateCancelled, effects.State, "a cancel that was accepted wins over a success that came after it")
		_, _, err = s.Jobs.Cancel(t.Context(), tenant(t, s).AccountID, j.ID, "someone else's")
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))

		lost := submit1(t, s, p)
		claim(t, s, p, lost)
		_, _, err = s.Jobs.Cancel(t.Context(), p.AccountID, lost.ID, "stop")
		require.NoError(t, err)
		require.NoError(t, s.Backlog.ExpireLeases(t.Context()))
		_, err = s.Backlog.ReapExpired(t.Context(), 10)
		require.NoError(t, err)
		require.Equal(t, models.StateCancelled, state(t, s, lost).State, "the worker died before it could obey")
	})
}

// pipeline submits jobs of which each waits for those that deps names.
func pipeline(t *testing.T, s *Store, p *models.Project, deps [][]int, policy models.DependencyPolicy) []*models.Job {
	t.Helper()
	sub := jobs.Submission{Pipeline: &models.Pipeline{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID}}
	for i, d := range deps {
		st := models.StateQueued
		if len(d) > 0 {
			st = models.StateBlocked
		}
		j := newJob(p, models.KindBuild, st)
		j.PipelineID, j.OnDependencyFailure = sub.Pipeline.ID, policy
		sub.Jobs = append(sub.Jobs, j)
		for _, on := range d {
			sub.Dependencies = append(sub.Dependencies, models.Dependency{JobID: j.ID, DependsOn: sub.Jobs[on].ID})
		}
		_ = i
	}
	require.NoError(t, s.Jobs.Submit(t.Context(), sub))
	_, stored, err := s.Jobs.Pipeline(t.Context(), p.AccountID, sub.Pipeline.ID)
	require.NoError(t, err)
	require.Len(t, stored, len(deps))
	return sub.Jobs
}

func TestDependenciesUnblockOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		// A fan of five that end at the same time, and one that waits for all.
		all := pipeline(t, s, p, [][]int{{}, {}, {}, {}, {}, {0, 1, 2, 3, 4}}, models.DependencyCancel)
		fences := make(map[string]models.Fence)
		for _, d := range release(t, s, p) {
			j, err := s.Ledger.Claim(t.Context(), d.JobID, d.No, "worker", lease)
			require.NoError(t, err)
			fences[j.ID] = j.Fence()
		}
		require.Len(t, fences, 5)
		var wg sync.WaitGroup
		var mu sync.Mutex
		unblocked := 0
		for _, f := range fences {
			wg.Go(func() {
				effects, err := s.Ledger.Finish(t.Context(), f, jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{}})
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				unblocked += len(effects.Queues)
			})
		}
		wg.Wait()
		require.Equal(t, 1, unblocked)
		require.Equal(t, models.StateQueued, state(t, s, all[5]).State)
		require.Equal(t, []models.EventType{models.EventBlocked, models.EventQueued}, history(t, s, all[5]))
	})
}

func TestFailureReachesDependents(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		all := pipeline(t, s, p, [][]int{{}, {0}, {1}}, models.DependencyCancel)
		r := claim(t, s, p, all[0])
		_, err := s.Ledger.Finish(t.Context(), r.Fence(), jobs.Outcome{Verdict: jobs.Failed, Err: models.NewError(models.CodeCompileFailed, "line 3")})
		require.NoError(t, err)
		for _, j := range all[1:] {
			got := state(t, s, j)
			require.Equal(t, models.StateCancelled, got.State)
			require.Equal(t, models.CodeDependencyFailed, got.ErrorCode)
		}
		require.Contains(t, state(t, s, all[1]).ErrorMessage, "line 3")

		_, _, err = s.Jobs.Retry(t.Context(), p.AccountID, all[2].ID)
		require.Equal(t, models.CodeConflict, models.CodeOf(err), "what it depends on has failed")
		got, effects, err := s.Jobs.Retry(t.Context(), p.AccountID, all[0].ID)
		require.NoError(t, err)
		require.Equal(t, models.StateQueued, got.State)
		require.Len(t, effects.Jobs, 3, "the pipeline is whole again")
		require.Equal(t, models.StateBlocked, state(t, s, all[2]).State)
		for _, j := range all {
			r := claim(t, s, p, j)
			_, err := s.Ledger.Finish(t.Context(), r.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{}})
			require.NoError(t, err)
		}
		_, _, err = s.Jobs.Retry(t.Context(), p.AccountID, all[0].ID)
		require.Equal(t, models.CodeConflict, models.CodeOf(err), "a success is not retried")
	})
}

func TestEachJobOfACascadeChangesOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		all := pipeline(t, s, p, [][]int{{}, {0}, {0, 1}}, models.DependencyCancel)
		_, effects, err := s.Jobs.Cancel(t.Context(), p.AccountID, all[0].ID, "no need")
		require.NoError(t, err)
		require.ElementsMatch(t, []string{all[0].ID, all[1].ID, all[2].ID}, effects.Jobs)
		require.Equal(t, []models.EventType{models.EventBlocked, models.EventCancelled}, history(t, s, all[2]))
		_, effects, err = s.Jobs.Retry(t.Context(), p.AccountID, all[0].ID)
		require.NoError(t, err)
		require.ElementsMatch(t, []string{all[0].ID, all[1].ID, all[2].ID}, effects.Jobs)
		require.Equal(t, []models.EventType{models.EventBlocked, models.EventCancelled, models.EventBlocked}, history(t, s, all[2]))

		// The middle one ends with the first, and the last, which runs whatever happens, waits for both.
		all = pipeline(t, s, p, [][]int{{}, {0}, {0, 1}}, models.DependencyCancel)
		require.NoError(t, s.db.w.Exec("UPDATE jobs SET on_dependency_failure = ? WHERE id = ?", models.DependencyRun, all[2].ID).Error)
		_, effects, err = s.Jobs.Cancel(t.Context(), p.AccountID, all[0].ID, "no need")
		require.NoError(t, err)
		require.Equal(t, []models.Queue{all[2].Queue()}, effects.Queues)
		require.Equal(t, []models.EventType{models.EventBlocked, models.EventQueued}, history(t, s, all[2]))
	})
}

func TestRetryLeavesWhatAnotherFailureForbids(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		all := pipeline(t, s, p, [][]int{{}, {}, {0, 1}}, models.DependencyCancel)
		for _, j := range all[:2] {
			_, _, err := s.Jobs.Cancel(t.Context(), p.AccountID, j.ID, "no need")
			require.NoError(t, err)
		}
		_, effects, err := s.Jobs.Retry(t.Context(), p.AccountID, all[0].ID)
		require.NoError(t, err)
		require.Equal(t, []string{all[0].ID}, effects.Jobs)
		require.Equal(t, models.StateCancelled, state(t, s, all[2]).State)
		_, effects, err = s.Jobs.Retry(t.Context(), p.AccountID, all[1].ID)
		require.NoError(t, err)
		require.Equal(t, []string{all[1].ID, all[2].ID}, effects.Jobs)
		require.Equal(t, models.StateBlocked, state(t, s, all[2]).State)
	})
}

func TestPolicyRunGoesOn(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		all := pipeline(t, s, p, [][]int{{}, {0}}, models.DependencyRun)
		_, effects, err := s.Jobs.Cancel(t.Context(), p.AccountID, all[0].ID, "no need")
		require.NoError(t, err)
		require.Equal(t, []models.Queue{all[1].Queue()}, effects.Queues)
		require.Equal(t, models.StateQueued, state(t, s, all[1]).State)
	})
}

func TestAncestorIsTheNearestOfItsKind(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		all := pipeline(t, s, p, [][]int{{}, {0}, {1}}, models.DependencyCancel)
		got, err := s.Jobs.Ancestor(t.Context(), p.AccountID, all[2].ID, models.KindBuild)
		require.NoError(t, err)
		require.Equal(t, all[1].ID, got.ID)
		got, err = s.Jobs.Ancestor(t.Context(), p.AccountID, all[2].ID, models.KindExport)
		require.NoError(t, err)
		require.Nil(t, got)
		other := tenant(t, s).AccountID
		got, err = s.Jobs.Ancestor(t.Context(), other, all[2].ID, models.KindBuild)
		require.NoError(t, err)
		require.Nil(t, got, "they are somebody else's")
		events, err := s.Jobs.Events(t.Context(), other, all[2].ID, 0, 10)
		require.NoError(t, err)
		require.Empty(t, events)
	})
}
