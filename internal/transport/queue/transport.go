package queue

import (
	"context"
	"errors"

	"github.com/hibiken/asynq"
	"golang.org/x/sync/errgroup"

	"github.com/spark-games/spark/internal/transport/redisconn"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Transport implements jobs.Transport over asynq.
type Transport struct {
	client    *asynq.Client
	inspector *asynq.Inspector
	wake      func(models.Kind)
}

// NewTransport makes a transport; wake notifies idle workers of new work.
func NewTransport(r *redisconn.Conn, wake func(models.Kind)) *Transport {
	return &Transport{client: asynq.NewClientFromRedisClient(r.Client()), inspector: asynq.NewInspectorFromRedisClient(r.Client()), wake: wake}
}

// enqueueAtOnce is how many concurrent round trips to Redis an enqueue makes.
const enqueueAtOnce = 8

// Enqueue implements jobs.Transport. Order within a queue is kept for a few jobs, and nearly so for many.
func (t *Transport) Enqueue(ctx context.Context, ds []jobs.Dispatch) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(enqueueAtOnce)
	if len(ds) <= enqueueAtOnce {
		g.SetLimit(1)
	}
	kinds := make(map[models.Kind]bool)
	for _, d := range ds {
		kinds[d.Queue.Kind] = true
		g.Go(func() error {
			task, options := newTask(d)
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

// Lost implements jobs.Transport. A task that is active while its job is unclaimed belongs to a worker that died, or
// that is about to claim; dispatching the job again is right in the first case and harmless in the second.
func (t *Transport) Lost(ctx context.Context, ds []jobs.Dispatch) ([]jobs.Dispatch, error) {
	var lost []jobs.Dispatch
	for _, d := range ds {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		info, err := t.inspector.GetTaskInfo(d.Queue.Name(), taskID(d))
		switch {
		case errors.Is(err, asynq.ErrTaskNotFound), errors.Is(err, asynq.ErrQueueNotFound):
			lost = append(lost, d)
		case err != nil:
			return nil, err
		case info.State != asynq.TaskStatePending:
			lost = append(lost, d)
		}
	}
	return lost, nil
}
