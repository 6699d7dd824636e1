package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/spark-games/spark/internal/transport/redisconn"
)

// Presence is the worker registry: the running workers and what each publishes about itself, for all processes to read. An
// entry that is not renewed expires, so nothing is left of a worker that died; all of it may be lost at any time.
type Presence struct{ redis *redisconn.Conn }

// NewPresence makes the registry of the workers that share a Redis.
func NewPresence(r *redisconn.Conn) *Presence { return &Presence{redis: r} }

// presenceSet holds the ids of the workers that have an entry, or had one until recently, each with the second at which its
// entry expires. Ids that expired long ago are removed with the next entry of any worker: clocks may differ, but not by idFor.
const (
	presenceSet = "worker-ids"
	idFor       = time.Hour
)

func (p *Presence) key(worker string) string { return p.redis.Key("worker:" + worker) }

// Put replaces a worker's entry; it expires after keep.
func (p *Presence) Put(ctx context.Context, worker string, entry []byte, keep time.Duration) error {
	pipe := p.redis.Client().Pipeline()
	pipe.Set(ctx, p.key(worker), entry, keep)
	now := time.Now()
	pipe.ZAdd(ctx, p.redis.Key(presenceSet), redis.Z{Score: float64(now.Add(keep).Unix()), Member: worker})
	pipe.ZRemRangeByScore(ctx, p.redis.Key(presenceSet), "-inf", strconv.FormatInt(now.Add(-idFor).Unix(), 10))
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("entry of a worker: %w", err)
	}
	return nil
}

// Delete removes a worker's entry immediately.
func (p *Presence) Delete(ctx context.Context, worker string) error {
	pipe := p.redis.Client().Pipeline()
	pipe.Del(ctx, p.key(worker))
	pipe.ZRem(ctx, p.redis.Key(presenceSet), worker)
	_, err := pipe.Exec(ctx)
	return err
}

// Entries are those of all running workers, sorted by worker.
func (p *Presence) Entries(ctx context.Context) ([][]byte, error) {
	workers, err := p.redis.Client().ZRange(ctx, p.redis.Key(presenceSet), 0, -1).Result()
	if err != nil || len(workers) == 0 {
		return nil, err
	}
	slices.Sort(workers)
	pipe := p.redis.Client().Pipeline()
	got := make([]*redis.StringCmd, len(workers))
	for i, w := range workers {
		got[i] = pipe.Get(ctx, p.key(w))
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, err
	}
	var entries [][]byte
	var gone []any
	for i, cmd := range got {
		entry, err := cmd.Bytes()
		switch {
		case errors.Is(err, redis.Nil):
			gone = append(gone, workers[i])
		case err == nil:
			entries = append(entries, entry)
		}
	}
	if len(gone) == 0 {
		return entries, nil
	}
	// A worker that is still running returns with its next entry.
	return entries, p.redis.Client().ZRem(ctx, p.redis.Key(presenceSet), gone...).Err()
}
