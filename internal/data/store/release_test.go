package store

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

var buildQueue = models.Queue{Kind: models.KindBuild, Priority: models.PriorityDefault}

// submitFor submits so many builds for an end user.
func submitFor(t *testing.T, s *Store, p *models.Project, endUser string, n int) (js []*models.Job) {
	t.Helper()
	for range n {
		j := newJob(p, models.KindBuild, models.StateQueued)
		j.EndUser = endUser
		js = append(js, j)
	}
	require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: js}))
	return js
}

// releaseFor releases up to n builds of the account as the dispatcher would, and counts them by end user.
func releaseFor(t *testing.T, s *Store, p *models.Project, n int) map[string]int {
	t.Helper()
	got := make(map[string]int)
	accounts, err := s.Backlog.Waiting(t.Context(), buildQueue)
	require.NoError(t, err)
	accounts = slices.DeleteFunc(accounts, func(a jobs.AccountLoad) bool { return a.AccountID != p.AccountID })
	ds, err := s.Backlog.Release(t.Context(), buildQueue, jobs.FairShares(accounts, n))
	require.NoError(t, err)
	for _, d := range slices.Concat(ds...) {
		j, err := s.Jobs.Job(t.Context(), p.AccountID, d.JobID)
		require.NoError(t, err)
		got[j.EndUser]++
	}
	return got
}

func TestEndUsersShareWhatTheirAccountGets(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		submitFor(t, s, p, "flood", 100)
		submitFor(t, s, p, "small", 3)
		submitFor(t, s, p, "", 20)
		later := newJob(p, models.KindBuild, models.StateQueued)
		later.EndUser, later.RunAt = "later", time.Now().Add(time.Hour)
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{later}}))

		require.Equal(t, map[string]int{"flood": 2, "small": 2, "": 2}, releaseFor(t, s, p, 6))
		require.Equal(t, map[string]int{"flood": 2, "small": 1, "": 2}, releaseFor(t, s, p, 6), "nobody can use more than waits")
		got := releaseFor(t, s, p, 5)
		require.Equal(t, 5, got["flood"]+got[""])
		require.InDelta(t, got["flood"], got[""], 1, "they have as many out")

		// An account without end users is served as before.
		other := tenant(t, s)
		submitFor(t, s, other, "", 5)
		require.Equal(t, map[string]int{"": 4}, releaseFor(t, s, other, 4))
	})
}

func TestCapsHold(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		s.Backlog.Caps = jobs.Caps{Account: 5, EndUser: 2}
		p, other := tenant(t, s), tenant(t, s)
		submitFor(t, s, p, "a", 10)
		submitFor(t, s, p, "b", 10)
		submitFor(t, s, p, "", 10)
		submitFor(t, s, other, "a", 10)
		require.Equal(t, map[string]int{"a": 2}, releaseFor(t, s, other, 100), "end users are an account's own")

		var mu sync.Mutex
		total := 0
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				ds, err := s.Backlog.Release(t.Context(), buildQueue, []jobs.Share{{AccountID: p.AccountID, N: 4, EndUsers: true, Caps: s.Backlog.Caps}})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				total += len(ds[0])
			})
		}
		all.Wait()
		require.Equal(t, 5, total, "whoever releases")
		accounts, err := s.Backlog.Waiting(t.Context(), buildQueue)
		require.NoError(t, err)
		require.Len(t, accounts, 2)
		require.Equal(t, other.AccountID, accounts[0].AccountID)
		require.False(t, accounts[0].Held)
		require.True(t, accounts[1].Held, "the one at its limit is last, and gets no share")

		// The end of a job makes room for one.
		var out []struct {
			JobID      string
			DispatchNo int64
		}
		require.NoError(t, s.db.r.Raw("SELECT job_id, dispatch_no FROM job_queue WHERE place = 'released' AND account_id = ? LIMIT 1", p.AccountID).Scan(&out).Error)
		j, err := s.Ledger.Claim(t.Context(), out[0].JobID, out[0].DispatchNo, "worker", lease)
		require.NoError(t, err)
		require.Empty(t, releaseFor(t, s, p, 10), "a running job counts")
		_, err = s.Ledger.Finish(t.Context(), j.Fence(), jobs.Outcome{Verdict: jobs.Succeeded})
		require.NoError(t, err)
		got := releaseFor(t, s, p, 10)
		require.Equal(t, 1, got["a"]+got["b"]+got[""])
	})
}

func TestCountWaiting(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		submitFor(t, s, p, "a", 4)
		submitFor(t, s, other, "", 7)
		blocked := newJob(p, models.KindExport, models.StateBlocked)
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{blocked}}))
		n, err := s.Jobs.CountWaiting(t.Context(), p.AccountID, 100)
		require.NoError(t, err)
		require.Equal(t, 5, n)
		n, err = s.Jobs.CountWaiting(t.Context(), p.AccountID, 2)
		require.NoError(t, err)
		require.Equal(t, 3, n, "two of one queue are enough to know")
		releaseFor(t, s, p, 3)
		n, err = s.Jobs.CountWaiting(t.Context(), p.AccountID, 100)
		require.NoError(t, err)
		require.Equal(t, 2, n)
	})
}
