package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Retry implements jobs.Intake.
func (s *Jobs) Retry(ctx context.Context, accountID, jobID string) (*models.Job, jobs.Effects, error) {
	var effects jobs.Effects
	err := s.write(ctx, func(tx *tx) error {
		effects = jobs.Effects{}
		job, err := tx.lockJob(accountID, jobID)
		if err != nil {
			return err
		}
		if err := tx.retry(job, &effects); err != nil {
			return err
		}
		return tx.record("job.retry", resource{accountID, "job", jobID})
	})
	if err != nil {
		return nil, jobs.Effects{}, err
	}
	job, err := s.Job(ctx, accountID, jobID)
	return job, effects, err
}

// retry queues a locked job again, or is CodeConflict.
func (tx *tx) retry(job *models.Job, effects *jobs.Effects) error {
	if job.State != models.StateFailed && job.State != models.StateCancelled || job.CountsAs() == models.Skipped {
		return models.NewError(models.CodeConflict, "only a failed or cancelled job can be retried, this one is "+string(job.State))
	}
	if err := tx.mayRun(job.AccountID, job.ProjectID); err != nil {
		return err
	}
	if err := tx.revive(job, effects); err != nil {
		return err
	}
	if len(effects.Jobs) == 0 {
		return models.NewError(models.CodeConflict, "the job depends on one that did not succeed; retry that one")
	}
	return nil
}

// lostToOthers are the codes of jobs that were cancelled because of how others ended, and come back with them.
var lostToOthers = []models.Code{models.CodeDependencyFailed, models.CodeSkipped}

// revive queues a finished job again, or blocks it if it has to wait, and also the jobs that were cancelled because of it. It
// skips a job that another of its dependencies still forbids.
func (tx *tx) revive(job *models.Job, effects *jobs.Effects) error {
	needs, err := tx.needs(job)
	if err != nil || needs.forbid() {
		return err
	}
	if err := tx.rejoin(job); err != nil {
		return err
	}
	holds, err := tx.holdsKey(job)
	if err != nil {
		return err
	}
	from, input := job.State, job.Input
	job.State = models.StateQueued
	if needs.Open > 0 || !holds {
		job.State = models.StateBlocked
	}
	resolved := job.Resolved || job.State == models.StateQueued
	if job.State == models.StateQueued {
		input, err = tx.resolve(job)
		if e, ok := errors.AsType[*models.Error](err); ok {
			return models.NewError(models.CodeConflict, e.Message)
		}
		if err != nil {
			return err
		}
	}
	revived, err := tx.changeOne(job.ID, models.EventType(job.State), stateData(job.State, map[string]any{"retried": true}), change{
		from: from,
		set: fmt.Sprintf(`state = ?, input = ?, resolved = ?, started_at = NULL, %[2]s,
			failures = 0, outages = 0, worker_deaths = 0, deaths_alone = 0, suspect_of = '', expires_at = NULL,
			progress = 0,
			stage = '',
			error_code = '', error_message = '', log_tail = '', output = NULL, cancel_requested_at = NULL, cancel_reason = '', run_at = %[1]s,
			finished_at = NULL`, tx.dialect.now(), counted(tx.dialect)),
		args:  []any{job.State, input, resolved},
		queue: queueChange{absent: true},
	})
	if err != nil || revived == nil {
		return err
	}
	if err := tx.enqueue([]string{job.ID}); err != nil {
		return err
	}
	effects.Jobs = append(effects.Jobs, job.ID)
	switch {
	case job.State == models.StateQueued && job.Kind == models.KindApproval:
		job.Input = input
		if err := tx.ask(job, effects); err != nil {
			return err
		}
	case job.State == models.StateQueued:
		effects.Queues = append(effects.Queues, job.Queue())
	}
	var behind []models.Job
	err = tx.Raw(`SELECT * FROM jobs WHERE state = 'cancelled' AND error_code IN ? AND id IN
		(SELECT job_id FROM job_dependencies WHERE depends_on = ?) ORDER BY id`, lostToOthers, job.ID).Scan(&behind).Error
	if err != nil {
		return err
	}
	for i := range behind {
		if err := tx.revive(&behind[i], effects); err != nil && models.CodeOf(err) != models.CodeConflict {
			return err
		}
	}
	return nil
}
