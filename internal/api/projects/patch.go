package projects

import (
	"context"
	"fmt"
	"io"
	"mime"
	"strings"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/models"
)

// PatchFile answers PATCH /v1/projects/{id}/files/{path}.
func (a *Area) PatchFile(ctx context.Context, r openapi.PatchFileRequestObject) (openapi.PatchFileResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	kind, err := patchKind(req.Header.Get("Content-Type"))
	if err != nil {
		return nil, err
	}
	path := kernel.FilePath(r.Path)
	if err := models.CheckPath(path); err != nil {
		return nil, models.AsError(err).At(kernel.ParameterMark + "path")
	}
	on, err := change(req, account, r.ID)
	if err != nil {
		return nil, err
	}
	patch, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	rev, err := a.Projects.PatchFile(ctx, on, path, kind, patch)
	if e := models.AsError(err); err != nil && e.Pointer == "/path" { // which is no field of the body here
		return nil, kernel.ParameterError("path", e.Message)
	}
	if err != nil {
		return nil, err
	}
	file, ok := rev.Manifest.Find(path)
	if !ok {
		return nil, fmt.Errorf("revision %s lacks %q, which was patched", rev.ID, path)
	}
	return openapi.PatchFile200JSONResponse{NewRevisionJSONResponse: newRevision(rev, file.SHA256)}, nil
}

// patchKind is what the media type of a patch says, which is one of the document's. JSON is UTF-8; the lines of a diff are those of the file, whatever they
// are written in.
func patchKind(contentType string) (projects.PatchKind, error) {
	media, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return "", fmt.Errorf("a media type that was checked: %w", err)
	}
	if !strings.HasSuffix(media, "+json") {
		return projects.PatchDiff, nil
	}
	if charset, named := parameters["charset"]; named && !strings.EqualFold(charset, "utf-8") {
		return "", models.NewError(kernel.CodeUnsupportedMediaType, "JSON is in UTF-8")
	}
	if media == "application/json-patch+json" {
		return projects.PatchJSON, nil
	}
	return projects.PatchMerge, nil
}
