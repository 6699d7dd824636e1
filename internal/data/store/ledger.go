package store

import (
	"context"
	"fmt"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Ledger is the attempts at jobs, as the workers write them: every write but the claim is conditional on the attempt
// still holding. It implements jobs.Ledger and jobs.SuspectStore.
type Ledger struct {
	*db
	claims    *batcher[*claimRequest]
	notes     *batcher[*note]
	successes *batcher[*success]
}

func newLedger(d *db) *Ledger {
	return &Ledger{
		db:        d,
		claims:    newBatcher(batching[*claimRequest]{most: maxBatch, key: func(c *claimRequest) string { return c.jobID }, write: passOver(d.claim)}),
		notes:     newBatcher(batching[*note]{most: maxBatch, key: func(n *note) string { return n.fence.JobID }, write: passOver(d.note)}),
		successes: newBatcher(batching[*success]{most: maxBatch, key: func(s *success) string { return s.fence.JobID }, write: passOver(d.succeed)}),
	}
}

// passOver is the write of a batch that passes over what others have locked: batches never wait, neither for one another nor,
// all of them, for the one job that somebody else holds.
func passOver[T any](write func(context.Context, []T, locking) error) func(context.Context, []T) error {
	return func(ctx context.Context, batch []T) error { return write(ctx, batch, locking{}) }
}

func (s *Ledger) close() {
	s.claims.close()
	s.notes.close()
	s.successes.close()
}

// Renew implements jobs.Ledger.
func (s *Ledger) Renew(ctx context.Context, owner string, held []models.Fence, lease time.Duration) ([]jobs.Renewed, error) {
	mine := make(map[models.Fence]bool, len(held)) // an older attempt of a job may still be stopping beside the newer one
	ids := make([]string, 0, len(held))
	for _, f := range held {
		mine[f] = true
		ids = append(ids, f.JobID)
	}
	type row struct {
		JobID      string
		Attempt    int
		Cancelling bool
	}
	const columns = "job_queue.job_id, job_queue.attempt, job_queue.cancelling"
	var rows []row
	err := s.write(ctx, func(tx *tx) error {
		return tx.Raw(fmt.Sprintf(`WITH free AS MATERIALIZED (SELECT job_id FROM job_queue WHERE job_id IN ? AND lease_owner = ?%s)
			UPDATE job_queue SET lease_expires_at = %s FROM free WHERE job_queue.job_id = free.job_id RETURNING %s`,
			s.dialect.lock(passLocked), s.dialect.nowPlus(micros(lease)), columns), ids, owner).Scan(&rows).Error
	})
	if err == nil && len(rows) < len(held) {
		var locked []row
		err = s.wrap(s.read(ctx).Raw("SELECT "+columns+" FROM job_queue WHERE job_id IN ? AND lease_owner = ?", ids, owner).Scan(&locked).Error)
		rows = append(rows, locked...)
	}
	if err != nil {
		return nil, err
	}
	var renewed []jobs.Renewed
	for _, r := range rows {
		if f := (models.Fence{JobID: r.JobID, Attempt: r.Attempt}); mine[f] {
			delete(mine, f) // those renewed are among what is read after
			renewed = append(renewed, jobs.Renewed{Fence: f, CancelRequested: r.Cancelling})
		}
	}
	return renewed, nil
}

// Finish implements jobs.Ledger: the state, the result, the event and the jobs that waited, in one transaction. A
// cancel that was requested before overrides the outcome.
func (s *Ledger) Finish(ctx context.Context, f models.Fence, out jobs.Outcome) (jobs.Effects, error) {
	if out.Verdict == jobs.Succeeded {
		end, err := s.succeed(ctx, f, out)
		if err != nil {
			return jobs.Effects{}, err // its batch may still be at it
		}
		if end.done {
			return end.effects, nil
		}
	}
	var effects jobs.Effects
	err := s.write(ctx, func(tx *tx) error {
		effects = jobs.Effects{}
		if err := tx.lockAround(f.JobID); err != nil {
			return err
		}
		job, err := tx.lockAttempt(f)
		if err != nil {
			return err
		}
		if job.CancelRequestedAt != nil {
			out.Verdict = jobs.Cancelled
		}
		keepResult(job, out)
		switch out.Verdict {
		case jobs.Cancelled:
			job.ErrorCode, job.ErrorMessage = models.CodeCancelled, job.CancelReason
			err = tx.end(job, models.StateCancelled, nil, &effects)
		case jobs.Failed:
			countFailure(job, out)
			err = tx.end(job, models.StateFailed, out.Err, &effects)
		case jobs.Retry:
			countFailure(job, out)
			job.SuspectOf = "" // it ended, and its worker lives
			err = tx.requeue(job, out.Delay, models.EventRetrying, out.Err, &effects)
		case jobs.HandBack:
			err = tx.requeue(job, 0, models.EventQueued, nil, &effects)
		default:
			err = fmt.Errorf("job %s: attempt %d cannot end so", f.JobID, f.Attempt)
		}
		effects.State = job.State
		return err
	})
	return effects, err
}

// succeed ends an attempt successfully, unless its fence is gone or a cancel was requested; then it does nothing. Nearly all
// attempts end this way, and they share commits.
func (s *Ledger) succeed(ctx context.Context, f models.Fence, out jobs.Outcome) (*success, error) {
	end := &success{fence: f, out: out}
	if end.result().Revision == nil && !out.InTurn { // a batch does not wait for a project, or for a line
		if err := s.successes.do(ctx, end); err != nil || end.done {
			return end, err
		}
	}
	return end, s.db.succeed(ctx, []*success{end}, locking{wait: true})
}

// lockAttempt reads the job under its lock, if the fence still holds.
func (tx *tx) lockAttempt(f models.Fence) (*models.Job, error) {
	if err := tx.lockQueued(f.JobID); err != nil {
		return nil, err
	}
	var job models.Job
	res := tx.Raw("SELECT * FROM jobs WHERE id = ? AND attempt = ? AND state = 'running'", f.JobID, f.Attempt).Scan(&job)
	if res.Error != nil {
		return nil, res.Error
	}
	if res.RowsAffected == 0 {
		return nil, jobs.ErrStale
	}
	return utc(&job), nil
}

// keepResult copies onto the job the parts of a result that it keeps whether or not the attempt succeeded.
func keepResult(job *models.Job, out jobs.Outcome) {
	job.LogTail = out.LogTail
	if out.Result == nil {
		return
	}
	job.Output = out.Result.Output
	job.TokensIn = addTokens(job.TokensIn, out.Result.TokensIn)
	job.TokensOut = addTokens(job.TokensOut, out.Result.TokensOut)
	job.OutputBytes = out.Result.Bytes
}

// addTokens sums the tokens of all attempts: failed ones were paid for too.
func addTokens(a, b *int64) *int64 {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	sum := *a + *b
	return &sum
}

// countFailure counts an attempt that failed.
func countFailure(job *models.Job, out jobs.Outcome) {
	if out.Outage() {
		job.Outages++
	} else {
		job.Failures++
	}
}

// superseded reports whether the project has changed since the job read it, and records that in the output: the others' change
// stays current, and the job's revision is kept beside it. It locks the project's row, so that the answer stays true.
func (tx *tx) superseded(res *jobs.Result) (bool, error) {
	p, err := tx.lockAnyProject(res.Revision.AccountID, res.Revision.ProjectID) // what is under way when it is deleted ends as ever
	if err != nil || p.RevisionID == res.Revision.ParentID() {
		return false, err
	}
	if res.Output, err = res.Output.With("superseded", true); err != nil {
		return false, err
	}
	res.Output, err = res.Output.With("merge_url", "/v1/projects/"+res.Revision.ProjectID+"/revisions/"+res.Revision.ID+"/merge")
	return true, err
}

// saveResult stores the revision or artifact that a job made. A revision becomes the project's current one if it may.
func (tx *tx) saveResult(res *jobs.Result, current bool) error {
	if res == nil {
		return nil
	}
	if res.Revision != nil {
		if err := tx.createRevision(res.Revision); err != nil {
			return err
		}
		if current {
			if err := tx.makeCurrent(res.Revision); err != nil {
				return err
			}
		}
	}
	if res.Artifact == nil {
		return nil
	}
	if err := tx.saveArtifact(res.Artifact); err != nil || len(res.Attestation) == 0 {
		return err
	}
	return tx.Exec("INSERT INTO attestations (artifact_id, envelope) VALUES (?, ?)", res.Artifact.ID, string(res.Attestation)).Error
}
