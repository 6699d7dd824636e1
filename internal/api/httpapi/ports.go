package httpapi

import (
	"context"
	"io"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// The interfaces that the API consumes. Every error is a *models.Error, or is answered as a bare 500. An account's
// question about what is someone else's is answered with CodeNotFound, as if it were not there. Lists are newest first
// and are asked for one row more than the page, to know whether there are more.

// Projects keeps projects and their revisions.
type Projects interface {
	CreateProject(ctx context.Context, p *models.Project) error
	Project(ctx context.Context, accountID, id string) (*models.Project, error)
	ListProjects(ctx context.Context, accountID string, p models.Page) ([]models.Project, error)

	Revision(ctx context.Context, accountID, id string) (*models.Revision, error)
	ListRevisions(ctx context.Context, accountID, projectID string, p models.Page) ([]models.Revision, error)
	// CommitRevision makes rev the project's current revision if rev.ParentID still is; otherwise CodeConflict, and
	// nothing is written. It fills in CreatedAt.
	CommitRevision(ctx context.Context, rev *models.Revision) error
}

// Jobs reads jobs and their history.
type Jobs interface {
	Job(ctx context.Context, accountID, id string) (*models.Job, error)
	ListJobs(ctx context.Context, accountID string, f models.JobFilter, p models.Page) ([]models.Job, error)
	// Events lists up to limit events with Seq > after, oldest first.
	Events(ctx context.Context, jobID string, after int64, limit int) ([]models.Event, error)
	// Pipeline returns a pipeline and its jobs in the order of the steps.
	Pipeline(ctx context.Context, accountID, id string) (*models.Pipeline, []models.Job, error)
}

// Artifacts reads artifacts.
type Artifacts interface {
	Artifact(ctx context.Context, accountID, id string) (*models.Artifact, error)
	// PublicArtifact returns an artifact of whatever account, for playing.
	PublicArtifact(ctx context.Context, id string) (*models.Artifact, error)
	ListArtifacts(ctx context.Context, accountID string, f models.ArtifactFilter, p models.Page) ([]models.Artifact, error)
}

// Provenance reads how artifacts came about.
type Provenance interface {
	// Attestation returns the signed statement about an artifact, a DSSE envelope in JSON.
	Attestation(ctx context.Context, artifactID string) ([]byte, error)
	// SigningKeys lists the public keys that verify statements, newest first.
	SigningKeys(ctx context.Context) ([]models.SigningKey, error)
}

// Usages reads what accounts used.
type Usages interface {
	// Usage lists buckets, newest first.
	Usage(ctx context.Context, accountID string, f models.UsageFilter) ([]models.Usage, error)
}

// Blobs is content-addressed storage.
type Blobs interface {
	Put(ctx context.Context, data []byte) (sha256 string, err error)
	// Open returns the content of a digest, or CodeNotFound.
	Open(ctx context.Context, sha256 string) (io.ReadSeekCloser, error)
}

// Watcher tells when a job has new events.
type Watcher interface {
	// Watch returns a channel that receives after each change of the job from now on. Changes may share one receive.
	// stop must be called.
	Watch(jobID string) (changed <-chan struct{}, stop func())
}

// Submitter is the way into the platform: *jobs.Service.
type Submitter interface {
	Submit(ctx context.Context, req jobs.JobRequest) (*models.Job, error)
	SubmitPipeline(ctx context.Context, req jobs.PipelineRequest) (*models.Pipeline, []*models.Job, error)
	Cancel(ctx context.Context, accountID, jobID string) (*models.Job, error)
	Retry(ctx context.Context, accountID, jobID string) (*models.Job, error)
}

// EngineModules knows the engine modules that previews share.
type EngineModules interface {
	// EngineModule tells whether the digest and file name are those of an engine module, and how large it is.
	EngineModule(sha256, file string) (size int64, ok bool)
}

// Check is one dependency that readiness asks after. Ping returns soon after ctx is done.
type Check struct {
	Name string
	Ping func(ctx context.Context) error
}
