package queue

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

	"github.com/spark-games/spark/models"
)

// Board is where workers put what they tell of themselves, for all processes to read. A report that is not renewed is
// gone after its time, so that nothing is left of a worker that died; all of it may be lost at any time.
type Board struct{ redis *Redis }

// NewBoard makes a board.
func NewBoard(r *Redis) *Board { return &Board{redis: r} }

// boardSet holds the ids of the workers that have a report, or had one until a moment ago, each with the second at which
// its report ends. What ended long ago goes with the next report of any worker: clocks may differ, but not by idFor.
const (
	boardSet = "worker-ids"
	idFor    = time.Hour
)

func (b *Board) key(worker string) string { return b.redis.key("worker:" + worker) }

// Post puts a worker's report in the place of its last one, to be read for as long as keep says.
func (b *Board) Post(ctx context.Context, r models.WorkerReport, keep time.Duration) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("report of a worker: %w", err)
	}
	pipe := b.redis.client.Pipeline()
	pipe.Set(ctx, b.key(r.Worker), raw, keep)
	now := time.Now()
	pipe.ZAdd(ctx, b.redis.key(boardSet), redis.Z{Score: float64(now.Add(keep).Unix()), Member: r.Worker})
	pipe.ZRemRangeByScore(ctx, b.redis.key(boardSet), "-inf", strconv.FormatInt(now.Add(-idFor).Unix(), 10))
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("report of a worker: %w", err)
	}
	return nil
}

// Withdraw takes a worker's report away at once.
func (b *Board) Withdraw(ctx context.Context, worker string) error {
	pipe := b.redis.client.Pipeline()
	pipe.Del(ctx, b.key(worker))
	pipe.ZRem(ctx, b.redis.key(boardSet), worker)
	_, err := pipe.Exec(ctx)
	return err
}

// Reports are those of all workers that live, sorted by worker. A report that cannot be read, of a worker of another
// release, is left out.
func (b *Board) Reports(ctx context.Context) ([]models.WorkerReport, error) {
	workers, err := b.redis.client.ZRange(ctx, b.redis.key(boardSet), 0, -1).Result()
	if err != nil {
		return nil, unread(err)
	}
	if len(workers) == 0 {
		return nil, nil
	}
	pipe := b.redis.client.Pipeline()
	got := make([]*redis.StringCmd, len(workers))
	for i, w := range workers {
		got[i] = pipe.Get(ctx, b.key(w))
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, unread(err)
	}
	var reports []models.WorkerReport
	var gone []any
	for i, cmd := range got {
		raw, err := cmd.Bytes()
		if errors.Is(err, redis.Nil) {
			gone = append(gone, workers[i])
			continue
		}
		var r models.WorkerReport
		if err == nil && json.Unmarshal(raw, &r) == nil {
			reports = append(reports, r)
		}
	}
	if len(gone) > 0 {
		// One that lives after all is back with its next report.
		if err := b.redis.client.ZRem(ctx, b.redis.key(boardSet), gone...).Err(); err != nil {
			return nil, unread(err)
		}
	}
	slices.SortFunc(reports, func(a, b models.WorkerReport) int { return strings.Compare(a.Worker, b.Worker) })
	return reports, nil
}

func unread(err error) error {
	return models.WrapError(models.CodeUnavailable, "it cannot be asked now how the workers are", err)
}
