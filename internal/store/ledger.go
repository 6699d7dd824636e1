package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Claim implements jobs.Ledger.
func (s *Store) Claim(ctx context.Context, jobID string, dispatchNo int64, owner string, lease time.Duration) (*models.Job, error) {
	var job models.Job
	err := s.tx(ctx, func(tx *gorm.DB) error {
		res := tx.Raw(fmt.Sprintf(`UPDATE jobs SET state = 'running', attempt = attempt + 1, event_seq = event_seq + 1,
			lease_owner = ?, lease_expires_at = %s, started_at = %s, progress = 0, stage = ''
			WHERE id = ? AND state = 'queued' AND dispatch_no = ? AND dispatched_at IS NOT NULL RETURNING *`,
			s.dialect.nowPlus(lease), s.dialect.now()), owner, jobID, dispatchNo).Scan(&job)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 {
			return jobs.ErrNotClaimable
		}
		return addEvent(tx, &job, models.EventStarted, stateData(models.StateRunning, nil))
	})
	if err != nil {
		return nil, err
	}
	return utc(&job), nil
}

// Renew implements jobs.Ledger.
func (s *Store) Renew(ctx context.Context, owner string, held []models.Fence, lease time.Duration) ([]jobs.Renewed, error) {
	attempts := make(map[string]int, len(held))
	ids := make([]string, 0, len(held))
	for _, f := range held {
		attempts[f.JobID] = f.Attempt
		ids = append(ids, f.JobID)
	}
	var rows []models.Job
	err := s.tx(ctx, func(tx *gorm.DB) error {
		return tx.Raw(fmt.Sprintf(`UPDATE jobs SET lease_expires_at = %s
			WHERE id IN ? AND state = 'running' AND lease_owner = ? RETURNING id, attempt, cancel_requested_at`,
			s.dialect.nowPlus(lease)), ids, owner).Scan(&rows).Error
	})
	var renewed []jobs.Renewed
	for _, r := range rows {
		if attempts[r.ID] == r.Attempt {
			renewed = append(renewed, jobs.Renewed{Fence: r.Fence(), CancelRequested: r.CancelRequestedAt != nil})
		}
	}
	return renewed, err
}

// Progress implements jobs.Ledger.
func (s *Store) Progress(ctx context.Context, f models.Fence, fraction float64, stage string) error {
	stage = cleanText(stage)
	return s.tx(ctx, func(tx *gorm.DB) error {
		var job models.Job
		res := tx.Raw(`UPDATE jobs SET progress = ?, stage = ?, event_seq = event_seq + 1
			WHERE id = ? AND attempt = ? AND state = 'running' RETURNING id, attempt, event_seq`,
			fraction, stage, f.JobID, f.Attempt).Scan(&job)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 {
			return jobs.ErrStale
		}
		return addEvent(tx, &job, models.EventProgress, models.ToJSON(map[string]any{"progress": fraction, "stage": stage}))
	})
}

// Finish implements jobs.Ledger: the state, the result, the event and the jobs that waited, in one transaction. A
// cancel that was asked for before wins over whatever the attempt came to.
func (s *Store) Finish(ctx context.Context, f models.Fence, out jobs.Outcome) (jobs.Finished, error) {
	var fin jobs.Finished
	err := s.tx(ctx, func(tx *gorm.DB) error {
		fin = jobs.Finished{}
		job, err := s.lockAttempt(tx, f)
		if err != nil {
			return err
		}
		if job.CancelRequestedAt != nil {
			out.Verdict = jobs.Cancelled
		}
		keepResult(job, out)
		switch out.Verdict {
		case jobs.Succeeded:
			if err := s.saveResult(tx, out.Result); err != nil {
				return err
			}
			job.Progress, job.Stage = 1, ""
			job.ErrorCode, job.ErrorMessage = "", ""
			err = s.end(tx, job, models.StateSucceeded, nil, &fin)
		case jobs.Cancelled:
			job.ErrorCode, job.ErrorMessage = models.CodeCancelled, job.CancelReason
			err = s.end(tx, job, models.StateCancelled, nil, &fin)
		case jobs.Failed:
			job.Failures++
			err = s.end(tx, job, models.StateFailed, out.Err, &fin)
		case jobs.Retry:
			job.Failures++
			err = s.requeue(tx, job, out.Delay, models.EventRetrying, out.Err, &fin)
		case jobs.HandBack:
			err = s.requeue(tx, job, 0, models.EventQueued, nil, &fin)
		default:
			err = jobs.ErrStale
		}
		fin.State = job.State
		return err
	})
	return fin, err
}

// lockAttempt reads the job under its row lock, if the fence still holds.
func (s *Store) lockAttempt(tx *gorm.DB, f models.Fence) (*models.Job, error) {
	var job models.Job
	res := tx.Raw("SELECT * FROM jobs WHERE id = ? AND attempt = ? AND state = 'running'"+s.dialect.forUpdate(),
		f.JobID, f.Attempt).Scan(&job)
	if res.Error != nil {
		return nil, res.Error
	}
	if res.RowsAffected == 0 {
		return nil, jobs.ErrStale
	}
	return utc(&job), nil
}

// keepResult copies onto the job what an attempt leaves there whether or not it succeeded.
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

// addTokens sums what attempts used: failed ones were paid for too.
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

// saveResult stores the revision or artifact that a job made.
func (s *Store) saveResult(tx *gorm.DB, res *jobs.Result) error {
	if res == nil {
		return nil
	}
	if res.Revision != nil {
		if err := s.saveRevision(tx, res.Revision); err != nil {
			return err
		}
	}
	if res.Artifact != nil {
		return s.saveArtifact(tx, res.Artifact)
	}
	return nil
}
