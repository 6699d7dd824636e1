// Package projects is the one service that changes projects: it creates them, and commits changes to their files as revisions,
// under a condition if the caller gives one. Every interface, such as the HTTP API, uses it. A generation's files are committed
// with the job's result under the same rule (see store.Ledger.Finish): a revision becomes current only if it was made from the
// current one.
package projects

import (
	"context"
	"io"
	"os"

	"github.com/spark-games/spark/models"
)

// Store keeps projects and their revisions. Another account's are CodeNotFound, as if they did not exist. Lists are newest
// first.
type Store interface {
	CreateProject(ctx context.Context, p *models.Project) error
	Project(ctx context.Context, accountID, id string) (*models.Project, error)
	ListProjects(ctx context.Context, accountID string, f models.ProjectFilter, p models.Page) ([]models.Project, error)
	// CreateProjectWith creates a project with its first revision.
	CreateProjectWith(ctx context.Context, p *models.Project, rev *models.Revision) error
	// ChangeProject changes a project by f, which may run several times.
	ChangeProject(ctx context.Context, accountID, id string, f func(*models.Project) error) (*models.Project, error)
	// DeleteProject has a project not found any more, until RestoreProject.
	DeleteProject(ctx context.Context, accountID, id string) error
	RestoreProject(ctx context.Context, accountID, id string) error
	Transfers
	Revisions
}

// Transfers moves projects between accounts.
type Transfers interface {
	// ProjectBytes is how much more an account would store if a project were its own.
	ProjectBytes(ctx context.Context, accountID, projectID string) (int64, error)
	// MayTransfer is an error if a transfer is not allowed.
	MayTransfer(ctx context.Context, t models.Transfer) error
	TransferProject(ctx context.Context, t models.Transfer) (*models.Project, error)
}

// Revisions keeps the revisions of projects.
type Revisions interface {
	Revision(ctx context.Context, accountID, id string) (*models.Revision, error)
	ListRevisions(ctx context.Context, accountID, projectID string, p models.Page) ([]models.Revision, error)

	// Commit calls edit with the project's current revision, nil before the first, and makes the returned one current. Other
	// changes to the project wait meanwhile. An edit that returns what it was given, or an error, changes nothing. Commit fills
	// in CreatedAt.
	Commit(ctx context.Context, accountID, projectID string, edit func(base *models.Revision) (*models.Revision, error)) (*models.Revision, error)
	NameRevision(ctx context.Context, accountID, id, name string) error
	// Lineage is the parents of a project's newest revisions, at most so many.
	Lineage(ctx context.Context, accountID, projectID string, most int) (map[string]models.IDs, error)
}

// Blobs is content-addressed storage.
type Blobs interface {
	Put(ctx context.Context, r io.Reader, limit int64) (sha256 string, size int64, err error)
	// Open returns the content of a digest, or CodeNotFound.
	Open(ctx context.Context, sha256 string) (io.ReadSeekCloser, error)
	// Spool writes what r reads to a file that is gone when it is closed.
	Spool(ctx context.Context, r io.Reader, limit int64) (*os.File, error)
}

// Service changes projects. All fields but Room and RoomFor are required. It is safe for concurrent use.
type Service struct {
	Store Store
	Blobs Blobs
	// Engines lists every version of every engine, by name, an engine's default first.
	Engines func(ctx context.Context) []models.EngineStatus
	// CancelJobs cancels the jobs of a project that have not ended.
	CancelJobs func(ctx context.Context, accountID, projectID string) error
	// Room refuses to store more for an account that has stored all that it may; nil refuses nothing.
	Room func(ctx context.Context, accountID string) error
	// RoomFor is Room for so many bytes more.
	RoomFor func(ctx context.Context, accountID string, more int64) error
	// Recognize tells of which engines files can be; read returns a file's beginning.
	Recognize func(paths []string, read func(path string) ([]byte, error)) ([]Recognized, error)
	// Asset is the stored content of one of the account's assets, which stays until a change could refer to it; nil if there are no assets.
	Asset func(ctx context.Context, accountID, id string) (models.ManifestEntry, error)
	// Starter is a playable project of an engine, for a game with a title.
	Starter func(engine, version, title string) ([]models.File, error)
}

func (s *Service) room(ctx context.Context, accountID string) error {
	if s.Room == nil {
		return nil
	}
	return s.Room(ctx, accountID)
}

// Project reads one of the account's projects.
func (s *Service) Project(ctx context.Context, accountID, id string) (*models.Project, error) {
	if !models.ValidID(id) {
		return nil, errNoProject
	}
	return s.Store.Project(ctx, accountID, id)
}

// List lists the account's projects, newest first.
func (s *Service) List(ctx context.Context, accountID string, f models.ProjectFilter, p models.Page) ([]models.Project, error) {
	return s.Store.ListProjects(ctx, accountID, f, p)
}

// Current reads the project's current revision; nil when it has none yet.
func (s *Service) Current(ctx context.Context, accountID, projectID string) (*models.Revision, error) {
	p, err := s.Project(ctx, accountID, projectID)
	if err != nil || p.RevisionID == "" {
		return nil, err
	}
	return s.Store.Revision(ctx, accountID, p.RevisionID)
}

// Revision reads one of the project's revisions.
func (s *Service) Revision(ctx context.Context, accountID, projectID, id string) (*models.Revision, error) {
	p, err := s.Project(ctx, accountID, projectID)
	if err != nil {
		return nil, err
	}
	none := models.NewError(models.CodeNotFound, "no such revision")
	if !models.ValidID(id) {
		return nil, none
	}
	rev, err := s.Store.Revision(ctx, accountID, id)
	if err == nil && rev.ProjectID != p.ID {
		return nil, none
	}
	return rev, err
}

// Revisions lists the project's revisions, newest first.
func (s *Service) Revisions(ctx context.Context, accountID, projectID string, p models.Page) ([]models.Revision, error) {
	if _, err := s.Project(ctx, accountID, projectID); err != nil {
		return nil, err
	}
	return s.Store.ListRevisions(ctx, accountID, projectID, p)
}
