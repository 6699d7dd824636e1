package store

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// These functions move a job, whose row and pipeline the transaction has locked, to its next state: they write its record, its row
// in the queue and its event together, and update the jobs that wait for it. Only they change jobs that are blocked or were
// cancelled.

// change is what happens to jobs of one state, which a transition's records name. Its texts are SQL, and may use the records'
// columns, as "r.…".
type change struct {
	from      models.State
	where     string // of jobs, besides the state; "" is all
	set       string // columns of jobs
	args      []any  // of set and where
	returning string // columns of jobs besides id, event_seq and attempt
	queue     queueChange
	lock      locking
}

// queueChange is what becomes of the jobs' rows in the queue.
type queueChange struct {
	absent bool   // they have none: they have ended
	where  string // of job_queue; "" is all
	set    string // its columns; "" leaves it
	leave  bool   // the rows are deleted
}

// locking says how a change locks the rows of the queue on Postgres.
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

// changeEach makes a change of each job that the records name, gives it the next event seq, and appends the event. The first three
// columns of the records are those of newChanges: the job, and the type and the data of its event. It returns the jobs that
// changed. What others have locked is passed over, unless the lock is to wait.
func (tx *tx) changeEach(c change, recs *records) ([]models.Job, error) {
	with, args := recs.with(tx.dialect)
	update := "UPDATE jobs SET event_seq = jobs.event_seq + 1, " + c.set + " FROM r"
	which := fmt.Sprintf(" WHERE jobs.id = r.job_id AND jobs.state = '%s'", c.from)
	if c.where != "" {
		which += " AND " + c.where
	}
	returning := " RETURNING jobs.id, jobs.event_seq, jobs.attempt" + c.returning
	if tx.dialect.writesInQueries() {
		if !c.queue.absent {
			free := " WHERE true"
			if c.lock.pipelines { // before the jobs, see order.go
				with += `, turns AS MATERIALIZED (SELECT id FROM pipelines WHERE id IN
					(SELECT pipeline_id FROM jobs WHERE id IN (SELECT job_id FROM r) AND pipeline_id <> '')` + c.lock.of("pipelines") + `)`
				free = ", jobs WHERE jobs.id = r.job_id AND (jobs.pipeline_id = '' OR jobs.pipeline_id IN (SELECT id FROM turns))"
			}
			if c.queue.where != "" {
				free += " AND " + c.queue.where
			}
			with += `, free AS MATERIALIZED (SELECT job_queue.job_id FROM r JOIN job_queue ON job_queue.job_id = r.job_id` +
				free + c.lock.of("job_queue") + `)`
			update += ", free"
			which += " AND jobs.id = free.job_id"
		}
		with += `, changed AS (` + update + which + returning + `)`
		switch {
		case c.queue.leave:
			with += `, gone AS (DELETE FROM job_queue USING changed WHERE job_queue.job_id = changed.id)`
		case c.queue.set != "":
			with += `, moved AS (UPDATE job_queue SET ` + c.queue.set + ` FROM changed, r WHERE job_queue.job_id = changed.id AND r.job_id = changed.id)`
		}
		return tx.jobs(with+`, noted AS (INSERT INTO job_events (job_id, seq, type, attempt, data)
				SELECT c.id, c.event_seq, r.event_type, c.attempt, r.event FROM changed c JOIN r ON r.job_id = c.id
				RETURNING job_id, seq), `+told+` SELECT * FROM changed`, append(args, c.args...)...)
	}
	if c.queue.where != "" {
		update += ", job_queue"
		which += " AND job_queue.job_id = r.job_id AND " + c.queue.where
	}
	changed, err := tx.jobs(with+" "+update+which+returning, append(args, c.args...)...)
	if err != nil || len(changed) == 0 {
		return nil, err
	}
	return changed, tx.followUp(c.queue, recs, changed)
}

// followUp writes what changeEach writes in the same statement where that is possible: the jobs' rows in the queue, and the events.
func (tx *tx) followUp(q queueChange, recs *records, changed []models.Job) error {
	byID := make(map[any][]any, len(recs.rows))
	for _, row := range recs.rows {
		byID[row[0]] = row
	}
	theirs := &records{columns: recs.columns}
	events := newEvents()
	for _, job := range changed {
		row := byID[job.ID]
		theirs.add(row...)
		events.add(job.ID, job.EventSeq, row[1], job.Attempt, row[2])
	}
	with, args := theirs.with(tx.dialect)
	var err error
	switch {
	case q.leave:
		err = tx.Exec(with+" DELETE FROM job_queue WHERE job_id IN (SELECT job_id FROM r)", args...).Error
	case q.set != "":
		err = tx.Exec(with+" UPDATE job_queue SET "+q.set+" FROM r WHERE job_queue.job_id = r.job_id", args...).Error
	}
	if err != nil {
		return err
	}
	return tx.insertEvents(events)
}

// changeOne makes a change of one job, whose row the transaction has locked or may wait for. It returns the job's record as it now is, or
// nil when it is not in the state: a copy that was read before may be older than what its own transaction has done since.
func (tx *tx) changeOne(jobID string, t models.EventType, data models.JSON, c change) (*models.Job, error) {
	recs := newChanges()
	recs.add(jobID, t, data)
	c.lock.wait = true
	c.returning = changedColumns
	changed, err := tx.changeEach(c, recs)
	if err != nil || len(changed) == 0 {
		return nil, err
	}
	return &changed[0], nil
}

// changedColumns are those of a job that changeOne returns: all.
const changedColumns = claimedColumns + `, jobs.expires_at, jobs.output, jobs.suspect_alone,
	jobs.progress, jobs.stage, jobs.error_code, jobs.error_message, jobs.log_tail,
	jobs.on_dependency_failure, jobs.cancel_requested_at, jobs.cancel_reason, jobs.tokens_in, jobs.tokens_out, jobs.output_bytes, jobs.finished_at`

// newChanges are records for changeEach, with more columns.
func newChanges(more ...string) *records {
	return newRecords(append([]string{"job_id text", "event_type text", "event json"}, more...)...)
}

// newEvents are records of events.
func newEvents() *records {
	return newRecords("job_id text", "seq bigint", "type text", "attempt integer", "data json")
}

func (tx *tx) insertEvents(events *records) error {
	if len(events.rows) == 0 {
		return nil
	}
	with, args := events.with(tx.dialect)
	if err := tx.Exec("INSERT INTO job_events (job_id, seq, type, attempt, data) "+with+" SELECT * FROM r", args...).Error; err != nil {
		return err
	}
	return tx.noteEvents(events)
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
	if job.Kind == models.KindApproval && len(job.Output) > 0 {
		data["output"] = job.Output // which says who decided
	}
	// The states and the events that reach them share their names.
	ended, err := tx.changeOne(job.ID, models.EventType(state), stateData(state, data), change{
		from: from,
		set: fmt.Sprintf(`state = ?, output = ?, failures = ?, outages = ?, worker_deaths = ?, deaths_alone = ?, error_code = ?, error_message = ?,
			log_tail = ?, tokens_in = ?, tokens_out = ?, output_bytes = ?, cancel_reason = ?, finished_at = %s,
			dispatch_no = (SELECT q.dispatch_no FROM job_queue q WHERE q.job_id = jobs.id)`, tx.dialect.now()),
		args: []any{job.State, job.Output, job.Failures, job.Outages, job.WorkerDeaths, job.DeathsAlone, job.ErrorCode, job.ErrorMessage,
			cleanText(job.LogTail), job.TokensIn, job.TokensOut, job.OutputBytes, job.CancelReason},
		queue: queueChange{leave: true},
	})
	if err != nil || ended == nil {
		return err
	}
	effects.Jobs = append(effects.Jobs, job.ID)
	return tx.settle(job, effects)
}

// settle updates those that waited for a job that has ended.
func (tx *tx) settle(ended *models.Job, effects *jobs.Effects) error {
	if err := tx.settleDependents(ended, effects); err != nil {
		return err
	}
	return tx.leaveLine(ended, effects)
}

// eventError is a job's error in the data of an event; its cause may be nil.
func eventError(job *models.Job, cause *models.Error) map[string]any {
	e := map[string]any{"code": job.ErrorCode, "message": job.ErrorMessage}
	if cause != nil && cause.Diagnostics != nil {
		e["diagnostics"] = cause.Diagnostics
	}
	return e
}

// requeue makes a running job wait again, due after the delay. Without one it keeps its place in line, unless it is a suspect.
func (tx *tx) requeue(job *models.Job, delay time.Duration, t models.EventType, cause *models.Error, effects *jobs.Effects) error {
	data := map[string]any{}
	if cause != nil {
		job.ErrorCode, job.ErrorMessage = cause.Code, cleanText(cause.Message)
		data["error"] = eventError(job, cause)
		data["retry_in_ms"] = delay.Milliseconds()
	}
	job.State = models.StateQueued
	due := tx.dialect.nowPlus(micros(delay))
	place, line := placeWaiting, "job_queue.run_at" // a job that lost its worker keeps its place in line
	switch {
	case jobs.Suspect(job):
		place, line = placeSuspect, due
	case delay > 0:
		line = due
	}
	_, err := tx.changeOne(job.ID, t, stateData(models.StateQueued, data), change{
		from: models.StateRunning,
		set: fmt.Sprintf(`state = 'queued', output = ?, failures = ?, outages = ?, worker_deaths = ?, deaths_alone = ?, suspect_of = ?, suspect_alone = ?,
			error_code = ?, error_message = ?, log_tail = ?, tokens_in = ?, tokens_out = ?, run_at = %s,
			ran_millis = jobs.ran_millis + CASE WHEN jobs.started_at IS NULL THEN 0
				ELSE CAST(round((%s) * 1000) AS bigint) END`, due, tx.dialect.age("jobs.started_at")),
		args: []any{job.Output, job.Failures, job.Outages, job.WorkerDeaths, job.DeathsAlone, job.SuspectOf, job.SuspectAlone, job.ErrorCode, job.ErrorMessage,
			cleanText(job.LogTail), job.TokensIn, job.TokensOut},
		queue: queueChange{set: fmt.Sprintf("place = '%s', run_at = %s, %s", place, line, noLease)},
	})
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
	var waiting []struct {
		models.Job
		RunIf models.DependencyCondition
	}
	err := tx.Raw(`SELECT jobs.*, d.run_if FROM job_dependencies d JOIN jobs ON jobs.id = d.job_id WHERE d.depends_on = ? AND jobs.state = 'blocked'
		ORDER BY jobs.id`, ended.ID).Scan(&waiting).Error
	if err != nil {
		return err
	}
	for i := range waiting {
		job := &waiting[i].Job
		if condition := waiting[i].RunIf.Or(job.OnDependencyFailure); !condition.MetBy(ended.State, ended.ErrorCode) {
			if err := tx.end(job, models.StateCancelled, unmet(job, ended, condition), effects); err != nil {
				return err
			}
			continue
		}
		if err := tx.runIfFree(job, effects); err != nil {
			return err
		}
	}
	return nil
}

// unmet is why a job is cancelled that waited for one that ended otherwise than its condition says. It is lost if that was to succeed, and
// skipped if it was to fail, or was skipped itself.
func unmet(job, ended *models.Job, condition models.DependencyCondition) *models.Error {
	if condition == models.RunIfSucceeded && ended.CountsAs() != models.Skipped {
		job.CancelReason = "a job it depends on did not succeed"
		return models.NewError(models.CodeDependencyFailed, fmt.Sprintf("the %s job it depends on %s: %s",
			ended.Kind, verb(ended.State), orElse(ended.ErrorMessage, "no reason given")))
	}
	job.CancelReason = "a condition under which it was to run was not met"
	return models.NewError(models.CodeSkipped, fmt.Sprintf("it runs if the step %s ended as %s, which %s", ended.Step, condition, verb(ended.CountsAs())))
}

// runIfFree queues a blocked job that has nothing left to wait for.
func (tx *tx) runIfFree(job *models.Job, effects *jobs.Effects) error {
	needs, err := tx.needs(job)
	if err != nil || needs.Open > 0 {
		return err
	}
	if holds, err := tx.holdsKey(job); err != nil || !holds {
		return err
	}
	return tx.unblock(job, effects)
}

// needs is what a job depends on.
type needs struct {
	Open  int // have not ended
	unmet int // have ended otherwise than they were to
}

// forbid reports whether a job can never run, unless one that it depends on is retried.
func (n needs) forbid() bool { return n.unmet > 0 }

func (tx *tx) needs(job *models.Job) (n needs, err error) {
	var on []struct {
		State     models.State
		ErrorCode models.Code
		RunIf     models.DependencyCondition
	}
	err = tx.Raw(`SELECT j.state, j.error_code, d.run_if FROM job_dependencies d JOIN jobs j ON j.id = d.depends_on WHERE d.job_id = ?`, job.ID).Scan(&on).Error
	for _, d := range on {
		switch {
		case !d.State.Terminal():
			n.Open++
		case !d.RunIf.Or(job.OnDependencyFailure).MetBy(d.State, d.ErrorCode):
			n.unmet++
		}
	}
	return n, err
}

func (tx *tx) unblock(job *models.Job, effects *jobs.Effects) error {
	due := func(of string) string {
		return fmt.Sprintf("CASE WHEN %[1]s.run_at > %[2]s THEN %[1]s.run_at ELSE %[2]s END", of, tx.dialect.now())
	}
	input, err := tx.resolve(job)
	if e, ok := errors.AsType[*models.Error](err); ok {
		return tx.end(job, models.StateFailed, e, effects)
	}
	if err != nil {
		return err
	}
	unblocked, err := tx.changeOne(job.ID, models.EventQueued, stateData(models.StateQueued, nil), change{
		from:  models.StateBlocked,
		set:   "state = 'queued', input = ?, resolved = true, run_at = " + due("jobs"),
		args:  []any{input},
		queue: queueChange{set: fmt.Sprintf("place = '%s', run_at = %s", placeWaiting, due("job_queue"))},
	})
	if err != nil || unblocked == nil {
		return err
	}
	effects.Jobs = append(effects.Jobs, job.ID)
	if job.Kind == models.KindApproval {
		job.Input = input
		return tx.ask(job, effects)
	}
	effects.Queues = append(effects.Queues, job.Queue())
	return nil
}

// resolve is a job's input with what other steps of its pipeline made in the place of the references to it. A *models.Error means that there
// is no such thing. What was put into an input is not looked at again.
func (tx *tx) resolve(job *models.Job) (models.JSON, error) {
	if job.Resolved || job.Step == "" || !jobs.HasReferences(job.Input) {
		return job.Input, nil
	}
	var steps []models.Job
	err := tx.Raw("SELECT step, output FROM jobs WHERE pipeline_id = ? AND pipeline_id <> ''", job.PipelineID).Scan(&steps).Error
	if err != nil {
		return nil, err
	}
	return jobs.Resolve(job.Kind, job.Input, func(step string) models.JSON {
		for i := range steps {
			if steps[i].Step == step {
				return steps[i].Output
			}
		}
		return nil
	})
}

// stateData is the data of an event that changes the state.
func stateData(state models.State, more map[string]any) models.JSON {
	data := map[string]any{"state": state}
	maps.Copy(data, more)
	return models.ToJSON(data)
}

func verb(s models.State) string {
	if s == models.StateCancelled || s == models.Skipped {
		return "was " + string(s)
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
	for _, t := range []*time.Time{&j.CreatedAt, &j.RunAt, j.ExpiresAt, j.StartedAt, j.FinishedAt, j.CancelRequestedAt} {
		if t != nil {
			*t = t.UTC()
		}
	}
	return j
}
