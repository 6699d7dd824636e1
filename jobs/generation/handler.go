package generation

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
}

// Engines finds an engine by its name and version; the version "" is the default one.
type Engines interface {
	Get(name, version string) (engines.Engine, error)
}

// Handler runs generation jobs: prompt in, a new revision of the project's files out.
type Handler struct {
	Store     Store
	Blobs     jobs.Blobs
	Engines   Engines
	Providers map[string]Provider
	Default   string // the provider of jobs that name none
}

// Output is the output of a finished generation.
type Output struct {
	RevisionID string `json:"revision_id,omitempty"`
	Title      string `json:"title,omitempty"`
	Summary    string `json:"summary,omitempty"`
	// What the provider made of the prompt, where it can tell: see Response.
	Genre      string   `json:"genre,omitempty"`
	Understood []string `json:"understood,omitempty"`
	Ignored    []string `json:"ignored,omitempty"`

	Files     int    `json:"files,omitempty"`
	Bytes     int64  `json:"bytes,omitempty"`
	Provider  string `json:"provider"`
	Model     string `json:"model,omitempty"`
	TokensIn  *int64 `json:"tokens_in,omitempty"`
	TokensOut *int64 `json:"tokens_out,omitempty"`
}

// Run implements jobs.Handler.
func (h *Handler) Run(ctx context.Context, a *jobs.Attempt) (*jobs.Result, error) {
	var in jobs.GenerationInput
	if err := json.Unmarshal(a.Job.Input, &in); err != nil {
		return nil, models.WrapError(models.CodeInvalidRequest, "the job's input cannot be read", err)
	}
	name := in.Provider
	if name == "" {
		name = h.Default
	}
	provider, ok := h.Providers[name]
	if !ok {
		return nil, models.NewError(models.CodeProviderConfig, "the provider is not configured any more")
	}
	req, project, base, err := h.request(ctx, a.Job, in)
	if err != nil {
		return nil, err
	}
	a.Log(fmt.Sprintf("generating with %s for %s", name, project.Engine))
	resp, err := provider.Generate(ctx, req, func(p Progress) { a.Progress(p.Fraction*0.95, p.Stage) })
	if err != nil {
		return usageOf(provider, resp), err
	}
	if resp.Title == "" {
		resp.Title = project.Name // an edit that keeps the game's title does not repeat it
	}
	return h.store(ctx, a, project, base, req.Prompt, resp)
}

// request is the request to the provider, with the project and the revision that the answer will be based on.
func (h *Handler) request(ctx context.Context, job *models.Job, in jobs.GenerationInput) (req Request, project *models.Project, base string, err error) {
	if project, err = h.Store.Project(ctx, job.AccountID, job.ProjectID); err != nil {
		return req, nil, "", err
	}
	engine, err := h.Engines.Get(project.Engine, project.EngineVersion)
	if err != nil {
		return req, nil, "", err
	}
	if base, err = h.base(ctx, job, project); err != nil {
		return req, nil, "", err
	}
	req = Request{Prompt: in.Prompt, Seed: in.Seed, Engine: engine}
	if base != "" && !in.FromScratch {
		rev, err := h.Store.Revision(ctx, job.AccountID, base)
		if err != nil {
			return req, nil, "", err
		}
		if req.Files, err = jobs.LoadFiles(ctx, h.Blobs, rev.Manifest); err != nil {
			return req, nil, "", err
		}
	}
	return req, project, base, nil
}

// base is the revision to start from: what the generation before this one in the pipeline wrote, also when that did not
// become the project's current one, or else the current one.
func (h *Handler) base(ctx context.Context, job *models.Job, project *models.Project) (string, error) {
	if job.PipelineID == "" {
		return project.RevisionID, nil
	}
	before, err := h.Store.Ancestor(ctx, job.AccountID, job.ID, models.KindGeneration)
	if err != nil || before == nil || before.State != models.StateSucceeded {
		return project.RevisionID, err
	}
	var made Output
	if err := json.Unmarshal(before.Output, &made); err != nil || made.RevisionID == "" {
		return project.RevisionID, nil //nolint:nilerr // an output without one says nothing against the project's own
	}
	return made.RevisionID, nil
}

// usageOf keeps the tokens of an attempt that failed: they were paid for.
func usageOf(p Provider, resp *Response) *jobs.Result {
	if resp == nil {
		return nil
	}
	out := Output{Provider: p.Name(), Model: resp.Model, TokensIn: resp.TokensIn, TokensOut: resp.TokensOut}
	return &jobs.Result{Output: models.ToJSON(out), TokensIn: resp.TokensIn, TokensOut: resp.TokensOut}
}

func (h *Handler) store(ctx context.Context, a *jobs.Attempt, project *models.Project, base, prompt string, resp *Response) (*jobs.Result, error) {
	if err := models.CheckFiles(resp.Files); err != nil {
		return nil, models.WrapError(models.CodeProviderOutput, "the provider wrote files that cannot be a project: "+models.AsError(err).Message, err)
	}
	a.Progress(0.97, "storing files")
	manifest, err := jobs.StoreFiles(ctx, h.Blobs, resp.Files)
	if err != nil {
		return nil, err
	}
	rev := &models.Revision{
		ID: models.NewID(), AccountID: a.Job.AccountID, ProjectID: project.ID, JobID: a.Job.ID, Parents: models.IDsOf(base),
		Author: models.Author{Kind: models.AuthorJob, ID: a.Job.ID}, Message: resp.Summary, Prompt: prompt,
		Title: resp.Title, Manifest: manifest, Digest: manifest.Digest(),
	}
	out := Output{
		RevisionID: rev.ID, Title: resp.Title, Summary: resp.Summary, Genre: resp.Genre, Understood: resp.Understood, Ignored: resp.Ignored,
		Files: len(manifest), Bytes: manifest.Bytes(),
		Provider: resp.Provider, Model: resp.Model, TokensIn: resp.TokensIn, TokensOut: resp.TokensOut,
	}
	return &jobs.Result{Output: models.ToJSON(out), Revision: rev, TokensIn: resp.TokensIn, TokensOut: resp.TokensOut, Bytes: manifest.Bytes()}, nil
}
