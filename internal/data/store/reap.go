package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// ReapExpired implements jobs.RepairStore. Each job is a separate transaction: one that cannot be repaired does not delay the
// others, and is in the error beside the effects. What somebody else holds is left for the next time, and does not count.
func (s *Backlog) ReapExpired(ctx context.Context, limit int) (jobs.Effects, error) {
	var all jobs.Effects
	var errs []error
	done := []string{""} // an empty list would match nothing
	for n := 0; n < limit; {
		var effects jobs.Effects
		var id string
		passed := true
		err := s.write(ctx, func(tx *tx) error {
			effects, id, passed = jobs.Effects{}, "", true
			expired := leased + " AND lease_expires_at < " + s.dialect.now()
			res := tx.Raw("SELECT job_id FROM job_queue WHERE "+expired+" AND job_id NOT IN ? ORDER BY lease_expires_at LIMIT 1", done).Scan(&id)
			if res.Error != nil || id == "" {
				return res.Error
			}
			if ok, err := tx.tryAround(id); err != nil || !ok {
				return err
			}
			var lost holder
			res = tx.Raw("SELECT lease_owner, alone, draining FROM job_queue WHERE job_id = ? AND "+expired+s.dialect.lock(passLocked), id).Scan(&lost)
			if res.Error != nil || res.RowsAffected == 0 {
				return res.Error // others are at it
			}
			passed = false
			var job models.Job
			if err := tx.Raw("SELECT * FROM jobs WHERE id = ?", id).Scan(&job).Error; err != nil {
				return err
			}
			return tx.reap(utc(&job), lost, &effects)
		})
		if id == "" {
			return all, errors.Join(append(errs, err)...)
		}
		done = append(done, id)
		if !passed || err != nil {
			n++
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("job %s: %w", id, err))
			continue
		}
		all.Jobs = append(all.Jobs, effects.Jobs...)
		all.Queues = append(all.Queues, effects.Queues...)
	}
	return all, errors.Join(errs...)
}

func (tx *tx) reap(job *models.Job, lost holder, effects *jobs.Effects) error {
	switch {
	case job.CancelRequestedAt != nil:
		return tx.end(job, models.StateCancelled, models.NewError(models.CodeCancelled, job.CancelReason), effects)
	case lost.Draining:
		return tx.requeue(job, 0, models.EventQueued, nil, effects) // the worker was being stopped
	}
	job.WorkerDeaths++
	job.SuspectOf, job.SuspectAlone = lost.LeaseOwner, lost.Alone
	if lost.Alone {
		job.DeathsAlone++
	}
	if job.DeathsAlone >= jobs.MaxDeathsAlone {
		return tx.end(job, models.StateFailed, models.NewError(models.CodePoisonous,
			fmt.Sprintf("%d workers were lost while they ran this job and nothing else", job.DeathsAlone)), effects)
	}
	return tx.requeue(job, 0, models.EventRetrying, models.NewError(models.CodeWorkerLost, "the worker was lost"), effects)
}

// ExpireLeases ends every lease immediately. Only a process that knows that it is the database's only worker may call it.
func (s *Backlog) ExpireLeases(ctx context.Context) error {
	return s.write(ctx, func(tx *tx) error {
		return tx.Exec(fmt.Sprintf("UPDATE job_queue SET lease_expires_at = %s WHERE "+leased, s.dialect.nowPlus(micros(-time.Second)))).Error
	})
}
