package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// An approval is a job that no worker runs. From the moment in which it is due, it is asked for: it has a time to be decided by in the queue.
// Whoever makes it due asks in the same transaction; the repairer asks for those whose time comes later. docs/decisions/0038-pipelines.md has the reasons.

// stageApproval is the stage of a job that waits for a decision.
const stageApproval = "waiting_for_approval"

// ask begins to wait for a decision about a queued approval that is due.
func (tx *tx) ask(job *models.Job, effects *jobs.Effects) error {
	now, err := tx.clock()
	if err != nil {
		return err
	}
	in, err := jobs.ReadApproval(job.Input)
	if err != nil {
		return err
	}
	until := now.Add(in.Within())
	data := map[string]any{"until": until, "message": in.Message, "on_expiry": orElse(in.OnExpiry, jobs.ExpiryReject), "step": job.Step}
	if len(in.Approvers) > 0 {
		data["approvers"] = in.Approvers
	}
	if len(in.Fields) > 0 {
		data["fields"] = in.Fields
	}
	asked, err := tx.changeOne(job.ID, models.EventApproval, stateData(models.StateQueued, data), change{
		from: models.StateQueued, where: "jobs.run_at <= " + tx.dialect.now(),
		set:   "started_at = ?, expires_at = ?, stage = ?",
		args:  []any{tx.dialect.timestamp(now), tx.dialect.timestamp(until), stageApproval},
		queue: queueChange{where: "job_queue.decide_by IS NULL", set: "expires_at = NULL, decide_by = " + tx.dialect.nowPlus(micros(in.Within()))},
	})
	if err != nil || asked == nil {
		return err
	}
	job.StartedAt, job.ExpiresAt, job.Stage, job.EventSeq = asked.StartedAt, asked.ExpiresAt, asked.Stage, asked.EventSeq
	effects.Jobs = append(effects.Jobs, job.ID)
	return nil
}

// askNew is ask for those of new jobs that are queued approvals. Nobody watches them yet.
func (tx *tx) askNew(all []*models.Job) error {
	for _, j := range all {
		if j.Kind != models.KindApproval || j.State != models.StateQueued {
			continue
		}
		if err := tx.ask(j, &jobs.Effects{}); err != nil {
			return err
		}
	}
	return nil
}

// clock is the database's.
func (tx *tx) clock() (time.Time, error) {
	var text string
	if err := tx.Raw("SELECT " + tx.dialect.nowText()).Scan(&text).Error; err != nil {
		return time.Time{}, err
	}
	return parseClock(text)
}

// decidable is what an approval in the queue is while it can be decided about.
func (d *db) decidable() string { return "job_queue.decide_by > " + d.dialect.now() }

// Decide implements jobs.Intake.
func (s *Jobs) Decide(ctx context.Context, d jobs.Decision) (effects jobs.Effects, err error) {
	err = s.write(ctx, func(tx *tx) error {
		effects = jobs.Effects{}
		rows, err := tx.lockPipeline(d.AccountID, d.PipelineID)
		if err != nil {
			return err
		}
		var job *models.Job
		for i := range rows {
			if rows[i].Step == d.Step && rows[i].Kind == models.KindApproval {
				job = &rows[i]
			}
		}
		switch {
		case job == nil:
			return models.NewError(models.CodeNotFound, "the pipeline has no approval of this name")
		case job.State.Terminal():
			return errDecided
		case job.State != models.StateQueued || job.Stage != stageApproval:
			return models.NewError(models.CodeApprovalNotWaiting, "the step does not wait for a decision yet")
		}
		if err := tx.decide(utc(job), &d, s.decidable(), &effects); err != nil {
			return err
		}
		action := "pipeline.reject"
		if d.Approve {
			action = "pipeline.approve"
		}
		return tx.record(action, resource{d.AccountID, "pipeline", d.PipelineID}, details{"job": job.ID})
	})
	if err != nil {
		return jobs.Effects{}, err
	}
	return effects, nil
}

var errDecided = models.NewError(models.CodeApprovalDecided, "the step was decided about before, or its time is over")

// decide ends an approval under the lock of its pipeline, if its row in the queue is in a condition; without a decision its time is over.
func (tx *tx) decide(job *models.Job, d *jobs.Decision, condition string, effects *jobs.Effects) error {
	var open []string
	err := tx.Raw("SELECT job_id FROM job_queue WHERE job_id = ? AND "+condition+tx.dialect.lock(waitLocked), job.ID).Scan(&open).Error
	if err != nil {
		return err
	}
	if len(open) == 0 {
		return errDecided
	}
	now, err := tx.clock()
	if err != nil {
		return err
	}
	in, err := jobs.ReadApproval(job.Input)
	if err != nil {
		return err
	}
	out, err := in.Output(d, now)
	if err != nil {
		return err
	}
	job.Output = models.ToJSON(out)
	changed := len(effects.Jobs)
	if err := tx.conclude(job, &out, effects); err != nil {
		return err
	}
	if len(effects.Jobs) == changed { // it has ended otherwise since it was read
		return errDecided
	}
	return nil
}

// conclude ends an approval as its output says.
func (tx *tx) conclude(job *models.Job, out *models.ApprovalOutput, effects *jobs.Effects) error {
	switch {
	case out.Decision == models.Approved:
		return tx.approve(job, effects)
	case out.Expired:
		return tx.end(job, models.StateFailed, models.NewError(models.CodeApprovalExpired, "nobody decided about the step in time"), effects)
	}
	message := "the step was rejected"
	if out.Comment != "" {
		message += ": " + models.Shorten(out.Comment, 200)
	}
	return tx.end(job, models.StateFailed, models.NewError(models.CodeApprovalRejected, message), effects)
}

// approve ends an approval with its output, and lets those run that waited for it.
func (tx *tx) approve(job *models.Job, effects *jobs.Effects) error {
	data := stateData(models.StateSucceeded, map[string]any{"output": job.Output})
	done, err := tx.changeOne(job.ID, models.EventSucceeded, data, change{
		from: models.StateQueued, set: "state = 'succeeded', output = ?, progress = 1, stage = '', finished_at = " + tx.dialect.now(),
		args: []any{job.Output}, queue: queueChange{leave: true},
	})
	if err != nil || done == nil {
		return err
	}
	job.State = models.StateSucceeded
	effects.Jobs = append(effects.Jobs, job.ID)
	return tx.settle(job, effects)
}

// expireApprovals ends those approvals whose time is over, and asks for those that have become due. Each is a separate transaction, and what
// others hold is left for the next time.
func (s *Backlog) expireApprovals(ctx context.Context, limit int, all *jobs.Effects) error {
	over, unasked := "job_queue.decide_by <= "+s.dialect.now(), "job_queue.kind = 'approval' AND job_queue.place = 'waiting' AND job_queue.decide_by IS NULL"+
		" AND job_queue.run_at <= "+s.dialect.now()
	return errors.Join(
		s.eachApproval(ctx, over, "decide_by", limit, all, func(tx *tx, job *models.Job, effects *jobs.Effects) error {
			if err := tx.decide(job, nil, over, effects); !errors.Is(err, errDecided) {
				return err
			}
			return nil
		}),
		s.eachApproval(ctx, unasked, "run_at", limit, all, (*tx).ask))
}

func (s *Backlog) eachApproval(ctx context.Context, which, order string, limit int, all *jobs.Effects,
	do func(*tx, *models.Job, *jobs.Effects) error,
) error {
	var ids []string
	err := s.read(ctx).Raw("SELECT job_id FROM job_queue WHERE "+which+" ORDER BY "+order+" LIMIT ?", limit).Scan(&ids).Error
	if err != nil {
		return s.wrap(err)
	}
	var errs []error
	for _, id := range ids {
		var effects jobs.Effects
		err := s.write(ctx, func(tx *tx) error {
			effects = jobs.Effects{}
			if ok, err := tx.tryAround(id); err != nil || !ok {
				return err
			}
			var locked []string
			err := tx.Raw("SELECT job_id FROM job_queue WHERE job_id = ? AND "+which+s.dialect.lock(passLocked), id).Scan(&locked).Error
			if err != nil || len(locked) == 0 {
				return err
			}
			var job models.Job
			if err := tx.Raw("SELECT * FROM jobs WHERE id = ?", id).Scan(&job).Error; err != nil {
				return err
			}
			return do(tx, utc(&job), &effects)
		})
		if err != nil {
			errs = append(errs, fmt.Errorf("approval %s: %w", id, err))
			continue
		}
		all.Jobs = append(all.Jobs, effects.Jobs...)
		all.Queues = append(all.Queues, effects.Queues...)
	}
	return errors.Join(errs...)
}
