// Package projects is the API's area of projects, their revisions and their files.
package projects

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/models"
)

// Area answers the operations about projects. All are required.
type Area struct {
	Projects Store
	Blobs    Blobs
	// Engines lists every version of every engine, by name, an engine's default first.
	Engines func(ctx context.Context) []models.EngineStatus
}

// Store keeps projects and their revisions. What is someone else's is CodeNotFound, as if it were not there. Lists are
// newest first.
type Store interface {
	CreateProject(ctx context.Context, p *models.Project) error
	Project(ctx context.Context, accountID, id string) (*models.Project, error)
	ListProjects(ctx context.Context, accountID string, p models.Page) ([]models.Project, error)

	Revision(ctx context.Context, accountID, id string) (*models.Revision, error)
	ListRevisions(ctx context.Context, accountID, projectID string, p models.Page) ([]models.Revision, error)
	// CommitRevision makes rev the project's current revision if rev.ParentID still is; otherwise CodeConflict, and
	// nothing is written. It fills in CreatedAt.
	CommitRevision(ctx context.Context, rev *models.Revision) error
}

// Blobs is content-addressed storage.
type Blobs interface {
	kernel.Blobs
	Put(ctx context.Context, data []byte) (sha256 string, err error)
}
