package store

import (
	"context"
	"fmt"

	"github.com/spark-games/spark/models"
)

// today is the day by the database's clock, in UTC: 2026-01-31.
func today(d dialect) string { return "substr(" + d.nowText() + ", 1, 10)" }

// endedBy tells of a job j whether an event g is the one that ended it, for good as far as is known.
const endedBy = "j.finished_at IS NOT NULL AND g.seq = j.event_seq"

// ranFor is for how many milliseconds a job ran that are not counted yet: what is noted of earlier attempts, and the last one until it ended.
func ranFor(d dialect, job string) string {
	return fmt.Sprintf(`%[1]s.ran_millis + CASE WHEN %[1]s.started_at IS NULL OR %[1]s.finished_at IS NULL THEN 0
		ELSE CAST(round((%[2]s - %[3]s) * 1000) AS bigint) END`, job, d.age(job+".started_at"), d.age(job+".finished_at"))
}

// countSpent adds what some events say was used to the day's counts: a job's first event that it was submitted, and the one that ended it what
// it took. from is a table of events, g. Only the sequencer counts, one process at a time, so that an account's jobs need not take turns.
func countSpent(d dialect, from string) string {
	const whose = "CASE u.own WHEN 1 THEN j.end_user ELSE '' END"
	return fmt.Sprintf(`INSERT INTO spent (account_id, end_user, day, jobs, tokens, build_millis)
		SELECT g.account_id, %[1]s, %[2]s, sum(CASE WHEN g.seq = 1 THEN 1 ELSE 0 END),
			sum(CASE WHEN %[3]s THEN coalesce(j.tokens_in, 0) + coalesce(j.tokens_out, 0) - j.counted_in - j.counted_out ELSE 0 END),
			sum(CASE WHEN %[3]s AND j.kind = 'build' THEN %[4]s ELSE 0 END)
		FROM %[5]s g JOIN jobs j ON j.id = g.job_id JOIN (SELECT 0 AS own UNION ALL SELECT 1) u ON u.own = 0 OR j.end_user <> ''
		WHERE g.seq = 1 OR %[3]s GROUP BY g.account_id, %[1]s ORDER BY 1, 2
		ON CONFLICT (account_id, end_user, day) DO UPDATE SET jobs = spent.jobs + excluded.jobs, tokens = spent.tokens + excluded.tokens,
			build_millis = spent.build_millis + excluded.build_millis`, whose, today(d), endedBy, ranFor(d, "j"), from)
}

// Spending tells what was used today.
type Spending struct{ *db }

// Spent is what an account, or one of its end users, has used today (UTC), as far as it was counted: a second late at most while a scheduler runs.
func (s *Spending) Spent(ctx context.Context, accountID, endUser string) (spent models.Spent, err error) {
	if err := needAccount(accountID); err != nil {
		return spent, err
	}
	err = s.read(ctx).Raw(`SELECT coalesce(max(jobs), 0) AS jobs, coalesce(max(tokens), 0) AS tokens, coalesce(max(build_millis), 0) AS build_millis,
			coalesce((SELECT bytes FROM account_storage WHERE account_id = ? AND ? = ''), 0) AS stored
		FROM spent WHERE account_id = ? AND end_user = ? AND day = `+today(s.dialect), accountID, endUser, accountID, endUser).Scan(&spent).Error
	return spent, s.wrap(err)
}

// Spent is what an account, or one of its end users, has used today.
func (s *Accounts) Spent(ctx context.Context, accountID, endUser string) (models.Spent, error) {
	return (&Spending{s.db}).Spent(ctx, accountID, endUser)
}

// ForgetSpent removes the counts of days that are over, and what was told of them.
func (s *Retention) ForgetSpent(ctx context.Context) error {
	return s.write(ctx, func(tx *tx) error {
		if err := tx.Exec("DELETE FROM quota_notices WHERE day < " + today(s.dialect)).Error; err != nil {
			return err
		}
		return tx.Exec("DELETE FROM spent WHERE day < " + today(s.dialect)).Error
	})
}
