package store

import (
	"context"
	"fmt"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// maxBatch bounds how many jobs share a commit; it keeps a statement's parameters within both databases' limits.
const maxBatch = 500

// submission is what one caller submits.
type submission struct {
	*jobs.Submission
	err error // what of it is wrong
}

// newIntake is the group commit of submissions.
func newIntake(d *db) *batcher[*submission] {
	return newBatcher(batching[*submission]{
		most: maxBatch, weigh: func(s *submission) int { return len(s.Jobs) }, write: d.insert,
	})
}

// Submit implements jobs.Intake. If a caller gives up waiting, its jobs may be accepted nevertheless.
func (s *Jobs) Submit(ctx context.Context, sub jobs.Submission) error {
	mine := &submission{Submission: &sub}
	if err := s.intake.do(ctx, mine); err != nil {
		return err
	}
	return mine.err
}

// insert writes a batch: pipelines, jobs, dependencies, the jobs' rows in the queue and each job's first event.
func (d *db) insert(ctx context.Context, batch []*submission) error {
	run := d.statement
	for _, b := range batch {
		if b.Project != nil || b.Pipeline != nil || len(b.Dependencies) > 0 || b.Claim != nil || len(b.Targets) > 0 {
			run = d.write
		}
	}
	err := run(ctx, func(tx *tx) error { return tx.insertBatch(batch) })
	for _, b := range batch {
		if b.Claim != nil && err == nil && b.err == nil {
			b.Claim.SetStored()
		}
	}
	return err
}

func (tx *tx) insertBatch(batch []*submission) error {
	if err := tx.claimAll(batch); err != nil {
		return err
	}
	var all []*jobs.Submission
	for _, b := range batch {
		if b.err != nil {
			continue
		}
		all = append(all, b.Submission)
		if err := tx.insertAround(b.Submission); err != nil {
			return err
		}
	}
	if all == nil {
		return nil
	}
	refused, err := tx.insertJobs(all...)
	if err != nil {
		return err
	}
	var deps []models.Dependency
	for _, b := range batch {
		switch {
		case b.err != nil:
		case refused[b.Jobs[0].ID]: // and so are the others of its pipeline, which have the same project
			b.err = jobs.ErrNoProject
			if b.Pipeline != nil {
				if err := tx.Exec("DELETE FROM pipelines WHERE id = ?", b.Pipeline.ID).Error; err != nil {
					return err
				}
			}
		default:
			deps = append(deps, b.Dependencies...)
		}
	}
	if err := tx.disclaim(batch); err != nil || len(deps) == 0 {
		return err
	}
	return tx.Table("job_dependencies").Create(deps).Error
}

// insertAround writes what the jobs of a submission refer to: a new project, and their pipeline.
func (tx *tx) insertAround(s *jobs.Submission) error {
	if p := s.Project; p != nil {
		if err := tx.insertProject(p); err != nil {
			return err
		}
		if err := tx.recordOf(s.Act, "project.create", resource{p.AccountID, "project", p.ID}); err != nil {
			return err
		}
	}
	for _, t := range s.Targets {
		err := tx.Exec("INSERT INTO webhook_targets (holder_id, account_id, url) VALUES (?, ?, ?)", t.HolderID, t.AccountID, t.URL).Error
		if err != nil {
			return err
		}
	}
	p := s.Pipeline
	if p == nil {
		return nil
	}
	return tx.Raw("INSERT INTO pipelines (id, account_id, project_id, end_user, metadata, template_id, template_name, template_version) "+
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING created_at",
		p.ID, p.AccountID, p.ProjectID, p.EndUser, p.Metadata, p.Template.ID, p.Template.Name, p.Template.Version).Scan(&p.CreatedAt).Error
}

// insertJobs writes new jobs, which are blocked or queued. Those of a project that is not their account's are refused, and named in the
// result; until the transaction ends, the project stays the account's.
func (tx *tx) insertJobs(all ...*jobs.Submission) (refused map[string]bool, err error) {
	recs := newRecords("id text", "account_id text", "project_id text", "pipeline_id text", "step text", "kind text", "priority text", "state text",
		"input json", "max_failures integer", "on_dependency_failure text", "dispatch_no bigint",
		"end_user text", "concurrency_key text", "expires_at timestamptz", "traceparent text", "metadata json", "submitter json", "resolved boolean",
		"due timestamptz")
	byID := make(map[string]*models.Job, len(all))
	for _, sub := range all {
		for _, j := range sub.Jobs {
			if err := needAccount(j.AccountID); err != nil {
				return nil, err
			}
			byID[j.ID] = j
			j.EventSeq = 1
			dispatchNo := 0
			if sub.Direct && j.State == models.StateQueued {
				dispatchNo = 1
			}
			var due *time.Time
			if !j.RunAt.IsZero() {
				due = &j.RunAt
			}
			recs.add(j.ID, j.AccountID, j.ProjectID, j.PipelineID, j.Step, j.Kind, j.Priority, j.State, j.Input, j.MaxFailures, j.OnDependencyFailure,
				dispatchNo, j.EndUser, j.ConcurrencyKey, tx.time(j.ExpiresAt), j.Traceparent, j.Metadata, j.Submitter, j.Resolved,
				tx.time(due))
		}
	}
	with, args := recs.with(tx.dialect)
	const columns = `id, account_id, project_id, pipeline_id, step, kind, priority, state, input, max_failures, on_dependency_failure, dispatch_no,
		end_user, concurrency_key, expires_at, traceparent, metadata, submitter, resolved`
	insert := fmt.Sprintf(`INSERT INTO jobs (%[1]s, run_at, event_seq) SELECT %[1]s, CASE WHEN due > %[2]s THEN due ELSE %[2]s END, 1
		FROM r WHERE r.project_id = '' OR EXISTS (SELECT 1 FROM projects p WHERE p.id = r.project_id AND p.account_id = r.account_id
			AND p.deleted_at IS NULL%[3]s)
		RETURNING id, account_id, end_user, kind, priority, state, dispatch_no, expires_at, created_at, run_at`, columns, tx.dialect.now(), tx.dialect.keep())
	// The first event has the name of the state.
	const event = `INSERT INTO job_events (job_id, seq, type, attempt, data)
		SELECT id, 1, state, 0, CAST('{"state":"' || state || '"}' AS json) FROM made`
	var made []models.Job
	if tx.dialect.writesInQueries() {
		made, err = tx.jobs(with+", made AS ("+insert+"), queued AS ("+tx.enqueueNew("made")+"), noted AS ("+event+
			" RETURNING job_id, seq), "+told+" SELECT id, created_at, run_at FROM made", args...)
	} else {
		made, err = tx.jobs(with+" "+insert, args...)
		if err == nil {
			err = tx.followNew(made)
		}
	}
	if err != nil {
		return nil, err
	}
	for _, m := range made {
		byID[m.ID].CreatedAt, byID[m.ID].RunAt = m.CreatedAt, m.RunAt
		delete(byID, m.ID)
	}
	refused = make(map[string]bool, len(byID))
	for id := range byID {
		refused[id] = true
	}
	for _, sub := range all {
		if !refused[sub.Jobs[0].ID] {
			if err := tx.askNew(sub.Jobs); err != nil {
				return nil, err
			}
		}
	}
	return refused, nil
}

// followNew writes what insertJobs writes in the same statement where that is possible.
func (tx *tx) followNew(made []models.Job) error {
	events := newEvents()
	ids := make([]string, len(made))
	for i, j := range made {
		ids[i] = j.ID
		events.add(j.ID, 1, models.EventType(j.State), 0, stateData(j.State, nil))
	}
	if err := tx.Exec(tx.enqueueNew("jobs")+" WHERE id IN ?", ids).Error; err != nil {
		return err
	}
	return tx.insertEvents(events)
}
