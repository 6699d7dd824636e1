package queue

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hibiken/asynq"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// payload is all that travels through Redis.
type payload struct {
	JobID string `json:"job_id"`
	No    int64  `json:"dispatch_no"`
}

// neverTimesOut is longer than any attempt: asynq must not give up on a handler, since it would not wait for it.
const neverTimesOut = 24 * time.Hour

func newTask(d jobs.Dispatch) (*asynq.Task, []asynq.Option) {
	body, _ := json.Marshal(payload{d.JobID, d.No}) // strings and numbers always encode
	return asynq.NewTask(string(d.Queue.Kind), body), []asynq.Option{
		asynq.TaskID(taskID(d)), asynq.Queue(d.Queue.Name()), asynq.MaxRetry(0), asynq.Timeout(neverTimesOut),
	}
}

// taskID makes each dispatch a task of its own, so that a leftover task cannot block the next.
func taskID(d jobs.Dispatch) string { return d.JobID + "." + strconv.FormatInt(d.No, 10) }

// readTask is the inverse of newTask for what a server received. Redis is not trusted to hold only our tasks.
func readTask(t *asynq.Task, queue string) (jobs.Dispatch, error) {
	var p payload
	if err := json.Unmarshal(t.Payload(), &p); err != nil {
		return jobs.Dispatch{}, fmt.Errorf("task payload: %w", err)
	}
	kind, priority, _ := strings.Cut(queue, ":")
	q := models.Queue{Kind: models.Kind(kind), Priority: models.Priority(priority)}
	if !q.Kind.Valid() || !q.Priority.Valid() || !models.ValidID(p.JobID) || p.No < 1 {
		return jobs.Dispatch{}, fmt.Errorf("task is not a dispatch: type %q in queue %q", t.Type(), queue)
	}
	return jobs.Dispatch{JobID: p.JobID, No: p.No, Queue: q}, nil
}
