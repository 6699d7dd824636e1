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

// patchKind is what the media type of a patch says. JSON is UTF-8; the lines of a diff are those of the file, whatever they are written in.
func patchKind(contentType string) (projects.PatchKind, error) {
	media, parameters, err := mime.ParseMediaType(contentType)
	charset, named := parameters["charset"]
	switch utf8 := !named || strings.EqualFold(charset, "utf-8"); {
	case err != nil:
	case media == "application/json-patch+json" && utf8:
		return projects.PatchJSON, nil
	case media == "application/merge-patch+json" && utf8:
		return projects.PatchMerge, nil
	case media == "text/x-diff", media == "text/x-patch":
		return projects.PatchDiff, nil
	}
	return "", models.NewError(kernel.CodeUnsupportedMediaType,
		"the body is application/json-patch+json or application/merge-patch+json in UTF-8, or a unified diff as text/x-diff or text/x-patch")
}
