package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/models"
)

// usageScope is the row of the rollups table that says how far usage has been rolled up.
const usageScope = "usage"

// RolledTo is how far usage has been rolled up, and the database's clock. The zero time means never.
func (s *Store) RolledTo(ctx context.Context) (rolledTo, now time.Time, err error) {
	err = s.tx(ctx, func(tx *gorm.DB) error {
		var rows []struct{ RolledTo time.Time }
		if err := tx.Raw("SELECT rolled_to FROM rollups WHERE scope = ?", usageScope).Scan(&rows).Error; err != nil {
			return err
		}
		rolledTo = time.Time{}
		if len(rows) > 0 {
			rolledTo = rows[0].RolledTo.UTC()
		}
		now, err = s.clock(tx)
		return err
	})
	return rolledTo, now, err
}

// clock reads the database's clock.
func (s *Store) clock(tx *gorm.DB) (time.Time, error) {
	var text string
	format := "2006-01-02 15:04:05.999999999-07:00"
	query := "SELECT " + s.dialect.now()
	if s.dialect.goose() == "postgres" {
		query = "SELECT to_char(" + s.dialect.now() + " AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00:00'"
	}
	if err := tx.Raw(query).Scan(&text).Error; err != nil {
		return time.Time{}, err
	}
	t, err := time.Parse(format, text)
	return t.UTC(), err
}

// FinishedSince calls f for each job of the account, or of all when it is "", that finished at or after from, oldest
// first, until f returns an error. Only what a rollup needs is read.
func (s *Store) FinishedSince(ctx context.Context, accountID string, from time.Time, f func(*models.Job) error) error {
	rows, err := s.read(ctx).Raw(`SELECT account_id, kind, state, started_at, finished_at, tokens_in, tokens_out, output_bytes
		FROM jobs WHERE finished_at IS NOT NULL AND finished_at >= @from AND (account_id = @account OR @account = '')
		ORDER BY finished_at, id`, map[string]any{"from": from.UTC(), "account": accountID}).Rows()
	if err != nil {
		return s.wrap(err)
	}
	defer rows.Close()
	for rows.Next() {
		var j models.Job
		if err := s.r.ScanRows(rows, &j); err != nil {
			return s.wrap(err)
		}
		if err := f(utc(&j)); err != nil {
			return err
		}
	}
	return s.wrap(rows.Err())
}

// SaveUsage replaces the buckets with their recomputed values and moves the mark, together. Saving the same twice
// changes nothing; the mark never moves back, and the zero time leaves it.
func (s *Store) SaveUsage(ctx context.Context, buckets []models.Usage, rolledTo time.Time) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		for _, u := range buckets {
			err := tx.Exec(`INSERT INTO usage (account_id, kind, period, start, jobs, failures, p50_millis, p95_millis, tokens_in, tokens_out, bytes)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (account_id, period, kind, start) DO UPDATE SET jobs = excluded.jobs, failures = excluded.failures,
				p50_millis = excluded.p50_millis, p95_millis = excluded.p95_millis, tokens_in = excluded.tokens_in,
				tokens_out = excluded.tokens_out, bytes = excluded.bytes`,
				u.AccountID, u.Kind, u.Period, u.Start.UTC(), u.Jobs, u.Failures, u.P50Millis, u.P95Millis, u.TokensIn, u.TokensOut, u.Bytes).Error
			if err != nil {
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

// Usage lists an account's buckets, newest first.
func (s *Store) Usage(ctx context.Context, accountID string, f models.UsageFilter) ([]models.Usage, error) {
	db := s.read(ctx).Table("usage").Where("account_id = ?", accountID).Order("start DESC, kind, period")
	if f.Period != "" {
		db = db.Where("period = ?", f.Period)
	}
	if f.Kind != "" {
		db = db.Where("kind = ?", f.Kind)
	}
	if !f.From.IsZero() {
		db = db.Where("start >= ?", f.From.UTC())
	}
	if !f.To.IsZero() {
		db = db.Where("start < ?", f.To.UTC())
	}
	var rows []models.Usage
	err := db.Limit(maxUsageRows).Find(&rows).Error
	for i := range rows {
		rows[i].Start = rows[i].Start.UTC()
	}
	return rows, s.wrap(err)
}

// maxUsageRows bounds a usage report: a year of days for every kind, or two weeks of hours.
const maxUsageRows = 2000
