package store

import (
	"context"
	"fmt"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// ClaimSuspect implements jobs.SuspectStore. A unique index settles two concurrent claims of the same group.
func (s *Ledger) ClaimSuspect(ctx context.Context, queues []models.Queue, owner string, waited, lease time.Duration) (*models.Job, error) {
	names := []string{""} // an empty list would be an error of its own
	for _, q := range queues {
		names = append(names, q.Name())
	}
	pick := fmt.Sprintf(`SELECT q.job_id FROM job_queue q JOIN jobs j ON j.id = q.job_id JOIN accounts a ON a.id = q.account_id AND a.state = 'active'
		WHERE q.place = 'suspect' AND q.kind || ':' || q.priority IN ? AND q.run_at <= %s
		AND NOT %s AND NOT EXISTS (SELECT 1 FROM job_queue r WHERE r.suspect_run = j.suspect_of)
		ORDER BY j.worker_deaths DESC, q.run_at, q.job_id LIMIT 1`, s.dialect.nowPlus(micros(-waited)), kindPaused("q.kind"))
	var id string
	if err := s.read(ctx).Raw(pick, names).Scan(&id).Error; err != nil {
		return nil, s.wrap(err)
	}
	if id == "" { // nearly always, and a read holds nobody up
		return nil, jobs.ErrNotClaimable
	}
	recs := newChanges("new_owner text")
	recs.add(id, models.EventStarted, stateData(models.StateRunning, nil), owner)
	var claimed []models.Job
	err := s.statement(ctx, func(tx *tx) (err error) {
		claimed, err = tx.changeEach(change{
			from: models.StateQueued, set: s.claimed(), returning: claimedColumns, lock: locking{wait: true},
			queue: queueChange{
				where: "place = 'suspect'",
				set: s.leasedTo("r.new_owner", s.dialect.nowPlus(micros(lease))) +
					", place = 'released', suspect_run = (SELECT j.suspect_of FROM jobs j WHERE j.id = job_queue.job_id)",
			},
		}, recs)
		return err
	})
	if models.CodeOf(err) == models.CodeConflict || err == nil && len(claimed) == 0 {
		err = jobs.ErrNotClaimable
	}
	if err != nil {
		return nil, err
	}
	return &claimed[0], nil
}

// RunsAlone implements jobs.SuspectStore.
func (s *Ledger) RunsAlone(ctx context.Context, f models.Fence) error {
	return s.write(ctx, func(tx *tx) error { return tx.mark(f, "alone = true") })
}

// Clear implements jobs.SuspectStore.
func (s *Ledger) Clear(ctx context.Context, f models.Fence) error {
	return s.write(ctx, func(tx *tx) error {
		if err := tx.mark(f, "alone = false, suspect_run = NULL"); err != nil {
			return err
		}
		return tx.Exec("UPDATE jobs SET suspect_of = '' WHERE id = ?", f.JobID).Error
	})
}

// mark updates the lease of a running attempt without an event: its watchers need not know.
func (tx *tx) mark(f models.Fence, set string) error {
	res := tx.Exec("UPDATE job_queue SET "+set+" WHERE job_id = ? AND attempt = ? AND lease_owner <> ''", f.JobID, f.Attempt)
	if res.Error == nil && res.RowsAffected == 0 {
		return jobs.ErrStale
	}
	return res.Error
}

// Survived implements jobs.SuspectStore. The job may wait, or run in another worker that was idle and fast.
func (s *Ledger) Survived(ctx context.Context, owner string, f models.Fence) error {
	return s.write(ctx, func(tx *tx) error {
		if err := tx.lockQueued(f.JobID); err != nil {
			return err
		}
		res := tx.Exec(`UPDATE jobs SET suspect_of = '', worker_deaths = worker_deaths - 1,
			deaths_alone = deaths_alone - CASE WHEN suspect_alone THEN 1 ELSE 0 END
			WHERE id = ? AND attempt >= ? AND state IN ('queued', 'running') AND suspect_of = ?`, f.JobID, f.Attempt, owner)
		if res.Error != nil || res.RowsAffected == 0 {
			return res.Error
		}
		return tx.Exec("UPDATE job_queue SET place = CASE place WHEN 'suspect' THEN 'waiting' ELSE place END, suspect_run = NULL WHERE job_id = ?",
			f.JobID).Error
	})
}

// Drain implements jobs.SuspectStore.
func (s *Ledger) Drain(ctx context.Context, owner string) error {
	return s.write(ctx, func(tx *tx) error {
		return tx.Exec(`WITH mine AS MATERIALIZED (SELECT job_id FROM job_queue WHERE lease_owner = ? AND `+leased+` ORDER BY job_id`+
			tx.dialect.lock(waitLocked)+`)
			UPDATE job_queue SET draining = true FROM mine WHERE job_queue.job_id = mine.job_id`, owner).Error
	})
}
