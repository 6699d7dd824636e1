package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// expired is a job in the queue that has not started and must not any more.
func (d *db) expired() string {
	return "job_queue.expires_at <= " + d.dialect.now() + " AND job_queue.attempt = 0"
}

// Expire implements jobs.RepairStore. As in ReapExpired each job is a separate transaction, and what others hold is left for
// the next time.
func (s *Backlog) Expire(ctx context.Context, limit int) (jobs.Effects, error) {
	var all jobs.Effects
	var ids []string
	err := s.read(ctx).Raw("SELECT job_id FROM job_queue WHERE "+s.expired()+" ORDER BY expires_at LIMIT ?", limit).Scan(&ids).Error
	if err != nil {
		return all, s.wrap(err)
	}
	var errs []error
	for _, id := range ids {
		var effects jobs.Effects
		err := s.write(ctx, func(tx *tx) error {
			effects = jobs.Effects{}
			if ok, err := tx.tryAround(id); err != nil || !ok {
				return err
			}
			var locked []string
			err := tx.Raw("SELECT job_id FROM job_queue WHERE job_id = ? AND "+s.expired()+s.dialect.lock(passLocked), id).Scan(&locked).Error
			if err != nil || len(locked) == 0 {
				return err
			}
			var job models.Job
			if err := tx.Raw("SELECT * FROM jobs WHERE id = ?", id).Scan(&job).Error; err != nil {
				return err
			}
			return tx.end(utc(&job), models.StateFailed, models.NewError(models.CodeExpired, "the job had not started when it expired"), &effects)
		})
		if err != nil {
			errs = append(errs, fmt.Errorf("job %s: %w", id, err))
			continue
		}
		all.Jobs = append(all.Jobs, effects.Jobs...)
		all.Queues = append(all.Queues, effects.Queues...)
	}
	errs = append(errs, s.expireApprovals(ctx, limit, &all))
	return all, errors.Join(errs...)
}
