package store

import (
	"context"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// maxBatch bounds how many jobs share a commit; it keeps a statement's parameters within both databases' limits.
const maxBatch = 500

// intake is the group commit of submissions.
func newIntake(d *db) *batcher[*jobs.Submission] {
	return newBatcher(batching[*jobs.Submission]{
		most: maxBatch, weigh: func(s *jobs.Submission) int { return len(s.Jobs) }, write: d.insert,
	})
}

// Submit implements jobs.Intake. If a caller gives up waiting, its jobs may be accepted nevertheless.
func (s *Jobs) Submit(ctx context.Context, sub jobs.Submission) error { return s.intake.do(ctx, &sub) }

// insert writes a batch in one transaction: pipelines, jobs, dependencies and each job's first event.
func (d *db) insert(ctx context.Context, batch []*jobs.Submission) error {
	return d.write(ctx, func(tx *tx) error {
		var all []*models.Job
		var deps []models.Dependency
		for _, b := range batch {
			if p := b.Project; p != nil {
				if err := tx.insertProject(p); err != nil {
					return err
				}
			}
			if p := b.Pipeline; p != nil {
				err := tx.Raw("INSERT INTO pipelines (id, account_id, project_id) VALUES (?, ?, ?) RETURNING created_at",
					p.ID, p.AccountID, p.ProjectID).Scan(&p.CreatedAt).Error
				if err != nil {
					return err
				}
			}
			all = append(all, b.Jobs...)
			deps = append(deps, b.Dependencies...)
		}
		if err := tx.insertJobs(all); err != nil || len(deps) == 0 {
			return err
		}
		return tx.Table("job_dependencies").Create(deps).Error
	})
}

func (tx *tx) insertJobs(all []*models.Job) error {
	recs := newRecords("id text", "account_id text", "project_id text", "pipeline_id text", "kind text", "priority text", "state text",
		"input json", "max_failures integer", "on_dependency_failure text")
	events := newEvents()
	byID := make(map[string]*models.Job, len(all))
	for _, j := range all {
		if err := needAccount(j.AccountID); err != nil {
			return err
		}
		byID[j.ID] = j
		j.EventSeq = 1
		recs.add(j.ID, j.AccountID, j.ProjectID, j.PipelineID, j.Kind, j.Priority, j.State, j.Input, j.MaxFailures, j.OnDependencyFailure)
		// A new job is blocked or queued, and its first event says which.
		events.add(j.ID, j.EventSeq, models.EventType(j.State), 0, stateData(j.State, nil))
	}
	with, args := recs.with(tx.dialect)
	var times []models.Job
	err := tx.Raw(`INSERT INTO jobs (id, account_id, project_id, pipeline_id, kind, priority, state, input, max_failures, on_dependency_failure, event_seq)
		`+with+` SELECT r.*, 1 FROM r RETURNING id, created_at, run_at`, args...).Scan(&times).Error
	if err != nil {
		return err
	}
	for _, t := range times {
		byID[t.ID].CreatedAt, byID[t.ID].RunAt = t.CreatedAt.UTC(), t.RunAt.UTC()
	}
	return tx.insertEvents(events)
}
