package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

// Workers is the processes that run jobs, for all accounts: what each says of itself, and what is asked of it.
type Workers struct{ *db }

// workersKept is how long a worker is listed that was not seen any more.
const workersKept = time.Hour

// Beat stores what a worker says of itself, and reports whether it is asked to take no more jobs.
func (s *Workers) Beat(ctx context.Context, b models.Beat) (drain bool, err error) {
	slots, err := json.Marshal(b.Slots)
	if err != nil {
		return false, fmt.Errorf("slots of a worker: %w", err)
	}
	drained := b.Draining && b.Busy == 0
	err = s.write(ctx, func(tx *tx) error {
		now := tx.dialect.now()
		return tx.Raw(fmt.Sprintf(`INSERT INTO workers (id, name, slots, busy, stopping) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET slots = excluded.slots, busy = excluded.busy, stopping = excluded.stopping, seen_at = %[1]s,
				drained_at = CASE WHEN workers.drain_asked_at IS NULL OR NOT ? THEN NULL ELSE coalesce(workers.drained_at, %[1]s) END
			RETURNING drain_asked_at IS NOT NULL`, now), models.WorkerID(b.Name), b.Name, string(slots), b.Busy, b.Stopping, drained).Scan(&drain).Error
	})
	return drain, err
}

// Asked reports whether a worker is asked to take no more jobs. It writes nothing.
func (s *Workers) Asked(ctx context.Context, id string) (drain bool, err error) {
	err = s.read(ctx).Raw("SELECT EXISTS (SELECT 1 FROM workers WHERE id = ? AND drain_asked_at IS NOT NULL)", id).Row().Scan(&drain)
	return drain, s.wrap(err)
}

// Gone removes a worker that has ended, and those that nobody has seen for long.
func (s *Workers) Gone(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *tx) error {
		return tx.Exec(fmt.Sprintf("DELETE FROM workers WHERE id = ? OR seen_at < %s", tx.dialect.nowPlus(micros(-workersKept))), id).Error
	})
}

// SetDrain asks a worker to take no more jobs, or to take some again.
func (s *Workers) SetDrain(ctx context.Context, id string, drain bool) (*models.Worker, error) {
	err := s.write(ctx, func(tx *tx) error {
		set, action := "drain_asked_at = NULL, drained_at = NULL", "worker.resume"
		if drain {
			action = "worker.drain"
			set = "drain_asked_at = coalesce(drain_asked_at, " + tx.dialect.now() + ")"
		}
		res := tx.Exec("UPDATE workers SET "+set+" WHERE id = ?", id)
		if res.Error == nil && res.RowsAffected == 0 {
			return models.NewError(models.CodeNotFound, "no such worker")
		}
		if res.Error != nil {
			return res.Error
		}
		return tx.record(action, resource{"", "worker", id})
	})
	if err != nil {
		return nil, err
	}
	all, err := s.list(ctx, "WHERE id = ?", id)
	if err == nil && len(all) == 0 { // it has ended meanwhile
		err = models.NewError(models.CodeNotFound, "no such worker")
	}
	if err != nil {
		return nil, err
	}
	return &all[0], nil
}

// maxWorkers limits how many workers are listed.
const maxWorkers = 1000

// List lists the workers, the newest first, with what they have leases for.
func (s *Workers) List(ctx context.Context) ([]models.Worker, error) {
	return s.list(ctx, fmt.Sprintf("WHERE seen_at >= %s ORDER BY id DESC LIMIT %d", s.dialect.nowPlus(micros(-workersKept)), maxWorkers))
}

func (s *Workers) list(ctx context.Context, which string, args ...any) ([]models.Worker, error) {
	var rows []struct {
		ID, Name, Slots         string
		Busy                    int
		Stopping, Lost          bool
		StartedAt, SeenAt       time.Time
		DrainAskedAt, DrainedAt *time.Time
	}
	err := s.read(ctx).Raw(fmt.Sprintf(`SELECT id, name, slots, busy, stopping, started_at, seen_at, drain_asked_at, drained_at, seen_at < %s AS lost
		FROM workers %s`, s.dialect.nowPlus(micros(-models.WorkerLostAfter)), which), args...).Scan(&rows).Error
	if err != nil {
		return nil, s.wrap(err)
	}
	all := make([]models.Worker, len(rows))
	at := make(map[string]*models.Worker)
	for i, r := range rows {
		all[i] = models.Worker{ID: r.ID, Name: r.Name, Busy: r.Busy, Stopping: r.Stopping, Lost: r.Lost, StartedAt: r.StartedAt.UTC(),
			SeenAt: r.SeenAt.UTC(), DrainAskedAt: r.DrainAskedAt, DrainedAt: r.DrainedAt, Running: make(map[models.Kind]int)}
		w := &all[i]
		for _, t := range []*time.Time{w.DrainAskedAt, w.DrainedAt} {
			if t != nil {
				*t = t.UTC()
			}
		}
		if err := json.Unmarshal([]byte(r.Slots), &w.Slots); err != nil {
			return nil, fmt.Errorf("slots of the worker %s: %w", w.ID, err)
		}
		at[w.Name] = w
	}
	var leases []struct {
		LeaseOwner string
		Kind       models.Kind
		N          int
	}
	err = s.read(ctx).Raw("SELECT lease_owner, kind, count(*) AS n FROM job_queue WHERE " + leased + " GROUP BY lease_owner, kind").Scan(&leases).Error
	for _, l := range leases {
		if w := at[l.LeaseOwner]; w != nil {
			w.Running[l.Kind] = l.N
		}
	}
	return all, s.wrap(err)
}
