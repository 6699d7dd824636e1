package artifacts

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// ListArtifacts answers GET /v1/artifacts.
func (area *Area) ListArtifacts(ctx context.Context, r openapi.ListArtifactsRequestObject) (openapi.ListArtifactsResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	var f models.ArtifactFilter
	if r.Params.Kind != nil {
		if f.Kind = *r.Params.Kind; f.Kind != models.ArtifactBuild && f.Kind != models.ArtifactExport {
			return nil, kernel.ParameterError("kind", "the kind is build or export")
		}
	}
	if f.ProjectID, err = kernel.FilterID("project_id", r.Params.ProjectID); err != nil {
		return nil, err
	}
	if f.JobID, err = kernel.FilterID("job_id", r.Params.JobID); err != nil {
		return nil, err
	}
	rows, err := area.Artifacts.ListArtifacts(ctx, account, f, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(a *models.Artifact) string { return a.ID }, showArtifact)
	return openapi.ListArtifacts200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetArtifact answers GET /v1/artifacts/{id}.
func (area *Area) GetArtifact(ctx context.Context, r openapi.GetArtifactRequestObject) (openapi.GetArtifactResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	a, err := area.artifact(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.GetArtifact200JSONResponse(showArtifactWithFiles(a)), nil
}

// ReadArtifactFile answers GET /v1/artifacts/{id}/files/{path}.
func (area *Area) ReadArtifactFile(ctx context.Context, r openapi.ReadArtifactFileRequestObject) (openapi.ReadArtifactFileResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	a, err := area.artifact(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return kernel.OpenEntry(ctx, area.Blobs, req, a.Manifest, kernel.FilePath(r.Path))
}

// DownloadArtifact answers GET /v1/artifacts/{id}/download. An export is one file, which is sent as it is; a build is zipped
// while it is sent.
func (area *Area) DownloadArtifact(ctx context.Context, r openapi.DownloadArtifactRequestObject) (openapi.DownloadArtifactResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	a, err := area.artifact(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	if a.Kind == models.ArtifactExport && len(a.Manifest) == 1 {
		file, err := kernel.OpenBlob(ctx, area.Blobs, req, a.Manifest[0])
		if err != nil {
			return nil, err
		}
		file.Headers["Content-Disposition"] = attachment(a, a.Format)
		return file, nil
	}
	if a.Mode == models.ModePreview && a.Format == models.FormatWeb {
		return nil, models.NewError(models.CodeExportNeedsRelease, "a preview runs only on this server; build a release to download it")
	}
	return &zipped{kernel.Zip{Ctx: ctx, Req: req, Blobs: area.Blobs, Files: a.Manifest, Digest: a.Digest,
		Disposition: attachment(a, "zip"), Of: "artifact " + a.ID}}, nil
}

func (area *Area) artifact(ctx context.Context, account, id string) (*models.Artifact, error) {
	if err := kernel.KnownID(id, "artifact"); err != nil {
		return nil, err
	}
	return area.Artifacts.Artifact(ctx, account, id)
}

// attachment names the downloaded file after the game.
func attachment(a *models.Artifact, extension string) string {
	return `attachment; filename="` + models.FileName(a.Title, extension) + `"`
}
