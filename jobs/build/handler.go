// Package build turns a revision into a playable artifact with a game engine.
package build

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Store is what the handler reads.
type Store interface {
	Project(ctx context.Context, accountID, id string) (*models.Project, error)
	Revision(ctx context.Context, accountID, id string) (*models.Revision, error)
	// Ancestor finds the nearest job of a kind that a job depends on; nil if there is none.
	Ancestor(ctx context.Context, jobID string, kind models.Kind) (*models.Job, error)
}

// Blobs stores files, and the engine modules that previews share.
type Blobs interface {
	jobs.Blobs
	PutModule(ctx context.Context, file string, data []byte) error
}

// Engines finds an engine by its name and version; the version "" is the default one.
type Engines interface {
	Get(name, version string) (engines.Engine, error)
}

// Handler runs build jobs.
type Handler struct {
	Store   Store
	Blobs   Blobs
	Engines Engines
	Runner  engines.Runner
}

// Output is what a build says of itself. A failed one has only diagnostics.
type Output struct {
	ArtifactID  string               `json:"artifact_id,omitempty"`
	RevisionID  string               `json:"revision_id"`
	Mode        engines.Mode         `json:"mode"`
	Engine      string               `json:"engine"`
	Version     string               `json:"engine_version,omitempty"` // that it was built with
	Files       int                  `json:"files,omitempty"`
	Bytes       int64                `json:"bytes,omitempty"`
	PlayURL     string               `json:"play_url,omitempty"` // a path on the API's origin
	BuildMillis int64                `json:"build_ms,omitempty"`
	Diagnostics []engines.Diagnostic `json:"diagnostics,omitempty"`
}

// maxDiagnostics bounds what of a compiler's complaints is kept.
const maxDiagnostics = 50

// Run implements jobs.Handler.
func (h *Handler) Run(ctx context.Context, a *jobs.Attempt) (*jobs.Result, error) {
	var in jobs.BuildInput
	if err := json.Unmarshal(a.Job.Input, &in); err != nil {
		return nil, models.WrapError(models.CodeInvalidRequest, "the job's input cannot be read", err)
	}
	mode := engines.Mode(in.Mode)
	if mode == "" {
		mode = engines.Preview
	}
	project, err := h.Store.Project(ctx, a.Job.AccountID, a.Job.ProjectID)
	if err != nil {
		return nil, err
	}
	engine, err := h.Engines.Get(project.Engine, project.EngineVersion)
	if err != nil {
		return nil, err
	}
	rev, err := h.revision(ctx, a.Job, in, project)
	if err != nil {
		return nil, err
	}
	a.Progress(0.1, "loading the project")
	files, err := jobs.LoadFiles(ctx, h.Blobs, rev.Manifest)
	if err != nil {
		return nil, err
	}
	title := rev.Title
	if title == "" {
		title = project.Name
	}
	req := engines.BuildRequest{Title: title, Files: files, Mode: mode}
	out := Output{RevisionID: rev.ID, Mode: mode, Engine: project.Engine, Version: engine.Info().Version}
	built, err := h.build(ctx, a, engine, req)
	if built != nil {
		out.Diagnostics = built.Diagnostics[:min(len(built.Diagnostics), maxDiagnostics)]
		out.BuildMillis = built.Duration.Milliseconds()
	}
	if err != nil {
		return &jobs.Result{Output: models.ToJSON(out)}, err
	}
	return h.store(ctx, a, rev, title, out, built)
}

// revision picks what to build: the one that was asked for, the one that the pipeline's generation wrote, or the
// project's current one.
func (h *Handler) revision(ctx context.Context, job *models.Job, in jobs.BuildInput, project *models.Project) (*models.Revision, error) {
	id := in.RevisionID
	if id == "" {
		gen, err := h.Store.Ancestor(ctx, job.ID, models.KindGeneration)
		if err != nil {
			return nil, err
		}
		var made struct {
			RevisionID string `json:"revision_id"`
		}
		if gen != nil && gen.State == models.StateSucceeded && json.Unmarshal(gen.Output, &made) == nil {
			id = made.RevisionID
		}
	}
	if id == "" {
		id = project.RevisionID
	}
	if id == "" {
		return nil, models.NewError(models.CodeNoRevision, "the project has no files to build yet")
	}
	rev, err := h.Store.Revision(ctx, job.AccountID, id)
	if err == nil && rev.ProjectID != project.ID {
		err = models.NewError(models.CodeNotFound, "the revision belongs to another project")
	}
	return rev, err
}

func (h *Handler) build(ctx context.Context, a *jobs.Attempt, engine engines.Engine, req engines.BuildRequest) (*engines.Result, error) {
	plan, err := engine.Plan(req)
	if err != nil {
		return nil, err
	}
	a.Progress(0.2, fmt.Sprintf("building with %s %s", engine.Info().Title, engine.Info().Version))
	built, err := h.Runner.Run(ctx, engines.RunRequest{
		Account: a.Job.AccountID, JobID: a.Job.ID, Engine: engine, Plan: plan, Files: req.Files, Log: a.Log,
	})
	if err != nil {
		return built, err
	}
	a.Progress(0.8, "checking the result")
	return built, engine.Verify(req, built.Outputs)
}

func (h *Handler) store(ctx context.Context, a *jobs.Attempt, rev *models.Revision, title string, out Output, built *engines.Result) (*jobs.Result, error) {
	a.Progress(0.9, "storing the game")
	for _, m := range built.SharedModules {
		if err := h.Blobs.PutModule(ctx, m.Entry.Path, m.Data); err != nil {
			return nil, err
		}
	}
	manifest, err := jobs.StoreFiles(ctx, h.Blobs, built.Outputs)
	if err != nil {
		return nil, err
	}
	artifact := &models.Artifact{
		ID: models.NewID(), AccountID: a.Job.AccountID, ProjectID: a.Job.ProjectID, RevisionID: rev.ID, JobID: a.Job.ID,
		Kind: models.ArtifactBuild, Engine: out.Engine, Mode: string(out.Mode), Format: "web", Title: title,
		Manifest: manifest, Digest: manifest.Digest(), Bytes: manifest.Bytes(),
	}
	out.ArtifactID, out.Files, out.Bytes = artifact.ID, len(manifest), artifact.Bytes
	out.PlayURL = "/play/" + artifact.ID + "/"
	return &jobs.Result{Output: models.ToJSON(out), Artifact: artifact, Bytes: artifact.Bytes}, nil
}
