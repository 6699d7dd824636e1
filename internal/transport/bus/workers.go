package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/spark-games/spark/internal/transport/redisconn"
	"github.com/spark-games/spark/models"
)

// Workers is the registry of workers: each publishes what it tells of itself, for all processes to read. A report that is
// not renewed is gone after its time, so that nothing is left of a worker that died.
type Workers struct{ redis *redisconn.Conn }

// NewWorkers makes a registry.
func NewWorkers(r *redisconn.Conn) *Workers { return &Workers{redis: r} }

// workerSet holds the ids of the workers that have a report, or had one until a moment ago, each with the second at which
// its report ends. What ended long ago goes with the next report of any worker: clocks may differ, but not by idFor.
const (
	workerSet = "worker-ids"
	idFor     = time.Hour
)

func (w *Workers) key(worker string) string { return w.redis.Key("worker:" + worker) }

// Publish puts a worker's report in the place of its last one, to be read for as long as keep says.
func (w *Workers) Publish(ctx context.Context, r models.WorkerReport, keep time.Duration) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("report of a worker: %w", err)
	}
	pipe := w.redis.Client().Pipeline()
	pipe.Set(ctx, w.key(r.Worker), raw, keep)
	now := time.Now()
	pipe.ZAdd(ctx, w.redis.Key(workerSet), redis.Z{Score: float64(now.Add(keep).Unix()), Member: r.Worker})
	pipe.ZRemRangeByScore(ctx, w.redis.Key(workerSet), "-inf", strconv.FormatInt(now.Add(-idFor).Unix(), 10))
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("report of a worker: %w", err)
	}
	return nil
}

// Remove takes a worker's report away at once.
func (w *Workers) Remove(ctx context.Context, worker string) error {
	pipe := w.redis.Client().Pipeline()
	pipe.Del(ctx, w.key(worker))
	pipe.ZRem(ctx, w.redis.Key(workerSet), worker)
	_, err := pipe.Exec(ctx)
	return err
}

// Reports are those of all workers that live, sorted by worker. A report that cannot be read, of a worker of another
// release, is left out.
func (w *Workers) Reports(ctx context.Context) ([]models.WorkerReport, error) {
	ids, err := w.redis.Client().ZRange(ctx, w.redis.Key(workerSet), 0, -1).Result()
	if err != nil {
		return nil, unread(err)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	pipe := w.redis.Client().Pipeline()
	got := make([]*redis.StringCmd, len(ids))
	for i, id := range ids {
		got[i] = pipe.Get(ctx, w.key(id))
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, unread(err)
	}
	var reports []models.WorkerReport
	var gone []any
	for i, cmd := range got {
		raw, err := cmd.Bytes()
		if errors.Is(err, redis.Nil) {
			gone = append(gone, ids[i])
			continue
		}
		var r models.WorkerReport
		if err == nil && json.Unmarshal(raw, &r) == nil {
			reports = append(reports, r)
		}
	}
	if len(gone) > 0 {
		// One that lives after all is back with its next report.
		if err := w.redis.Client().ZRem(ctx, w.redis.Key(workerSet), gone...).Err(); err != nil {
			return nil, unread(err)
		}
	}
	slices.SortFunc(reports, func(a, b models.WorkerReport) int { return strings.Compare(a.Worker, b.Worker) })
	return reports, nil
}

func unread(err error) error {
	return models.WrapError(models.CodeUnavailable, "it cannot be asked now how the workers are", err)
}
