// Package export packs a release build into one file to ship: a zip for game sites, or a single HTML page. The same
// artifact gives the same bytes.
package export

import (
	"context"
	"encoding/json"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Store is what the handler reads.
type Store interface {
	Artifact(ctx context.Context, accountID, id string) (*models.Artifact, error)
	LatestRelease(ctx context.Context, accountID, projectID string) (*models.Artifact, error)
	// Attestation is the signed statement of how an artifact was made, or a not_found error.
	Attestation(ctx context.Context, accountID, artifactID string) ([]byte, error)
	Ancestor(ctx context.Context, accountID, jobID string, kind models.Kind) (*models.Job, error)
}

// Handler runs export jobs.
type Handler struct {
	Store Store
	Blobs jobs.Blobs
	// Attestor signs the exports' provenance; nil leaves them without.
	Attestor jobs.Attestor
}

// Output is the output of an export.
type Output struct {
	ArtifactID string `json:"artifact_id"`
	FromID     string `json:"from_artifact_id"`
	Format     string `json:"format"`
	File       string `json:"file"`
	SHA256     string `json:"sha256"`
	Bytes      int64  `json:"bytes"`
	// DownloadURL is a path on the API's origin; it needs the key.
	DownloadURL string `json:"download_url"`
}

// Run implements jobs.Handler.
func (h *Handler) Run(ctx context.Context, a *jobs.Attempt) (*jobs.Result, error) {
	var in jobs.ExportInput
	if err := json.Unmarshal(a.Job.Input, &in); err != nil {
		return nil, models.WrapError(models.CodeInvalidRequest, "the job's input cannot be read", err)
	}
	format := in.Format
	if format == "" {
		format = models.ExportZip
	}
	from, err := h.source(ctx, a.Job, in)
	if err != nil {
		return nil, err
	}
	if from.Bytes > MaxBytes {
		return nil, models.NewError(models.CodeExportTooLarge, "the build is larger than 256 MiB")
	}
	a.Progress(0.2, "packing "+format)
	file, err := pack(ctx, format, &build{artifact: from, blobs: h.Blobs})
	if err != nil {
		return nil, err
	}
	manifest := models.Manifest{file}
	artifact := &models.Artifact{
		ID: models.NewID(), AccountID: a.Job.AccountID, ProjectID: a.Job.ProjectID, RevisionID: from.RevisionID, JobID: a.Job.ID,
		Kind: models.ArtifactExport, Engine: from.Engine, EngineVersion: from.EngineVersion, Mode: from.Mode, Format: format,
		Title: from.Title, ExportedFrom: from.ID,
		Manifest: manifest, Digest: manifest.Digest(), Bytes: manifest.Bytes(),
	}
	out := Output{ArtifactID: artifact.ID, FromID: from.ID, Format: format, File: file.Path, SHA256: file.SHA256,
		Bytes: artifact.Bytes, DownloadURL: models.DownloadPath(artifact.ID)}
	built, err := h.Store.Attestation(ctx, from.AccountID, from.ID)
	if err != nil && models.CodeOf(err) != models.CodeNotFound {
		return nil, err
	}
	attestation, err := a.Attest(ctx, h.Attestor, provenance(artifact, from, built))
	if err != nil {
		return nil, err
	}
	return &jobs.Result{Output: models.ToJSON(out), Artifact: artifact, Attestation: attestation, Bytes: artifact.Bytes}, nil
}

// source picks what to export: the artifact that was asked for, the one that the pipeline's build made, or the
// project's newest release.
func (h *Handler) source(ctx context.Context, job *models.Job, in jobs.ExportInput) (*models.Artifact, error) {
	id := in.ArtifactID
	if id == "" {
		build, err := h.Store.Ancestor(ctx, job.AccountID, job.ID, models.KindBuild)
		if err != nil {
			return nil, err
		}
		var made struct {
			ArtifactID string `json:"artifact_id"`
		}
		if build != nil && build.State == models.StateSucceeded && json.Unmarshal(build.Output, &made) == nil {
			id = made.ArtifactID
		}
	}
	if id == "" {
		a, err := h.Store.LatestRelease(ctx, job.AccountID, job.ProjectID)
		if err != nil && models.CodeOf(err) == models.CodeNotFound {
			err = models.NewError(models.CodeNoArtifact, "the project has no release build to export yet")
		}
		return a, err
	}
	a, err := h.Store.Artifact(ctx, job.AccountID, id)
	switch {
	case err != nil:
		return nil, err
	case a.ProjectID != job.ProjectID:
		return nil, models.NewError(models.CodeNotFound, "the artifact belongs to another project")
	}
	return a, jobs.Exportable(a)
}
