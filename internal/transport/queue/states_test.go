package queue_test

import (
	"testing"

	"github.com/hibiken/asynq"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func TestStatesTellOfEveryQueue(t *testing.T) {
	t.Parallel()
	url := testenv.Redis(t)
	r, _, transport := connect(t, url)
	t.Cleanup(func() { require.NoError(t, r.Close()) })
	q := models.Queue{Kind: models.KindBuild, Priority: models.PriorityLow}
	of := func() (state telemetry.QueueState) {
		all, err := transport.States(t.Context())
		require.NoError(t, err)
		require.Len(t, all, len(models.Kinds())*len(models.Priorities()))
		for _, s := range all {
			if s.Queue == q {
				state = s
			}
		}
		return state
	}
	require.Equal(t, telemetry.QueueState{Queue: q, Tasks: map[string]int{"pending": 0, "active": 0}}, of(), "nothing was dispatched yet")

	require.NoError(t, transport.Enqueue(t.Context(), [][]jobs.Dispatch{{{JobID: models.NewID(), No: 1, Queue: q}}}))
	inspector := asynq.NewInspectorFromRedisClient(r.Client())
	require.NoError(t, inspector.PauseQueue(q.Name()))
	require.Equal(t, telemetry.QueueState{Queue: q, Paused: true, Tasks: map[string]int{"pending": 1, "active": 0}}, of())
}
