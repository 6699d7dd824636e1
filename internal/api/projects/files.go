package projects

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/models"
)

// ListFiles answers GET /v1/projects/{id}/files.
func (a *Area) ListFiles(ctx context.Context, r openapi.ListFilesRequestObject) (openapi.ListFilesResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	rev, err := a.revision(ctx, account, r.ID, r.Params.RevisionID)
	if err != nil {
		return nil, err
	}
	notModified, err := kernel.CheckRead(req, projects.Tag(rev))
	if err != nil {
		return nil, err
	}
	tag := kernel.QuoteTag(projects.Tag(rev))
	if notModified {
		return openapi.ListFiles304Response{Headers: openapi.ListFiles304ResponseHeaders{ETag: tag}}, nil
	}
	list := openapi.FileList{Files: []openapi.FileEntry{}}
	if rev != nil {
		list = openapi.FileList{RevisionID: &rev.ID, Title: rev.Title, Digest: rev.Digest, Files: kernel.Entries(rev.Manifest)}
	}
	return openapi.ListFiles200JSONResponse{Body: list, Headers: openapi.ListFiles200ResponseHeaders{ETag: tag}}, nil
}

// ReadFile answers GET /v1/projects/{id}/files/{path}.
func (a *Area) ReadFile(ctx context.Context, r openapi.ReadFileRequestObject) (openapi.ReadFileResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	rev, err := a.revision(ctx, account, r.ID, r.Params.RevisionID)
	if err != nil {
		return nil, err
	}
	var files models.Manifest
	if rev != nil {
		files = rev.Manifest
	}
	return kernel.OpenEntry(ctx, a.Blobs, req, files, kernel.FilePath(r.Path))
}

// WriteFile answers PUT /v1/projects/{id}/files/{path}.
func (a *Area) WriteFile(ctx context.Context, r openapi.WriteFileRequestObject) (openapi.WriteFileResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	path := kernel.FilePath(r.Path)
	on, err := change(req, account, r.ID)
	if err != nil {
		return nil, err
	}
	rev, err := a.Projects.WriteFile(ctx, on, path, req.Body)
	if models.CodeOf(err) == models.CodeInvalidPath {
		return nil, models.AsError(err).At(kernel.ParameterMark + "path")
	}
	if err != nil {
		return nil, err
	}
	file, ok := rev.Manifest.Find(path)
	if !ok {
		return nil, fmt.Errorf("revision %s lacks %q, which was written", rev.ID, path)
	}
	return openapi.WriteFile200JSONResponse{NewRevisionJSONResponse: newRevision(rev, file.SHA256)}, nil
}

// DeleteFile answers DELETE /v1/projects/{id}/files/{path}.
func (a *Area) DeleteFile(ctx context.Context, r openapi.DeleteFileRequestObject) (openapi.DeleteFileResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	on, err := change(req, account, r.ID)
	if err != nil {
		return nil, err
	}
	rev, err := a.Projects.DeleteFile(ctx, on, kernel.FilePath(r.Path))
	if err != nil {
		return nil, err
	}
	return openapi.DeleteFile200JSONResponse(showRevision(rev)), nil
}

// ReplaceFiles answers PUT /v1/projects/{id}/files.
func (a *Area) ReplaceFiles(ctx context.Context, r openapi.ReplaceFilesRequestObject) (openapi.ReplaceFilesResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	files := make([]models.File, len(r.Body.Files))
	for i, f := range r.Body.Files {
		data, err := fileData(f)
		if err != nil {
			return nil, models.AsError(err).At("/files/" + strconv.Itoa(i))
		}
		files[i] = models.File{Path: f.Path, Data: data}
	}
	on, err := change(req, account, r.ID)
	if err != nil {
		return nil, err
	}
	rev, err := a.Projects.ReplaceFiles(ctx, on, r.Body.Title, files)
	if err != nil {
		return nil, err
	}
	return openapi.ReplaceFiles200JSONResponse{NewRevisionJSONResponse: newRevision(rev, projects.Tag(rev))}, nil
}

func fileData(f openapi.NewFile) ([]byte, error) {
	switch {
	case f.Text != nil && f.Base64 == nil:
		return []byte(*f.Text), nil
	case f.Base64 != nil && f.Text == nil:
		data, err := base64.StdEncoding.DecodeString(*f.Base64)
		if err != nil {
			return nil, models.FieldError("/base64", "is not base64")
		}
		return data, nil
	}
	return nil, models.FieldError("", "a file has either text or base64")
}
