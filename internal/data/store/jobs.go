package store

import (
	"context"

	"github.com/spark-games/spark/models"
)

// Jobs is what accounts do with their jobs: submit, cancel, retry, and read them and their events. It implements
// jobs.Intake together with what a job may refer to.
type Jobs struct {
	*db
	intake *batcher[*submission]
}

// Job reads one of the account's jobs.
func (s *Jobs) Job(ctx context.Context, accountID, id string) (*models.Job, error) {
	job, err := byID[models.Job](s.db, s.of(ctx, accountID), "job", id)
	if err != nil {
		return nil, err
	}
	return utc(job), nil
}

// Events lists the events of one of the account's jobs after a seq, oldest first.
func (s *Jobs) Events(ctx context.Context, accountID, jobID string, after int64, limit int) ([]models.Event, error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	var rows []models.Event
	err := s.read(ctx).Raw(`SELECT * FROM job_events WHERE job_id = (SELECT id FROM jobs WHERE id = ? AND account_id = ?) AND seq > ?
		ORDER BY seq LIMIT ?`, jobID, accountID, after, limit).Scan(&rows).Error
	for i := range rows {
		rows[i].CreatedAt = rows[i].CreatedAt.UTC()
	}
	return rows, s.wrap(err)
}

// Pipeline reads a pipeline of the account with its jobs in the order of the steps.
func (s *Jobs) Pipeline(ctx context.Context, accountID, id string) (*models.Pipeline, []models.Job, error) {
	p, err := byID[models.Pipeline](s.db, s.of(ctx, accountID), "pipeline", id)
	if err != nil {
		return nil, nil, err
	}
	var rows []models.Job
	if err := s.read(ctx).Where("pipeline_id = ?", id).Order("id").Find(&rows).Error; err != nil {
		return nil, nil, s.wrap(err)
	}
	for i := range rows {
		utc(&rows[i])
	}
	p.CreatedAt = p.CreatedAt.UTC()
	return p, rows, nil
}

// Ancestor finds the nearest job of a kind that one of the account's jobs depends on, directly or through others; nil if
// there is none.
func (s *Jobs) Ancestor(ctx context.Context, accountID, jobID string, kind models.Kind) (*models.Job, error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	var rows []models.Job
	// The jobs of a pipeline are one account's.
	err := s.read(ctx).Raw(`WITH RECURSIVE up(id, depth) AS (
			SELECT depends_on, 1 FROM job_dependencies WHERE job_id = ?
			UNION
			SELECT d.depends_on, up.depth + 1 FROM job_dependencies d JOIN up ON d.job_id = up.id WHERE up.depth < 32
		)
		SELECT j.* FROM up JOIN jobs j ON j.id = up.id WHERE j.account_id = ? AND j.kind = ? ORDER BY up.depth, j.id DESC LIMIT 1`,
		jobID, accountID, kind).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, s.wrap(err)
	}
	return utc(&rows[0]), nil
}
