package httpapi

import (
	"context"
	"encoding/base64"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/models"
)

// ListFiles answers GET /v1/projects/{id}/files.
func (s *server) ListFiles(ctx context.Context, r ListFilesRequestObject) (ListFilesResponseObject, error) {
	ctx, account := caller(ctx)
	rev, err := s.revision(ctx, account, r.ID, r.Params.RevisionID)
	if err != nil {
		return nil, err
	}
	if rev == nil {
		return ListFiles200JSONResponse{Body: FileList{Files: []FileEntry{}}, Headers: ListFiles200ResponseHeaders{ETag: `""`}}, nil
	}
	return ListFiles200JSONResponse{
		Body:    FileList{RevisionID: &rev.ID, Title: rev.Title, Digest: rev.Digest, Files: entries(rev.Manifest)},
		Headers: ListFiles200ResponseHeaders{ETag: revisionTag(rev.ID)},
	}, nil
}

// ReadFile answers GET /v1/projects/{id}/files/{path}.
func (s *server) ReadFile(ctx context.Context, r ReadFileRequestObject) (ReadFileResponseObject, error) {
	req := request(ctx)
	ctx, account := caller(ctx)
	rev, err := s.revision(ctx, account, r.ID, r.Params.RevisionID)
	if err != nil {
		return nil, err
	}
	var files models.Manifest
	if rev != nil {
		files = rev.Manifest
	}
	return s.openEntry(ctx, req, files, filePath(r.Path))
}

// WriteFile answers PUT /v1/projects/{id}/files/{path}.
func (s *server) WriteFile(ctx context.Context, r WriteFileRequestObject) (WriteFileResponseObject, error) {
	c := ctx.(*gin.Context)
	ctx, account := caller(ctx)
	path := filePath(r.Path)
	if err := models.CheckPath(path); err != nil {
		return nil, models.AsError(err).At(parameterMark + "path")
	}
	if _, err := s.project(ctx, account, r.ID); err != nil {
		return nil, err // before the body is read
	}
	data, err := readBody(c, maxFileBodyBytes)
	if err != nil {
		return nil, err
	}
	entry, err := s.putFile(ctx, path, data)
	if err != nil {
		return nil, err
	}
	rev, err := s.commit(ctx, account, r.ID, r.Params.IfMatch, "", func(files models.Manifest) (models.Manifest, error) {
		files = slices.DeleteFunc(files, func(e models.ManifestEntry) bool { return e.Path == path })
		return append(files, entry), nil
	})
	if err != nil {
		return nil, err
	}
	return WriteFile200JSONResponse{newRevision(rev)}, nil
}

// DeleteFile answers DELETE /v1/projects/{id}/files/{path}.
func (s *server) DeleteFile(ctx context.Context, r DeleteFileRequestObject) (DeleteFileResponseObject, error) {
	ctx, account := caller(ctx)
	path := filePath(r.Path)
	rev, err := s.commit(ctx, account, r.ID, r.Params.IfMatch, "", func(files models.Manifest) (models.Manifest, error) {
		kept := slices.DeleteFunc(files, func(e models.ManifestEntry) bool { return e.Path == path })
		if len(kept) == len(files) {
			return nil, models.NewError(models.CodeNotFound, "no such file")
		}
		return kept, nil
	})
	if err != nil {
		return nil, err
	}
	return DeleteFile200JSONResponse{newRevision(rev)}, nil
}

// ReplaceFiles answers PUT /v1/projects/{id}/files.
func (s *server) ReplaceFiles(ctx context.Context, r ReplaceFilesRequestObject) (ReplaceFilesResponseObject, error) {
	ctx, account := caller(ctx)
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
	if _, err := s.project(ctx, account, r.ID); err != nil {
		return nil, err
	}
	var manifest models.Manifest
	for _, f := range files {
		entry, err := s.putFile(ctx, f.Path, f.Data)
		if err != nil {
			return nil, err
		}
		manifest = append(manifest, entry)
	}
	rev, err := s.commit(ctx, account, r.ID, r.Params.IfMatch, r.Body.Title, func(models.Manifest) (models.Manifest, error) {
		return slices.Clone(manifest), nil
	})
	if err != nil {
		return nil, err
	}
	return ReplaceFiles200JSONResponse{newRevision(rev)}, nil
}

func fileData(f NewFile) ([]byte, error) {
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

func (s *server) putFile(ctx context.Context, path string, data []byte) (models.ManifestEntry, error) {
	sum, err := s.Blobs.Put(ctx, data)
	if err != nil {
		return models.ManifestEntry{}, err
	}
	return models.ManifestEntry{Path: path, SHA256: sum, Size: int64(len(data)), MediaType: models.MediaType(path)}, nil
}
