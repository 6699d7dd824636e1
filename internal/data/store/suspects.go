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
	pick := fmt.Sprintf(`SELECT j.id FROM jobs j WHERE j.state = 'queued' AND j.suspect_of <> '' AND j.kind || ':' || j.priority IN ? AND j.run_at <= %s
		AND NOT EXISTS (SELECT 1 FROM jobs r WHERE r.state = 'running' AND r.suspect_of <> '' AND r.suspect_of = j.suspect_of)
		ORDER BY j.worker_deaths DESC, j.run_at, j.id LIMIT 1`, s.dialect.nowPlus(micros(-waited)))
	var id string
	if err := s.read(ctx).Raw(pick, names).Scan(&id).Error; err != nil {
		return nil, s.wrap(err)
	}
	if id == "" { // nearly always, and a read holds nobody up
		return nil, jobs.ErrNotClaimable
	}
	var job *models.Job
	err := s.statement(ctx, func(tx *tx) (err error) {
		job, err = tx.change(models.StateQueued, models.EventStarted, stateData(models.StateRunning, nil),
			s.claimed("?", s.dialect.nowPlus(micros(lease))), "id = ? AND suspect_of <> ''", owner, id)
		return err
	})
	if models.CodeOf(err) == models.CodeConflict || err == nil && job == nil {
		err = jobs.ErrNotClaimable
	}
	return job, err
}

// RunsAlone implements jobs.SuspectStore.
func (s *Ledger) RunsAlone(ctx context.Context, f models.Fence) error {
	return s.mark(ctx, f, "alone = true")
}

// Clear implements jobs.SuspectStore.
func (s *Ledger) Clear(ctx context.Context, f models.Fence) error {
	return s.mark(ctx, f, "alone = false, suspect_of = ''")
}

// mark updates a running attempt without an event: its watchers need not know.
func (s *Ledger) mark(ctx context.Context, f models.Fence, set string) error {
	return s.write(ctx, func(tx *tx) error {
		res := tx.Exec("UPDATE jobs SET "+set+" WHERE id = ? AND attempt = ? AND state = 'running'", f.JobID, f.Attempt)
		if res.Error == nil && res.RowsAffected == 0 {
			return jobs.ErrStale
		}
		return res.Error
	})
}

// Survived implements jobs.SuspectStore. The job may wait, or run in another worker that was idle and fast.
func (s *Ledger) Survived(ctx context.Context, owner string, f models.Fence) error {
	return s.write(ctx, func(tx *tx) error {
		return tx.Exec(`UPDATE jobs SET suspect_of = '', worker_deaths = worker_deaths - 1,
			deaths_alone = deaths_alone - CASE WHEN suspect_alone THEN 1 ELSE 0 END
			WHERE id = ? AND attempt >= ? AND state IN ('queued', 'running') AND suspect_of = ?`, f.JobID, f.Attempt, owner).Error
	})
}

// Drain implements jobs.SuspectStore.
func (s *Ledger) Drain(ctx context.Context, owner string) error {
	return s.write(ctx, func(tx *tx) error {
		return tx.Exec(`WITH mine AS MATERIALIZED (SELECT id FROM jobs WHERE lease_owner = ? AND state = 'running' ORDER BY id`+tx.dialect.lock(waitLocked)+`)
			UPDATE jobs SET draining = true FROM mine WHERE jobs.id = mine.id`, owner).Error
	})
}
