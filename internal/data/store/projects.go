package store

import (
	"context"
	"fmt"

	"github.com/spark-games/spark/models"
)

// Projects is the projects of accounts, and their revisions.
type Projects struct{ *db }

// CreateProject stores a new project and fills in its times.
func (s *Projects) CreateProject(ctx context.Context, p *models.Project) error {
	if err := needAccount(p.AccountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		err := tx.Raw("INSERT INTO projects (id, account_id, name, engine, engine_version) VALUES (?, ?, ?, ?, ?) RETURNING created_at",
			p.ID, p.AccountID, cleanText(p.Name), p.Engine, p.EngineVersion).Scan(&p.CreatedAt).Error
		p.CreatedAt = p.CreatedAt.UTC()
		p.UpdatedAt = p.CreatedAt
		return err
	})
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

// Revision reads one of the account's revisions.
func (s *Projects) Revision(ctx context.Context, accountID, id string) (*models.Revision, error) {
	return one[models.Revision](s.db, s.of(ctx, accountID).Where("id = ?", id), "revision")
}

// ListRevisions lists a project's revisions, newest first.
func (s *Projects) ListRevisions(ctx context.Context, accountID, projectID string, p models.Page) ([]models.Revision, error) {
	var rows []models.Revision
	return rows, s.wrap(page(s.of(ctx, accountID).Where("project_id = ?", projectID), p).Find(&rows).Error)
}

// CommitRevision makes rev the project's current revision if its parent still is, by compare-and-swap.
func (s *Projects) CommitRevision(ctx context.Context, rev *models.Revision) error {
	if err := needAccount(rev.AccountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		res := tx.Exec(fmt.Sprintf("UPDATE projects SET revision_id = ?, updated_at = %s WHERE id = ? AND account_id = ? AND revision_id = ?",
			s.dialect.now()), rev.ID, rev.ProjectID, rev.AccountID, rev.ParentID)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 {
			return models.NewError(models.CodeConflict, "the project has changed meanwhile")
		}
		return tx.createRevision(rev)
	})
}

func (tx *tx) createRevision(rev *models.Revision) error {
	err := tx.Raw(`INSERT INTO revisions (id, account_id, project_id, job_id, parent_id, title, manifest, digest)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING created_at`,
		rev.ID, rev.AccountID, rev.ProjectID, rev.JobID, rev.ParentID, cleanText(rev.Title), rev.Manifest, rev.Digest).Scan(&rev.CreatedAt).Error
	rev.CreatedAt = rev.CreatedAt.UTC()
	return err
}

// saveRevision stores a revision that a job wrote, and makes it the current one.
func (tx *tx) saveRevision(rev *models.Revision) error {
	err := tx.Exec(fmt.Sprintf("UPDATE projects SET revision_id = ?, updated_at = %s WHERE id = ?", tx.dialect.now()),
		rev.ID, rev.ProjectID).Error
	if err != nil {
		return err
	}
	return tx.createRevision(rev)
}
