package store

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// states are those of jobs.
func states(t *testing.T, s *Store, js ...*models.Job) (all []models.State) {
	t.Helper()
	for _, j := range js {
		all = append(all, state(t, s, j).State)
	}
	return all
}

func TestJobRunsNotBeforeItsTime(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		past, future := newJob(p, models.KindBuild, models.StateQueued), newJob(p, models.KindBuild, models.StateQueued)
		past.RunAt, future.RunAt = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
		asked := future.RunAt
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{past, future}}))
		require.WithinDuration(t, time.Now(), past.RunAt, time.Minute, "the past is now")
		require.WithinDuration(t, asked, future.RunAt, time.Millisecond)
		require.Equal(t, []string{past.ID}, dispatched(release(t, s, p)))
		require.NoError(t, s.db.w.Exec("UPDATE job_queue SET run_at = "+s.db.dialect.now()+" WHERE job_id = ?", future.ID).Error)
		require.Equal(t, []string{future.ID}, dispatched(release(t, s, p)))
	})
}

// expireNow makes a job's expiry pass.
func expireNow(t *testing.T, s *Store, j *models.Job) {
	t.Helper()
	require.NoError(t, s.db.w.Exec("UPDATE job_queue SET expires_at = "+s.db.dialect.nowPlus(micros(-time.Second))+" WHERE job_id = ?", j.ID).Error)
}

func TestExpiredJobNeverRuns(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		later := time.Now().Add(time.Hour)
		expiring := func(state models.State) *models.Job {
			j := newJob(p, models.KindBuild, state)
			j.ExpiresAt = &later
			return j
		}
		waiting, released, started := expiring(models.StateQueued), expiring(models.StateQueued), expiring(models.StateQueued)
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{started}}))
		claim(t, s, p, started)
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{released}}))
		ds := release(t, s, p)
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{waiting}}))
		dependent := newJob(p, models.KindExport, models.StateBlocked)
		first := expiring(models.StateQueued)
		pipeline := &models.Pipeline{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID}
		first.PipelineID, dependent.PipelineID = pipeline.ID, pipeline.ID
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Pipeline: pipeline, Jobs: []*models.Job{first, dependent},
			Dependencies: []models.Dependency{{JobID: dependent.ID, DependsOn: first.ID}}}))

		effects, err := s.Backlog.Expire(t.Context(), 10)
		require.NoError(t, err)
		require.Empty(t, effects.Jobs)
		for _, j := range []*models.Job{waiting, released, started, first} {
			expireNow(t, s, j)
		}
		_, err = s.Ledger.Claim(t.Context(), released.ID, ds[0].No, "worker", lease)
		require.ErrorIs(t, err, jobs.ErrNotClaimable, "it has expired, although nobody has noted that")
		effects, err = s.Backlog.Expire(t.Context(), 10)
		require.NoError(t, err)
		require.ElementsMatch(t, []string{waiting.ID, released.ID, first.ID, dependent.ID}, effects.Jobs)
		for _, j := range []*models.Job{waiting, released, first} {
			got := state(t, s, j)
			require.Equal(t, models.StateFailed, got.State)
			require.Equal(t, models.CodeExpired, got.ErrorCode)
		}
		require.Equal(t, models.CodeDependencyFailed, state(t, s, dependent).ErrorCode)
		require.Equal(t, models.StateRunning, state(t, s, started).State, "it has started")
		die(t, s)
		require.Equal(t, started.ID, claim(t, s, p, started).ID, "and may start again")

		retried, _, err := s.Jobs.Retry(t.Context(), p.AccountID, waiting.ID)
		require.NoError(t, err)
		require.Nil(t, retried.ExpiresAt)
		claim(t, s, p, waiting)
	})
}

// keyed submits a build with a key.
func keyed(t *testing.T, s *Store, p *models.Project, policy models.ConcurrencyPolicy) (*models.Job, jobs.Effects, error) {
	t.Helper()
	j := newJob(p, models.KindBuild, models.StateQueued)
	j.ConcurrencyKey = "preview"
	effects, err := s.Jobs.SubmitInTurn(t.Context(), jobs.Submission{Jobs: []*models.Job{j}, Policy: policy})
	return j, effects, err
}

func submitKeyed(t *testing.T, s *Store, p *models.Project, policy models.ConcurrencyPolicy) *models.Job {
	t.Helper()
	j, _, err := keyed(t, s, p, policy)
	require.NoError(t, err)
	return j
}

// conclude ends an attempt.
func conclude(t *testing.T, s *Store, j *models.Job, v jobs.Verdict) jobs.Effects {
	t.Helper()
	out := jobs.Outcome{Verdict: v, InTurn: true}
	if v == jobs.Failed {
		out.Err = models.NewError(models.CodeInternal, "no")
	}
	effects, err := s.Ledger.Finish(t.Context(), j.Fence(), out)
	require.NoError(t, err)
	return effects
}

func TestJobsOfOneKeyRunOneAtATimeInOrder(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		all := []*models.Job{submitKeyed(t, s, p, ""), submitKeyed(t, s, p, models.ConcurrencyQueue), submitKeyed(t, s, p, ""), submitKeyed(t, s, p, "")}
		require.Equal(t, []models.State{"queued", "blocked", "blocked", "blocked"}, states(t, s, all...))
		require.Equal(t, models.StateQueued, submitKeyed(t, s, other, "").State, "keys are an account's own")
		free := submit1(t, s, p)
		running := claim(t, s, p, all[0])
		require.Equal(t, "preview", running.ConcurrencyKey)

		effects := conclude(t, s, running, jobs.Succeeded)
		require.Equal(t, []string{all[0].ID, all[1].ID}, effects.Jobs)
		require.Equal(t, []models.Queue{all[1].Queue()}, effects.Queues)
		require.Equal(t, []models.State{"succeeded", "queued", "blocked", "blocked"}, states(t, s, all...))
		_, _, err := s.Jobs.Cancel(t.Context(), p.AccountID, all[2].ID, "of no use any more")
		require.NoError(t, err)
		require.Equal(t, []models.State{"succeeded", "queued", "cancelled", "blocked"}, states(t, s, all...), "one in line that is cancelled moves nobody up")
		conclude(t, s, claim(t, s, p, all[1]), jobs.Failed)
		require.Equal(t, []models.State{"succeeded", "failed", "cancelled", "queued"}, states(t, s, all...))

		// Whoever is retried stands at the end of the line.
		_, _, err = s.Jobs.Retry(t.Context(), p.AccountID, all[1].ID)
		require.NoError(t, err)
		require.Equal(t, []models.State{"succeeded", "blocked", "cancelled", "queued"}, states(t, s, all...))
		_, _, err = s.Jobs.Cancel(t.Context(), p.AccountID, all[3].ID, "no")
		require.NoError(t, err)
		require.Equal(t, models.StateQueued, state(t, s, all[1]).State)
		conclude(t, s, claim(t, s, p, all[1]), jobs.Succeeded)
		require.Equal(t, models.StateQueued, submitKeyed(t, s, p, "").State, "nobody holds the key")
		require.Equal(t, models.StateQueued, state(t, s, free).State)
	})
}

func TestANewerOneReplacesThoseBeforeIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		first := submitKeyed(t, s, p, "")
		second := submitKeyed(t, s, p, models.ConcurrencyReplace)
		require.Equal(t, []models.State{"cancelled", "queued"}, states(t, s, first, second), "it had not started")
		running := claim(t, s, p, second)
		third, _, err := keyed(t, s, p, "")
		require.NoError(t, err)
		last, effects, err := keyed(t, s, p, models.ConcurrencyReplace)
		require.NoError(t, err)
		require.Equal(t, []string{second.ID}, effects.Stopping)
		require.ElementsMatch(t, []string{second.ID, third.ID}, effects.Jobs)
		require.Equal(t, []models.State{"running", "cancelled", "blocked"}, states(t, s, second, third, last))
		require.NotNil(t, state(t, s, second).CancelRequestedAt)
		conclude(t, s, running, jobs.Cancelled)
		require.Equal(t, []models.State{"cancelled", "cancelled", "queued"}, states(t, s, second, third, last))
	})
}

func TestASkippedSubmissionNamesTheHolder(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		first := submitKeyed(t, s, p, models.ConcurrencySkip)
		_, _, err := keyed(t, s, p, models.ConcurrencySkip)
		var held *jobs.HeldError
		require.ErrorAs(t, err, &held)
		require.Equal(t, jobs.HeldError{Job: first.ID}, *held)
		conclude(t, s, claim(t, s, p, first), jobs.Succeeded)
		require.Equal(t, models.StateQueued, submitKeyed(t, s, p, models.ConcurrencySkip).State)
	})
}

// A refused submission leaves the line as it was.
func TestRefusedSubmissionStandsInNoLine(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		first := submitKeyed(t, s, p, "")
		stranger := *p
		stranger.ID = models.NewID()
		_, _, err := keyed(t, s, &stranger, models.ConcurrencyReplace)
		require.ErrorIs(t, err, jobs.ErrNoProject)
		require.Equal(t, models.StateQueued, state(t, s, first).State, "and replaced nobody")
		conclude(t, s, claim(t, s, p, first), jobs.Succeeded)
		require.Equal(t, models.StateQueued, submitKeyed(t, s, p, "").State)
	})
}

func TestPipelineHoldsItsKeyToTheEnd(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		pipeline := func() (js []*models.Job) {
			sub := jobs.Submission{Pipeline: &models.Pipeline{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID}}
			for i := range 3 {
				j := newJob(p, models.KindBuild, models.StateBlocked)
				j.PipelineID, j.ConcurrencyKey = sub.Pipeline.ID, "preview"
				if i == 0 {
					j.State = models.StateQueued
				} else {
					j.OnDependencyFailure = models.DependencyRun
					sub.Dependencies = append(sub.Dependencies, models.Dependency{JobID: j.ID, DependsOn: js[0].ID})
				}
				js = append(js, j)
			}
			sub.Jobs = js
			_, err := s.Jobs.SubmitInTurn(t.Context(), sub)
			require.NoError(t, err)
			return js
		}
		a, b := pipeline(), pipeline()
		require.Equal(t, []models.State{"queued", "blocked", "blocked"}, states(t, s, a...))
		require.Equal(t, []models.State{"blocked", "blocked", "blocked"}, states(t, s, b...))

		// What waits for a job in line that was cancelled waits for the key all the same.
		_, _, err := s.Jobs.Cancel(t.Context(), p.AccountID, b[0].ID, "no")
		require.NoError(t, err)
		require.Equal(t, []models.State{"cancelled", "blocked", "blocked"}, states(t, s, b...))

		conclude(t, s, claim(t, s, p, a[0]), jobs.Succeeded)
		ds := release(t, s, p)
		require.ElementsMatch(t, []string{a[1].ID, a[2].ID}, dispatched(ds))
		one, two := claimOf(t, s, ds, a[1]), claimOf(t, s, ds, a[2])
		conclude(t, s, one, jobs.Failed)
		require.Equal(t, []models.State{"cancelled", "blocked", "blocked"}, states(t, s, b...))
		conclude(t, s, two, jobs.Succeeded)
		require.Equal(t, []models.State{"cancelled", "queued", "queued"}, states(t, s, b...))

		// Retried while others hold the key, it waits for it.
		_, _, err = s.Jobs.Retry(t.Context(), p.AccountID, a[1].ID)
		require.NoError(t, err)
		require.Equal(t, models.StateBlocked, state(t, s, a[1]).State)
		_, _, err = keyed(t, s, p, models.ConcurrencyReplace)
		require.NoError(t, err)
		require.Equal(t, []models.State{"cancelled", "cancelled", "cancelled"}, states(t, s, b...))
		require.Equal(t, models.StateCancelled, state(t, s, a[1]).State)
	})
}

// However many submit, cancel and finish at the same time, one runs at a time, nobody waits for ever and no two wait for one another.
func TestLineUnderLoad(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		const submitters, each = 6, 8
		policies := []models.ConcurrencyPolicy{models.ConcurrencyQueue, models.ConcurrencyReplace, models.ConcurrencySkip, models.ConcurrencyQueue}
		var mu sync.Mutex
		var submitted []*models.Job
		var all, workers sync.WaitGroup
		done := make(chan struct{})
		for range 3 {
			workers.Go(func() {
				for {
					ds, err := s.Backlog.Release(t.Context(), models.Queue{Kind: models.KindBuild, Priority: models.PriorityDefault}, []jobs.Share{{AccountID: p.AccountID, N: 10}})
					if err != nil {
						t.Error(err)
						return
					}
					for _, d := range ds[0] {
						j, err := s.Ledger.Claim(t.Context(), d.JobID, d.No, "worker", lease)
						if err != nil { // cancelled meanwhile
							continue
						}
						var running int
						if err := s.db.r.Raw("SELECT count(*) FROM jobs WHERE state = 'running'").Scan(&running).Error; err != nil || running > 1 {
							t.Errorf("%d run at a time, %v", running, err)
						}
						if _, err := s.Ledger.Finish(t.Context(), j.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, InTurn: true}); err != nil {
							t.Error(err)
						}
					}
					select {
					case <-done:
						if len(ds[0]) == 0 {
							return
						}
					default:
					}
				}
			})
		}
		for n := range submitters {
			all.Go(func() {
				for i := range each {
					j, _, err := keyed(t, s, p, policies[(n+i)%len(policies)])
					if err == nil {
						mu.Lock()
						submitted = append(submitted, j)
						mu.Unlock()
						if i%3 == 0 {
							_, _, _ = s.Jobs.Cancel(t.Context(), p.AccountID, j.ID, "no")
						}
						continue
					}
					if _, held := errors.AsType[*jobs.HeldError](err); !held {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		close(done)
		workers.Wait()
		for _, st := range states(t, s, submitted...) {
			require.True(t, st.Terminal(), st)
		}
		require.True(t, slices.ContainsFunc(states(t, s, submitted...), func(st models.State) bool { return st == models.StateSucceeded }))
		var left int
		require.NoError(t, s.db.r.Raw("SELECT count(*) FROM concurrency_line").Scan(&left).Error)
		require.Zero(t, left)
	})
}
