package store

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm/logger"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func setPaused(t *testing.T, s *Store, account string, paused bool) (*models.Account, error) {
	t.Helper()
	return s.Accounts.ChangeAccount(t.Context(), account, func(a *models.Account) error {
		if a.State = models.AccountActive; paused {
			a.State = models.AccountPaused
		}
		return nil
	})
}

func TestNothingOfAPausedKindIsReleased(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		running := claim(t, s, p, submit1(t, s, p))
		dispatched := submit1(t, s, p)
		old := release(t, s, p)[0]
		other := newJob(p, models.KindExport, models.StateQueued)
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{other}}))

		paused, err := s.Backlog.PauseKind(t.Context(), models.KindBuild, "the disk is full")
		require.NoError(t, err)
		require.WithinDuration(t, time.Now(), paused.PausedAt, time.Minute)
		again, err := s.Backlog.PauseKind(t.Context(), models.KindBuild, "again")
		require.NoError(t, err)
		require.Equal(t, paused, again, "the first counts")

		require.Equal(t, placeWaiting, place(t, s, dispatched.ID), "what no worker had is taken back")
		_, err = s.Ledger.Claim(t.Context(), old.JobID, old.No, "worker", lease)
		require.ErrorIs(t, err, jobs.ErrNotClaimable, "its task finds nothing")
		require.Empty(t, release(t, s, p))
		load, err := s.Backlog.Released(t.Context(), running.Queue())
		require.NoError(t, err)
		require.Equal(t, jobs.QueueLoad{Workers: 1, Paused: true}, load)
		direct := newJob(p, models.KindBuild, models.StateQueued) // as a process stores it that has not heard of the pause
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{direct}, Direct: true}))
		require.Equal(t, placeWaiting, place(t, s, direct.ID))
		_, err = s.Ledger.Claim(t.Context(), direct.ID, 1, "worker", lease)
		require.ErrorIs(t, err, jobs.ErrNotClaimable)
		ds, err := s.Backlog.Release(t.Context(), other.Queue(), []jobs.Share{{AccountID: p.AccountID, N: 10}})
		require.NoError(t, err)
		require.Len(t, ds[0], 1, "other kinds go on")

		// What runs goes on to its end, and what follows it waits.
		_, err = s.Ledger.Finish(t.Context(), running.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{}})
		require.NoError(t, err)

		require.NoError(t, s.Backlog.ResumeKind(t.Context(), models.KindBuild))
		require.NoError(t, s.Backlog.ResumeKind(t.Context(), models.KindBuild))
		resumed := release(t, s, p)
		require.Len(t, resumed, 2)
		for _, d := range resumed {
			_, err = s.Ledger.Claim(t.Context(), d.JobID, d.No, "worker", lease)
			require.NoError(t, err)
		}
	})
}

func TestSuspectsOfAPausedKindWait(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		incriminate(t, s, p, submit1(t, s, p))
		_, err := s.Backlog.PauseKind(t.Context(), models.KindBuild, "")
		require.NoError(t, err)
		require.Nil(t, claimSuspect(t, s, "next"))
		require.NoError(t, s.Backlog.ResumeKind(t.Context(), models.KindBuild))
		require.NotNil(t, claimSuspect(t, s, "next"))
	})
}

func TestWorkOfAPausedAccountIsAcceptedAndWaits(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		dispatched, theirs := submit1(t, s, p), submit1(t, s, other)
		release(t, s, p)
		a, err := setPaused(t, s, p.AccountID, true)
		require.NoError(t, err)
		require.Equal(t, models.AccountPaused, a.State)
		require.Equal(t, placeWaiting, place(t, s, dispatched.ID))
		submit1(t, s, p)
		require.Empty(t, release(t, s, p), "also in a process whose last look was before the pause")
		require.Len(t, release(t, s, other), 1)
		require.Equal(t, models.StateQueued, state(t, s, dispatched).State)
		require.Equal(t, placeReleased, place(t, s, theirs.ID), "other accounts' work is left alone")
		a, err = setPaused(t, s, p.AccountID, false)
		require.NoError(t, err)
		require.Equal(t, models.AccountActive, a.State)
		require.Len(t, release(t, s, p), 2)

	})
}

// A release that was under way during a pause is taken back by the next look.
func TestRecallFindsWhatPassedAPause(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, paused := tenant(t, s), tenant(t, s)
		ids, err := s.Backlog.Recall(t.Context())
		require.NoError(t, err)
		require.Empty(t, ids)
		a, b := submit1(t, s, paused), newJob(p, models.KindExport, models.StateQueued)
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{b}}))
		claimed := claim(t, s, p, submit1(t, s, p))
		_, err = setPaused(t, s, paused.AccountID, true)
		require.NoError(t, err)
		_, err = s.Backlog.PauseKind(t.Context(), models.KindExport, "")
		require.NoError(t, err)
		require.NoError(t, s.db.w.Exec("UPDATE job_queue SET place = 'released', dispatch_no = 1 WHERE job_id IN ?", []string{a.ID, b.ID}).Error)
		ids, err = s.Backlog.Recall(t.Context())
		require.NoError(t, err)
		require.ElementsMatch(t, []string{a.ID, b.ID}, ids)
		require.Equal(t, placeReleased, place(t, s, claimed.ID))
	})
}

// Whoever pauses while others release, submit and claim: within a moment nothing starts any more, and after the resume everything does.
func TestPauseUnderLoad(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		q := models.Queue{Kind: models.KindBuild, Priority: models.PriorityDefault}
		done := make(chan struct{})
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				for {
					ds, err := s.Backlog.Release(t.Context(), q, []jobs.Share{{AccountID: p.AccountID, N: 3}})
					if err != nil {
						t.Error(err)
						return
					}
					for _, d := range ds[0] {
						// Those that were taken back meanwhile are not to be had.
						if _, err := s.Ledger.Claim(t.Context(), d.JobID, d.No, "worker", time.Hour); err != nil && !errors.Is(err, jobs.ErrNotClaimable) {
							t.Error(err)
						}
					}
					select {
					case <-done:
						return
					default:
					}
				}
			})
		}
		running := func() (n int) {
			if err := s.db.r.Raw("SELECT count(*) FROM job_queue WHERE " + leased).Scan(&n).Error; err != nil {
				t.Error(err)
			}
			return n
		}
		submitted := 0
		for range 10 {
			for range 4 {
				submit1(t, s, p)
				submitted++
			}
			_, err := s.Backlog.PauseKind(t.Context(), q.Kind, "")
			require.NoError(t, err)
			_, err = s.Backlog.Recall(t.Context()) // as the repairer does: whatever was under way has ended after this and one more look
			require.NoError(t, err)
			require.Eventually(t, func() bool {
				_, err := s.Backlog.Recall(t.Context())
				require.NoError(t, err)
				load, err := s.Backlog.Released(t.Context(), q)
				require.NoError(t, err)
				return load.Released == 0
			}, 10*time.Second, time.Millisecond)
			before := running()
			submit1(t, s, p)
			submitted++
			require.Never(t, func() bool { return running() > before }, 20*time.Millisecond, 2*time.Millisecond)
			require.NoError(t, s.Backlog.ResumeKind(t.Context(), q.Kind))
		}
		require.Eventually(t, func() bool { return running() == submitted }, time.Minute, time.Millisecond, "nothing is forgotten")
		close(done)
		all.Wait()
	})
}

func TestWorkersSayThatTheyAreThereAndAreDrained(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		id := models.NewID()
		name := "host/1/" + id
		beat := models.Beat{Name: name, Slots: models.Slots{models.KindBuild: 2}, Busy: 1}
		_, err := s.Workers.SetDrain(t.Context(), id, true)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		drain, err := s.Workers.Beat(t.Context(), beat)
		require.NoError(t, err)
		require.False(t, drain)
		submit1(t, s, p)
		d := release(t, s, p)[0]
		_, err = s.Ledger.Claim(t.Context(), d.JobID, d.No, name, lease)
		require.NoError(t, err)
		list := func() models.Worker {
			all, err := s.Workers.List(t.Context())
			require.NoError(t, err)
			require.Len(t, all, 1)
			return all[0]
		}
		w := list()
		require.Equal(t, models.WorkerActive, w.State())
		require.Equal(t, map[models.Kind]int{models.KindBuild: 1}, w.Running)
		require.Equal(t, beat.Slots, w.Slots)
		require.WithinDuration(t, time.Now(), w.SeenAt, time.Minute)

		asked, err := s.Workers.SetDrain(t.Context(), id, true)
		require.NoError(t, err)
		require.Equal(t, models.WorkerDraining, asked.State())
		again, err := s.Workers.SetDrain(t.Context(), id, true)
		require.NoError(t, err)
		require.Equal(t, asked.DrainAskedAt, again.DrainAskedAt)
		drain, err = s.Workers.Asked(t.Context(), id)
		require.NoError(t, err)
		require.True(t, drain)
		beat.Draining = true
		_, err = s.Workers.Beat(t.Context(), beat)
		require.NoError(t, err)
		w = list()
		require.Equal(t, models.WorkerDraining, w.State(), "a job runs")
		beat.Busy = 0
		drain, err = s.Workers.Beat(t.Context(), beat)
		require.NoError(t, err)
		require.True(t, drain)
		w = list()
		require.Equal(t, models.WorkerDrained, w.State())
		_, err = s.Workers.SetDrain(t.Context(), id, false)
		require.NoError(t, err)
		drain, err = s.Workers.Beat(t.Context(), beat) // which it said before it knew
		require.NoError(t, err)
		require.False(t, drain)
		w = list()
		require.Equal(t, models.WorkerActive, w.State())

		require.NoError(t, s.db.w.Exec("UPDATE workers SET seen_at = "+s.db.dialect.nowPlus(micros(-time.Minute))).Error)
		w = list()
		require.Equal(t, models.WorkerLost, w.State())
		require.NoError(t, s.Workers.Gone(t.Context(), id))
		all, err := s.Workers.List(t.Context())
		require.NoError(t, err)
		require.Empty(t, all)
	})
}

func TestFlowCountsWhatLimits(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		s.Backlog.Caps = jobs.Caps{}
		capped, users, paused, free := tenant(t, s), tenant(t, s), tenant(t, s), tenant(t, s)
		one := 1
		for _, change := range []struct {
			p *models.Project
			f func(*models.Account)
		}{
			{capped, func(a *models.Account) { a.Limits.MaxRunning = &one }},
			{users, func(a *models.Account) { a.Limits.MaxRunningPerEndUser = &one }},
		} {
			_, err := s.Accounts.ChangeAccount(t.Context(), change.p.AccountID, func(a *models.Account) error { change.f(a); return nil })
			require.NoError(t, err)
		}
		claim(t, s, capped, submit1(t, s, capped))
		submit1(t, s, capped)
		ofUser := func() *models.Job {
			j := newJob(users, models.KindBuild, models.StateQueued)
			j.EndUser = "ann"
			require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{j}}))
			return j
		}
		claim(t, s, users, ofUser())
		ofUser()
		submit1(t, s, paused)
		_, err := setPaused(t, s, paused.AccountID, true)
		require.NoError(t, err)
		submit1(t, s, free)
		later := newJob(free, models.KindBuild, models.StateQueued)
		later.RunAt = time.Now().Add(time.Hour)
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{later}}))
		retrying := claim(t, s, free, submit1(t, s, free)) // and dispatches the other one
		_, err = s.Ledger.Finish(t.Context(), retrying.Fence(), jobs.Outcome{Verdict: jobs.Retry, Delay: time.Hour, Err: models.NewError(models.CodeProviderFailed, "no")})
		require.NoError(t, err)
		first, _, err := keyed(t, s, free, models.ConcurrencyQueue)
		require.NoError(t, err)
		second, _, err := keyed(t, s, free, models.ConcurrencyQueue)
		require.NoError(t, err)
		require.Equal(t, models.StateBlocked, second.State)
		pipeline(t, s, free, [][]int{nil, {0}}, models.DependencyCancel)
		ended := claim(t, s, free, first)
		_, err = s.Ledger.Finish(t.Context(), ended.Fence(), jobs.Outcome{Verdict: jobs.Failed, InTurn: true, Err: models.NewError(models.CodeCompileFailed, "no")})
		require.NoError(t, err)
		_, _, err = keyed(t, s, free, models.ConcurrencyQueue)
		require.NoError(t, err)

		f, err := s.Backlog.Flow(t.Context())
		require.NoError(t, err)
		require.Len(t, f.Queues, len(models.Queues()))
		i := slices.IndexFunc(f.Queues, func(q models.QueueCounts) bool { return q.Queue == ended.Queue() })
		q := f.Queues[i]
		require.Equal(t, 2, q.Running)
		require.Equal(t, 2, q.Scheduled)
		require.Equal(t, map[models.Code]int{models.CodeProviderFailed: 1}, q.Retries)
		require.Equal(t, 1, q.WaitForKey)
		require.Equal(t, 1, q.Ended)
		require.Equal(t, map[models.Code]int{models.CodeCompileFailed: 1}, q.Failed)
		require.InDelta(t, 1.0/60, q.Rate, 1e-9)
		require.False(t, q.More)
		why := make(map[string]models.FlowLimit)
		for _, a := range q.Accounts {
			why[a.AccountID] = a.Held()
		}
		require.Equal(t, models.LimitAccountCap, why[capped.AccountID])
		require.Equal(t, models.LimitEndUserCap, why[users.AccountID])
		require.Equal(t, models.LimitAccountPaused, why[paused.AccountID])
		require.Empty(t, why[free.AccountID])
	})
}

// The answer to whether work flows costs the same however much waits and however much has ended: that is when it is asked for.
func TestFlowDoesNotGrowWithTheBacklog(t *testing.T) {
	t.Parallel()
	s := open(t, testenv.PostgresFrom(t, "store_"+schema(), migrated))
	q := models.Queue{Kind: models.KindBuild, Priority: models.PriorityLow}
	var ids []string
	for range 20 {
		ids = append(ids, tenant(t, s).AccountID)
	}
	grow := func(from, to int) {
		for _, id := range ids {
			require.NoError(t, s.db.w.Exec(`INSERT INTO job_queue (job_id, account_id, kind, priority, place, run_at)
				SELECT 'job ' || n || ' of ' || ?, ?, ?, ?, CASE n % 3 WHEN 0 THEN 'blocked' ELSE 'waiting' END,
					now() + CASE n % 3 WHEN 1 THEN -1 ELSE 1 END * n * interval '1 second' FROM generate_series(?::int, ?) n`,
				id, id, q.Kind, q.Priority, from+1, to).Error)
			require.NoError(t, s.db.w.Exec(`INSERT INTO jobs (id, account_id, kind, priority, state, max_failures, on_dependency_failure, error_code, finished_at)
				SELECT 'done ' || n || ' of ' || ?, ?, ?, ?, 'failed', 3, 'cancel', CASE n % 50 WHEN 0 THEN 'poisonous' ELSE 'timeout' END,
					now() - n * interval '1 millisecond' FROM generate_series(?::int, ?) n`, id, id, q.Kind, q.Priority, from+1, to).Error)
		}
		require.NoError(t, s.db.w.Exec("VACUUM ANALYZE jobs").Error)
		require.NoError(t, s.db.w.Exec("VACUUM ANALYZE job_queue").Error)
	}
	look := func() map[string]int {
		seen := &statements{Interface: logger.Discard}
		b := &Backlog{db: s.db.queue().logged(seen), Caps: jobs.Caps{Account: 10, EndUser: 2}}
		f, err := b.Flow(t.Context())
		require.NoError(t, err)
		i := slices.IndexFunc(f.Queues, func(c models.QueueCounts) bool { return c.Queue == q })
		require.NotEmpty(t, f.Queues[i].Accounts)
		stuck, err := b.Stuck(t.Context(), nil, time.Minute, 20)
		require.NoError(t, err)
		require.Len(t, stuck, 20)
		seen.all = slices.DeleteFunc(seen.all, func(sql string) bool { return !strings.Contains(sql, "FROM ") }) // the clock
		return seen.pages(t, s.db.fast)
	}
	grow(0, 150)
	shallow := look()
	grow(150, 3000)
	deep := look()
	for query, pages := range deep {
		require.LessOrEqual(t, pages, 4*shallow[query]+1000, query)
	}
}

func TestStuckJobsAreFound(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		back := func(column string, d time.Duration, id string) {
			require.NoError(t, s.db.w.Exec("UPDATE job_queue SET "+column+" = "+s.db.dialect.nowPlus(micros(d))+" WHERE job_id = ?", id).Error)
		}
		silent, lively, cancelling, lost, dispatched := submit1(t, s, p), submit1(t, s, p), submit1(t, s, p), submit1(t, s, p), submit1(t, s, p)
		for _, d := range release(t, s, p) {
			if d.JobID != dispatched.ID {
				_, err := s.Ledger.Claim(t.Context(), d.JobID, d.No, "host/1/w", time.Hour)
				require.NoError(t, err)
			}
		}
		for _, j := range []*models.Job{silent, lively} {
			require.NoError(t, s.db.w.Exec("UPDATE job_events SET created_at = "+s.db.dialect.nowPlus(micros(-time.Hour))+" WHERE job_id = ?", j.ID).Error)
		}
		require.NoError(t, s.Ledger.Progress(t.Context(), models.Fence{JobID: lively.ID, Attempt: 1}, 0.5, "compiling"))
		_, _, err := s.Jobs.Cancel(t.Context(), p.AccountID, cancelling.ID, "no")
		require.NoError(t, err)
		require.NoError(t, s.db.w.Exec("UPDATE jobs SET cancel_requested_at = "+s.db.dialect.nowPlus(micros(-time.Hour))+" WHERE id = ?", cancelling.ID).Error)
		back("lease_expires_at", -time.Minute, lost.ID)
		back("dispatched_at", -time.Hour, dispatched.ID)
		suspect := submit1(t, s, tenant(t, s))
		require.NoError(t, s.db.w.Exec("UPDATE job_queue SET place = 'suspect' WHERE job_id = ?", suspect.ID).Error)
		poisonous := submit1(t, s, p)
		require.NoError(t, s.db.w.Exec("UPDATE jobs SET state = 'failed', error_code = 'poisonous', finished_at = "+s.db.dialect.now()+" WHERE id = ?", poisonous.ID).Error)

		found, err := s.Backlog.Stuck(t.Context(), nil, 10*time.Minute, 10)
		require.NoError(t, err)
		got := make(map[models.StuckReason][]string)
		for _, j := range found {
			got[j.Reason] = append(got[j.Reason], j.JobID)
			require.Equal(t, models.KindBuild, j.Kind)
			require.NotZero(t, j.Since)
		}
		require.Equal(t, map[models.StuckReason][]string{
			models.StuckSilent: {silent.ID}, models.StuckCancelling: {cancelling.ID}, models.StuckExpired: {lost.ID},
			models.StuckDispatched: {dispatched.ID}, models.StuckSuspect: {suspect.ID}, models.StuckPoisonous: {poisonous.ID},
		}, got)
		require.Equal(t, "host/1/w", found[0].Worker)
		found, err = s.Backlog.Stuck(t.Context(), []models.StuckReason{models.StuckSuspect}, 10*time.Minute, 10)
		require.NoError(t, err)
		require.Len(t, found, 1)
	})
}
