package store

import (
	"context"

	"github.com/spark-games/spark/models"
)

// Projects is the projects of accounts, and their revisions.
type Projects struct {
	*db
	turns *turns
}

// CreateProject stores a new project and fills in its times.
func (s *Projects) CreateProject(ctx context.Context, p *models.Project) error {
	return s.write(ctx, func(tx *tx) error { return tx.insertProject(p) })
}

func (tx *tx) insertProject(p *models.Project) error {
	if err := needAccount(p.AccountID); err != nil {
		return err
	}
	err := tx.Raw("INSERT INTO projects (id, account_id, name, engine, engine_version) VALUES (?, ?, ?, ?, ?) RETURNING created_at",
		p.ID, p.AccountID, cleanText(p.Name), p.Engine, p.EngineVersion).Scan(&p.CreatedAt).Error
	p.CreatedAt = p.CreatedAt.UTC()
	p.UpdatedAt = p.CreatedAt
	return err
}

// Project reads one of the account's projects.
func (s *Projects) Project(ctx context.Context, accountID, id string) (*models.Project, error) {
	return one[models.Project](s.db, s.of(ctx, accountID).Where("id = ?", id), "project")
}

// ListProjects lists the account's projects, newest first.
func (s *Projects) ListProjects(ctx context.Context, accountID string, p models.Page) ([]models.Project, error) {
	var rows []models.Project
	return rows, s.wrap(page(s.of(ctx, accountID), p).Find(&rows).Error)
}
