package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// lockJob reads an account's job under its row lock.
func (s *Store) lockJob(tx *gorm.DB, accountID, jobID string) (*models.Job, error) {
	var job models.Job
	res := tx.Raw("SELECT * FROM jobs WHERE id = ? AND account_id = ?"+s.dialect.forUpdate(), jobID, accountID).Scan(&job)
	if res.Error != nil {
		return nil, res.Error
	}
	if res.RowsAffected == 0 {
		return nil, models.NewError(models.CodeNotFound, "no such job")
	}
	return utc(&job), nil
}

// Cancel implements jobs.Intake.
func (s *Store) Cancel(ctx context.Context, accountID, jobID, reason string) (*models.Job, jobs.Finished, error) {
	var job *models.Job
	var fin jobs.Finished
	err := s.tx(ctx, func(tx *gorm.DB) (err error) {
		fin = jobs.Finished{}
		if job, err = s.lockJob(tx, accountID, jobID); err != nil {
			return err
		}
		switch {
		case job.State == models.StateCancelled:
			return nil
		case job.State.Terminal():
			return models.NewError(models.CodeConflict, "the job has already "+string(job.State))
		case job.State == models.StateRunning:
			return s.requestCancel(tx, job, reason, &fin)
		}
		job.CancelReason = reason
		return s.end(tx, job, models.StateCancelled, models.NewError(models.CodeCancelled, reason), &fin)
	})
	if err != nil {
		return nil, jobs.Finished{}, err
	}
	if job.State.Terminal() {
		job, err = s.Job(ctx, accountID, jobID)
	}
	return job, fin, err
}

// requestCancel leaves word for the worker that runs the job.
func (s *Store) requestCancel(tx *gorm.DB, job *models.Job, reason string, fin *jobs.Finished) error {
	if job.CancelRequestedAt != nil {
		return nil
	}
	changed, err := s.change(tx, models.EventCancel, models.ToJSON(map[string]any{"reason": reason}),
		fmt.Sprintf("cancel_requested_at = %s, cancel_reason = ?", s.dialect.now()), "id = ?", reason, job.ID)
	if err != nil {
		return err
	}
	*job = *changed
	fin.Jobs = append(fin.Jobs, job.ID)
	return nil
}

// Retry implements jobs.Intake.
func (s *Store) Retry(ctx context.Context, accountID, jobID string) (*models.Job, jobs.Finished, error) {
	var fin jobs.Finished
	err := s.tx(ctx, func(tx *gorm.DB) error {
		fin = jobs.Finished{}
		job, err := s.lockJob(tx, accountID, jobID)
		if err != nil {
			return err
		}
		if job.State != models.StateFailed && job.State != models.StateCancelled {
			return models.NewError(models.CodeConflict, "only a failed or cancelled job can be retried, this one is "+string(job.State))
		}
		var failed int64
		err = tx.Raw(`SELECT count(*) FROM job_dependencies d JOIN jobs j ON j.id = d.depends_on
			WHERE d.job_id = ? AND j.state IN ('failed', 'cancelled')`, job.ID).Scan(&failed).Error
		if err != nil {
			return err
		}
		if failed > 0 && job.OnDependencyFailure == models.DependencyCancel {
			return models.NewError(models.CodeConflict, "the job depends on one that did not succeed; retry that one")
		}
		return s.revive(tx, job, &fin)
	})
	if err != nil {
		return nil, jobs.Finished{}, err
	}
	job, err := s.Job(ctx, accountID, jobID)
	return job, fin, err
}

// revive queues a finished job again, or blocks it when it has to wait, and brings back the jobs that were cancelled
// because of it.
func (s *Store) revive(tx *gorm.DB, job *models.Job, fin *jobs.Finished) error {
	var open int64
	err := tx.Raw(`SELECT count(*) FROM job_dependencies d JOIN jobs j ON j.id = d.depends_on
		WHERE d.job_id = ? AND j.state NOT IN ('succeeded', 'failed', 'cancelled')`, job.ID).Scan(&open).Error
	if err != nil {
		return err
	}
	job.State = models.StateQueued
	if open > 0 {
		job.State = models.StateBlocked
	}
	_, err = s.change(tx, models.EventType(job.State), stateData(job.State, map[string]any{"retried": true}),
		fmt.Sprintf(`state = ?, failures = 0, worker_deaths = 0, progress = 0, stage = '', error_code = '', error_message = '', log_tail = '',
			output = NULL, cancel_requested_at = NULL, cancel_reason = '', run_at = %s, dispatched_at = NULL, finished_at = NULL`,
			s.dialect.now()), "id = ?", job.State, job.ID)
	if err != nil {
		return err
	}
	fin.Jobs = append(fin.Jobs, job.ID)
	if job.State == models.StateQueued {
		fin.Queues = append(fin.Queues, job.Queue())
	}
	var behind []models.Job
	err = tx.Raw(`SELECT * FROM jobs WHERE state = 'cancelled' AND error_code = ? AND id IN
		(SELECT job_id FROM job_dependencies WHERE depends_on = ?) ORDER BY id`+s.dialect.forUpdate(),
		models.CodeDependencyFailed, job.ID).Scan(&behind).Error
	if err != nil {
		return err
	}
	for i := range behind {
		if err := s.revive(tx, &behind[i], fin); err != nil {
			return err
		}
	}
	return nil
}

// ReapExpired implements jobs.Strays. Each job is its own transaction: one that cannot be mended holds up no other.
func (s *Store) ReapExpired(ctx context.Context, limit int) (jobs.Finished, error) {
	var all jobs.Finished
	for range limit {
		var fin jobs.Finished
		err := s.tx(ctx, func(tx *gorm.DB) error {
			fin = jobs.Finished{}
			var job models.Job
			res := tx.Raw(fmt.Sprintf(`SELECT * FROM jobs WHERE state = 'running' AND lease_expires_at < %s
				ORDER BY lease_expires_at LIMIT 1`, s.dialect.now()) + s.dialect.skipLocked()).Scan(&job)
			if res.Error != nil || res.RowsAffected == 0 {
				return res.Error
			}
			return s.reap(tx, utc(&job), &fin)
		})
		if err != nil || len(fin.Jobs) == 0 {
			return all, err
		}
		all.Jobs = append(all.Jobs, fin.Jobs...)
		all.Queues = append(all.Queues, fin.Queues...)
	}
	return all, nil
}

func (s *Store) reap(tx *gorm.DB, job *models.Job, fin *jobs.Finished) error {
	job.WorkerDeaths++
	switch {
	case job.CancelRequestedAt != nil:
		return s.end(tx, job, models.StateCancelled, models.NewError(models.CodeCancelled, job.CancelReason), fin)
	case job.WorkerDeaths >= jobs.MaxWorkerDeaths:
		return s.end(tx, job, models.StateFailed, models.NewError(models.CodePoisonous,
			fmt.Sprintf("the job was running when %d workers were lost", job.WorkerDeaths)), fin)
	}
	return s.requeue(tx, job, 0, models.EventRetrying, models.NewError(models.CodeWorkerLost, "the worker was lost"), fin)
}

// ExpireLeases ends every lease at once. Only a process that knows itself to be the database's only worker may.
func (s *Store) ExpireLeases(ctx context.Context) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		return tx.Exec(fmt.Sprintf("UPDATE jobs SET lease_expires_at = %s WHERE state = 'running'", s.dialect.nowPlus(-time.Second))).Error
	})
}
