package queue

import (
	"context"
	"fmt"
	"slices"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/models"
)

// Paused lists the queues that an administrator has paused on the page of the queues.
func (t *Transport) Paused(ctx context.Context) ([]models.Queue, error) {
	pipe := t.redis.Pipeline()
	found := make(map[models.Queue]*redis.IntCmd)
	for _, q := range models.Queues() {
		found[q] = pipe.Exists(ctx, pausedKey(q))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("what is paused in Redis: %w", err)
	}
	var paused []models.Queue
	for _, q := range models.Queues() {
		if found[q].Val() > 0 {
			paused = append(paused, q)
		}
	}
	return paused, nil
}

// pausedKey is where asynq's own script asks whether a queue is paused.
func pausedKey(q models.Queue) string { return "asynq:{" + q.Name() + "}:paused" }

// States returns the state of all queues in Redis: what they hold, and whether an administrator has paused them.
func (t *Transport) States(ctx context.Context) ([]telemetry.QueueState, error) {
	known, err := t.inspector.Queues()
	if err != nil {
		return nil, err
	}
	var states []telemetry.QueueState
	for _, kind := range models.Kinds() {
		for _, priority := range models.Priorities() {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			q := models.Queue{Kind: kind, Priority: priority}
			info := &asynq.QueueInfo{} // for a queue that has never had a task
			if slices.Contains(known, q.Name()) {
				if info, err = t.inspector.GetQueueInfo(q.Name()); err != nil {
					return nil, fmt.Errorf("queue %s: %w", q.Name(), err)
				}
			}
			states = append(states, telemetry.QueueState{Queue: q, Paused: info.Paused,
				Tasks: map[string]int{"pending": info.Pending, "active": info.Active}})
		}
	}
	return states, nil
}
