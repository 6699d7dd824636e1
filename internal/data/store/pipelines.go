package store

import (
	"context"
	"slices"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// ListPipelines lists the account's pipelines, newest first, and how many of their jobs are in each state.
func (s *Jobs) ListPipelines(ctx context.Context, accountID string, f models.PipelineFilter, p models.Page) ([]models.PipelineSummary, error) {
	q := page(s.of(ctx, accountID), p)
	if f.ProjectID != "" {
		q = q.Where("project_id = ?", f.ProjectID)
	}
	if f.EndUser != "" {
		q = q.Where("end_user = ?", f.EndUser)
	}
	if !f.From.IsZero() {
		q = q.Where("id >= ?", models.FirstID(f.From))
	}
	if !f.To.IsZero() {
		q = q.Where("id < ?", models.FirstID(f.To))
	}
	var rows []models.Pipeline
	if err := q.Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, s.wrap(err)
	}
	ids := make([]string, len(rows))
	at := make(map[string]int, len(rows))
	all := make([]models.PipelineSummary, len(rows))
	for i, r := range rows {
		r.CreatedAt = r.CreatedAt.UTC()
		ids[i], at[r.ID] = r.ID, i
		all[i] = models.PipelineSummary{Pipeline: r, Jobs: make(map[models.State]int)}
	}
	var counts []struct {
		PipelineID string
		State      models.State
		N          int
	}
	err := s.read(ctx).Raw(`SELECT pipeline_id, CASE WHEN state = 'cancelled' AND error_code = 'skipped' THEN 'skipped' ELSE state END AS state, count(*) AS n
		FROM jobs WHERE pipeline_id IN ? AND pipeline_id <> '' GROUP BY 1, 2`, ids).Scan(&counts).Error
	for _, c := range counts {
		all[at[c.PipelineID]].Jobs[c.State] = c.N
	}
	return all, s.wrap(err)
}

// lockPipeline reads an account's pipeline and its jobs, in the order of the steps, under its lock and that of its jobs' key.
func (tx *tx) lockPipeline(accountID, id string) (rows []models.Job, err error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	read := func() error {
		return tx.Raw("SELECT * FROM jobs WHERE pipeline_id = ? AND pipeline_id <> '' AND account_id = ? ORDER BY id", id, accountID).Scan(&rows).Error
	}
	if err := read(); err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, notFound(tx.DB, "pipeline", id)
	}
	if err := tx.lockAround(rows[0].ID); err != nil { // all of them have the same key
		return nil, err
	}
	rows = nil
	return rows, read()
}

// CancelPipeline implements jobs.Intake.
func (s *Jobs) CancelPipeline(ctx context.Context, accountID, id, reason string) (effects jobs.Effects, err error) {
	err = s.write(ctx, func(tx *tx) error {
		effects = jobs.Effects{}
		rows, err := tx.lockPipeline(accountID, id)
		if err != nil {
			return err
		}
		counts := make(map[models.State]int)
		for i := range rows {
			counts[rows[i].CountsAs()]++
		}
		switch state := models.PipelineState(counts); {
		case state == models.StateCancelled:
			return nil
		case state.Terminal():
			return models.NewError(models.CodeConflict, "the pipeline has already "+string(state))
		}
		for i := range rows {
			// Once more, since the end of one before may have ended or queued it.
			job, err := tx.lockJob(accountID, rows[i].ID)
			if err != nil {
				return err
			}
			if job.State.Terminal() {
				continue
			}
			if err := tx.cancel(job, reason, &effects); err != nil {
				return err
			}
		}
		return tx.record("pipeline.cancel", resource{accountID, "pipeline", id})
	})
	if err != nil {
		return jobs.Effects{}, err
	}
	return effects, nil
}

// RetryPipeline implements jobs.Intake.
func (s *Jobs) RetryPipeline(ctx context.Context, accountID, id string) (effects jobs.Effects, err error) {
	err = s.write(ctx, func(tx *tx) error {
		effects = jobs.Effects{}
		rows, err := tx.lockPipeline(accountID, id)
		if err != nil {
			return err
		}
		if err := tx.mayRun(accountID, rows[0].ProjectID); err != nil {
			return err
		}
		for i := range rows {
			job, err := tx.lockJob(accountID, rows[i].ID)
			if err != nil {
				return err
			}
			// Those that were cancelled because of others come back with them.
			lost := job.State == models.StateFailed || job.State == models.StateCancelled
			if !lost || slices.Contains(lostToOthers, job.ErrorCode) {
				continue
			}
			if err := tx.revive(job, &effects); err != nil && models.CodeOf(err) != models.CodeConflict { // which it has for good
				return err
			}
		}
		if len(effects.Jobs) == 0 {
			return models.NewError(models.CodeConflict, "no job of the pipeline has failed or was cancelled")
		}
		return tx.record("pipeline.retry", resource{accountID, "pipeline", id})
	})
	if err != nil {
		return jobs.Effects{}, err
	}
	return effects, nil
}

// mayRun is an error if a project of an account's jobs was deleted, or is another account's now. It stays the account's until the transaction ends.
func (tx *tx) mayRun(accountID, projectID string) error {
	if projectID == "" {
		return nil
	}
	var found []models.Project
	err := tx.Raw("SELECT account_id, deleted_at FROM projects WHERE id = ?"+tx.dialect.keep(), projectID).Scan(&found).Error
	switch {
	case err != nil || len(found) == 0:
		return err
	case found[0].AccountID != accountID:
		return models.NewError(models.CodeConflict, "the job's project was transferred to another account")
	case found[0].DeletedAt != nil:
		return models.NewError(models.CodeConflict, "the job's project was deleted; restore that first")
	}
	return nil
}
