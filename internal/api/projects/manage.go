package projects

import (
	"context"
	"strconv"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/models"
)

// ChangeProject answers PATCH /v1/projects/{id}.
func (a *Area) ChangeProject(ctx context.Context, r openapi.ChangeProjectRequestObject) (openapi.ChangeProjectResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := a.Projects.Update(ctx, account, r.ID, projects.Update{Name: r.Body.Name, EngineVersion: r.Body.EngineVersion,
		Description: r.Body.Description, Labels: r.Body.Labels})
	if err != nil {
		return nil, err
	}
	return openapi.ChangeProject200JSONResponse(showProject(p)), nil
}

// DeleteProject answers DELETE /v1/projects/{id}.
func (a *Area) DeleteProject(ctx context.Context, r openapi.DeleteProjectRequestObject) (openapi.DeleteProjectResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := a.Projects.Delete(ctx, account, r.ID); err != nil {
		return nil, err
	}
	return openapi.DeleteProject204Response{}, nil
}

// RestoreProject answers POST /v1/projects/{id}/restore.
func (a *Area) RestoreProject(ctx context.Context, r openapi.RestoreProjectRequestObject) (openapi.RestoreProjectResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := a.Projects.Restore(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.RestoreProject200JSONResponse(showProject(p)), nil
}

// DuplicateProject answers POST /v1/projects/{id}/duplicate.
func (a *Area) DuplicateProject(ctx context.Context, r openapi.DuplicateProjectRequestObject) (openapi.DuplicateProjectResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	var name, revision string
	if r.Body != nil && r.Body.Name != nil {
		name = *r.Body.Name
	}
	if r.Body != nil && r.Body.RevisionID != nil {
		revision = *r.Body.RevisionID
	}
	p, err := a.Projects.Duplicate(ctx, author(ctx), account, r.ID, revision, name)
	if err != nil {
		return nil, err
	}
	return openapi.DuplicateProject201JSONResponse{Body: showProject(p),
		Headers: openapi.DuplicateProject201ResponseHeaders{Location: "/v1/projects/" + p.ID}}, nil
}

// ChangeFiles answers POST /v1/projects/{id}/changes.
func (a *Area) ChangeFiles(ctx context.Context, r openapi.ChangeFilesRequestObject) (openapi.ChangeFilesResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	on, err := change(req, account, r.ID)
	if err != nil {
		return nil, err
	}
	on.Message = kernel.OrZero(r.Body.Message)
	edits := make([]projects.Edit, len(r.Body.Changes))
	for i, c := range r.Body.Changes {
		if c.Asset != nil && !kernel.Identity(ctx).Within.IsZero() {
			return nil, models.NewError(models.CodeForbidden, "assets are the account's, and the key or token is for one project").
				At("/changes/" + strconv.Itoa(i) + "/asset")
		}
		if edits[i], err = edit(c); err != nil {
			return nil, models.AsError(err).At("/changes/" + strconv.Itoa(i))
		}
	}
	rev, err := a.Projects.Apply(ctx, on, edits)
	if err != nil {
		return nil, err
	}
	return openapi.ChangeFiles200JSONResponse{NewRevisionJSONResponse: newRevision(rev, projects.Tag(rev))}, nil
}

// edit is one change. What does not belong to its operation is a mistake.
func edit(c openapi.FileChange) (projects.Edit, error) {
	e := projects.Edit{Op: projects.Operation(c.Op), Path: c.Path}
	writes := e.Op == projects.OpCreate || e.Op == projects.OpReplace || e.Op == projects.OpWrite
	switch {
	case c.From != nil && e.Op != projects.OpMove:
		return e, models.FieldError("/from", "is for a move")
	case e.Op != projects.OpPatch && c.Diff != nil:
		return e, models.FieldError("/diff", "is for a patch")
	case e.Op != projects.OpPatch && (c.JSONPatch != nil || c.MergePatch != nil):
		return e, models.FieldError("", "json_patch and merge_patch are for a patch")
	case c.Asset != nil && (!writes || c.Text != nil || c.Base64 != nil):
		return e, models.FieldError("/asset", "is for what is written, instead of text and base64")
	case (c.Text != nil || c.Base64 != nil) && !writes:
		return e, models.FieldError("", "text and base64 are for what is written")
	case e.Op == projects.OpMove && c.From == nil:
		return e, models.FieldError("/from", "a move says from where")
	case e.Op == projects.OpPatch:
		return patch(e, c)
	}
	switch {
	case c.From != nil:
		e.From = *c.From
	case c.Asset != nil:
		e.Asset = *c.Asset
	case writes:
		var err error
		e.Data, err = fileData(openapi.NewFile{Path: c.Path, Text: c.Text, Base64: c.Base64})
		return e, err
	}
	return e, nil
}

// patch is a change by a patch, in one of its forms.
func patch(e projects.Edit, c openapi.FileChange) (projects.Edit, error) {
	switch {
	case c.Diff != nil && c.JSONPatch == nil && c.MergePatch == nil:
		e.Kind, e.Data = projects.PatchDiff, []byte(*c.Diff)
	case c.JSONPatch != nil && c.Diff == nil && c.MergePatch == nil:
		e.Kind, e.Data = projects.PatchJSON, c.JSONPatch
	case c.MergePatch != nil && c.Diff == nil && c.JSONPatch == nil:
		e.Kind, e.Data = projects.PatchMerge, c.MergePatch
	default:
		return e, models.FieldError("/diff", "a patch has either diff, json_patch or merge_patch")
	}
	return e, nil
}
