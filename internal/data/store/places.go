package store

import (
	"context"

	"github.com/spark-games/spark/models"
)

// Places tells where things are.
type Places struct{ *db }

// Place is where a resource of an account is, or a *models.Error with CodeNotFound.
func (s *Places) Place(ctx context.Context, accountID string, kind models.ResourceKind, id string) (models.Place, error) {
	if err := needAccount(accountID); err != nil {
		return models.Place{}, err
	}
	query := ""
	switch kind {
	case models.ResourceProject:
		query = "SELECT id AS project_id, '' AS pipeline_id, '' AS job_id FROM projects WHERE id = ? AND account_id = ? AND deleted_at IS NULL"
	case models.ResourceJob:
		query = "SELECT project_id, pipeline_id, id AS job_id FROM jobs WHERE id = ? AND account_id = ?"
	case models.ResourcePipeline:
		query = "SELECT project_id, id AS pipeline_id, '' AS job_id FROM pipelines WHERE id = ? AND account_id = ?"
	case models.ResourceSchedule:
		query = "SELECT project_id, '' AS pipeline_id, '' AS job_id FROM account_schedules WHERE id = ? AND account_id = ?"
	case models.ResourceOperation:
		query = "SELECT project_id, '' AS pipeline_id, '' AS job_id FROM operations WHERE id = ? AND account_id = ?"
	case models.ResourceWebhook:
		query = "SELECT project_id, '' AS pipeline_id, '' AS job_id FROM webhook_endpoints WHERE id = ? AND account_id = ?"
	case models.ResourceDelivery:
		query = `SELECT m.project_id, m.pipeline_id, m.job_id FROM webhook_deliveries d JOIN webhook_messages m ON m.id = d.message_id
			WHERE d.id = ? AND d.account_id = ?`
	case models.ResourceArtifact:
		query = `SELECT a.project_id, coalesce(j.pipeline_id, '') AS pipeline_id, a.job_id FROM artifacts a LEFT JOIN jobs j ON j.id = a.job_id
			WHERE a.id = ? AND a.account_id = ?`
	}
	place, err := one[models.Place](s.db, s.read(ctx).Raw(query, id, accountID), string(kind))
	if err != nil {
		return models.Place{}, err
	}
	return *place, nil
}
