package queue

import (
	"context"
	"fmt"
	"slices"

	"github.com/hibiken/asynq"

	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/models"
)

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
