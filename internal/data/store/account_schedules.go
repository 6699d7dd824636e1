package store

import (
	"context"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

// Now is the database's clock.
func (s *Schedules) Now(ctx context.Context) (time.Time, error) { return s.clock(ctx) }

// Create stores a new schedule of an account, unless that has as many as most; 0 is any number.
func (s *Schedules) Create(ctx context.Context, a *models.AccountSchedule, most int) error {
	if err := needAccount(a.AccountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		if most > 0 {
			if err := tx.lockAccount(a.AccountID); err != nil { // so that two count one another
				return err
			}
			var n int
			if err := tx.Raw("SELECT count(*) FROM account_schedules WHERE account_id = ?", a.AccountID).Scan(&n).Error; err != nil {
				return err
			}
			if n >= most {
				return models.NewError(models.CodeLimitReached, fmt.Sprintf("the limit max_schedules is %d, and the account has as many", most))
			}
		}
		if err := tx.keepTemplate(a.AccountID, a.TemplateID); err != nil {
			return err
		}
		var made struct{ CreatedAt, UpdatedAt time.Time }
		err := tx.Raw(`INSERT INTO account_schedules (id, account_id, project_id, name, cron, time_zone, target, overlap, misfire, paused_at, pause_reason,
			next_run_at, counted_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING created_at, updated_at`,
			a.ID, a.AccountID, a.ProjectID, cleanText(a.Name), a.Cron, a.TimeZone, a.Target, a.Overlap, a.Misfire, tx.time(a.PausedAt), a.PauseReason,
			tx.dialect.timestamp(a.NextRunAt), tx.dialect.timestamp(a.CountedFrom)).Scan(&made).Error
		if err != nil {
			return err
		}
		a.CreatedAt, a.UpdatedAt = made.CreatedAt, made.UpdatedAt
		utcSchedule(a)
		return tx.record("schedule.create", resource{a.AccountID, "schedule", a.ID})
	})
}

// utcSchedule has all times of a schedule in UTC.
func utcSchedule(a *models.AccountSchedule) {
	for _, t := range []*time.Time{a.PausedAt, &a.NextRunAt, &a.CountedFrom, &a.CreatedAt, &a.UpdatedAt} {
		if t != nil {
			*t = t.UTC()
		}
	}
}

// Schedule reads a schedule of an account.
func (s *Schedules) Schedule(ctx context.Context, accountID, id string) (*models.AccountSchedule, error) {
	a, err := one[models.AccountSchedule](s.db, s.of(ctx, accountID).Where("id = ?", id), "schedule")
	if err != nil {
		return nil, err
	}
	utcSchedule(a)
	return a, nil
}

// List lists the schedules of an account, or those of one of its projects, newest first.
func (s *Schedules) List(ctx context.Context, accountID, projectID string, p models.Page) ([]models.AccountSchedule, error) {
	q := page(s.of(ctx, accountID), p)
	if projectID != "" {
		q = q.Where("project_id = ?", projectID)
	}
	var all []models.AccountSchedule
	err := q.Find(&all).Error
	for i := range all {
		utcSchedule(&all[i])
	}
	return all, s.wrap(err)
}

// Change changes a schedule by f, which may run several times, and returns it as it is then.
func (s *Schedules) Change(ctx context.Context, accountID, id string, f func(*models.AccountSchedule) error) (*models.AccountSchedule, error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	var changed *models.AccountSchedule
	err := s.write(ctx, func(tx *tx) error {
		a, err := one[models.AccountSchedule](s.db, tx.Raw("SELECT * FROM account_schedules WHERE id = ? AND account_id = ?"+s.dialect.lock(waitLocked),
			id, accountID), "schedule")
		if err != nil {
			return err
		}
		utcSchedule(a)
		if err := f(a); err != nil {
			return err
		}
		if err := tx.keepTemplate(accountID, a.TemplateID); err != nil {
			return err
		}
		changed = a
		err = tx.Raw(fmt.Sprintf(`UPDATE account_schedules SET project_id = ?, name = ?, cron = ?, time_zone = ?, target = ?, overlap = ?, misfire = ?,
			paused_at = ?, pause_reason = ?, next_run_at = ?, counted_from = ?, updated_at = %s WHERE id = ? RETURNING updated_at`, tx.dialect.now()),
			a.ProjectID, cleanText(a.Name), a.Cron, a.TimeZone, a.Target, a.Overlap, a.Misfire, tx.time(a.PausedAt), a.PauseReason,
			tx.dialect.timestamp(a.NextRunAt), tx.dialect.timestamp(a.CountedFrom), id).Scan(&a.UpdatedAt).Error
		if err != nil {
			return err
		}
		utcSchedule(a)
		paused := ""
		if a.PausedAt != nil {
			paused = string(a.PauseReason)
		}
		return tx.record("schedule.change", resource{accountID, "schedule", id}, details{"paused": paused})
	})
	return changed, err
}

// Delete removes a schedule with its history. What it has submitted stays.
func (s *Schedules) Delete(ctx context.Context, accountID, id string) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		res := tx.Exec("DELETE FROM account_schedules WHERE id = ? AND account_id = ?", id, accountID)
		if res.Error == nil && res.RowsAffected == 0 {
			return models.NewError(models.CodeNotFound, "no such schedule")
		}
		if res.Error != nil {
			return res.Error
		}
		return tx.record("schedule.delete", resource{accountID, "schedule", id})
	})
}

// Firings lists what a schedule did, newest first.
func (s *Schedules) Firings(ctx context.Context, accountID, scheduleID string, p models.Page) ([]models.Firing, error) {
	var all []models.Firing
	err := page(s.of(ctx, accountID), p).Where("schedule_id = ?", scheduleID).Find(&all).Error
	for i := range all {
		all[i].DueAt, all[i].FiredAt = all[i].DueAt.UTC(), all[i].FiredAt.UTC()
	}
	return all, s.wrap(err)
}

// Due lists up to limit of the schedules whose time has come by a clock, but those of accounts and those that are named: of each account the one first
// that waits longest, then of each the next, and so on.
func (s *Schedules) Due(ctx context.Context, now time.Time, limit int, accounts, schedules []string) ([]models.AccountSchedule, error) {
	which, args := "paused_at IS NULL AND next_run_at <= ?", []any{s.dialect.timestamp(now)}
	if len(accounts) > 0 {
		which, args = which+" AND account_id NOT IN ?", append(args, accounts)
	}
	if len(schedules) > 0 {
		which, args = which+" AND id NOT IN ?", append(args, schedules)
	}
	var due []models.AccountSchedule
	err := s.read(ctx).Raw(`SELECT a.* FROM (SELECT id, row_number() OVER (PARTITION BY account_id ORDER BY next_run_at, id) AS turn
			FROM account_schedules WHERE `+which+`) d JOIN account_schedules a ON a.id = d.id ORDER BY d.turn, a.next_run_at, a.id LIMIT ?`,
		append(args, limit)...).Scan(&due).Error
	for i := range due {
		utcSchedule(&due[i])
	}
	return due, s.wrap(err)
}
