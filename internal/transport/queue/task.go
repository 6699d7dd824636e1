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

// payload is all that travels through Redis: the jobs of a bundle.
type payload struct {
	Jobs []jobPayload `json:"jobs"`
	// Tasks of the version before bundles have one job.
	JobID string `json:"job_id,omitempty"`
	No    int64  `json:"dispatch_no,omitempty"`
}

type jobPayload struct {
	ID string `json:"id"`
	No int64  `json:"no"`
}

// neverTimesOut is longer than any attempt: asynq must not give up on a handler, since it would not wait for it.
const neverTimesOut = 24 * time.Hour

func newTask(bundle []jobs.Dispatch) (*asynq.Task, []asynq.Option) {
	var p payload
	for _, d := range bundle {
		p.Jobs = append(p.Jobs, jobPayload{d.JobID, d.No})
	}
	body, _ := json.Marshal(p) // strings and numbers always encode
	q := bundle[0].Queue
	return asynq.NewTask(string(q.Kind), body), []asynq.Option{
		asynq.TaskID(taskID(bundle[0])), asynq.Queue(q.Name()), asynq.MaxRetry(0), asynq.Timeout(neverTimesOut),
	}
}

// taskID makes each release a task of its own, so that a leftover task cannot block the next.
func taskID(first jobs.Dispatch) string { return first.JobID + "." + strconv.FormatInt(first.No, 10) }

// maxBundle bounds what is read of a task.
const maxBundle = 256

// readTask is the inverse of newTask for what is in Redis, which is not trusted to hold only our tasks.
func readTask(body []byte, queue string) ([]jobs.Dispatch, error) {
	kind, priority, _ := strings.Cut(queue, ":")
	q := models.Queue{Kind: models.Kind(kind), Priority: models.Priority(priority)}
	if !q.Kind.Valid() || !q.Priority.Valid() {
		return nil, fmt.Errorf("there is no queue %q", queue)
	}
	var p payload
	if err := json.Unmarshal(body, &p); err != nil {
		return nil, fmt.Errorf("task payload: %w", err)
	}
	if p.JobID != "" {
		p.Jobs = append(p.Jobs, jobPayload{p.JobID, p.No})
	}
	if len(p.Jobs) == 0 || len(p.Jobs) > maxBundle {
		return nil, fmt.Errorf("a task of %d jobs", len(p.Jobs))
	}
	ds := make([]jobs.Dispatch, len(p.Jobs))
	for i, j := range p.Jobs {
		if !models.ValidID(j.ID) || j.No < 1 {
			return nil, fmt.Errorf("task in queue %q is not a dispatch", queue)
		}
		ds[i] = jobs.Dispatch{JobID: j.ID, No: j.No, Queue: q}
	}
	return ds, nil
}
