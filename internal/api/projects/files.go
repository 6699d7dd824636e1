package projects

import (
	"context"
	"encoding/base64"
	"io"
	"slices"
	"strconv"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// ListFiles answers GET /v1/projects/{id}/files.
func (a *Area) ListFiles(ctx context.Context, r openapi.ListFilesRequestObject) (openapi.ListFilesResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	rev, err := a.revision(ctx, account, r.ID, r.Params.RevisionID)
	if err != nil {
		return nil, err
	}
	if rev == nil {
		return openapi.ListFiles200JSONResponse{Body: openapi.FileList{Files: []openapi.FileEntry{}}, Headers: openapi.ListFiles200ResponseHeaders{ETag: `""`}}, nil
	}
	return openapi.ListFiles200JSONResponse{
		Body:    openapi.FileList{RevisionID: &rev.ID, Title: rev.Title, Digest: rev.Digest, Files: kernel.Entries(rev.Manifest)},
		Headers: openapi.ListFiles200ResponseHeaders{ETag: revisionTag(rev.ID)},
	}, nil
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
	body := kernel.Request(ctx).Body
	ctx, account := kernel.Caller(ctx)
	path := kernel.FilePath(r.Path)
	if err := models.CheckPath(path); err != nil {
		return nil, models.AsError(err).At(kernel.ParameterMark + "path")
	}
	if _, err := a.project(ctx, account, r.ID); err != nil {
		return nil, err // before the body is read
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	entry, err := a.putFile(ctx, path, data)
	if err != nil {
		return nil, err
	}
	rev, err := a.commit(ctx, account, r.ID, r.Params.IfMatch, "", func(files models.Manifest) (models.Manifest, error) {
		files = slices.DeleteFunc(files, func(e models.ManifestEntry) bool { return e.Path == path })
		return append(files, entry), nil
	})
	if err != nil {
		return nil, err
	}
	return openapi.WriteFile200JSONResponse{NewRevisionJSONResponse: newRevision(rev)}, nil
}

// DeleteFile answers DELETE /v1/projects/{id}/files/{path}.
func (a *Area) DeleteFile(ctx context.Context, r openapi.DeleteFileRequestObject) (openapi.DeleteFileResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	path := kernel.FilePath(r.Path)
	rev, err := a.commit(ctx, account, r.ID, r.Params.IfMatch, "", func(files models.Manifest) (models.Manifest, error) {
		kept := slices.DeleteFunc(files, func(e models.ManifestEntry) bool { return e.Path == path })
		if len(kept) == len(files) {
			return nil, models.NewError(models.CodeNotFound, "no such file")
		}
		return kept, nil
	})
	if err != nil {
		return nil, err
	}
	return openapi.DeleteFile200JSONResponse{NewRevisionJSONResponse: newRevision(rev)}, nil
}

// ReplaceFiles answers PUT /v1/projects/{id}/files.
func (a *Area) ReplaceFiles(ctx context.Context, r openapi.ReplaceFilesRequestObject) (openapi.ReplaceFilesResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := checkName("/title", r.Body.Title); err != nil {
		return nil, err
	}
	files := make([]models.File, len(r.Body.Files))
	for i, f := range r.Body.Files {
		data, err := fileData(f)
		if err == nil {
			if err = models.CheckPath(f.Path); err != nil {
				err = models.AsError(err).At("/path")
			}
		}
		if err != nil {
			return nil, models.AsError(err).At("/files/" + strconv.Itoa(i))
		}
		files[i] = models.File{Path: f.Path, Data: data}
	}
	if err := models.CheckFiles(files); err != nil {
		return nil, models.AsError(err).At("/files")
	}
	if _, err := a.project(ctx, account, r.ID); err != nil {
		return nil, err
	}
	var manifest models.Manifest
	for _, f := range files {
		entry, err := a.putFile(ctx, f.Path, f.Data)
		if err != nil {
			return nil, err
		}
		manifest = append(manifest, entry)
	}
	rev, err := a.commit(ctx, account, r.ID, r.Params.IfMatch, r.Body.Title, func(models.Manifest) (models.Manifest, error) {
		return slices.Clone(manifest), nil
	})
	if err != nil {
		return nil, err
	}
	return openapi.ReplaceFiles200JSONResponse{NewRevisionJSONResponse: newRevision(rev)}, nil
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

func (a *Area) putFile(ctx context.Context, path string, data []byte) (models.ManifestEntry, error) {
	sum, err := a.Blobs.Put(ctx, data)
	if err != nil {
		return models.ManifestEntry{}, err
	}
	return models.ManifestEntry{Path: path, SHA256: sum, Size: int64(len(data)), MediaType: models.MediaType(path)}, nil
}
