package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// expiredGrace is how long after the end of a lease its job is taken for stuck: the repairer looks twice a second.
const expiredGrace = 5 * time.Second

// Stuck lists jobs of all accounts that seem to be stuck for longer than some time, those that have been for longest first, and poisonous
// ones, newest first; of each reason at most limit. What runs or is dispatched is as little as there are slots and places in the windows,
// and so are suspects.
func (s *Backlog) Stuck(ctx context.Context, reasons []models.StuckReason, age time.Duration, limit int) (all []models.StuckJob, err error) {
	ago, soon := s.dialect.nowPlus(micros(-age)), s.dialect.nowPlus(micros(-expiredGrace))
	const from = ` FROM job_queue q JOIN jobs j ON j.id = q.job_id`
	event := "coalesce((SELECT e.created_at FROM job_events e WHERE e.job_id = j.id AND e.seq = j.event_seq), j.started_at)"
	const running = " WHERE q.place = 'released' AND q.lease_owner <> ''"
	queries := map[models.StuckReason]string{
		models.StuckSilent: "SELECT COLUMNS, " + event + " AS since, q.lease_owner AS worker" + from + running +
			" AND q.lease_expires_at >= " + soon + " AND " + event + " < " + ago,
		models.StuckCancelling: "SELECT COLUMNS, j.cancel_requested_at AS since, q.lease_owner AS worker" + from + running +
			" AND q.cancelling AND j.cancel_requested_at < " + ago,
		models.StuckExpired: "SELECT COLUMNS, q.lease_expires_at AS since, q.lease_owner AS worker" + from + running + " AND q.lease_expires_at < " + soon,
		models.StuckDispatched: "SELECT COLUMNS, q.dispatched_at AS since, '' AS worker" + from +
			" WHERE q.place = 'released' AND q.lease_owner = '' AND q.dispatched_at < " + ago,
		models.StuckSuspect: "SELECT COLUMNS, q.run_at AS since, j.suspect_of AS worker" + from + " WHERE q.place = 'suspect'",
		models.StuckPoisonous: "SELECT COLUMNS, j.finished_at AS since, j.suspect_of AS worker " +
			"FROM (SELECT * FROM jobs WHERE finished_at IS NOT NULL AND error_code = '" +
			string(models.CodePoisonous) + "' ORDER BY id DESC LIMIT " + fmt.Sprint(limit) + ") AS j",
	}
	const columns = `j.id AS job_id, j.account_id, j.project_id, j.pipeline_id, j.kind, j.priority, '%s' AS reason, j.attempt, j.worker_deaths, j.deaths_alone,
		j.stage, j.progress`
	var parts []string
	for _, reason := range models.StuckReasons() {
		if len(reasons) > 0 && !slices.Contains(reasons, reason) {
			continue
		}
		query := strings.Replace(queries[reason], "COLUMNS", fmt.Sprintf(columns, reason), 1)
		parts = append(parts, fmt.Sprintf("SELECT * FROM (SELECT found.*, %s AS age FROM (%s) AS found ORDER BY since LIMIT %d) AS few",
			s.dialect.age("since"), query, limit))
	}
	var rows []struct {
		models.StuckJob
		Age float64
	}
	now, err := s.clock(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.read(ctx).Raw(strings.Join(parts, " UNION ALL ")).Scan(&rows).Error; err != nil {
		return nil, s.wrap(err)
	}
	for _, r := range rows {
		r.StuckJob.Since = now.Add(-seconds(r.Age))
		all = append(all, r.StuckJob)
	}
	order := models.StuckReasons()
	slices.SortStableFunc(all, func(a, b models.StuckJob) int {
		if d := slices.Index(order, a.Reason) - slices.Index(order, b.Reason); d != 0 {
			return d
		}
		return a.Since.Compare(b.Since)
	})
	return all, nil
}
