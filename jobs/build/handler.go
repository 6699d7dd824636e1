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
	Ancestor(ctx context.Context, accountID, jobID string, kind models.Kind) (*models.Job, error)
	// CachedBuild finds the account's newest artifact that was built under a cache key, or CodeNotFound.
	CachedBuild(ctx context.Context, accountID, key string) (*models.Artifact, error)
	Job(ctx context.Context, accountID, id string) (*models.Job, error)
}

// Blobs stores files, and the engine modules that previews share.
type Blobs interface {
	jobs.Blobs
	PutModule(ctx context.Context, file string, data []byte) error
	// Renew is Put of content that is already stored: it is kept as if it had been stored just now. An error means that it is
	// missing or damaged.
	Renew(ctx context.Context, sha256 string, size int64) error
}

// Engines finds an engine by its name and version; the version "" is the default one.
type Engines interface {
	Get(name, version string) (engines.Engine, error)
}

// Runner runs plans, and predicts where it would run one. A plan may still run elsewhere, as its result then says.
type Runner interface {
	engines.Runner
	Environment(ctx context.Context, job engines.RunRequest) (engines.Environment, error)
}

// Observer hears of the cache, for metrics.
type Observer interface {
	// BuildCache reports whether the cache had a build: "hit", "miss", or "off" when it was not asked.
	BuildCache(engine, result string)
}

// Handler runs build jobs.
type Handler struct {
	Store    Store
	Blobs    Blobs
	Engines  Engines
	Runner   Runner
	Observer Observer
	Attestor jobs.Attestor // nil leaves artifacts without signed provenance
	// Dir is where outputs are kept, in unnamed files, until they have been verified and stored; "" is the system's folder for
	// temporary files.
	Dir string
}

// Output is the output of a build. A failed one has only diagnostics.
type Output struct {
	ArtifactID  string               `json:"artifact_id,omitempty"`
	RevisionID  string               `json:"revision_id"`
	Mode        engines.Mode         `json:"mode"`
	Engine      string               `json:"engine"`
	Version     string               `json:"engine_version,omitempty"` // that it was built with
	Files       int                  `json:"files,omitempty"`
	Bytes       int64                `json:"bytes,omitempty"`
	Format      string               `json:"format,omitempty"`   // see models.FormatWeb
	PlayURL     string               `json:"play_url,omitempty"` // of web builds: a path on the API's origin
	BuildMillis int64                `json:"build_ms,omitempty"`
	Cached      bool                 `json:"cached,omitempty"`      // the content is an earlier build's
	CachedFrom  string               `json:"cached_from,omitempty"` // the artifact of that build
	Diagnostics []engines.Diagnostic `json:"diagnostics,omitempty"`
}

// maxDiagnostics limits how many of a compiler's messages are kept.
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
	b := &building{Attempt: a, engine: engine, rev: rev, title: title,
		req: engines.BuildRequest{Title: title, Files: files, Mode: mode},
		out: Output{RevisionID: rev.ID, Mode: mode, Engine: project.Engine, Version: engine.Info().Version}}
	if b.plan, err = engine.Plan(b.req); err != nil {
		return &jobs.Result{Output: models.ToJSON(b.out)}, err
	}
	if artifact, env := h.lookupCache(ctx, b, in.NoCache); artifact != nil {
		return h.done(ctx, b, artifact, env)
	}
	outputs := engines.NewSpool(h.Dir)
	defer outputs.Close() // by then its files are stored, or not needed
	built, err := h.build(ctx, b, outputs)
	if built != nil {
		for _, d := range built.Diagnostics[:min(len(built.Diagnostics), maxDiagnostics)] {
			d.Text, d.LineText = b.Redact(d.Text), b.Redact(d.LineText)
			b.out.Diagnostics = append(b.out.Diagnostics, d)
		}
		b.out.BuildMillis = built.Duration.Milliseconds()
	}
	if err != nil {
		return &jobs.Result{Output: models.ToJSON(b.out)}, withDiagnostics(err, b.out.Diagnostics)
	}
	return h.store(ctx, b, built)
}

// building is the state of one build job.
type building struct {
	*jobs.Attempt
	engine engines.Engine
	rev    *models.Revision
	title  string
	req    engines.BuildRequest
	plan   engines.Plan
	out    Output
	from   *models.Artifact // the earlier build whose content this is, if it was not built
}

// run is the request to the sandbox.
func (b *building) run() engines.RunRequest {
	return engines.RunRequest{Account: b.Job.AccountID, JobID: b.Job.ID, Engine: b.engine, Plan: b.plan, Files: b.req.Files, Log: b.Log, Progress: b.building}
}

// Where building begins and ends in a job's progress.
const (
	buildBegins = 0.2
	buildEnds   = 0.8
)

// building reports the sandbox's progress.
func (b *building) building(fraction float64, stage string) {
	b.Progress(buildBegins+fraction*(buildEnds-buildBegins), b.what()+": "+b.Redact(stage))
}

// what the job does, for people.
func (b *building) what() string {
	return fmt.Sprintf("building with %s %s", b.engine.Info().Title, b.engine.Info().Version)
}

// revision picks what to build: the requested revision, the one that the pipeline's generation wrote, or the project's current
// one.
func (h *Handler) revision(ctx context.Context, job *models.Job, in jobs.BuildInput, project *models.Project) (*models.Revision, error) {
	id := in.RevisionID
	if id == "" {
		gen, err := h.Store.Ancestor(ctx, job.AccountID, job.ID, models.KindGeneration)
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

func (h *Handler) build(ctx context.Context, b *building, sink engines.Sink) (*engines.Result, error) {
	b.Progress(buildBegins, b.what())
	run := b.run()
	run.Sink = sink
	built, err := h.Runner.Run(ctx, run)
	if err != nil {
		return built, err
	}
	b.Progress(buildEnds, "checking the result")
	return built, b.verify(ctx, built.Outputs)
}

func (h *Handler) store(ctx context.Context, b *building, built *engines.Result) (*jobs.Result, error) {
	b.Progress(0.9, "storing the game")
	if err := h.putModules(ctx, built.SharedModules); err != nil {
		return nil, err
	}
	format, err := formatOf(b.engine.Info(), built.Outputs)
	if err != nil {
		return nil, err
	}
	if err := storeOutputs(ctx, h.Blobs, built.Outputs); err != nil {
		return nil, err
	}
	artifact := b.artifact(built.Outputs.Manifest(), format)
	// The environment is the one that the result came from, whatever was predicted.
	artifact.CacheKey = b.cacheKey(built.Environment)
	return h.done(ctx, b, artifact, built.Environment)
}

// putModules makes sure that the modules which a preview loads are served.
func (h *Handler) putModules(ctx context.Context, modules []engines.ModuleBlob) error {
	for _, m := range modules {
		if err := h.Blobs.PutModule(ctx, m.Entry.Path, m.Data); err != nil {
			return err
		}
	}
	return nil
}

// artifact is the job's artifact with this content.
func (b *building) artifact(manifest models.Manifest, format string) *models.Artifact {
	return &models.Artifact{
		ID: models.NewID(), AccountID: b.Job.AccountID, ProjectID: b.Job.ProjectID, RevisionID: b.rev.ID, JobID: b.Job.ID,
		Kind: models.ArtifactBuild, Engine: b.out.Engine, EngineVersion: b.out.Version, Mode: string(b.out.Mode), Format: format, Title: b.title,
		Manifest: manifest, Digest: manifest.Digest(), Bytes: manifest.Bytes(),
	}
}

// done is the result of a job that has an artifact, which was built in env or reuses content that was.
func (h *Handler) done(ctx context.Context, b *building, a *models.Artifact, env engines.Environment) (*jobs.Result, error) {
	attestation, err := b.Attest(ctx, h.Attestor, b.provenance(a, env))
	if err != nil {
		return nil, err
	}
	b.out.ArtifactID, b.out.Files, b.out.Bytes = a.ID, len(a.Manifest), a.Bytes
	if b.out.Format = a.Format; a.Format == models.FormatWeb {
		b.out.PlayURL = models.PlayPath(a.ID)
	}
	b.out.Cached, b.out.CachedFrom = a.Cached(), a.CachedFrom
	return &jobs.Result{Output: models.ToJSON(b.out), Artifact: a, Attestation: attestation, Bytes: a.Bytes}, nil
}
