package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Backlog is the jobs that wait, and those whose worker is lost: what the dispatcher and the repairer work on, for all
// accounts. It implements jobs.Backlog and jobs.RepairStore.
type Backlog struct {
	*db
	// Caps limit what is released of accounts that have no limits of their own. Set them before use.
	Caps jobs.Caps
}

// maxAccounts limits how many accounts one dispatch serves; the others are served by the next.
const maxAccounts = 256

// WaitingQueues implements jobs.Backlog.
func (s *Backlog) WaitingQueues(ctx context.Context) ([]models.Queue, error) {
	var parts []string
	for _, q := range models.Queues() {
		parts = append(parts, fmt.Sprintf(`SELECT '%s' AS kind, '%s' AS priority WHERE (SELECT job_id FROM job_queue
			WHERE place = 'waiting' AND kind = '%s' AND priority = '%s' LIMIT 1) IS NOT NULL`, q.Kind, q.Priority, q.Kind, q.Priority))
	}
	var rows []models.Queue
	err := s.read(ctx).Raw(strings.Join(parts, " UNION ALL ")).Scan(&rows).Error
	return rows, s.wrap(err)
}

// Released implements jobs.Backlog. The window and the slots bound what is read.
func (s *Backlog) Released(ctx context.Context, q models.Queue) (load jobs.QueueLoad, err error) {
	err = s.read(ctx).Raw(`SELECT coalesce(sum(CASE WHEN lease_owner = '' THEN 1 ELSE 0 END), 0) AS released,
		count(DISTINCT CASE WHEN lease_owner <> '' THEN lease_owner END) AS workers, `+kindPaused("?")+` AS paused
		FROM job_queue WHERE place = 'released' AND kind = ? AND priority = ?`, q.Kind, q.Kind, q.Priority).Row().
		Scan(&load.Released, &load.Workers, &load.Paused)
	return load, s.wrap(err)
}

// Waiting implements jobs.Backlog. The recursive query hops from account to account through the index instead of reading
// everything that waits ("loose index scan"); the subquery with a limit does what EXISTS would, one index entry at a time. The
// totals are counted only for accounts that have a limit.
func (s *Backlog) Waiting(ctx context.Context, q models.Queue) (accounts []jobs.AccountLoad, err error) {
	err = s.read(ctx).Raw(fmt.Sprintf(`WITH RECURSIVE line(account_id) AS (
			SELECT * FROM (SELECT account_id FROM job_queue WHERE place = 'waiting' AND kind = @kind AND priority = @priority ORDER BY account_id LIMIT 1) first
			UNION ALL
			SELECT (SELECT j.account_id FROM job_queue j WHERE j.place = 'waiting' AND j.kind = @kind AND j.priority = @priority
				AND j.account_id > line.account_id ORDER BY j.account_id LIMIT 1)
			FROM line WHERE line.account_id IS NOT NULL
		), busy AS MATERIALIZED (
			SELECT account_id, count(*) AS n FROM job_queue WHERE place = 'released' AND kind = @kind AND (priority = @priority OR lease_owner <> '')
			GROUP BY account_id
		), total AS MATERIALIZED (
			SELECT account_id, count(*) AS n FROM job_queue WHERE place = 'released' GROUP BY account_id
		), due AS (
			SELECT a.id AS account_id, a.weight AS weight, coalesce(busy.n, 0) AS busy,
				CASE WHEN a.id = @system THEN 0 ELSE coalesce(a.max_running, p.max_running, @cap) END AS cap,
				CASE WHEN a.id = @system THEN 0 ELSE coalesce(a.max_running_per_end_user, p.max_running_per_end_user, @user) END AS end_user_cap
			FROM line JOIN accounts a ON a.id = line.account_id LEFT JOIN plans p ON p.name = a.plan LEFT JOIN busy ON busy.account_id = a.id
			WHERE a.state = 'active' AND (SELECT d.job_id FROM job_queue d WHERE d.place = 'waiting' AND d.kind = @kind AND d.priority = @priority
				AND d.account_id = a.id AND d.run_at <= %s ORDER BY d.run_at LIMIT 1) IS NOT NULL
		)
		SELECT account_id, weight, busy, cap AS account, end_user_cap AS end_user,
			CASE WHEN cap = 0 THEN false ELSE coalesce((SELECT n FROM total WHERE total.account_id = due.account_id), 0) >= cap END AS held,
			(SELECT e.job_id FROM job_queue e WHERE e.place = 'waiting' AND e.kind = @kind AND e.priority = @priority
				AND e.account_id = due.account_id AND e.end_user <> '' LIMIT 1) IS NOT NULL AS end_users
		FROM due ORDER BY held, busy LIMIT %d`, s.dialect.now(), maxAccounts),
		map[string]any{"kind": q.Kind, "priority": q.Priority, "system": models.SystemAccountID, "cap": s.Caps.Account, "user": s.Caps.EndUser}).
		Scan(&accounts).Error
	return accounts, s.wrap(err)
}

// Withdraw implements jobs.Backlog and jobs.RepairStore.
func (s *Backlog) Withdraw(ctx context.Context, ds []jobs.Dispatch) error {
	for some := range slices.Chunk(ds, maxBatch) {
		recs := newRecords("job_id text", "no bigint")
		for _, d := range some {
			recs.add(d.JobID, d.No)
		}
		err := s.statement(ctx, func(tx *tx) error {
			with, args := recs.with(tx.dialect)
			return tx.Exec(with+`, free AS MATERIALIZED (SELECT job_id FROM job_queue WHERE (job_id, dispatch_no) IN (SELECT job_id, no FROM r)
					AND `+unclaimed+s.dialect.lock(passLocked)+`)
				UPDATE job_queue SET place = 'waiting', dispatched_at = NULL FROM free WHERE job_queue.job_id = free.job_id`, args...).Error
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Unclaimed implements jobs.RepairStore. The windows bound what is read.
func (s *Backlog) Unclaimed(ctx context.Context, age time.Duration, limit int) ([]jobs.Dispatch, error) {
	var rows []struct {
		models.Queue
		JobID      string
		DispatchNo int64
	}
	err := s.read(ctx).Raw(fmt.Sprintf(`SELECT job_id, kind, priority, dispatch_no FROM job_queue
		WHERE %s AND dispatched_at < %s ORDER BY dispatched_at LIMIT ?`,
		unclaimed, s.dialect.nowPlus(micros(-age))), limit).Scan(&rows).Error
	ds := make([]jobs.Dispatch, len(rows))
	for i, r := range rows {
		ds[i] = jobs.Dispatch{JobID: r.JobID, No: r.DispatchNo, Queue: r.Queue}
	}
	return ds, s.wrap(err)
}
