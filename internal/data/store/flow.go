package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

const (
	// maxLine limits of how many accounts of a queue is looked at what they wait for, and maxUsersSeen of how many of these at what their
	// end users do; endedWithin is how far back is counted what has ended.
	maxLine, maxUsersSeen = 100, 10
	endedWithin           = time.Minute
	// sampled is of how many jobs of a queue is looked at what they wait for.
	sampled = 200
)

// Flow learns what is known of the flow of work. Each query reads a bounded number of rows through an index: released jobs are as few as
// there are slots and places in the windows, and of all that waits no more than models.CountedAtMost are looked at.
func (s *Backlog) Flow(ctx context.Context) (*models.FlowFacts, error) {
	began := time.Now()
	f := &models.FlowFacts{}
	var err error
	if f.At, err = s.clock(ctx); err != nil {
		return nil, err
	}
	if f.Paused, err = s.PausedKinds(ctx); err != nil {
		return nil, err
	}
	if f.Workers, err = (&Workers{s.db}).List(ctx); err != nil {
		return nil, err
	}
	at := make(map[models.Queue]*models.QueueCounts)
	for _, q := range models.Queues() {
		at[q] = &models.QueueCounts{Queue: q, Failed: make(map[models.Code]int), Retries: make(map[models.Code]int)}
	}
	for _, learn := range []func(context.Context, map[models.Queue]*models.QueueCounts) error{s.flowCounts, s.flowReasons, s.flowEnded, s.flowAccounts} {
		if err := learn(ctx, at); err != nil {
			return nil, err
		}
	}
	for _, q := range models.Queues() {
		f.Queues = append(f.Queues, *at[q])
	}
	f.Took = time.Since(began)
	return f, nil
}

// few is a query for some of the jobs at a place in a queue.
func few(columns, place string, q models.Queue, most int) string {
	return fmt.Sprintf("SELECT %s FROM job_queue WHERE place = '%s' AND kind = '%s' AND priority = '%s' LIMIT %d", columns, place, q.Kind, q.Priority, most)
}

func (s *Backlog) flowCounts(ctx context.Context, at map[models.Queue]*models.QueueCounts) error {
	parts := []string{fmt.Sprintf(`SELECT CASE WHEN lease_owner = '' THEN 'dispatched' ELSE 'running' END AS at, kind, priority, count(*) AS n, 0 AS due,
		coalesce(max(CASE WHEN lease_owner = '' THEN %s END), 0) AS age,
		sum(CASE WHEN lease_owner <> '' AND lease_expires_at < %s THEN 1 ELSE 0 END) AS expired
		FROM job_queue WHERE place = 'released' GROUP BY 1, 2, 3`, s.dialect.age("dispatched_at"), s.dialect.nowPlus(micros(-expiredGrace)))}
	for _, q := range models.Queues() {
		for _, place := range []string{placeWaiting, placeBlocked, placeSuspect} {
			parts = append(parts, fmt.Sprintf(`SELECT '%s' AS at, kind, priority, count(*) AS n, sum(CASE WHEN run_at <= %s THEN 1 ELSE 0 END) AS due,
				0 AS age, 0 AS expired FROM (%s) AS few GROUP BY 1, 2, 3`, place, s.dialect.now(),
				few("kind, priority, run_at", place, q, models.CountedAtMost)))
		}
	}
	var rows []struct {
		At string
		models.Queue
		N, Due, Expired int
		Age             float64
	}
	if err := s.read(ctx).Raw(strings.Join(parts, " UNION ALL ")).Scan(&rows).Error; err != nil {
		return s.wrap(err)
	}
	for _, r := range rows {
		c := at[r.Queue]
		if c == nil { // of a release of Spark that has more kinds
			continue
		}
		switch r.At {
		case placeWaiting:
			c.Due, c.Scheduled = r.Due, r.N-r.Due
		case placeBlocked:
			c.Blocked = r.N
		case placeSuspect:
			c.Suspects = r.N
		case "dispatched":
			c.Dispatched, c.OldestDispatched = r.N, seconds(r.Age)
		case "running":
			c.Running, c.Expired = r.N, r.Expired
		}
		c.More = c.More || r.At != "dispatched" && r.At != "running" && r.N >= models.CountedAtMost
	}
	return nil
}

func seconds(s float64) time.Duration { return max(time.Duration(s*float64(time.Second)), 0) }

// flowReasons learns why jobs are blocked, and after which failures they wait for their time.
func (s *Backlog) flowReasons(ctx context.Context, at map[models.Queue]*models.QueueCounts) error {
	var parts []string
	for q, c := range at {
		if c.Scheduled > 0 {
			parts = append(parts, fmt.Sprintf(`SELECT j.kind, j.priority, j.error_code AS code, count(*) AS n FROM (%s) AS few JOIN jobs j ON j.id = few.job_id
				WHERE few.run_at > %s AND j.error_code <> '' GROUP BY 1, 2, 3`, few("job_id, run_at", placeWaiting, q, sampled), s.dialect.now()))
		}
		if c.Blocked > 0 {
			parts = append(parts, fmt.Sprintf(`SELECT j.kind, j.priority, '' AS code, count(*) AS n FROM (%s) AS few JOIN jobs j ON j.id = few.job_id
				WHERE j.concurrency_key <> '' AND (SELECT l.holder_id FROM concurrency_line l WHERE l.account_id = j.account_id
					AND l.concurrency_key = j.concurrency_key ORDER BY l.turn LIMIT 1) <> CASE WHEN j.pipeline_id <> '' THEN j.pipeline_id ELSE j.id END
				GROUP BY 1, 2, 3`, few("job_id", placeBlocked, q, sampled)))
		}
	}
	if parts == nil {
		return nil
	}
	var rows []struct {
		models.Queue
		Code models.Code
		N    int
	}
	if err := s.read(ctx).Raw(strings.Join(parts, " UNION ALL ")).Scan(&rows).Error; err != nil {
		return s.wrap(err)
	}
	for _, r := range rows {
		if r.Code == "" {
			c := at[r.Queue]
			c.WaitForKey = r.N * c.Blocked / min(c.Blocked, sampled) // as many of the others, too
		} else {
			at[r.Queue].Retries[r.Code] = r.N
		}
	}
	return nil
}

// flowEnded counts what ended lately, and how fast.
func (s *Backlog) flowEnded(ctx context.Context, at map[models.Queue]*models.QueueCounts) error {
	var rows []struct {
		models.Queue
		State models.State
		Code  models.Code
		N     int
		Age   float64
	}
	err := s.read(ctx).Raw(fmt.Sprintf(`SELECT kind, priority, state, error_code AS code, count(*) AS n, max(%s) AS age
		FROM (SELECT kind, priority, state, error_code, finished_at FROM jobs WHERE finished_at IS NOT NULL AND finished_at > %s
			ORDER BY finished_at DESC, id DESC LIMIT %d) AS lately GROUP BY 1, 2, 3, 4`,
		s.dialect.age("finished_at"), s.dialect.nowPlus(micros(-endedWithin)), models.CountedAtMost)).Scan(&rows).Error
	if err != nil {
		return s.wrap(err)
	}
	total, span := 0, endedWithin
	oldest := time.Duration(0)
	for _, r := range rows {
		total, oldest = total+r.N, max(oldest, seconds(r.Age))
	}
	if total >= models.CountedAtMost { // they ended in less time
		span = max(oldest, time.Millisecond)
	}
	for _, r := range rows {
		c := at[r.Queue]
		if c == nil {
			continue
		}
		c.Ended += r.N
		if r.State == models.StateFailed {
			c.Failed[r.Code] += r.N
		}
	}
	for _, c := range at {
		c.Rate = float64(c.Ended) / span.Seconds()
	}
	return nil
}

// flowAccounts learns which accounts wait in the queues that have due jobs, and what holds them. Like Waiting, it hops from account to
// account through the index.
func (s *Backlog) flowAccounts(ctx context.Context, at map[models.Queue]*models.QueueCounts) error {
	for q, c := range at {
		if c.Due == 0 && c.Scheduled == 0 {
			continue
		}
		var rows []struct {
			models.WaitingAccount
			Age float64
		}
		err := s.read(ctx).Raw(fmt.Sprintf(`WITH RECURSIVE line(account_id, n) AS (
				SELECT * FROM (SELECT account_id, 1 FROM job_queue WHERE place = 'waiting' AND kind = @kind AND priority = @priority
					ORDER BY account_id LIMIT 1) AS first
				UNION ALL
				SELECT (SELECT j.account_id FROM job_queue j WHERE j.place = 'waiting' AND j.kind = @kind AND j.priority = @priority
					AND j.account_id > line.account_id ORDER BY j.account_id LIMIT 1), n + 1
				FROM line WHERE line.account_id IS NOT NULL AND n < %d
			), total AS MATERIALIZED (
				SELECT account_id, count(*) AS n FROM job_queue WHERE place = 'released' GROUP BY account_id
			), due AS (
				SELECT a.id AS account_id, a.weight, a.state,
					CASE WHEN a.id = @system THEN 0 ELSE coalesce(a.max_running, p.max_running, @cap) END AS cap,
					CASE WHEN a.id = @system THEN 0 ELSE coalesce(a.max_running_per_end_user, p.max_running_per_end_user, @user) END AS end_user_cap,
					(SELECT d.run_at FROM job_queue d WHERE d.place = 'waiting' AND d.kind = @kind AND d.priority = @priority
						AND d.account_id = a.id AND d.run_at <= %s ORDER BY d.run_at LIMIT 1) AS run_at
				FROM line JOIN accounts a ON a.id = line.account_id LEFT JOIN plans p ON p.name = a.plan
			)
			SELECT account_id, weight, state, cap, end_user_cap, coalesce((SELECT n FROM total WHERE total.account_id = due.account_id), 0) AS busy, %s AS age
			FROM due WHERE run_at IS NOT NULL ORDER BY run_at`, maxSurveyed, s.dialect.now(), s.dialect.age("run_at")),
			map[string]any{"kind": q.Kind, "priority": q.Priority, "system": models.SystemAccountID, "cap": s.Caps.Account, "user": s.Caps.EndUser}).
			Scan(&rows).Error
		if err != nil {
			return s.wrap(err)
		}
		c.Due = max(c.Due, len(rows)) // those that were counted may have been of others
		for i, r := range rows {
			a := r.WaitingAccount
			a.Oldest = seconds(r.Age)
			c.Oldest = max(c.Oldest, a.Oldest)
			if i >= maxLine {
				break
			}
			if a.EndUserCap > 0 && a.Held() == "" && i < maxUsersSeen {
				if a.UsersHeld, err = s.usersHeld(ctx, q, a); err != nil {
					return err
				}
			}
			c.Accounts = append(c.Accounts, a)
		}
	}
	return nil
}

// usersHeld reports whether the oldest due jobs of an account are all of end users who have as many as they may.
func (s *Backlog) usersHeld(ctx context.Context, q models.Queue, a models.WaitingAccount) (held bool, err error) {
	err = s.read(ctx).Raw(fmt.Sprintf(`WITH busy AS MATERIALIZED (
			SELECT end_user, count(*) AS n FROM job_queue WHERE place = 'released' AND account_id = @account AND end_user <> '' GROUP BY end_user
		)
		SELECT count(*) > 0 AND count(*) = coalesce(sum(CASE WHEN end_user <> ''
			AND coalesce((SELECT n FROM busy WHERE busy.end_user = front.end_user), 0) >= @cap
			THEN 1 ELSE 0 END), 0) FROM (SELECT end_user FROM job_queue WHERE place = 'waiting' AND kind = @kind AND priority = @priority
			AND account_id = @account AND run_at <= %s ORDER BY run_at LIMIT %d) AS front`, s.dialect.now(), maxLine),
		map[string]any{"account": a.AccountID, "kind": q.Kind, "priority": q.Priority, "cap": a.EndUserCap}).Row().Scan(&held)
	return held, s.wrap(err)
}
