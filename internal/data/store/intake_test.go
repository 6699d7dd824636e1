package store

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func TestSubmissionsShareCommitsButNotErrors(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		bad := *p
		bad.AccountID, bad.ID = models.NewID(), "" // nobody's: violates the foreign key
		other := tenant(t, s)
		other.ID = p.ID // not that account's project
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				j := newJob(p, models.KindBuild, models.StateQueued)
				if i%50 == 7 {
					j = newJob(&bad, models.KindBuild, models.StateQueued)
				}
				if i%50 == 9 {
					j = newJob(other, models.KindBuild, models.StateQueued)
				}
				err := s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{j}})
				if i%50 == 7 {
					if models.CodeOf(err) != models.CodeConflict {
						t.Errorf("error of a bad submission: %v", err)
					}
				} else if i%50 == 9 {
					if !errors.Is(err, jobs.ErrNoProject) {
						t.Errorf("error of a job of another's project: %v", err)
					}
				} else if err != nil || j.CreatedAt.IsZero() {
					t.Errorf("good submission: %v, created at %v", err, j.CreatedAt)
				}
			})
		}
		wg.Wait()
		all, err := s.Jobs.ListJobs(t.Context(), p.AccountID, models.JobFilter{State: models.StateQueued}, models.Page{Limit: 1000})
		require.NoError(t, err)
		require.Len(t, all, 192)
		page, err := s.Jobs.ListJobs(t.Context(), p.AccountID, models.JobFilter{Kind: models.KindBuild, ProjectID: p.ID}, models.Page{Limit: 10, Before: all[99].ID})
		require.NoError(t, err)
		require.Equal(t, all[100].ID, page[0].ID)
		require.Len(t, page, 10)
	})
}

func TestSubmitAfterCloseIsRefused(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), "sqlite://"+t.TempDir()+"/x.db")
	require.NoError(t, err)
	require.NoError(t, s.Close())
	err = s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{newJob(&models.Project{}, models.KindBuild, models.StateQueued)}})
	require.Equal(t, models.CodeUnavailable, models.CodeOf(err))
}

func TestLostDatabaseIsUnavailable(t *testing.T) {
	t.Parallel()
	pg := testenv.StartPostgres(t)
	s := open(t, pg.URL())
	p := tenant(t, s)
	pg.Kill()
	require.Eventually(t, func() bool { // a server process that survives its parent for a moment may still accept one
		err := s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{newJob(p, models.KindBuild, models.StateQueued)}})
		return err != nil && models.CodeOf(err) == models.CodeUnavailable
	}, 20*time.Second, 20*time.Millisecond)
	require.Error(t, s.Ping(t.Context()))
	pg.Start()
	require.Eventually(t, func() bool { return s.Ping(t.Context()) == nil }, 20*time.Second, 20*time.Millisecond)
	submit1(t, s, p)
}

func TestLoadIsFairAndBounded(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		q := models.Queue{Kind: models.KindBuild, Priority: models.PriorityDefault}
		flood, quiet := tenant(t, s), tenant(t, s)
		for range 20 {
			submit1(t, s, flood)
		}
		submit1(t, s, quiet)
		released, err := s.Backlog.Release(t.Context(), q, []jobs.Share{{AccountID: flood.AccountID, N: 3}})
		require.NoError(t, err)
		ds := released[0]
		require.Len(t, ds, 3)
		_, err = s.Ledger.Claim(t.Context(), ds[0].JobID, ds[0].No, "w", lease)
		require.NoError(t, err)
		load, err := s.Backlog.Released(t.Context(), q)
		require.NoError(t, err)
		require.Equal(t, jobs.QueueLoad{Released: 2, Workers: 1}, load)
		accounts, err := s.Backlog.Waiting(t.Context(), q)
		require.NoError(t, err)
		require.Equal(t, []jobs.AccountLoad{{AccountID: quiet.AccountID, Weight: 1, Busy: 0}, {AccountID: flood.AccountID, Weight: 1, Busy: 3}}, accounts)
		due, err := s.Backlog.WaitingQueues(t.Context())
		require.NoError(t, err)
		require.Equal(t, []models.Queue{q}, due)
	})
}

// A transaction that holds a project's row, as a long commit does, does not delay submissions for the project. On SQLite, all
// writers take turns.
func TestLockedProjectTakesSubmissions(t *testing.T) {
	t.Parallel()
	s := open(t, testenv.PostgresFrom(t, "store_"+schema(), migrated))
	p := tenant(t, s)
	_, err := s.Projects.Commit(t.Context(), p.AccountID, p.ID, func(*models.Revision) (*models.Revision, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		j := newJob(p, models.KindBuild, models.StateQueued)
		sub := jobs.Submission{Pipeline: &models.Pipeline{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID}, Jobs: []*models.Job{j}}
		j.PipelineID = sub.Pipeline.ID
		return nil, s.Jobs.Submit(ctx, sub)
	})
	require.NoError(t, err)
}

func TestDirectSubmissionIsReleased(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		first, second := newJob(p, models.KindBuild, models.StateQueued), newJob(p, models.KindExport, models.StateBlocked)
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{first, second}, Direct: true,
			Dependencies: []models.Dependency{{JobID: second.ID, DependsOn: first.ID}}}))
		require.Equal(t, placeReleased, place(t, s, first.ID))
		require.Equal(t, placeBlocked, place(t, s, second.ID))
		require.Empty(t, release(t, s, p), "it is released already")

		// The process may end before it hands the job over.
		lost := []jobs.Dispatch{{JobID: first.ID, No: 1, Queue: first.Queue()}}
		unclaimed, err := s.Backlog.Unclaimed(t.Context(), -time.Second, 10)
		require.NoError(t, err)
		require.Equal(t, lost, unclaimed)
		require.NoError(t, s.Backlog.Withdraw(t.Context(), lost))
		require.Equal(t, []jobs.Dispatch{{JobID: first.ID, No: 2, Queue: first.Queue()}}, release(t, s, p))
		_, err = s.Ledger.Claim(t.Context(), first.ID, 1, "worker", lease)
		require.ErrorIs(t, err, jobs.ErrNotClaimable)
		got, err := s.Ledger.Claim(t.Context(), first.ID, 2, "worker", lease)
		require.NoError(t, err)
		require.Equal(t, 1, got.Attempt)
	})
}
