package store

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

func TestAttemptFromSubmitToResult(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		j := submit1(t, s, p)
		require.False(t, j.CreatedAt.IsZero())
		running := claim(t, s, p, j)
		require.Equal(t, models.StateRunning, running.State)
		require.Equal(t, 1, running.Attempt)
		require.NoError(t, s.Ledger.Progress(t.Context(), running.Fence(), 0.5, "half\x00way \xff"))
		require.NoError(t, s.Ledger.Log(t.Context(), running.Fence(), []string{"one", "t\x00wo \xff"}))

		rev := &models.Revision{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, JobID: j.ID, Title: "Fox",
			Manifest: models.Manifest{{Path: "a.js", SHA256: sum, Size: 2, MediaType: "text/javascript"}}, Digest: "d"}
		art := &models.Artifact{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, JobID: j.ID, RevisionID: rev.ID, Kind: models.ArtifactBuild,
			Engine: "phaser", Mode: "release", Format: "web", Title: "Fox", Manifest: rev.Manifest, Digest: "d", Bytes: 2}
		tokens := int64(7)
		effects, err := s.Ledger.Finish(t.Context(), running.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, LogTail: "nul \x00",
			Result: &jobs.Result{Output: models.JSON(`{"ok":true}`), Revision: rev, Artifact: art, TokensIn: &tokens, Bytes: 2}})
		require.NoError(t, err)
		require.Equal(t, models.StateSucceeded, effects.State)

		done := state(t, s, j)
		require.Equal(t, models.StateSucceeded, done.State)
		require.InDelta(t, 1, done.Progress, 0)
		require.JSONEq(t, `{"ok":true}`, string(done.Output))
		require.Equal(t, int64(7), *done.TokensIn)
		require.Nil(t, done.TokensOut, "unknown is not zero")
		require.NotNil(t, done.FinishedAt)
		require.Equal(t, []models.EventType{models.EventQueued, models.EventStarted, models.EventProgress, models.EventLog, models.EventSucceeded}, history(t, s, j))
		require.ErrorIs(t, s.Ledger.Log(t.Context(), running.Fence(), []string{"too late"}), jobs.ErrStale)

		got, err := s.Projects.Project(t.Context(), p.AccountID, p.ID)
		require.NoError(t, err)
		require.Equal(t, rev.ID, got.RevisionID)
		latest, err := s.Artifacts.LatestRelease(t.Context(), p.AccountID, p.ID)
		require.NoError(t, err)
		require.Equal(t, art.ID, latest.ID)
		require.Equal(t, art.Manifest, latest.Manifest)
	})
}

func TestClaimIsWonOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		j := submit1(t, s, p)
		_, err := s.Ledger.Claim(t.Context(), j.ID, 1, "w", lease)
		require.ErrorIs(t, err, jobs.ErrNotClaimable, "not dispatched yet")
		d := release(t, s, p)[0]
		require.Empty(t, release(t, s, p), "a released job is not released again")
		_, err = s.Ledger.Claim(t.Context(), j.ID, d.No+1, "w", lease)
		require.ErrorIs(t, err, jobs.ErrNotClaimable, "another dispatch")

		var wg sync.WaitGroup
		errs := make(chan error, 8)
		for range 8 {
			wg.Go(func() {
				_, err := s.Ledger.Claim(t.Context(), j.ID, d.No, "w", lease)
				errs <- err
			})
		}
		wg.Wait()
		close(errs)
		won := 0
		for err := range errs {
			if err == nil {
				won++
			} else {
				require.ErrorIs(t, err, jobs.ErrNotClaimable)
			}
		}
		require.Equal(t, 1, won)
	})
}

func TestStaleAttemptChangesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		j := submit1(t, s, p)
		first := claim(t, s, p, j)
		require.NoError(t, s.Backlog.ExpireLeases(t.Context()))
		effects, err := s.Backlog.ReapExpired(t.Context(), 10)
		require.NoError(t, err)
		require.Equal(t, []string{j.ID}, effects.Jobs)
		require.Equal(t, []models.Queue{j.Queue()}, effects.Queues)
		second := claim(t, s, p, j)
		require.Equal(t, 2, second.Attempt)
		require.Equal(t, 1, second.WorkerDeaths)
		require.Zero(t, second.Failures, "a lost worker is not the job's error")

		before := history(t, s, j)
		art := &models.Artifact{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, JobID: j.ID, Kind: models.ArtifactBuild}
		_, err = s.Ledger.Finish(t.Context(), first.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{Artifact: art}})
		require.ErrorIs(t, err, jobs.ErrStale)
		require.ErrorIs(t, s.Ledger.Progress(t.Context(), first.Fence(), 1, "late"), jobs.ErrStale)
		renewed, err := s.Ledger.Renew(t.Context(), "worker", []models.Fence{first.Fence()}, lease)
		require.NoError(t, err)
		require.Empty(t, renewed)
		require.Equal(t, before, history(t, s, j))
		_, err = s.Artifacts.Artifact(t.Context(), p.AccountID, art.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))

		renewed, err = s.Ledger.Renew(t.Context(), "worker", []models.Fence{second.Fence()}, lease)
		require.NoError(t, err)
		require.Equal(t, []jobs.Renewed{{Fence: second.Fence()}}, renewed)
		// The same worker may claim a job again while its lost attempt is still stopping.
		for _, held := range [][]models.Fence{{first.Fence(), second.Fence()}, {second.Fence(), first.Fence()}} {
			renewed, err = s.Ledger.Renew(t.Context(), "worker", held, lease)
			require.NoError(t, err)
			require.Equal(t, []jobs.Renewed{{Fence: second.Fence()}}, renewed)
		}
		_, err = s.Ledger.Finish(t.Context(), second.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{}})
		require.NoError(t, err)
	})
}

func TestReapGoesOnPastAJobThatCannotBeReaped(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		bad, good := submit1(t, s, p), submit1(t, s, p)
		for _, d := range release(t, s, p) {
			_, err := s.Ledger.Claim(t.Context(), d.JobID, d.No, "worker", lease)
			require.NoError(t, err)
		}
		require.NoError(t, s.Backlog.ExpireLeases(t.Context()))
		require.NoError(t, s.db.w.Exec(`UPDATE jobs SET event_seq = 0 WHERE id = ?`, bad.ID).Error) // its event is there already
		effects, err := s.Backlog.ReapExpired(t.Context(), 10)
		require.ErrorContains(t, err, bad.ID)
		require.Equal(t, []string{good.ID}, effects.Jobs)
		require.Equal(t, models.StateQueued, state(t, s, good).State)
	})
}

// What the platform lacked is counted apart from a job's own failures, reaches the worker that runs it next, and is forgotten by a retry on
// request.
func TestOutagesAreCountedApart(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		j := submit1(t, s, p)
		end := func(v jobs.Verdict, code models.Code) *models.Job {
			r := claim(t, s, p, j)
			_, err := s.Ledger.Finish(t.Context(), r.Fence(), jobs.Outcome{Verdict: v, Err: models.NewError(code, "x")})
			require.NoError(t, err)
			return r
		}
		end(jobs.Retry, models.CodeUnavailable)
		end(jobs.Retry, models.CodeProviderFailed)
		last := end(jobs.Failed, models.CodeUnavailable)
		require.Equal(t, []int{1, 1}, []int{last.Failures, last.Outages})
		got := state(t, s, j)
		require.Equal(t, []int{1, 2}, []int{got.Failures, got.Outages})
		_, _, err := s.Jobs.Retry(t.Context(), p.AccountID, j.ID)
		require.NoError(t, err)
		got = state(t, s, j)
		require.Equal(t, []int{0, 0}, []int{got.Failures, got.Outages})
	})
}

func TestRetryWaitsAndKeepsWhatWasPaid(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		j := submit1(t, s, p)
		tokens := int64(10)
		cause := models.NewError(models.CodeProviderFailed, "the provider had a bad day")
		cause.Diagnostics = &models.DiagnosticsSummary{Errors: 1, Warnings: 2, First: []string{"a.js:1:2: no"}}
		r := claim(t, s, p, j)
		effects, err := s.Ledger.Finish(t.Context(), r.Fence(), jobs.Outcome{Verdict: jobs.Retry, Err: cause, Delay: time.Hour, Result: &jobs.Result{TokensOut: &tokens}})
		require.NoError(t, err)
		require.Empty(t, effects.Queues, "it is not due")
		got := state(t, s, j)
		require.Equal(t, models.StateQueued, got.State)
		require.Equal(t, 1, got.Failures)
		require.Equal(t, models.CodeProviderFailed, got.ErrorCode)
		require.WithinDuration(t, time.Now().Add(time.Hour), got.RunAt, time.Minute)
		require.Empty(t, release(t, s, p))
		due, err := s.Backlog.Waiting(t.Context(), j.Queue())
		require.NoError(t, err)
		require.Empty(t, due)

		require.NoError(t, s.db.w.Exec("UPDATE job_queue SET run_at = "+s.db.dialect.now()+" WHERE job_id = ?", j.ID).Error)
		r = claim(t, s, p, j)
		_, err = s.Ledger.Finish(t.Context(), r.Fence(), jobs.Outcome{Verdict: jobs.Failed, Err: cause, LogTail: "boom", Result: &jobs.Result{TokensOut: &tokens}})
		require.NoError(t, err)
		got = state(t, s, j)
		require.Equal(t, models.StateFailed, got.State)
		require.Equal(t, int64(20), *got.TokensOut)
		require.Equal(t, "boom", got.LogTail)
		require.Equal(t, []models.EventType{models.EventQueued, models.EventStarted, models.EventRetrying, models.EventStarted, models.EventFailed}, history(t, s, j))
		events, err := s.Jobs.Events(t.Context(), j.AccountID, j.ID, 0, 10)
		require.NoError(t, err)
		for _, i := range []int{2, 4} {
			require.JSONEq(t, `{"code": "provider_failed", "message": "the provider had a bad day",
				"diagnostics": {"errors": 1, "warnings": 2, "first": ["a.js:1:2: no"]}}`, errorOf(t, events[i]))
		}
	})
}

// errorOf is the error in an event.
func errorOf(t *testing.T, e models.Event) string {
	t.Helper()
	var data struct {
		Error json.RawMessage `json:"error"`
	}
	require.NoError(t, json.Unmarshal(e.Data, &data))
	return string(data.Error)
}

func TestHandBackCostsNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		j := submit1(t, s, p)
		r := claim(t, s, p, j)
		effects, err := s.Ledger.Finish(t.Context(), r.Fence(), jobs.Outcome{Verdict: jobs.HandBack})
		require.NoError(t, err)
		require.Equal(t, []models.Queue{j.Queue()}, effects.Queues)
		again := claim(t, s, p, j)
		require.Equal(t, 2, again.Attempt)
		require.Zero(t, again.Failures)
		require.Zero(t, again.WorkerDeaths)
	})
}

func TestUnclaimedDispatchIsFoundAndWithdrawn(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		j := submit1(t, s, p)
		d := release(t, s, p)[0]
		young, err := s.Backlog.Unclaimed(t.Context(), time.Hour, 10)
		require.NoError(t, err)
		require.Empty(t, young)
		old, err := s.Backlog.Unclaimed(t.Context(), -time.Hour, 10)
		require.NoError(t, err)
		require.Equal(t, []jobs.Dispatch{d}, old)
		require.NoError(t, s.Backlog.Withdraw(t.Context(), old))
		_, err = s.Ledger.Claim(t.Context(), j.ID, d.No, "w", lease)
		require.ErrorIs(t, err, jobs.ErrNotClaimable, "the withdrawn dispatch is worth nothing")
		again := release(t, s, p)[0]
		require.Equal(t, d.No+1, again.No)
		require.NoError(t, s.Backlog.Withdraw(t.Context(), old), "an outdated withdrawal changes nothing")
		_, err = s.Ledger.Claim(t.Context(), j.ID, again.No, "w", lease)
		require.NoError(t, err)
	})
}
