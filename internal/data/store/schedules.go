package store

import (
	"context"
	"fmt"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Schedules is the jobs that are submitted at set times: the platform's own, and what accounts have asked for.
type Schedules struct{ *db }

// DueSchedules lists the enabled schedules whose time has come, and the database's clock.
func (s *Schedules) DueSchedules(ctx context.Context) (due []models.Schedule, now time.Time, err error) {
	if now, err = s.clock(ctx); err != nil {
		return nil, now, err
	}
	err = s.wrap(s.read(ctx).Raw("SELECT * FROM schedules WHERE enabled AND next_run_at <= ? ORDER BY next_run_at", now).Scan(&due).Error)
	for i := range due {
		due[i].NextRunAt = due[i].NextRunAt.UTC()
	}
	return due, now, err
}

// FireOwn advances a schedule to its next time and submits its jobs, atomically, by compare-and-swap on the time that was due: of
// several schedulers one wins. It reports whether this one did.
func (s *Schedules) FireOwn(ctx context.Context, sched models.Schedule, next time.Time, all []*models.Job) (won bool, err error) {
	if err := needAccount(sched.AccountID); err != nil {
		return false, err
	}
	err = s.write(ctx, func(tx *tx) error {
		won = false
		last := sched.LastJobID
		if len(all) > 0 {
			last = all[len(all)-1].ID
		}
		res := tx.Exec(fmt.Sprintf(`UPDATE schedules SET next_run_at = ?, last_run_at = %s, last_job_id = ?
			WHERE id = ? AND next_run_at = ? AND enabled`, s.dialect.now()), next.UTC(), last, sched.ID, sched.NextRunAt.UTC())
		if res.Error != nil || res.RowsAffected == 0 {
			return res.Error
		}
		won = true
		if len(all) == 0 {
			return nil
		}
		refused, err := tx.insertJobs(&jobs.Submission{Jobs: all})
		if err == nil && len(refused) > 0 {
			err = jobs.ErrNoProject
		}
		return err
	})
	return won, err
}
