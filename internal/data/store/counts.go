package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/models"
)

// counted notes of a job that is retried what was counted when it ended, which is not to be counted again when it ends next. One that has ended just
// now may not have been counted: then all of it is when it ends next, so that nobody uses anything for nothing by being quick.
func counted(d dialect) string {
	was := "coalesce(" + d.age("jobs.finished_at") + " > 5, false)"
	return fmt.Sprintf(`counted_in = CASE WHEN %[1]s THEN coalesce(jobs.tokens_in, 0) ELSE jobs.counted_in END,
			counted_out = CASE WHEN %[1]s THEN coalesce(jobs.tokens_out, 0) ELSE jobs.counted_out END,
			ran_millis = CASE WHEN %[1]s THEN 0 ELSE %[2]s END`, was, ranFor(d, "jobs"))
}

// tally adds the jobs that some events say have ended to the counts of the hours in which they did. from is as for countSpent.
func tally(d dialect, from string) string {
	return fmt.Sprintf(`INSERT INTO usage_counts (account_id, start, kind, project_id, end_user, jobs, failures, tokens_in, tokens_out, build_millis, bytes)
		SELECT j.account_id, %[1]s, j.kind, j.project_id, j.end_user, count(*), sum(CASE WHEN j.state = 'failed' THEN 1 ELSE 0 END),
			sum(coalesce(j.tokens_in, 0) - j.counted_in), sum(coalesce(j.tokens_out, 0) - j.counted_out),
			sum(CASE WHEN j.kind = 'build' THEN %[2]s ELSE 0 END), sum(coalesce(j.output_bytes, 0))
		FROM %[3]s g JOIN jobs j ON j.id = g.job_id WHERE %[4]s GROUP BY j.account_id, %[1]s, j.kind, j.project_id, j.end_user ORDER BY 1, 2, 3, 4, 5
		ON CONFLICT (account_id, start, kind, project_id, end_user) DO UPDATE SET %[5]s`, d.hour("j.finished_at"), ranFor(d, "j"), from, endedBy, addUp())
}

// countColumns are what is counted.
var countColumns = []string{"jobs", "failures", "tokens_in", "tokens_out", "build_millis", "bytes"}

// addUp adds what is inserted to what is there.
func addUp() string {
	set := make([]string, len(countColumns))
	for i, c := range countColumns {
		set[i] = fmt.Sprintf("%[1]s = usage_counts.%[1]s + excluded.%[1]s", c)
	}
	return strings.Join(set, ", ")
}

// countBatch is how many rows of a report are read at a time.
const countBatch = 10_000

// EachCount calls f for what an account has used, summed up as the question says and in that order, until f returns an error. While f is at work
// no connection to the database is held: a client that reads slowly keeps nobody waiting.
func (s *Usage) EachCount(ctx context.Context, accountID string, q models.UsageQuestion, f func(*models.UsageCount) error) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	var last *models.UsageCount
	for most := q.Most; most > 0; most -= countBatch {
		batch, err := s.countsAfter(ctx, accountID, q, last, min(most, countBatch))
		if err != nil {
			return err
		}
		for i := range batch {
			if err := f(&batch[i]); err != nil {
				return err
			}
		}
		if len(batch) < countBatch {
			return nil
		}
		last = &batch[len(batch)-1]
	}
	return nil
}

// countsAfter reads up to so many rows of a report that come after one, or the first ones.
func (s *Usage) countsAfter(ctx context.Context, accountID string, q models.UsageQuestion, last *models.UsageCount, most int) (
	batch []models.UsageCount, err error) {
	at := "substr(start, 1, 10)"
	where, args := "account_id = ? AND start >= ? AND start < ?", []any{accountID, q.From.UTC().Format(time.DateOnly), q.To.UTC().Format(time.DateOnly)}
	if q.Interval == models.PeriodHour {
		at = "start"
		where += " AND length(start) = 13"
		args[1], args[2] = q.From.UTC().Format(hourLayout), q.To.UTC().Format(hourLayout)
	}
	keys, columns, order := []string{at}, []string{at + " AS at"}, []string{"at"}
	for _, g := range q.GroupBy {
		keys, columns, order = append(keys, string(g)), append(columns, string(g)), append(order, string(g))
	}
	for _, c := range countColumns {
		columns = append(columns, "CAST(sum("+c+") AS bigint) AS "+c)
	}
	for column, value := range map[string]string{"project_id": q.ProjectID, "end_user": q.EndUser, "kind": string(q.Kind)} {
		if value != "" {
			where, args = where+" AND "+column+" = ?", append(args, value)
		}
	}
	if last != nil {
		args[1] = last.At // what is older is not looked at again
		where += " AND (" + strings.Join(keys, ", ") + ") > (?" + strings.Repeat(", ?", len(keys)-1) + ")"
		args = append(args, last.At)
		for _, g := range q.GroupBy {
			args = append(args, map[models.UsageDimension]string{models.UsageByKind: string(last.Kind), models.UsageByProject: last.ProjectID,
				models.UsageByEndUser: last.EndUser}[g])
		}
	}
	query := fmt.Sprintf("SELECT %s FROM usage_counts WHERE %s GROUP BY %s ORDER BY %s LIMIT ?", strings.Join(columns, ", "), where,
		strings.Join(order, ", "), strings.Join(order, ", "))
	err = s.readLong(ctx, func(r *gorm.DB) error { return s.wrap(r.Raw(query, append(args, most)...).Scan(&batch).Error) })
	return batch, err
}

const hourLayout = "2006-01-02 15"

// hourStep bounds how many rows of hours become rows of days in one transaction.
const hourStep = 1000

// UsageHours adds the counts of hours that began longer ago than keep to those of their days. A day's are added up together with its last hour.
func (s *Retention) UsageHours(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	done := models.Pruning{Removed: make(map[string]int)}
	now, err := s.clock(ctx)
	if err != nil {
		return done, err
	}
	before := now.Add(-keep).UTC().Format(time.DateOnly) // whole days
	err = s.write(ctx, func(tx *tx) error {
		done = models.Pruning{Removed: make(map[string]int)}
		var old []models.UsageCount
		err := tx.Raw(`SELECT account_id, start AS at, kind, project_id, end_user, jobs, failures, tokens_in, tokens_out, build_millis, bytes FROM usage_counts
			WHERE length(start) = 13 AND start < ? ORDER BY start, account_id, kind, project_id, end_user
			LIMIT ?`+tx.dialect.lock(passLocked), before, hourStep).Scan(&old).Error
		if err != nil {
			return err
		}
		for _, c := range old {
			err := tx.Exec("DELETE FROM usage_counts WHERE account_id = ? AND start = ? AND kind = ? AND project_id = ? AND end_user = ?",
				c.AccountID, c.At, c.Kind, c.ProjectID, c.EndUser).Error
			if err == nil {
				err = tx.Exec(`INSERT INTO usage_counts (account_id, start, kind, project_id, end_user, jobs, failures, tokens_in, tokens_out,
						build_millis, bytes)
					VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, start, kind, project_id, end_user) DO UPDATE SET `+addUp(),
					c.AccountID, c.At[:len(time.DateOnly)], c.Kind, c.ProjectID, c.EndUser,
					c.Jobs, c.Failures, c.TokensIn, c.TokensOut, c.BuildMillis, c.Bytes).Error
			}
			if err != nil {
				return err
			}
		}
		done.Removed["usage_hours"], done.More = len(old), len(old) == hourStep
		return nil
	})
	return done, err
}
