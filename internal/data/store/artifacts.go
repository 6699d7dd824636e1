package store

import (
	"context"

	"gorm.io/gorm"

	"github.com/spark-games/spark/models"
)

// saveArtifact stores an artifact that a job made.
func (s *Store) saveArtifact(tx *gorm.DB, a *models.Artifact) error {
	err := tx.Raw(`INSERT INTO artifacts (id, account_id, project_id, revision_id, job_id, kind, engine, engine_version, mode, format, title, manifest,
			digest, bytes, cache_key, cached_from)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING created_at`, a.ID, a.AccountID, a.ProjectID, a.RevisionID, a.JobID,
		a.Kind, a.Engine, a.EngineVersion, a.Mode, a.Format, cleanText(a.Title), a.Manifest, a.Digest, a.Bytes,
		a.CacheKey, a.CachedFrom).Scan(&a.CreatedAt).Error
	a.CreatedAt = a.CreatedAt.UTC()
	return err
}

// Artifact reads one of the account's artifacts; any account's when accountID is "".
func (s *Store) Artifact(ctx context.Context, accountID, id string) (*models.Artifact, error) {
	db := s.read(ctx).Where("id = ?", id)
	if accountID != "" {
		db = db.Where("account_id = ?", accountID)
	}
	return one[models.Artifact](s, db, "artifact")
}

// ListArtifacts lists the account's artifacts, newest first.
func (s *Store) ListArtifacts(ctx context.Context, accountID string, f models.ArtifactFilter, p models.Page) ([]models.Artifact, error) {
	db := page(s.read(ctx).Where("account_id = ?", accountID), p)
	for column, value := range map[string]string{"project_id": f.ProjectID, "job_id": f.JobID, "kind": string(f.Kind)} {
		if value != "" {
			db = db.Where(column+" = ?", value)
		}
	}
	var rows []models.Artifact
	return rows, s.wrap(db.Find(&rows).Error)
}

// LatestRelease is the newest release build of a project.
func (s *Store) LatestRelease(ctx context.Context, accountID, projectID string) (*models.Artifact, error) {
	return one[models.Artifact](s, s.read(ctx).Where("account_id = ? AND project_id = ? AND kind = 'build' AND mode = 'release'",
		accountID, projectID).Order("id DESC"), "release build")
}

// CachedBuild is the account's newest artifact that was built, not taken from the cache, under a cache key.
func (s *Store) CachedBuild(ctx context.Context, accountID, key string) (*models.Artifact, error) {
	return one[models.Artifact](s, s.read(ctx).Where("account_id = ? AND cache_key = ? AND cache_key <> '' AND cached_from = ''",
		accountID, key).Order("id DESC"), "earlier build")
}
