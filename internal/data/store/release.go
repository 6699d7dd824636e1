package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Release implements jobs.Backlog. Caps hold whichever and however many processes release.
func (s *Backlog) Release(ctx context.Context, q models.Queue, shares []jobs.Share) ([][]jobs.Dispatch, error) {
	ds := make([][]jobs.Dispatch, len(shares))
	run := s.write
	if len(shares) == 1 && !shares[0].EndUsers && !shares[0].Any() {
		run = s.statement
	}
	order := make([]int, len(shares)) // accounts are locked in one order
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return strings.Compare(shares[i].AccountID, shares[j].AccountID) })
	return ds, run(ctx, func(tx *tx) error {
		for _, i := range order {
			share := shares[i]
			if err := needAccount(share.AccountID); err != nil {
				return err
			}
			parts, err := tx.parts(q, share)
			if err != nil {
				return err
			}
			ds[i] = nil
			for _, p := range parts {
				rows, err := tx.release(q, p)
				if err != nil {
					return err
				}
				ds[i] = append(ds[i], dispatches(q, rows)...)
			}
		}
		return nil
	})
}

// part is what is released of an account, or of one of its end users.
type part struct {
	account string
	n       int
	of      bool // only the jobs of an end user
	endUser string
}

// parts divides an account's share, as far as the caps leave it, fairly between its end users.
func (tx *tx) parts(q models.Queue, share jobs.Share) ([]part, error) {
	n := share.N
	if share.Any() {
		busy, err := tx.lockBusy(share.AccountID)
		if err != nil {
			return nil, err
		}
		if share.Account > 0 {
			n = min(n, share.Account-busy)
		}
	}
	if !share.EndUsers {
		return []part{{account: share.AccountID, n: n}}, nil
	}
	users, err := tx.endUsers(q, share.AccountID)
	if err != nil {
		return nil, err
	}
	var busy map[string]int // of all kinds
	if share.EndUser > 0 {
		if busy, err = tx.busyEndUsers(share.AccountID); err != nil {
			return nil, err
		}
		users = slices.DeleteFunc(users, func(u jobs.AccountLoad) bool { return u.AccountID != "" && busy[u.AccountID] >= share.EndUser })
	}
	var parts []part
	for _, of := range jobs.FairShares(users, n) {
		p := part{account: share.AccountID, n: of.N, of: true, endUser: of.AccountID}
		if busy != nil && p.endUser != "" {
			p.n = min(p.n, share.EndUser-busy[p.endUser])
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// lockBusy makes releases of an account's jobs take turns until the transaction ends, and counts those that are released or running.
func (tx *tx) lockBusy(accountID string) (n int, err error) {
	if lock := tx.dialect.lockName("?", waitLocked); lock != "" {
		if err := tx.Exec("SELECT "+lock, "release "+accountID).Error; err != nil {
			return 0, err
		}
	}
	return n, tx.Raw("SELECT count(*) FROM job_queue WHERE place = 'released' AND account_id = ?", accountID).Scan(&n).Error
}

// busyEndUsers counts the jobs of each end user of an account that are released or running.
func (tx *tx) busyEndUsers(accountID string) (map[string]int, error) {
	var rows []struct {
		EndUser string
		N       int
	}
	err := tx.Raw("SELECT end_user, count(*) AS n FROM job_queue WHERE place = 'released' AND account_id = ? AND end_user <> '' GROUP BY end_user",
		accountID).Scan(&rows).Error
	busy := make(map[string]int, len(rows))
	for _, r := range rows {
		busy[r.EndUser] = r.N
	}
	return busy, err
}

// maxEndUsers limits how many end users of an account one release serves, and maxOthers how many of an account's jobs it looks through
// for some that are of no end user.
const maxEndUsers, maxOthers = 256, 1000

// endUsers lists the end users of an account that have due jobs in a queue, each as its id and how many of its jobs of the kind are released
// or running; "" are the jobs of none. It hops through the index as Waiting does.
func (tx *tx) endUsers(q models.Queue, accountID string) (users []jobs.AccountLoad, err error) {
	const waiting = "place = 'waiting' AND kind = @kind AND priority = @priority AND account_id = @account"
	err = tx.Raw(fmt.Sprintf(`WITH RECURSIVE line(end_user) AS (
			SELECT * FROM (SELECT end_user FROM job_queue WHERE %[1]s AND end_user <> '' ORDER BY end_user LIMIT 1) first
			UNION ALL
			SELECT (SELECT j.end_user FROM job_queue j WHERE %[1]s AND j.end_user <> '' AND j.end_user > line.end_user ORDER BY j.end_user LIMIT 1)
			FROM line WHERE line.end_user IS NOT NULL
		), busy AS MATERIALIZED (
			SELECT end_user, count(*) AS n FROM job_queue WHERE place = 'released' AND kind = @kind AND account_id = @account GROUP BY end_user
		), due AS MATERIALIZED (
			SELECT end_user FROM line WHERE end_user IS NOT NULL AND (SELECT d.job_id FROM job_queue d WHERE %[1]s AND d.end_user <> ''
				AND d.end_user = line.end_user AND d.run_at <= %[2]s ORDER BY d.run_at LIMIT 1) IS NOT NULL
			UNION ALL
			SELECT '' WHERE EXISTS (SELECT 1 FROM (SELECT end_user FROM job_queue WHERE %[1]s AND run_at <= %[2]s ORDER BY run_at LIMIT %[3]d) front
				WHERE end_user = '')
		)
		SELECT due.end_user AS account_id, 1 AS weight, coalesce(busy.n, 0) AS busy FROM due LEFT JOIN busy ON busy.end_user = due.end_user
		ORDER BY busy LIMIT %[4]d`, waiting, tx.dialect.now(), maxOthers, maxEndUsers),
		map[string]any{"kind": q.Kind, "priority": q.Priority, "account": accountID}).Scan(&users).Error
	return users, err
}

// release marks jobs as dispatched, oldest first, and none of what is paused. The choice stands in a materialized query of its own, since Postgres may run a
// limited subquery of an UPDATE more than once.
func (tx *tx) release(q models.Queue, p part) (rows []released, err error) {
	if p.n <= 0 {
		return nil, nil
	}
	which, args := " AND NOT "+kindPaused("?")+" AND NOT "+accountHeld("?"), []any{q.Kind, q.Priority, p.account, q.Kind, p.account}
	switch {
	case p.of && p.endUser != "":
		which, args = which+" AND end_user <> '' AND end_user = ?", append(args, p.endUser)
	case p.of:
		which += " AND end_user = ''"
	}
	err = tx.Raw(fmt.Sprintf(`WITH picked AS MATERIALIZED (
			SELECT job_id FROM job_queue WHERE place = 'waiting' AND kind = ? AND priority = ? AND account_id = ?%s AND run_at <= %s
			ORDER BY run_at, job_id LIMIT ?%s)
		UPDATE job_queue SET place = 'released', dispatch_no = dispatch_no + 1, dispatched_at = %s FROM picked WHERE job_queue.job_id = picked.job_id
		RETURNING job_queue.job_id, dispatch_no`, which, tx.dialect.now(), tx.dialect.lock(passLocked), tx.dialect.now()),
		append(args, p.n)...).Scan(&rows).Error
	return rows, err
}

// released is a row of the queue that was released.
type released struct {
	JobID      string
	DispatchNo int64
}

func dispatches(q models.Queue, rows []released) []jobs.Dispatch {
	ds := make([]jobs.Dispatch, len(rows))
	for i, r := range rows {
		ds[i] = jobs.Dispatch{JobID: r.JobID, No: r.DispatchNo, Queue: q}
	}
	// UPDATE … RETURNING promises no order; ids of one account sort by their time.
	slices.SortFunc(ds, func(a, b jobs.Dispatch) int { return strings.Compare(a.JobID, b.JobID) })
	return ds
}

// withApprovals lists every queue, and those in which approvals stand that nobody takes out.
func withApprovals() []models.Queue {
	all := models.Queues()
	for _, p := range models.Priorities() {
		all = append(all, models.Queue{Kind: models.KindApproval, Priority: p})
	}
	return all
}

// CountWaiting implements jobs.Intake.
func (s *Jobs) CountWaiting(ctx context.Context, accountID string, most int) (n int, err error) {
	if err := needAccount(accountID); err != nil {
		return 0, err
	}
	var parts []string
	var args []any
	for _, place := range []string{placeBlocked, placeWaiting} {
		for _, q := range withApprovals() {
			parts = append(parts, "SELECT * FROM (SELECT 1 FROM job_queue WHERE place = ? AND kind = ? AND priority = ? AND account_id = ? LIMIT ?) AS few")
			args = append(args, place, q.Kind, q.Priority, accountID, most)
		}
	}
	err = s.read(ctx).Raw("SELECT count(*) FROM ("+strings.Join(parts, " UNION ALL ")+") AS waiting", args...).Scan(&n).Error
	return n, s.wrap(err)
}
