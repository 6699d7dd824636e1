package queue

import (
	"context"
	"errors"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"github.com/spark-games/spark/internal/transport/redisconn"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Transport implements jobs.Transport over asynq.
type Transport struct {
	redis     *redis.Client
	client    *asynq.Client
	inspector *asynq.Inspector
	wake      func(models.Kind)
}

// NewTransport makes a transport, which is to be closed; wake notifies idle workers of new work.
func NewTransport(r *redisconn.Conn, wake func(models.Kind)) *Transport {
	c := r.NewClient()
	redisconn.Coalesce(c)
	return &Transport{redis: c, client: asynq.NewClientFromRedisClient(c), inspector: asynq.NewInspectorFromRedisClient(c), wake: wake}
}

// Close ends the connections.
func (t *Transport) Close() error { return t.redis.Close() }

// enqueueAtOnce is how many tasks are enqueued side by side; they share round trips to Redis.
const enqueueAtOnce = 64

// Enqueue implements jobs.Transport. Order within a queue is kept for a few tasks, and nearly so for many.
func (t *Transport) Enqueue(ctx context.Context, bundles [][]jobs.Dispatch) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(enqueueAtOnce)
	if len(bundles) <= 8 {
		g.SetLimit(1)
	}
	kinds := make(map[models.Kind]bool)
	for _, bundle := range bundles {
		kinds[bundle[0].Queue.Kind] = true
		g.Go(func() error {
			task, options := newTask(bundle)
			_, err := t.client.EnqueueContext(gctx, task, options...)
			if errors.Is(err, asynq.ErrTaskIDConflict) {
				return nil // it is already enqueued
			}
			return err
		})
	}
	err := g.Wait()
	for k := range kinds {
		t.wake(k)
	}
	return err
}

// pendingPage is how many tasks are listed at once.
const pendingPage = 500

// Lost implements jobs.Transport. A task that is active while its job is unclaimed belongs to a worker that died, or
// that is about to claim; dispatching the job again is right in the first case and harmless in the second. Jobs are looked
// for among all that wait in their queue, which the window bounds, since a bundle's task has the name of one of them. What is
// taken while the pages are read moves the others forward, so that one may be missed: that, too, is harmless.
func (t *Transport) Lost(ctx context.Context, ds []jobs.Dispatch) ([]jobs.Dispatch, error) {
	waiting := make(map[models.Queue]map[jobs.Dispatch]bool)
	var lost []jobs.Dispatch
	for _, d := range ds {
		if waiting[d.Queue] == nil {
			var err error
			if waiting[d.Queue], err = t.pending(ctx, d.Queue); err != nil {
				return nil, err
			}
		}
		if !waiting[d.Queue][d] {
			lost = append(lost, d)
		}
	}
	return lost, nil
}

// pending is the dispatches whose tasks no worker has taken.
func (t *Transport) pending(ctx context.Context, q models.Queue) (map[jobs.Dispatch]bool, error) {
	found := make(map[jobs.Dispatch]bool)
	for page := 1; ; page++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		tasks, err := t.inspector.ListPendingTasks(q.Name(), asynq.Page(page), asynq.PageSize(pendingPage))
		if errors.Is(err, asynq.ErrQueueNotFound) {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		for _, task := range tasks {
			bundle, err := readTask(task.Payload, q.Name())
			if err != nil {
				continue // somebody else's
			}
			for _, d := range bundle {
				found[d] = true
			}
		}
		if len(tasks) < pendingPage {
			return found, nil
		}
	}
}
