package store

import (
	"context"
	"fmt"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// success is the end that nearly every attempt comes to.
type success struct {
	fence models.Fence
	out   jobs.Outcome

	current bool // its revision becomes the project's current one
	done    bool // otherwise its fence is gone, a cancel was requested, or others have locked its job
	effects jobs.Effects
}

// succeed stores the successes of a batch: the jobs and their events in one statement, then the artifacts, and the jobs that
// waited.
func (d *db) succeed(ctx context.Context, batch []*success, lock locking) error {
	lock.pipelines = true
	return d.write(ctx, func(tx *tx) error {
		recs := newChanges("fence integer", "new_output json", "new_log text", "more_in bigint", "more_out bigint", "new_bytes bigint")
		byJob := make(map[string]*success, len(batch))
		for _, s := range batch {
			s.done, s.effects = false, jobs.Effects{}
			byJob[s.fence.JobID] = s
			res := s.result()
			if s.out.InTurn || res.Revision != nil { // before the project
				if err := tx.lockAround(s.fence.JobID); err != nil {
					return err
				}
			}
			if res.Revision != nil {
				superseded, err := tx.superseded(res)
				if err != nil {
					return err
				}
				s.current = !superseded
			}
			data := map[string]any{}
			if len(res.Output) > 0 {
				data["output"] = res.Output
			}
			recs.add(s.fence.JobID, models.EventSucceeded, stateData(models.StateSucceeded, data), s.fence.Attempt,
				res.Output, cleanText(s.out.LogTail), res.TokensIn, res.TokensOut, res.Bytes)
		}
		changed, err := tx.changeEach(change{
			from:  models.StateRunning,
			where: "jobs.attempt = r.fence AND jobs.cancel_requested_at IS NULL",
			set: fmt.Sprintf(`state = 'succeeded', output = r.new_output, progress = 1, stage = '', error_code = '', error_message = '', log_tail = r.new_log,
				tokens_in = COALESCE(jobs.tokens_in + r.more_in, jobs.tokens_in, r.more_in),
				tokens_out = COALESCE(jobs.tokens_out + r.more_out, jobs.tokens_out, r.more_out),
				output_bytes = r.new_bytes, finished_at = %s`, tx.dialect.now()),
			returning: ", jobs.account_id, jobs.kind, jobs.state, jobs.pipeline_id, jobs.step, jobs.concurrency_key",
			queue:     queueChange{where: holds, leave: true}, lock: lock,
		}, recs)
		if err != nil {
			return err
		}
		for i := range changed {
			if err := tx.succeeded(byJob[changed[i].ID], &changed[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *success) result() *jobs.Result {
	if s.out.Result == nil {
		s.out.Result = &jobs.Result{}
	}
	return s.out.Result
}

// succeeded stores what a job that has succeeded made, and lets those that waited for it run.
func (tx *tx) succeeded(s *success, job *models.Job) error {
	if err := tx.saveResult(s.out.Result, s.current); err != nil {
		return err
	}
	s.done = true
	s.effects.State = job.State
	s.effects.Jobs = append(s.effects.Jobs, job.ID)
	return tx.settle(job, &s.effects)
}
