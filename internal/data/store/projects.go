package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spark-games/spark/models"
)

// Projects is the projects of accounts, and their revisions. What was deleted is found by the methods that say so alone.
type Projects struct {
	*db
	turns *turns
}

// CreateProject stores a new project and fills in its times.
func (s *Projects) CreateProject(ctx context.Context, p *models.Project) error {
	return s.write(ctx, func(tx *tx) error {
		if err := tx.insertProject(p); err != nil {
			return err
		}
		return tx.record("project.create", resource{p.AccountID, "project", p.ID})
	})
}

// CreateProjectWith is CreateProject for one with a first revision, which becomes its current one.
func (s *Projects) CreateProjectWith(ctx context.Context, p *models.Project, rev *models.Revision) error {
	return s.write(ctx, func(tx *tx) error {
		if err := tx.insertProject(p); err != nil {
			return err
		}
		if err := tx.createRevision(rev); err != nil {
			return err
		}
		p.RevisionID = rev.ID
		if err := tx.makeCurrent(rev); err != nil {
			return err
		}
		return tx.record("project.create", resource{p.AccountID, "project", p.ID}, details{"revision_id": rev.ID})
	})
}

func (tx *tx) insertProject(p *models.Project) error {
	if err := needAccount(p.AccountID); err != nil {
		return err
	}
	err := tx.Raw("INSERT INTO projects (id, account_id, name, engine, engine_version, description, labels) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING created_at",
		p.ID, p.AccountID, cleanText(p.Name), p.Engine, p.EngineVersion, cleanText(p.Description), p.Labels).Scan(&p.CreatedAt).Error
	p.CreatedAt = p.CreatedAt.UTC()
	p.UpdatedAt = p.CreatedAt
	return err
}

// notDeleted is the condition of projects that were not deleted.
const notDeleted = "deleted_at IS NULL"

// Project reads one of the account's projects.
func (s *Projects) Project(ctx context.Context, accountID, id string) (*models.Project, error) {
	return one[models.Project](s.db, s.of(ctx, accountID).Where("id = ? AND "+notDeleted, id), "project")
}

// ListProjects lists the account's projects, newest first.
func (s *Projects) ListProjects(ctx context.Context, accountID string, f models.ProjectFilter, p models.Page) ([]models.Project, error) {
	q := page(s.of(ctx, accountID), p)
	if f.Deleted {
		q = q.Where(restorable)
	} else {
		q = q.Where(notDeleted)
	}
	if f.Search != "" {
		q = q.Where(`lower(name) LIKE ? ESCAPE '\'`, "%"+likeText(strings.ToLower(f.Search))+"%")
	}
	if f.Engine != "" {
		q = q.Where("engine = ?", f.Engine)
	}
	if f.Label[0] != "" {
		pair, err := json.Marshal(map[string]string{f.Label[0]: f.Label[1]})
		if err != nil {
			return nil, fmt.Errorf("label of a filter: %w", err)
		}
		// Within a text of JSON each quotation mark has a backslash before it, so the pair is found only where it is one.
		q = q.Where(`labels LIKE ? ESCAPE '\'`, "%"+likeText(strings.Trim(string(pair), "{}"))+"%")
	}
	var rows []models.Project
	err := q.Find(&rows).Error
	return rows, s.wrap(err)
}

// likeText is a text for LIKE in which nothing has a meaning.
func likeText(s string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s)
}

// ChangeProject changes a project by f, which may run several times, and returns it as it is then.
func (s *Projects) ChangeProject(ctx context.Context, accountID, id string, f func(*models.Project) error) (p *models.Project, err error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	err = s.write(ctx, func(tx *tx) error {
		if p, err = tx.lockProject(accountID, id); err != nil {
			return err
		}
		if err := f(p); err != nil {
			return err
		}
		err = tx.Raw("UPDATE projects SET name = ?, engine_version = ?, description = ?, labels = ?, updated_at = "+s.dialect.now()+
			" WHERE id = ? RETURNING updated_at", cleanText(p.Name), p.EngineVersion, cleanText(p.Description), p.Labels, id).Scan(&p.UpdatedAt).Error
		if err != nil {
			return err
		}
		return tx.record("project.change", resource{accountID, "project", id})
	})
	return p, err
}

// DeleteProject marks a project as deleted, unless it is. It stays for a while, for RestoreProject.
func (s *Projects) DeleteProject(ctx context.Context, accountID, id string) error {
	return s.mark(ctx, "project.delete", accountID, id, "coalesce(deleted_at, "+s.dialect.now()+")", "("+notDeleted+" OR "+restorable+")")
}

// RestoreProject takes a deletion back.
func (s *Projects) RestoreProject(ctx context.Context, accountID, id string) error {
	return s.mark(ctx, "project.restore", accountID, id, "NULL", restorable)
}

func (s *Projects) mark(ctx context.Context, action, accountID, id, deleted, from string) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		res := tx.Exec("UPDATE projects SET deleted_at = "+deleted+" WHERE id = ? AND account_id = ? AND "+from, id, accountID)
		if res.Error == nil && res.RowsAffected == 0 {
			return errNoSuchProject
		}
		if res.Error != nil {
			return res.Error
		}
		return tx.record(action, resource{accountID, "project", id})
	})
}
