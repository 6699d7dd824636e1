package api

import (
	"context"
	"io"
	"sync/atomic"
	"testing"

	"github.com/spark-games/spark/internal/api/artifacts"
	jobsapi "github.com/spark-games/spark/internal/api/jobs"
	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/platform"
	"github.com/spark-games/spark/internal/api/play"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// fault is the error that an armed port returns. Each port here wraps the real one and fails in one method.
type fault struct{ err atomic.Pointer[error] }

// armed is a fault from the start.
func armed(err error) *fault {
	f := &fault{}
	f.arm(err)
	return f
}

func (f *fault) arm(err error) { f.err.Store(&err) }
func (f *fault) disarm()       { f.err.Store(nil) }

// orElse is the port's answer.
func orElse[T any](f *fault, answer func() (T, error)) (T, error) {
	if err := f.err.Load(); err != nil {
		var none T
		return none, *err
	}
	return answer()
}

type faultyJobs struct {
	jobsapi.Reader
	*fault
}

func (p faultyJobs) FindJobs(ctx context.Context, account string, f models.JobFilter, page models.Page) (rows []models.Job, reached string, err error) {
	rows, err = orElse(p.fault, func() ([]models.Job, error) {
		rows, reached, err = p.Reader.FindJobs(ctx, account, f, page)
		return rows, err
	})
	return rows, reached, err
}

type faultySubmitter struct {
	jobsapi.Submitter
	*fault
}

func (p faultySubmitter) Submit(ctx context.Context, req jobs.JobRequest) (*models.Job, error) {
	return orElse(p.fault, func() (*models.Job, error) { return p.Submitter.Submit(ctx, req) })
}

type faultyProjects struct {
	projects.Store
	*fault
}

func (p faultyProjects) Commit(ctx context.Context, account, project string, edit func(*models.Revision) (*models.Revision, error)) (*models.Revision, error) {
	return orElse(p.fault, func() (*models.Revision, error) { return p.Store.Commit(ctx, account, project, edit) })
}

type faultyArtifacts struct {
	artifacts.Reader
	*fault
}

func (p faultyArtifacts) ListArtifacts(ctx context.Context, account string, f models.ArtifactFilter, page models.Page) ([]models.Artifact, error) {
	return orElse(p.fault, func() ([]models.Artifact, error) { return p.Reader.ListArtifacts(ctx, account, f, page) })
}

type faultyGames struct {
	play.Artifacts
	*fault
}

func (p faultyGames) PublicArtifact(ctx context.Context, id string) (*models.Artifact, error) {
	return orElse(p.fault, func() (*models.Artifact, error) { return p.Artifacts.PublicArtifact(ctx, id) })
}

type faultyProvenance struct {
	artifacts.Provenance
	*fault
}

func (p faultyProvenance) SigningKeys(ctx context.Context) ([]models.SigningKey, error) {
	return orElse(p.fault, func() ([]models.SigningKey, error) { return p.Provenance.SigningKeys(ctx) })
}

type faultyUsages struct {
	platform.Usages
	*fault
}

func (p faultyUsages) EachCount(ctx context.Context, account string, q models.UsageQuestion, f func(*models.UsageCount) error) error {
	_, err := orElse(p.fault, func() (any, error) { return nil, p.Usages.EachCount(ctx, account, q, f) })
	return err
}

func (p faultyUsages) Usage(ctx context.Context, account string, f models.UsageFilter) ([]models.Usage, error) {
	return orElse(p.fault, func() ([]models.Usage, error) { return p.Usages.Usage(ctx, account, f) })
}

type faultyBlobs struct {
	kernel.Blobs
	*fault
}

func (p faultyBlobs) Open(ctx context.Context, sha256 string) (io.ReadSeekCloser, error) {
	return orElse(p.fault, func() (io.ReadSeekCloser, error) { return p.Blobs.Open(ctx, sha256) })
}

// If any port is down, the request gets that error; when it is up again, the same request succeeds.
func TestEveryPortMayBeDown(t *testing.T) {
	t.Parallel()
	var down fault
	a := newTestAPI(t, func(o *Options) {
		o.Jobs, o.Submitter = faultyJobs{o.Jobs, &down}, faultySubmitter{o.Submitter, &down}
		o.Artifacts, o.Games = faultyArtifacts{o.Artifacts, &down}, faultyGames{o.Games, &down}
		o.Provenance, o.Usages, o.Blobs = faultyProvenance{o.Provenance, &down}, faultyUsages{o.Usages, &down}, faultyBlobs{o.Blobs, &down}
		faulty := *o.Projects
		faulty.Store = faultyProjects{faulty.Store, &down}
		o.Projects = &faulty
	})
	project := a.newProject().ID
	file := "/v1/projects/" + project + "/files/a.txt"
	a.do("PUT", file, "1").want(200)
	art := a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"index.html": "x"})
	requests := []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/v1/jobs", "", 200},
		{"POST", "/v1/jobs", `{"kind":"build","project_id":"` + project + `"}`, 202},
		{"PUT", file, "2", 200},
		{"GET", file, "", 200},
		{"GET", "/v1/artifacts", "", 200},
		{"GET", "/v1/artifacts/" + art.ID + "/download", "", 200},
		{"GET", "/play/" + art.ID + "/", "", 200},
		{"GET", "/v1/signing-keys", "", 200},
		{"GET", "/v1/usage", "", 200},
	}
	down.arm(models.NewError(models.CodeUnavailable, "it is away"))
	for _, r := range requests {
		if got := a.do(r.method, r.path, r.body); got.problem(503, models.CodeUnavailable).Detail != "it is away" || got.header.Get("Retry-After") == "" {
			t.Errorf("%s %s: %s %v", r.method, r.path, got.body, got.header)
		}
	}
	down.disarm()
	for _, r := range requests {
		a.do(r.method, r.path, r.body).want(r.status)
	}
}
