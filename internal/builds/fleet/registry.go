package fleet

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

// Presence holds an entry for each running worker, as long as the worker renews it. All of it may be lost at any time.
// internal/transport/bus.Presence keeps it in Redis.
type Presence interface {
	// Put replaces a worker's entry, which expires after keep.
	Put(ctx context.Context, worker string, entry []byte, keep time.Duration) error
	// Delete removes a worker's entry immediately.
	Delete(ctx context.Context, worker string) error
	// Entries are those of all workers, sorted by worker.
	Entries(ctx context.Context) ([][]byte, error)
}

// Registry is the workers' registry.
type Registry struct{ presence Presence }

// NewRegistry makes a registry.
func NewRegistry(p Presence) *Registry { return &Registry{p} }

// Publish replaces a worker's report, which expires after keep.
func (r *Registry) Publish(ctx context.Context, report models.WorkerReport, keep time.Duration) error {
	raw, err := json.Marshal(report)
	if err != nil {
		return fmt.Errorf("report of a worker: %w", err)
	}
	return r.presence.Put(ctx, report.Worker, raw, keep)
}

// Remove removes a worker's report immediately.
func (r *Registry) Remove(ctx context.Context, worker string) error {
	return r.presence.Delete(ctx, worker)
}

// Reports are those of all running workers, sorted by worker. A report that cannot be read, from a worker of another release, is
// left out.
func (r *Registry) Reports(ctx context.Context) ([]models.WorkerReport, error) {
	entries, err := r.presence.Entries(ctx)
	if err != nil {
		return nil, models.WrapError(models.CodeUnavailable, "the workers cannot be listed now", err)
	}
	var reports []models.WorkerReport
	for _, raw := range entries {
		var report models.WorkerReport
		if json.Unmarshal(raw, &report) == nil {
			reports = append(reports, report)
		}
	}
	return reports, nil
}
