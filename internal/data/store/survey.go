package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// surveyName is the row of the surveys table that holds the newest count of the backlog.
const surveyName = "backlog"

// maxSurveyed limits for how many accounts of a queue the oldest job is looked up.
const maxSurveyed = 1000

// Survey counts the unfinished work of all accounts. However many callers ask, it is counted at most once in every: one of them
// counts and stores the result, the others read it. nil means that the first count is still running.
func (s *Backlog) Survey(ctx context.Context, every time.Duration) (*models.Backlog, error) {
	var mine []string
	err := s.write(ctx, func(tx *tx) error {
		mine = nil
		return tx.Raw(fmt.Sprintf(`INSERT INTO surveys (name, taken_at) VALUES (?, %s)
			ON CONFLICT (name) DO UPDATE SET taken_at = excluded.taken_at WHERE surveys.taken_at <= %s RETURNING name`,
			s.dialect.now(), s.dialect.nowPlus(micros(-every))), surveyName).Scan(&mine).Error
	})
	if err != nil {
		return nil, err
	}
	if len(mine) == 0 {
		return s.lastSurvey(ctx)
	}
	b, err := s.count(ctx)
	if err != nil {
		return nil, err
	}
	return b, s.write(ctx, func(tx *tx) error {
		return tx.Exec("UPDATE surveys SET result = ? WHERE name = ?", models.ToJSON(b), surveyName).Error
	})
}

func (s *Backlog) lastSurvey(ctx context.Context) (*models.Backlog, error) {
	var rows []struct{ Result models.JSON }
	err := s.read(ctx).Raw("SELECT result FROM surveys WHERE name = ? AND result IS NOT NULL", surveyName).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, s.wrap(err)
	}
	var b models.Backlog
	if err := json.Unmarshal(rows[0].Result, &b); err != nil {
		return nil, fmt.Errorf("read the survey of the backlog: %w", err)
	}
	return &b, nil
}

// count takes a survey: two queries, and one for each queue that has work waiting.
func (s *Backlog) count(ctx context.Context) (*models.Backlog, error) {
	b := &models.Backlog{}
	var err error
	if b.RolledTo, b.TakenAt, err = (&Usage{s.db}).RolledTo(ctx); err != nil {
		return nil, err
	}
	counts := make(map[countKey]*models.BacklogCount)
	if err := s.countJobs(ctx, counts); err != nil {
		return nil, err
	}
	waiting := make(map[models.Queue]bool)
	for k := range counts {
		if k.state == models.BacklogDue || k.state == models.BacklogDispatched {
			waiting[k.queue] = true
		}
	}
	for q := range waiting {
		if err := s.countAges(ctx, q, counts); err != nil {
			return nil, err
		}
	}
	for _, n := range counts {
		b.Counts = append(b.Counts, *n)
	}
	return b, nil
}

type countKey struct {
	queue models.Queue
	class models.AccountClass
	state models.BacklogState
}

// countJobs counts by queue, class and state. Each queue and state is read through its own partial index up to a bound;
// running and dispatched jobs are as few as there are slots and places in the window, suspects as few as ran in lost workers.
func (s *Backlog) countJobs(ctx context.Context, counts map[countKey]*models.BacklogCount) error {
	var parts []string
	for _, kind := range models.Kinds() {
		for _, priority := range models.Priorities() {
			of := fmt.Sprintf("kind = '%s' AND priority = '%s'", kind, priority)
			parts = append(parts,
				fmt.Sprintf(`SELECT * FROM (SELECT kind, priority, account_id, CASE WHEN run_at <= %s THEN '%s' ELSE '%s' END AS at FROM job_queue
					WHERE place = 'waiting' AND %s LIMIT %d) AS waiting`,
					s.dialect.now(), models.BacklogDue, models.BacklogScheduled, of, models.MaxBacklog),
				fmt.Sprintf(`SELECT * FROM (SELECT kind, priority, account_id, '%s' AS at FROM job_queue WHERE place = 'blocked' AND %s LIMIT %d) AS blocked`,
					models.BacklogBlocked, of, models.MaxBacklog))
		}
	}
	parts = append(parts,
		fmt.Sprintf(`SELECT * FROM (SELECT kind, priority, account_id, '%s' AS at FROM job_queue WHERE place = 'suspect' LIMIT %d) AS suspects`,
			models.BacklogSuspect, models.MaxBacklog),
		fmt.Sprintf("SELECT kind, priority, account_id, '%s' FROM job_queue WHERE "+unclaimed, models.BacklogDispatched),
		fmt.Sprintf("SELECT kind, priority, account_id, '%s' FROM job_queue WHERE "+leased, models.BacklogRunning))
	var rows []struct {
		models.Queue
		Weight int
		At     models.BacklogState
		Jobs   int
	}
	err := s.read(ctx).Raw(`SELECT kind, priority, weight, at, sum(n) AS jobs
		FROM (SELECT kind, priority, account_id, at, count(*) AS n FROM (` + strings.Join(parts, " UNION ALL ") + `) AS j
			GROUP BY kind, priority, account_id, at) AS a
		JOIN accounts ON accounts.id = a.account_id GROUP BY kind, priority, weight, at`).Scan(&rows).Error
	for _, r := range rows {
		at(counts, countKey{r.Queue, models.ClassOf(r.Weight), r.At}).Jobs += r.Jobs
	}
	return s.wrap(err)
}

func at(counts map[countKey]*models.BacklogCount, k countKey) *models.BacklogCount {
	n := counts[k]
	if n == nil {
		n = &models.BacklogCount{Kind: k.queue.Kind, Priority: k.queue.Priority, Class: k.class, State: k.state}
		counts[k] = n
	}
	return n
}

// countAges finds the oldest due job of each class in a queue. Like Load, it hops from account to account through the
// index instead of reading everything that waits.
func (s *Backlog) countAges(ctx context.Context, q models.Queue, counts map[countKey]*models.BacklogCount) error {
	var rows []struct {
		Weight int
		At     models.BacklogState
		Age    float64 // seconds
	}
	err := s.read(ctx).Raw(fmt.Sprintf(`WITH RECURSIVE line(account_id, n) AS (
			SELECT * FROM (SELECT account_id, 1 FROM job_queue WHERE place = 'waiting' AND kind = @kind AND priority = @priority
				ORDER BY account_id LIMIT 1) AS first
			UNION ALL
			SELECT (SELECT j.account_id FROM job_queue j WHERE j.place = 'waiting' AND j.kind = @kind AND j.priority = @priority
				AND j.account_id > line.account_id ORDER BY j.account_id LIMIT 1), n + 1
			FROM line WHERE line.account_id IS NOT NULL AND n < %d
		), oldest AS (
			SELECT '%s' AS at, a.weight, (SELECT d.run_at FROM job_queue d WHERE d.place = 'waiting' AND d.kind = @kind AND d.priority = @priority
				AND d.account_id = a.id ORDER BY d.run_at LIMIT 1) AS run_at
			FROM line JOIN accounts a ON a.id = line.account_id
			UNION ALL
			SELECT '%s', a.weight, j.run_at FROM job_queue j JOIN accounts a ON a.id = j.account_id
			WHERE j.place = 'released' AND j.lease_owner = '' AND j.kind = @kind AND j.priority = @priority
		)
		SELECT at, weight, max(%s) AS age FROM oldest GROUP BY at, weight`,
		maxSurveyed, models.BacklogDue, models.BacklogDispatched, s.dialect.age("run_at")),
		map[string]any{"kind": q.Kind, "priority": q.Priority}).Scan(&rows).Error
	for _, r := range rows {
		if age := time.Duration(r.Age * float64(time.Second)); age > 0 { // a job whose time has not come is not due
			n := at(counts, countKey{q, models.ClassOf(r.Weight), r.At})
			n.Oldest = max(n.Oldest, age)
		}
	}
	return s.wrap(err)
}
