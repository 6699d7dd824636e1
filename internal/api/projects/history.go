package projects

import (
	"context"
	"net/http"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/projects"
)

// GetRevision answers GET /v1/projects/{id}/revisions/{revision}.
func (a *Area) GetRevision(ctx context.Context, r openapi.GetRevisionRequestObject) (openapi.GetRevisionResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	rev, err := a.Projects.Revision(ctx, account, r.ID, r.Revision)
	if err != nil {
		return nil, err
	}
	return openapi.GetRevision200JSONResponse(showRevision(rev)), nil
}

// NameRevision answers PATCH /v1/projects/{id}/revisions/{revision}.
func (a *Area) NameRevision(ctx context.Context, r openapi.NameRevisionRequestObject) (openapi.NameRevisionResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	rev, err := a.Projects.NameRevision(ctx, account, r.ID, r.Revision, r.Body.Name)
	if err != nil {
		return nil, err
	}
	return openapi.NameRevision200JSONResponse(showRevision(rev)), nil
}

// RestoreRevision answers POST /v1/projects/{id}/revisions/{revision}/restore.
func (a *Area) RestoreRevision(ctx context.Context, r openapi.RestoreRevisionRequestObject) (openapi.RestoreRevisionResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	on, err := change(req, account, r.ID)
	if err != nil {
		return nil, err
	}
	rev, err := a.Projects.RestoreRevision(ctx, on, r.Revision)
	if err != nil {
		return nil, err
	}
	return openapi.RestoreRevision200JSONResponse{NewRevisionJSONResponse: newRevision(rev, projects.Tag(rev))}, nil
}

// DiffRevision answers GET /v1/projects/{id}/revisions/{revision}/diff.
func (a *Area) DiffRevision(ctx context.Context, r openapi.DiffRevisionRequestObject) (openapi.DiffRevisionResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	base, err := kernel.FilterID("base", r.Params.Base)
	if err != nil {
		return nil, err
	}
	diffs, err := a.Projects.Diff(ctx, account, r.ID, base, r.Revision)
	if err != nil {
		return nil, err
	}
	data := make([]openapi.FileDiff, len(diffs))
	for i := range diffs {
		data[i] = showDiff(&diffs[i])
	}
	return openapi.DiffRevision200JSONResponse{Data: data}, nil
}

func showDiff(d *projects.FileDiff) openapi.FileDiff {
	shown := openapi.FileDiff{Path: d.Path, From: kernel.OrNull(d.From), Status: openapi.FileDiffStatus(d.Status), Unified: kernel.OrNull(d.Unified)}
	if d.Old != nil {
		shown.OldSha256, shown.OldSize = &d.Old.SHA256, &d.Old.Size
	}
	if d.New != nil {
		shown.NewSha256, shown.NewSize = &d.New.SHA256, &d.New.Size
	}
	return shown
}

// DownloadRevision answers GET /v1/projects/{id}/revisions/{revision}/download.
func (a *Area) DownloadRevision(ctx context.Context, r openapi.DownloadRevisionRequestObject) (openapi.DownloadRevisionResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	rev, err := a.Projects.Revision(ctx, account, r.ID, r.Revision)
	if err != nil {
		return nil, err
	}
	return &zipped{kernel.Zip{Ctx: ctx, Req: req, Blobs: a.Blobs, Files: rev.Manifest, Digest: rev.Digest,
		Disposition: `attachment; filename="` + rev.ID + `.zip"`, Of: "revision " + rev.ID}}, nil
}

// zipped answers with a zip of a revision's files.
type zipped struct{ kernel.Zip }

// VisitDownloadRevisionResponse implements DownloadRevisionResponseObject.
func (z *zipped) VisitDownloadRevisionResponse(w http.ResponseWriter) error { return z.Serve(w) }
