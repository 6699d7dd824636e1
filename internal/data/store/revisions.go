package store

import (
	"context"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

// Revision reads one of the account's revisions.
func (s *Projects) Revision(ctx context.Context, accountID, id string) (*models.Revision, error) {
	rev, err := byID[models.Revision](s.db, s.of(ctx, accountID), "revision", id)
	if err != nil {
		return nil, err
	}
	return rev, s.wrap(fillManifest(s.read(ctx), rev))
}

// ListRevisions lists a project's revisions, newest first, without their manifests.
func (s *Projects) ListRevisions(ctx context.Context, accountID, projectID string, p models.Page) ([]models.Revision, error) {
	var rows []models.Revision
	return rows, s.wrap(page(s.of(ctx, accountID).Where("project_id = ?", projectID), p).Find(&rows).Error)
}

// commitWithin limits how long a change waits for earlier ones.
const commitWithin = 30 * time.Second

// Commit calls edit with the project's current revision, nil before the first, and makes the returned one current. Changes of
// one project are serialized, so that none is lost: edit runs under the project's row lock and must be quick. If it returns what
// it was given, or an error, nothing changes.
func (s *Projects) Commit(ctx context.Context, accountID, projectID string,
	edit func(base *models.Revision) (*models.Revision, error)) (rev *models.Revision, err error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, commitWithin)
	defer cancel()
	done, err := s.turns.take(ctx, projectID)
	if err != nil {
		return nil, s.wrap(err)
	}
	defer done()
	err = s.write(ctx, func(tx *tx) error {
		p, err := tx.lockProject(accountID, projectID)
		if err != nil {
			return err
		}
		var base *models.Revision
		if p.RevisionID != "" {
			if base, err = one[models.Revision](s.db, tx.Where("id = ?", p.RevisionID), "revision"); err != nil {
				return err
			}
			if err := fillManifest(tx.DB, base); err != nil {
				return err
			}
		}
		if rev, err = edit(base); err != nil || rev == base {
			return err
		}
		if err := tx.createRevision(rev); err != nil {
			return err
		}
		if err := tx.makeCurrent(rev); err != nil {
			return err
		}
		return tx.record("files.change", resource{accountID, "project", projectID}, details{"revision_id": rev.ID})
	})
	return rev, err
}

// Lineage is the parents of a project's newest revisions, at most so many, by their ids.
func (s *Projects) Lineage(ctx context.Context, accountID, projectID string, most int) (map[string]models.IDs, error) {
	var rows []struct {
		ID      string
		Parents models.IDs
	}
	err := s.of(ctx, accountID).Table("revisions").Select("id", "parents").Where("project_id = ?", projectID).Order("id DESC").Limit(most).Scan(&rows).Error
	lineage := make(map[string]models.IDs, len(rows))
	for _, r := range rows {
		lineage[r.ID] = r.Parents
	}
	return lineage, s.wrap(err)
}

// NameRevision gives a revision of a project a name, which keeps it; "" takes the name away.
func (s *Projects) NameRevision(ctx context.Context, accountID, id, name string) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		res := tx.Exec("UPDATE revisions SET name = ? WHERE id = ? AND account_id = ?", cleanText(name), id, accountID)
		if res.Error == nil && res.RowsAffected == 0 {
			return notFound(tx.DB, "revision", id)
		}
		if res.Error != nil {
			return res.Error
		}
		return tx.record("revision.name", resource{accountID, "revision", id})
	})
}

// lockProject reads an account's project under its row lock, unless it was deleted.
func (tx *tx) lockProject(accountID, id string) (*models.Project, error) {
	p, err := tx.lockAnyProject(accountID, id)
	if err == nil && p.DeletedAt != nil {
		err = errNoSuchProject
	}
	return p, err
}

// lockAnyProject is lockProject for one that may be deleted.
func (tx *tx) lockAnyProject(accountID, id string) (*models.Project, error) {
	var p models.Project
	res := tx.Raw("SELECT * FROM projects WHERE id = ? AND account_id = ?"+tx.dialect.lock(waitLocked), id, accountID).Scan(&p)
	if res.Error == nil && res.RowsAffected == 0 {
		return nil, errNoSuchProject
	}
	return &p, res.Error
}

var errNoSuchProject = models.NewError(models.CodeNotFound, "no such project")

func (tx *tx) makeCurrent(rev *models.Revision) error {
	return tx.Exec(fmt.Sprintf("UPDATE projects SET revision_id = ?, updated_at = %s WHERE id = ?", tx.dialect.now()),
		rev.ID, rev.ProjectID).Error
}

// createRevision stores a revision and its new trees.
func (tx *tx) createRevision(rev *models.Revision) (err error) {
	if rev.Tree, err = tx.saveTrees(rev.Manifest); err != nil {
		return err
	}
	rev.Files, rev.Bytes = len(rev.Manifest), rev.Manifest.Bytes()
	err = tx.Raw(`INSERT INTO revisions
			(id, account_id, project_id, job_id, author_kind, author_id, message, name, prompt, parents, title, digest, tree, files, bytes)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING created_at`,
		rev.ID, rev.AccountID, rev.ProjectID, rev.JobID, rev.Author.Kind, rev.Author.ID, cleanText(rev.Message), cleanText(rev.Name), cleanText(rev.Prompt),
		rev.Parents, cleanText(rev.Title), rev.Digest, rev.Tree, rev.Files, rev.Bytes).Scan(&rev.CreatedAt).Error
	rev.CreatedAt = rev.CreatedAt.UTC()
	return err
}
