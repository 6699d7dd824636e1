package store

import (
	"context"

	"github.com/spark-games/spark/models"
)

// Artifacts is the results of builds and exports.
type Artifacts struct{ *db }

// saveArtifact stores an artifact that a job made.
func (tx *tx) saveArtifact(a *models.Artifact) error {
	err := tx.Raw(`INSERT INTO artifacts (id, account_id, project_id, revision_id, job_id, kind, engine, engine_version, mode, format, title, manifest,
			digest, bytes, cache_key, cached_from, exported_from)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING created_at`, a.ID, a.AccountID, a.ProjectID, a.RevisionID, a.JobID,
		a.Kind, a.Engine, a.EngineVersion, a.Mode, a.Format, cleanText(a.Title), a.Manifest, a.Digest, a.Bytes,
		a.CacheKey, a.CachedFrom, a.ExportedFrom).Scan(&a.CreatedAt).Error
	a.CreatedAt = a.CreatedAt.UTC()
	return err
}

// Artifact reads one of the account's artifacts.
func (s *Artifacts) Artifact(ctx context.Context, accountID, id string) (*models.Artifact, error) {
	return byID[models.Artifact](s.db, s.of(ctx, accountID).Where(ofKept), "artifact", id)
}

// ofKept is the condition of artifacts whose project was not deleted.
const ofKept = "EXISTS (SELECT 1 FROM projects p WHERE p.id = artifacts.project_id AND p.deleted_at IS NULL)"

// PublicArtifact reads an artifact by its id alone, for players. Those of deleted projects are not found.
func (s *Artifacts) PublicArtifact(ctx context.Context, id string) (*models.Artifact, error) {
	return byID[models.Artifact](s.db, s.read(ctx).Where(ofKept), "artifact", id)
}

// ListArtifacts lists the account's artifacts, newest first.
func (s *Artifacts) ListArtifacts(ctx context.Context, accountID string, f models.ArtifactFilter, p models.Page) ([]models.Artifact, error) {
	q := page(s.of(ctx, accountID).Where(ofKept), p)
	for column, value := range map[string]string{"project_id": f.ProjectID, "job_id": f.JobID, "kind": string(f.Kind)} {
		if value != "" {
			q = q.Where(column+" = ?", value)
		}
	}
	var rows []models.Artifact
	return rows, s.wrap(q.Find(&rows).Error)
}

// LatestRelease is the newest release build of a project.
func (s *Artifacts) LatestRelease(ctx context.Context, accountID, projectID string) (*models.Artifact, error) {
	return one[models.Artifact](s.db, s.of(ctx, accountID).
		Where("project_id = ? AND kind = 'build' AND mode = 'release'", projectID).Order("id DESC"), "release build")
}

// CachedBuild is the account's newest artifact that was built, not taken from the cache, under a cache key.
func (s *Artifacts) CachedBuild(ctx context.Context, accountID, key string) (*models.Artifact, error) {
	return one[models.Artifact](s.db, s.of(ctx, accountID).
		Where("cache_key = ? AND cache_key <> '' AND cached_from = ''", key).Order("id DESC"), "earlier build")
}
