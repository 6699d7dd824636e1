package store

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/spark-games/spark/models"
)

// CreateProject stores a new project and fills in its times.
func (s *Store) CreateProject(ctx context.Context, p *models.Project) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		err := tx.Raw("INSERT INTO projects (id, account_id, name, engine, engine_version) VALUES (?, ?, ?, ?, ?) RETURNING created_at",
			p.ID, p.AccountID, cleanText(p.Name), p.Engine, p.EngineVersion).Scan(&p.CreatedAt).Error
		p.CreatedAt = p.CreatedAt.UTC()
		p.UpdatedAt = p.CreatedAt
		return err
	})
}

// Project reads one of the account's projects.
func (s *Store) Project(ctx context.Context, accountID, id string) (*models.Project, error) {
	return one[models.Project](s, s.read(ctx).Where("id = ? AND account_id = ?", id, accountID), "project")
}

// ListProjects lists the account's projects, newest first.
func (s *Store) ListProjects(ctx context.Context, accountID string, p models.Page) ([]models.Project, error) {
	var rows []models.Project
	return rows, s.wrap(page(s.read(ctx).Where("account_id = ?", accountID), p).Find(&rows).Error)
}

// Revision reads one of the account's revisions.
func (s *Store) Revision(ctx context.Context, accountID, id string) (*models.Revision, error) {
	return one[models.Revision](s, s.read(ctx).Where("id = ? AND account_id = ?", id, accountID), "revision")
}

// ListRevisions lists a project's revisions, newest first.
func (s *Store) ListRevisions(ctx context.Context, accountID, projectID string, p models.Page) ([]models.Revision, error) {
	var rows []models.Revision
	return rows, s.wrap(page(s.read(ctx).Where("account_id = ? AND project_id = ?", accountID, projectID), p).Find(&rows).Error)
}

// CommitRevision makes rev the project's current revision if its parent still is, by compare-and-swap.
func (s *Store) CommitRevision(ctx context.Context, rev *models.Revision) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		res := tx.Exec(fmt.Sprintf("UPDATE projects SET revision_id = ?, updated_at = %s WHERE id = ? AND account_id = ? AND revision_id = ?",
			s.dialect.now()), rev.ID, rev.ProjectID, rev.AccountID, rev.ParentID)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 {
			return models.NewError(models.CodeConflict, "the project has changed meanwhile")
		}
		return s.createRevision(tx, rev)
	})
}

func (s *Store) createRevision(tx *gorm.DB, rev *models.Revision) error {
	err := tx.Raw(`INSERT INTO revisions (id, account_id, project_id, job_id, parent_id, title, manifest, digest)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING created_at`,
		rev.ID, rev.AccountID, rev.ProjectID, rev.JobID, rev.ParentID, cleanText(rev.Title), rev.Manifest, rev.Digest).Scan(&rev.CreatedAt).Error
	rev.CreatedAt = rev.CreatedAt.UTC()
	return err
}

// saveRevision stores a revision that a job wrote, and makes it the current one.
func (s *Store) saveRevision(tx *gorm.DB, rev *models.Revision) error {
	err := tx.Exec(fmt.Sprintf("UPDATE projects SET revision_id = ?, updated_at = %s WHERE id = ?", s.dialect.now()),
		rev.ID, rev.ProjectID).Error
	if err != nil {
		return err
	}
	return s.createRevision(tx, rev)
}
