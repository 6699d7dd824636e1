package store

import (
	"context"
	"fmt"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// lockJob reads an account's job under its lock and that of its pipeline. A job that has ended is locked by its record.
func (tx *tx) lockJob(accountID, jobID string) (*models.Job, error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	if err := tx.lockAround(jobID); err != nil {
		return nil, err
	}
	err := tx.Exec("SELECT job_id FROM job_queue WHERE job_id = ? AND account_id = ?"+tx.dialect.lock(waitLocked), jobID, accountID).Error
	if err != nil {
		return nil, err
	}
	var job models.Job
	res := tx.Raw("SELECT * FROM jobs WHERE id = ? AND account_id = ?"+tx.dialect.lock(waitLocked), jobID, accountID).Scan(&job)
	if res.Error != nil {
		return nil, res.Error
	}
	if res.RowsAffected == 0 {
		return nil, notFound(tx.DB, "job", jobID)
	}
	return utc(&job), nil
}

// Cancel implements jobs.Intake.
func (s *Jobs) Cancel(ctx context.Context, accountID, jobID, reason string) (*models.Job, jobs.Effects, error) {
	var job *models.Job
	var effects jobs.Effects
	err := s.write(ctx, func(tx *tx) (err error) {
		effects = jobs.Effects{}
		if job, err = tx.lockJob(accountID, jobID); err != nil {
			return err
		}
		switch {
		case job.State == models.StateCancelled:
			return nil
		case job.State.Terminal():
			return models.NewError(models.CodeConflict, "the job has already "+string(job.State))
		}
		if err := tx.cancel(job, reason, &effects); err != nil {
			return err
		}
		return tx.record("job.cancel", resource{accountID, "job", jobID})
	})
	if err != nil {
		return nil, jobs.Effects{}, err
	}
	if job.State.Terminal() {
		job, err = s.Job(ctx, accountID, jobID)
	}
	return job, effects, err
}

// cancel ends a job that has not ended, or asks its worker to.
func (tx *tx) cancel(job *models.Job, reason string, effects *jobs.Effects) error {
	switch job.State {
	case models.StateRunning:
		return tx.requestCancel(job, reason, effects)
	case models.StateBlocked, models.StateQueued:
		job.CancelReason = reason
		return tx.end(job, models.StateCancelled, models.NewError(models.CodeCancelled, reason), effects)
	default:
		return nil // with one that it depended on
	}
}

// requestCancel stores a cancel request for the worker that runs the job.
func (tx *tx) requestCancel(job *models.Job, reason string, effects *jobs.Effects) error {
	if job.CancelRequestedAt != nil {
		return nil
	}
	changed, err := tx.changeOne(job.ID, models.EventCancel, models.ToJSON(map[string]any{"reason": reason}), change{
		from: models.StateRunning,
		set:  fmt.Sprintf("cancel_requested_at = %s, cancel_reason = ?", tx.dialect.now()), args: []any{reason},
		queue: queueChange{set: "cancelling = true"},
	})
	if err != nil {
		return err
	}
	*job = *changed
	effects.Jobs = append(effects.Jobs, job.ID)
	effects.Stopping = append(effects.Stopping, job.ID)
	return nil
}
