package projects

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/projects"
)

// PreviewMerge answers GET /v1/projects/{id}/revisions/{revision}/merge.
func (a *Area) PreviewMerge(ctx context.Context, r openapi.PreviewMergeRequestObject) (openapi.PreviewMergeResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	policy := projects.ConflictPolicy(kernel.OrZero(r.Params.Conflicts))
	switch policy {
	case "", projects.ConflictRefuse, projects.ConflictOurs, projects.ConflictTheirs, projects.ConflictMarkers:
	default:
		return nil, kernel.ParameterError("conflicts", "must be refuse, ours, theirs or markers")
	}
	m, err := a.Projects.PreviewMerge(ctx, account, r.ID, r.Revision, projects.MergeOptions{Conflicts: policy})
	if err != nil {
		return nil, err
	}
	shown := openapi.MergePreview{OursID: m.Ours.ID, TheirsID: m.Theirs.ID, Files: make([]openapi.FileDiff, len(m.Diffs)),
		Conflicts: kernel.ShowConflicts(m.Conflicts)}
	if m.Base != nil {
		shown.BaseID = &m.Base.ID
	}
	for i := range m.Diffs {
		shown.Files[i] = showDiff(&m.Diffs[i])
	}
	return openapi.PreviewMerge200JSONResponse(shown), nil
}

// MergeRevision answers POST /v1/projects/{id}/revisions/{revision}/merge.
func (a *Area) MergeRevision(ctx context.Context, r openapi.MergeRevisionRequestObject) (openapi.MergeRevisionResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	on, err := change(req, account, r.ID)
	if err != nil {
		return nil, err
	}
	var o projects.MergeOptions
	if r.Body != nil {
		on.Message = kernel.OrZero(r.Body.Message)
		o.Conflicts = projects.ConflictPolicy(kernel.OrZero(r.Body.Conflicts))
		o.Paths = make(map[string]projects.ConflictPolicy)
		for _, of := range kernel.OrZero(r.Body.Resolutions) {
			o.Paths[of.Path] = projects.ConflictPolicy(of.Take)
		}
	}
	rev, err := a.Projects.Merge(ctx, on, r.Revision, o)
	if err != nil {
		return nil, err
	}
	return openapi.MergeRevision200JSONResponse{NewRevisionJSONResponse: newRevision(rev, projects.Tag(rev))}, nil
}
