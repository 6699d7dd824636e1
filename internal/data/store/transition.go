package store

import (
	"fmt"
	"maps"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// These functions move a job, whose row and pipeline the transaction has locked, to its next state: they write the row and its
// event together, and update the jobs that wait for it. Only they change jobs that are blocked or were cancelled.

// noLease resets the lease fields of a job that does not run any more.
const noLease = "dispatched_at = NULL, lease_owner = '', lease_expires_at = NULL"

// change updates the one job that where names, gives it the next event seq, and appends the event. It returns the row
// as it now is, or nil when where names none, or one that is not in the state from: a copy that was read before may be
// older than what its own transaction has done since. args are those of set, then those of where.
func (tx *tx) change(from models.State, t models.EventType, data models.JSON, set, where string, args ...any) (*models.Job, error) {
	update := fmt.Sprintf("UPDATE jobs SET event_seq = event_seq + 1, %s WHERE state = '%s' AND %s RETURNING *", set, from, where)
	var job models.Job
	if tx.dialect.writesInQueries() {
		res := tx.Raw("WITH changed AS ("+update+`), noted AS (INSERT INTO job_events (job_id, seq, type, attempt, data)
			SELECT id, event_seq, ?, attempt, CAST(? AS json) FROM changed) SELECT * FROM changed`, append(args, t, data)...).Scan(&job)
		if res.Error != nil || res.RowsAffected == 0 {
			return nil, res.Error
		}
		return utc(&job), nil
	}
	res := tx.Raw(update, args...).Scan(&job)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, res.Error
	}
	return utc(&job), tx.Exec("INSERT INTO job_events (job_id, seq, type, attempt, data) VALUES (?, ?, ?, ?, ?)",
		job.ID, job.EventSeq, t, job.Attempt, data).Error
}

// changeEach is change for a batch: of each job that the records name. Their first three columns are those of newChanges:
// the job, and the type and the data of its event. set and where may use the records' columns, as "r.…". It returns id,
// event_seq, attempt and what returning lists of the jobs that changed. What others have locked is passed over, unless the
// lock is to wait.
func (tx *tx) changeEach(from models.State, recs *records, set, where, returning string, lock locking) ([]models.Job, error) {
	with, args := recs.with(tx.dialect)
	returning = " RETURNING jobs.id, jobs.event_seq, jobs.attempt" + returning
	update := " UPDATE jobs SET event_seq = jobs.event_seq + 1, " + set + " FROM r"
	which := fmt.Sprintf(" WHERE jobs.id = r.job_id AND jobs.state = '%s' AND %s", from, where)
	var changed []models.Job
	if tx.dialect.writesInQueries() {
		if lock.pipelines { // before the jobs, see order.go
			with += `, turns AS MATERIALIZED (SELECT id FROM pipelines WHERE id IN
				(SELECT pipeline_id FROM jobs WHERE id IN (SELECT job_id FROM r))` + lock.of("pipelines") + `)`
			which += " AND (jobs.pipeline_id = '' OR jobs.pipeline_id IN (SELECT id FROM turns))"
		}
		err := tx.Raw(with+`, free AS MATERIALIZED (SELECT jobs.id FROM jobs, r`+which+lock.of("jobs")+`),
			changed AS (`+update+`, free WHERE jobs.id = r.job_id AND jobs.id = free.id`+returning+`),
			noted AS (INSERT INTO job_events (job_id, seq, type, attempt, data)
				SELECT c.id, c.event_seq, r.event_type, c.attempt, r.event FROM changed c JOIN r ON r.job_id = c.id)
			SELECT * FROM changed`, args...).Scan(&changed).Error
		return changed, err
	}
	if err := tx.Raw(with+update+which+returning, args...).Scan(&changed).Error; err != nil || len(changed) == 0 {
		return nil, err
	}
	byID := make(map[any][]any, len(recs.rows))
	for _, row := range recs.rows {
		byID[row[0]] = row
	}
	events := newEvents()
	for _, job := range changed {
		row := byID[job.ID]
		events.add(job.ID, job.EventSeq, row[1], job.Attempt, row[2])
	}
	return changed, tx.insertEvents(events)
}

// locking says how changeEach locks on Postgres.
type locking struct {
	wait      bool // for what others have locked; only for a batch of one, since batches could wait for one another
	pipelines bool // lock the pipelines of the jobs, too
}

func (l locking) of(table string) string {
	if l.wait {
		return " FOR NO KEY UPDATE OF " + table
	}
	return " FOR NO KEY UPDATE OF " + table + " SKIP LOCKED"
}

// newChanges are records for changeEach, with more columns.
func newChanges(more ...string) *records {
	return newRecords(append([]string{"job_id text", "event_type text", "event json"}, more...)...)
}

// newEvents are records of events.
func newEvents() *records {
	return newRecords("job_id text", "seq bigint", "type text", "attempt integer", "data json")
}

func (tx *tx) insertEvents(events *records) error {
	with, args := events.with(tx.dialect)
	return tx.Exec("INSERT INTO job_events (job_id, seq, type, attempt, data) "+with+
		" SELECT * FROM r", args...).Error
}

// end makes a job terminal without success. It does nothing if the job has already ended differently.
func (tx *tx) end(job *models.Job, state models.State, cause *models.Error, effects *jobs.Effects) error {
	if !job.State.CanBecome(state) {
		return fmt.Errorf("job %s cannot go from %s to %s", job.ID, job.State, state)
	}
	if cause != nil {
		job.ErrorCode, job.ErrorMessage = cause.Code, cleanText(cause.Message)
	}
	from := job.State
	job.State = state
	data := map[string]any{"error": eventError(job, cause)}
	// The states and the events that reach them share their names.
	ended, err := tx.change(from, models.EventType(state), stateData(state, data),
		fmt.Sprintf(`state = ?, output = ?, failures = ?, worker_deaths = ?, deaths_alone = ?, error_code = ?, error_message = ?, log_tail = ?, tokens_in = ?,
			tokens_out = ?, output_bytes = ?, cancel_reason = ?, finished_at = %s, %s`, tx.dialect.now(), noLease), "id = ?",
		job.State, job.Output, job.Failures, job.WorkerDeaths, job.DeathsAlone, job.ErrorCode, job.ErrorMessage, cleanText(job.LogTail),
		job.TokensIn, job.TokensOut, job.OutputBytes, job.CancelReason, job.ID)
	if err != nil || ended == nil {
		return err
	}
	effects.Jobs = append(effects.Jobs, job.ID)
	return tx.settleDependents(job, effects)
}

// eventError is a job's error in the data of an event; its cause may be nil.
func eventError(job *models.Job, cause *models.Error) map[string]any {
	e := map[string]any{"code": job.ErrorCode, "message": job.ErrorMessage}
	if cause != nil && cause.Diagnostics != nil {
		e["diagnostics"] = cause.Diagnostics
	}
	return e
}

// requeue makes a running job wait again, due after the delay.
func (tx *tx) requeue(job *models.Job, delay time.Duration, t models.EventType, cause *models.Error, effects *jobs.Effects) error {
	data := map[string]any{}
	if cause != nil {
		job.ErrorCode, job.ErrorMessage = cause.Code, cleanText(cause.Message)
		data["error"] = eventError(job, cause)
		data["retry_in_ms"] = delay.Milliseconds()
	}
	job.State = models.StateQueued
	_, err := tx.change(models.StateRunning, t, stateData(models.StateQueued, data),
		fmt.Sprintf(`state = 'queued', output = ?, failures = ?, worker_deaths = ?, deaths_alone = ?, suspect_of = ?, suspect_alone = ?,
			error_code = ?, error_message = ?, log_tail = ?, tokens_in = ?, tokens_out = ?, run_at = %s, %s`,
			tx.dialect.nowPlus(micros(delay)), noLease), "id = ?",
		job.Output, job.Failures, job.WorkerDeaths, job.DeathsAlone, job.SuspectOf, job.SuspectAlone, job.ErrorCode, job.ErrorMessage,
		cleanText(job.LogTail), job.TokensIn, job.TokensOut, job.ID)
	if err != nil {
		return err
	}
	effects.Jobs = append(effects.Jobs, job.ID)
	if delay == 0 {
		effects.Queues = append(effects.Queues, job.Queue())
	}
	return nil
}

// settleDependents updates the jobs that wait for one that has ended: those with nothing left to wait for are queued; those that
// can never run are cancelled, with the ones that wait for them.
func (tx *tx) settleDependents(ended *models.Job, effects *jobs.Effects) error {
	if ended.PipelineID == "" {
		return nil // only jobs of one pipeline wait for one another
	}
	// The pipeline's lock serializes two dependencies that end concurrently, so that the second sees the first.
	var waiting []models.Job
	err := tx.Raw(`SELECT * FROM jobs WHERE state = 'blocked' AND id IN (SELECT job_id FROM job_dependencies WHERE depends_on = ?)
		ORDER BY id`, ended.ID).Scan(&waiting).Error
	if err != nil {
		return err
	}
	for i := range waiting {
		job := &waiting[i]
		if ended.State != models.StateSucceeded && job.OnDependencyFailure == models.DependencyCancel {
			job.CancelReason = "a job it depends on did not succeed"
			cause := models.NewError(models.CodeDependencyFailed, fmt.Sprintf("the %s job it depends on %s: %s",
				ended.Kind, verb(ended.State), orElse(ended.ErrorMessage, "no reason given")))
			if err := tx.end(job, models.StateCancelled, cause, effects); err != nil {
				return err
			}
			continue
		}
		needs, err := tx.needs(job)
		if err != nil {
			return err
		}
		if needs.Open == 0 {
			if err := tx.unblock(job, effects); err != nil {
				return err
			}
		}
	}
	return nil
}

// needs counts the unfinished and failed jobs that a job depends on.
type needs struct {
	Open int // have not ended
	Lost int // have ended without success
}

// forbid reports whether a job can never run, unless one that it depends on is retried.
func (n needs) forbid(job *models.Job) bool {
	return n.Lost > 0 && job.OnDependencyFailure == models.DependencyCancel
}

func (tx *tx) needs(job *models.Job) (n needs, err error) {
	return n, tx.Raw(`SELECT count(*) FILTER (WHERE j.state NOT IN ('succeeded', 'failed', 'cancelled')) AS open,
		count(*) FILTER (WHERE j.state IN ('failed', 'cancelled')) AS lost
		FROM job_dependencies d JOIN jobs j ON j.id = d.depends_on WHERE d.job_id = ?`, job.ID).Scan(&n).Error
}

func (tx *tx) unblock(job *models.Job, effects *jobs.Effects) error {
	unblocked, err := tx.change(models.StateBlocked, models.EventQueued, stateData(models.StateQueued, nil),
		"state = 'queued', run_at = "+tx.dialect.now(), "id = ?", job.ID)
	if err != nil || unblocked == nil {
		return err
	}
	effects.Jobs = append(effects.Jobs, job.ID)
	effects.Queues = append(effects.Queues, job.Queue())
	return nil
}

// stateData is the data of an event that changes the state.
func stateData(state models.State, more map[string]any) models.JSON {
	data := map[string]any{"state": state}
	maps.Copy(data, more)
	return models.ToJSON(data)
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
