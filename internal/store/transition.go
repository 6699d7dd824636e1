package store

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// The functions here move a job, whose row the transaction has locked, to its next state: they write the row and its
// event together, and see to the jobs that wait for it.

// addEvent appends an event under the seq that the job's row was given.
func addEvent(tx *gorm.DB, job *models.Job, t models.EventType, data models.JSON) error {
	return tx.Exec("INSERT INTO job_events (job_id, seq, type, attempt, data) VALUES (?, ?, ?, ?, ?)",
		job.ID, job.EventSeq, t, job.Attempt, data).Error
}

// end makes a job terminal.
func (s *Store) end(tx *gorm.DB, job *models.Job, state models.State, cause *models.Error, fin *jobs.Finished) error {
	if !job.State.CanBecome(state) {
		return fmt.Errorf("job %s cannot go from %s to %s", job.ID, job.State, state)
	}
	if cause != nil {
		job.ErrorCode, job.ErrorMessage = cause.Code, cleanText(cause.Message)
	}
	job.State = state
	job.EventSeq++
	err := tx.Exec(fmt.Sprintf(`UPDATE jobs SET state = ?, event_seq = ?, output = ?, failures = ?, worker_deaths = ?, progress = ?,
		stage = ?, error_code = ?, error_message = ?, log_tail = ?, tokens_in = ?, tokens_out = ?, output_bytes = ?,
		cancel_reason = ?, dispatched_at = NULL, lease_owner = '', lease_expires_at = NULL, finished_at = %s WHERE id = ?`, s.dialect.now()),
		job.State, job.EventSeq, job.Output, job.Failures, job.WorkerDeaths, job.Progress, job.Stage, job.ErrorCode, job.ErrorMessage,
		cleanText(job.LogTail), job.TokensIn, job.TokensOut, job.OutputBytes, job.CancelReason, job.ID).Error
	if err != nil {
		return err
	}
	data := map[string]any{}
	if job.ErrorCode != "" {
		data["error"] = map[string]any{"code": job.ErrorCode, "message": job.ErrorMessage}
	} else if len(job.Output) > 0 {
		data["output"] = job.Output
	}
	// The states and the events that reach them share their names.
	if err := addEvent(tx, job, models.EventType(state), stateData(state, data)); err != nil {
		return err
	}
	fin.Jobs = append(fin.Jobs, job.ID)
	return s.settleDependents(tx, job, fin)
}

// requeue makes a running job wait again, due after the delay.
func (s *Store) requeue(tx *gorm.DB, job *models.Job, delay time.Duration, t models.EventType, cause *models.Error, fin *jobs.Finished) error {
	data := map[string]any{}
	if cause != nil {
		job.ErrorCode, job.ErrorMessage = cause.Code, cleanText(cause.Message)
		data["error"] = map[string]any{"code": cause.Code, "message": job.ErrorMessage}
		data["retry_in_ms"] = delay.Milliseconds()
	}
	job.State = models.StateQueued
	job.EventSeq++
	err := tx.Exec(fmt.Sprintf(`UPDATE jobs SET state = 'queued', event_seq = ?, output = ?, failures = ?, worker_deaths = ?,
		error_code = ?, error_message = ?, log_tail = ?, tokens_in = ?, tokens_out = ?, run_at = %s,
		dispatched_at = NULL, lease_owner = '', lease_expires_at = NULL WHERE id = ?`, s.dialect.nowPlus(delay)),
		job.EventSeq, job.Output, job.Failures, job.WorkerDeaths, job.ErrorCode, job.ErrorMessage, cleanText(job.LogTail),
		job.TokensIn, job.TokensOut, job.ID).Error
	if err != nil {
		return err
	}
	fin.Jobs = append(fin.Jobs, job.ID)
	if delay == 0 {
		fin.Queues = append(fin.Queues, job.Queue())
	}
	return addEvent(tx, job, t, stateData(models.StateQueued, data))
}

// settleDependents looks at the jobs that wait for one that has ended: those with nothing left to wait for are queued;
// those that cannot run any more are cancelled, and so are the ones behind them.
func (s *Store) settleDependents(tx *gorm.DB, ended *models.Job, fin *jobs.Finished) error {
	// The row locks make two dependencies that end at once take turns, so that the second sees the first.
	var waiting []models.Job
	err := tx.Raw(`SELECT * FROM jobs WHERE state = 'blocked' AND id IN (SELECT job_id FROM job_dependencies WHERE depends_on = ?)
		ORDER BY id`+s.dialect.forUpdate(), ended.ID).Scan(&waiting).Error
	if err != nil {
		return err
	}
	for i := range waiting {
		job := &waiting[i]
		if ended.State != models.StateSucceeded && job.OnDependencyFailure == models.DependencyCancel {
			job.CancelReason = "a job it depends on did not succeed"
			cause := models.NewError(models.CodeDependencyFailed, fmt.Sprintf("the %s job it depends on %s: %s",
				ended.Kind, verb(ended.State), orElse(ended.ErrorMessage, "no reason given")))
			if err := s.end(tx, job, models.StateCancelled, cause, fin); err != nil {
				return err
			}
			continue
		}
		var open int64
		err := tx.Raw(`SELECT count(*) FROM job_dependencies d JOIN jobs j ON j.id = d.depends_on
			WHERE d.job_id = ? AND j.state NOT IN ('succeeded', 'failed', 'cancelled')`, job.ID).Scan(&open).Error
		if err != nil {
			return err
		}
		if open == 0 {
			if err := s.unblock(tx, job, fin); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) unblock(tx *gorm.DB, job *models.Job, fin *jobs.Finished) error {
	job.State = models.StateQueued
	job.EventSeq++
	err := tx.Exec(fmt.Sprintf("UPDATE jobs SET state = 'queued', event_seq = ?, run_at = %s WHERE id = ?", s.dialect.now()),
		job.EventSeq, job.ID).Error
	if err != nil {
		return err
	}
	fin.Jobs = append(fin.Jobs, job.ID)
	fin.Queues = append(fin.Queues, job.Queue())
	return addEvent(tx, job, models.EventQueued, stateData(models.StateQueued, nil))
}

func verb(s models.State) string {
	if s == models.StateCancelled {
		return "was cancelled"
	}
	return string(s)
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// utc puts the times of a row that was read into UTC.
func utc(j *models.Job) *models.Job {
	for _, t := range []*time.Time{&j.CreatedAt, &j.RunAt, j.StartedAt, j.FinishedAt, j.DispatchedAt, j.LeaseExpiresAt, j.CancelRequestedAt} {
		if t != nil {
			*t = t.UTC()
		}
	}
	return j
}
