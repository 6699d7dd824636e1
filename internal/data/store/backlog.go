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
type Backlog struct{ *db }

// maxAccounts limits how many accounts one dispatch serves; the others are served by the next.
const maxAccounts = 256

// DueQueues implements jobs.Backlog.
func (s *Backlog) DueQueues(ctx context.Context) ([]models.Queue, error) {
	var rows []models.Queue
	err := s.read(ctx).Raw(fmt.Sprintf(`SELECT DISTINCT kind, priority FROM jobs
		WHERE state = 'queued' AND dispatched_at IS NULL AND suspect_of = '' AND run_at <= %s`, s.dialect.now())).Scan(&rows).Error
	return rows, s.wrap(err)
}

// Load implements jobs.Backlog. The recursive query hops from account to account through the index instead of reading
// everything that waits ("loose index scan"); the subquery with a limit does what EXISTS would, one index entry at a time.
func (s *Backlog) Load(ctx context.Context, q models.Queue) (jobs.QueueLoad, error) {
	var load jobs.QueueLoad
	db := s.read(ctx)
	err := db.Raw(`SELECT (SELECT count(*) FROM jobs WHERE kind = @kind AND priority = @priority AND state = 'queued' AND dispatched_at IS NOT NULL)
			AS released,
		(SELECT count(DISTINCT lease_owner) FROM jobs WHERE kind = @kind AND priority = @priority AND state = 'running') AS workers`,
		map[string]any{"kind": q.Kind, "priority": q.Priority}).Row().Scan(&load.Released, &load.Workers)
	if err != nil {
		return load, s.wrap(err)
	}
	err = db.Raw(fmt.Sprintf(`WITH RECURSIVE due(account_id) AS (
			SELECT * FROM (SELECT account_id FROM jobs WHERE kind = @kind AND priority = @priority AND state = 'queued'
				AND dispatched_at IS NULL AND suspect_of = '' ORDER BY account_id LIMIT 1) first
			UNION ALL
			SELECT (SELECT j.account_id FROM jobs j WHERE j.kind = @kind AND j.priority = @priority AND j.state = 'queued'
				AND j.dispatched_at IS NULL AND j.suspect_of = '' AND j.account_id > due.account_id ORDER BY j.account_id LIMIT 1)
			FROM due WHERE due.account_id IS NOT NULL
		)
		SELECT a.id AS account_id, a.weight AS weight,
			(SELECT count(*) FROM jobs b WHERE b.kind = @kind AND b.priority = @priority AND b.account_id = a.id AND b.state = 'queued'
				AND b.dispatched_at IS NOT NULL)
			+ (SELECT count(*) FROM jobs r WHERE r.kind = @kind AND r.account_id = a.id AND r.state = 'running') AS busy
		FROM due JOIN accounts a ON a.id = due.account_id
		WHERE (SELECT d.id FROM jobs d WHERE d.kind = @kind AND d.priority = @priority AND d.account_id = a.id
			AND d.state = 'queued' AND d.dispatched_at IS NULL AND d.suspect_of = '' AND d.run_at <= %s ORDER BY d.run_at LIMIT 1) IS NOT NULL
		ORDER BY busy LIMIT %d`, s.dialect.now(), maxAccounts),
		map[string]any{"kind": q.Kind, "priority": q.Priority}).Scan(&load.Accounts).Error
	return load, s.wrap(err)
}

// Release implements jobs.Backlog. The choice stands in a materialized query of its own, since Postgres may run a limited
// subquery of an UPDATE more than once.
func (s *Backlog) Release(ctx context.Context, q models.Queue, shares []jobs.Share) ([][]jobs.Dispatch, error) {
	released := make([][]jobs.Dispatch, len(shares))
	run := s.write
	if len(shares) == 1 {
		run = s.statement
	}
	return released, run(ctx, func(tx *tx) error {
		for i, share := range shares {
			if err := needAccount(share.AccountID); err != nil {
				return err
			}
			var rows []models.Job
			err := tx.Raw(fmt.Sprintf(`WITH picked AS MATERIALIZED (
					SELECT id FROM jobs WHERE kind = ? AND priority = ? AND account_id = ? AND state = 'queued'
					AND dispatched_at IS NULL AND suspect_of = '' AND run_at <= %s ORDER BY run_at, id LIMIT ?%s)
				UPDATE jobs SET dispatch_no = dispatch_no + 1, dispatched_at = %s FROM picked WHERE jobs.id = picked.id
				RETURNING jobs.id, kind, priority, dispatch_no`, s.dialect.now(), s.dialect.lock(passLocked), s.dialect.now()),
				q.Kind, q.Priority, share.AccountID, share.N).Scan(&rows).Error
			if err != nil {
				return err
			}
			released[i] = dispatches(rows)
		}
		return nil
	})
}

func dispatches(rows []models.Job) []jobs.Dispatch {
	ds := make([]jobs.Dispatch, len(rows))
	for i, r := range rows {
		ds[i] = jobs.Dispatch{JobID: r.ID, No: r.DispatchNo, Queue: r.Queue()}
	}
	// UPDATE … RETURNING promises no order; ids of one account sort by their time.
	slices.SortFunc(ds, func(a, b jobs.Dispatch) int { return strings.Compare(a.JobID, b.JobID) })
	return ds
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
			return tx.Exec(with+`, free AS MATERIALIZED (SELECT id FROM jobs WHERE (id, dispatch_no) IN (SELECT job_id, no FROM r)
					AND state = 'queued'`+s.dialect.lock(passLocked)+`)
				UPDATE jobs SET dispatched_at = NULL FROM free WHERE jobs.id = free.id`, args...).Error
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Unclaimed implements jobs.RepairStore.
func (s *Backlog) Unclaimed(ctx context.Context, age time.Duration, limit int) ([]jobs.Dispatch, error) {
	var rows []models.Job
	err := s.read(ctx).Raw(fmt.Sprintf(`SELECT id, kind, priority, dispatch_no FROM jobs
		WHERE state = 'queued' AND dispatched_at IS NOT NULL AND dispatched_at < %s ORDER BY dispatched_at LIMIT ?`,
		s.dialect.nowPlus(micros(-age))), limit).Scan(&rows).Error
	return dispatches(rows), s.wrap(err)
}
