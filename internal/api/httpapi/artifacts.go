package httpapi

import (
	"context"
	"strings"

	"github.com/spark-games/spark/models"
)

// ListArtifacts answers GET /v1/artifacts.
func (s *server) ListArtifacts(ctx context.Context, r ListArtifactsRequestObject) (ListArtifactsResponseObject, error) {
	ctx, account := caller(ctx)
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	var f models.ArtifactFilter
	if r.Params.Kind != nil {
		if f.Kind = *r.Params.Kind; f.Kind != models.ArtifactBuild && f.Kind != models.ArtifactExport {
			return nil, parameterError("kind", "the kind is build or export")
		}
	}
	if f.ProjectID, err = filterID("project_id", r.Params.ProjectID); err != nil {
		return nil, err
	}
	if f.JobID, err = filterID("job_id", r.Params.JobID); err != nil {
		return nil, err
	}
	rows, err := s.Artifacts.ListArtifacts(ctx, account, f, p)
	if err != nil {
		return nil, err
	}
	data, more, next := paginate(rows, p, func(a *models.Artifact) string { return a.ID }, showArtifact)
	return ListArtifacts200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetArtifact answers GET /v1/artifacts/{id}.
func (s *server) GetArtifact(ctx context.Context, r GetArtifactRequestObject) (GetArtifactResponseObject, error) {
	ctx, account := caller(ctx)
	a, err := s.artifact(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return GetArtifact200JSONResponse(showArtifactWithFiles(a)), nil
}

// ReadArtifactFile answers GET /v1/artifacts/{id}/files/{path}.
func (s *server) ReadArtifactFile(ctx context.Context, r ReadArtifactFileRequestObject) (ReadArtifactFileResponseObject, error) {
	req := request(ctx)
	ctx, account := caller(ctx)
	a, err := s.artifact(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return s.openEntry(ctx, req, a.Manifest, filePath(r.Path))
}

// DownloadArtifact answers GET /v1/artifacts/{id}/download. An export is one file, which is answered as it is; a build
// is zipped on the way out.
func (s *server) DownloadArtifact(ctx context.Context, r DownloadArtifactRequestObject) (DownloadArtifactResponseObject, error) {
	req := request(ctx)
	ctx, account := caller(ctx)
	a, err := s.artifact(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	if a.Kind == models.ArtifactExport && len(a.Manifest) == 1 {
		file, err := s.openBlob(ctx, req, a.Manifest[0])
		if err != nil {
			return nil, err
		}
		file.headers["Content-Disposition"] = attachment(a, a.Format)
		return file, nil
	}
	if a.Mode == "preview" && a.Format == models.FormatWeb {
		return nil, models.NewError(models.CodeExportNeedsRelease, "a preview runs only on this server; build a release to download it")
	}
	return &zipped{ctx: ctx, req: req, artifact: a, blobs: s.Blobs}, nil
}

func (s *server) artifact(ctx context.Context, account, id string) (*models.Artifact, error) {
	if err := knownID(id, "artifact"); err != nil {
		return nil, err
	}
	return s.Artifacts.Artifact(ctx, account, id)
}

// attachment names the downloaded file after the game.
func attachment(a *models.Artifact, extension string) string {
	return `attachment; filename="` + slug(a.Title) + "." + slug(extension) + `"`
}

// slug keeps the letters and digits of a title that are safe in a file name anywhere.
func slug(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 60 {
			break
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s
	}
	return "game"
}
