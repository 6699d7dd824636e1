package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/models"
)

// usageScope is the row of the rollups table that says how far usage has been rolled up.
const usageScope = "usage"

// Usage is what accounts used, in buckets of an hour and a day, and the finished jobs that they are counted from.
type Usage struct{ *db }

// RolledTo is the time up to which usage has been rolled up, and the database's clock. The zero time means never.
func (s *Usage) RolledTo(ctx context.Context) (rolledTo, now time.Time, err error) {
	var rows []struct{ RolledTo time.Time }
	if err := s.read(ctx).Raw("SELECT rolled_to FROM rollups WHERE scope = ?", usageScope).Scan(&rows).Error; err != nil {
		return time.Time{}, time.Time{}, s.wrap(err)
	}
	if len(rows) > 0 {
		rolledTo = rows[0].RolledTo.UTC()
	}
	now, err = s.clock(ctx)
	return rolledTo, now, err
}

// FinishedSince calls f for each of the account's jobs that finished at or after from, oldest first, until f returns an
// error. Only what a rollup needs is read.
func (s *Usage) FinishedSince(ctx context.Context, accountID string, from time.Time, f func(*models.Job) error) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	return s.readLong(ctx, func(q *gorm.DB) error { return s.eachFinished(q.Where("account_id = ?", accountID), from, f) })
}

func (d *db) eachFinished(q *gorm.DB, from time.Time, f func(*models.Job) error) error {
	rows, err := q.Table("jobs").Select("account_id, end_user, kind, state, started_at, finished_at, tokens_in, tokens_out, output_bytes").
		Where("finished_at IS NOT NULL AND finished_at >= ? AND kind <> 'approval'", from.UTC()).Order("finished_at, id").Rows()
	if err != nil {
		return d.wrap(err)
	}
	defer rows.Close()
	for rows.Next() {
		var j models.Job
		if err := d.r.ScanRows(rows, &j); err != nil {
			return d.wrap(err)
		}
		if err := f(utc(&j)); err != nil {
			return err
		}
	}
	return d.wrap(rows.Err())
}

// SaveUsage replaces the buckets with their recomputed values and moves the mark, atomically. Saving the same twice changes
// nothing; the mark never moves back, and the zero time keeps it. A bucket whose jobs are not all kept any longer stays as it is:
// it was complete before the first of them went.
func (s *Usage) SaveUsage(ctx context.Context, buckets []models.Usage, rolledTo time.Time) error {
	return s.write(ctx, func(tx *tx) error {
		kept := make(map[models.Kind]time.Time) // jobs that ended since
		for _, k := range models.Kinds() {
			var err error
			if kept[k], err = doneTo(tx.DB, walkOfKind(k)); err != nil {
				return err
			}
		}
		for _, u := range buckets {
			if err := needAccount(u.AccountID); err != nil {
				return err
			}
			if u.Start.Before(kept[u.Kind]) {
				continue
			}
			if err := tx.saveBucket(&u); err != nil {
				return err
			}
		}
		if rolledTo.IsZero() {
			return nil
		}
		return tx.Exec(`INSERT INTO rollups (scope, rolled_to) VALUES (?, ?)
			ON CONFLICT (scope) DO UPDATE SET rolled_to = excluded.rolled_to WHERE rollups.rolled_to < excluded.rolled_to`,
			usageScope, rolledTo.UTC()).Error
	})
}

func (tx *tx) saveBucket(u *models.Usage) error {
	table, key, of := "usage", "period", any(u.Period)
	if u.EndUser != "" {
		table, key, of = "end_user_usage", "end_user", cleanText(u.EndUser)
	}
	return tx.Exec(`INSERT INTO `+table+` (account_id, kind, `+key+`, start, jobs, failures, p50_millis, p95_millis, tokens_in, tokens_out, bytes)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (account_id, `+key+`, kind, start) DO UPDATE SET jobs = excluded.jobs, failures = excluded.failures,
		p50_millis = excluded.p50_millis, p95_millis = excluded.p95_millis, tokens_in = excluded.tokens_in,
		tokens_out = excluded.tokens_out, bytes = excluded.bytes`,
		u.AccountID, u.Kind, of, u.Start.UTC(), u.Jobs, u.Failures, u.P50Millis, u.P95Millis, u.TokensIn, u.TokensOut, u.Bytes).Error
}

// Usage lists the buckets of an account, or of one of its end users, newest first.
func (s *Usage) Usage(ctx context.Context, accountID string, f models.UsageFilter) ([]models.Usage, error) {
	q := s.of(ctx, accountID)
	switch {
	case f.EndUser != "":
		q = q.Table("end_user_usage").Where("end_user = ?", f.EndUser).Order("start DESC, kind")
	case f.Period != "":
		q = q.Table("usage").Where("period = ?", f.Period).Order("start DESC, kind")
	default:
		q = q.Table("usage").Order("start DESC, kind, period")
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if !f.From.IsZero() {
		q = q.Where("start >= ?", f.From.UTC())
	}
	if !f.To.IsZero() {
		q = q.Where("start < ?", f.To.UTC())
	}
	var rows []models.Usage
	err := q.Limit(maxUsageRows).Find(&rows).Error
	for i := range rows {
		rows[i].Start = rows[i].Start.UTC()
		if f.EndUser != "" {
			rows[i].Period = models.PeriodDay
		}
	}
	return rows, s.wrap(err)
}

// maxUsageRows bounds a usage report: a year of days for every kind, or two weeks of hours.
const maxUsageRows = 2000
