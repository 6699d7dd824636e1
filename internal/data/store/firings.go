package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// fire notes a firing and advances its schedule, if the schedule still has the time as its next; otherwise it is jobs.ErrFired.
func (tx *tx) fire(f *models.Firing) error {
	if err := needAccount(f.AccountID); err != nil {
		return err
	}
	var found []string
	var err error
	if f.Manual {
		err = tx.Raw("SELECT id FROM account_schedules WHERE id = ? AND account_id = ?"+tx.dialect.lock(waitLocked), f.ScheduleID,
			f.AccountID).Scan(&found).Error
	} else {
		err = tx.Raw("UPDATE account_schedules SET next_run_at = ? WHERE id = ? AND account_id = ? AND next_run_at = ? AND paused_at IS NULL RETURNING id",
			tx.dialect.timestamp(f.Next), f.ScheduleID, f.AccountID, tx.dialect.timestamp(f.Was)).Scan(&found).Error
	}
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return jobs.ErrFired
	}
	err = tx.Exec(`INSERT INTO firings (id, account_id, schedule_id, due_at, fired_at, manual, outcome, job_id, pipeline_id, error_code, message, missed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, f.ID, f.AccountID, f.ScheduleID, tx.dialect.timestamp(f.DueAt), tx.dialect.timestamp(f.FiredAt), f.Manual,
		f.Outcome, f.JobID, f.PipelineID, f.ErrorCode, cleanText(f.Message), f.Missed).Error
	if err != nil || !f.Manual {
		return err
	}
	return tx.record("schedule.run", resource{f.AccountID, "schedule", f.ScheduleID}, details{"job": f.JobID, "pipeline": f.PipelineID})
}

// Fire notes a firing that submits nothing, and advances its schedule, unless somebody else did. A schedule of which so many in a row have failed is
// paused, which the account's events say.
func (s *Schedules) Fire(ctx context.Context, f *models.Firing, failures int) (won, paused bool, err error) {
	if err := needAccount(f.AccountID); err != nil {
		return false, false, err
	}
	err = s.write(ctx, func(tx *tx) (err error) {
		paused = false
		if err = tx.fire(f); err == nil {
			paused, err = tx.pauseFailing(f, f.Next, failures)
		}
		return err
	})
	if errors.Is(err, jobs.ErrFired) {
		return false, false, nil
	}
	return err == nil, paused && err == nil, err
}

// PauseFailing pauses a schedule that is due, if so many of its last firings in a row have failed.
func (s *Schedules) PauseFailing(ctx context.Context, f *models.Firing, failures int) (paused bool, err error) {
	if err := needAccount(f.AccountID); err != nil {
		return false, err
	}
	var failed int
	if failed, err = s.failed(ctx, f.ScheduleID, failures); err != nil || failed < failures {
		return false, err
	}
	err = s.write(ctx, func(tx *tx) (err error) {
		paused, err = tx.pauseFailing(f, f.Was, failures)
		return err
	})
	return paused && err == nil, err
}

// failing counts how many of a schedule's last firings of which the outcome is known have failed. What the account, and not the schedule, was refused
// does not count, and neither does what was left out. Jobs that are not kept any longer have not failed.
const failing = `SELECT count(*) FROM (
	SELECT CASE WHEN f.outcome = 'refused' OR j.state = 'failed'
		OR f.pipeline_id <> '' AND EXISTS (SELECT 1 FROM jobs s WHERE s.pipeline_id = f.pipeline_id AND s.state = 'failed') THEN 1 ELSE 0 END AS failed
	FROM firings f JOIN account_schedules a ON a.id = f.schedule_id LEFT JOIN jobs j ON j.id = f.job_id AND f.job_id <> ''
	WHERE f.schedule_id = ? AND f.fired_at >= a.counted_from
		AND (f.outcome = 'submitted' OR f.outcome = 'refused'
			AND f.error_code NOT IN ('account_suspended', 'quota_exceeded', 'backlog_full', 'storage_exceeded'))
		AND (j.id IS NULL OR j.state IN ('succeeded', 'failed', 'cancelled'))
		AND NOT EXISTS (SELECT 1 FROM jobs s WHERE s.pipeline_id = f.pipeline_id AND f.pipeline_id <> '' AND s.state IN ('blocked', 'queued', 'running'))
	ORDER BY f.id DESC LIMIT ?
) AS recent WHERE failed = 1`

func (d *db) failed(ctx context.Context, scheduleID string, most int) (n int, err error) {
	return n, d.wrap(d.read(ctx).Raw(failing, scheduleID, most).Scan(&n).Error)
}

// pauseFailing pauses a schedule with a next time, if its last firings have failed.
func (tx *tx) pauseFailing(f *models.Firing, next time.Time, failures int) (paused bool, err error) {
	var failed int
	if err := tx.Raw(failing, f.ScheduleID, failures).Scan(&failed).Error; err != nil || failed < failures {
		return false, err
	}
	var was []models.AccountSchedule
	err = tx.Raw(fmt.Sprintf(`UPDATE account_schedules SET paused_at = %[1]s, pause_reason = 'failures', updated_at = %[1]s
		WHERE id = ? AND next_run_at = ? AND paused_at IS NULL RETURNING name, project_id`, tx.dialect.now()), f.ScheduleID,
		tx.dialect.timestamp(next)).Scan(&was).Error
	if err != nil || len(was) == 0 {
		return false, err
	}
	err = tx.record("schedule.pause", resource{f.AccountID, "schedule", f.ScheduleID}, details{"paused": string(models.PauseFailures)})
	if err != nil {
		return false, err
	}
	return true, tx.addEvent(&models.AccountEvent{ID: models.NewID(), AccountID: f.AccountID, ProjectID: was[0].ProjectID, Type: models.EventSchedulePaused,
		Data: models.ToJSON(map[string]any{"schedule_id": f.ScheduleID, "name": was[0].Name, "reason": models.PauseFailures, "failures": failures})})
}

// addEvent notes what has happened to an account, for the sequencer.
func (tx *tx) addEvent(e *models.AccountEvent) error {
	return tx.Exec("INSERT INTO account_events (id, account_id, project_id, type, data) VALUES (?, ?, ?, ?, ?)",
		e.ID, e.AccountID, e.ProjectID, e.Type, e.Data).Error
}

// Firings removes what schedules did longer ago than keep.
func (s *Retention) Firings(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	return s.byAge(ctx, "firings", "fired_at", "", keep)
}

// AccountEvents removes what happened to accounts longer ago than keep, and is in the stream.
func (s *Retention) AccountEvents(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	return s.byAge(ctx, "account_events", "created_at", " AND NOT pending", keep)
}

// byAge removes rows of a table that are older than keep.
func (s *Retention) byAge(ctx context.Context, table, at, which string, keep time.Duration) (models.Pruning, error) {
	done := models.Pruning{Removed: make(map[string]int)}
	err := s.write(ctx, func(tx *tx) error {
		res := tx.Exec(fmt.Sprintf("DELETE FROM %[1]s WHERE id IN (SELECT id FROM %[1]s WHERE %[2]s < %[3]s%[4]s ORDER BY %[2]s LIMIT ?)",
			table, at, tx.dialect.nowPlus(micros(-keep)), which), streamStep)
		done.Removed[table], done.More = int(res.RowsAffected), res.RowsAffected == streamStep
		return res.Error
	})
	if err != nil {
		return models.Pruning{}, err
	}
	var oldest []struct{ At time.Time }
	err = s.read(ctx).Raw(fmt.Sprintf("SELECT %[2]s AS at FROM %[1]s ORDER BY %[2]s LIMIT 1", table, at)).Scan(&oldest).Error
	if err == nil && len(oldest) > 0 {
		done.Oldest = oldest[0].At.UTC()
	}
	return done, s.wrap(err)
}
