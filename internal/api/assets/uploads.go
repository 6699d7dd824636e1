package assets

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
	tus "github.com/tus/tusd/v2/pkg/handler"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/assets"
	"github.com/spark-games/spark/models"
)

const uploadsPath = "/v1/uploads"

// Register adds what tells which of the protocol is there.
func (a *Area) Register(routes gin.IRoutes) {
	about := func(c *gin.Context) {
		h := c.Writer.Header()
		h.Set("Allow", "DELETE, GET, HEAD, OPTIONS, PATCH, POST")
		h.Set("Tus-Resumable", tusVersion)
		h.Set("Tus-Version", tusVersion)
		h.Set("Tus-Extension", a.tus.extensions())
		h.Set("Tus-Max-Size", strconv.FormatInt(a.Assets.Max(), 10))
		c.Status(http.StatusNoContent)
	}
	routes.OPTIONS(uploadsPath, about)
}

// CreateAssetUpload answers POST /v1/uploads.
func (a *Area) CreateAssetUpload(ctx context.Context, _ openapi.CreateAssetUploadRequestObject) (openapi.CreateAssetUploadResponseObject, error) {
	req := kernel.Request(ctx)
	switch content := req.Header.Get("Content-Type"); {
	case req.Header.Get("X-HTTP-Method-Override") != "":
		return nil, kernel.ParameterError("X-HTTP-Method-Override", "is not taken: what a request may do goes by its own method")
	case req.ContentLength != 0 && content != chunkType:
		return nil, models.NewError(kernel.CodeUnsupportedMediaType, "the body, if there is one, has to be "+chunkType)
	}
	t, err := a.tus.serve(ctx, "", a.tus.handler.PostFile)
	if err != nil {
		if t != nil && t.made && t.upload.State == models.UploadOpen {
			// Nobody would learn its id.
			own, _ := kernel.Caller(ctx)
			_ = a.Uploads.Remove(context.WithoutCancel(own), t.account, t.upload.ID)
		}
		return nil, parameters(err)
	}
	return &uploadAnswer{u: t.upload.AssetUpload, status: http.StatusCreated, made: true}, nil
}

// AppendAssetUpload answers PATCH /v1/uploads/{id}.
func (a *Area) AppendAssetUpload(ctx context.Context, r openapi.AppendAssetUploadRequestObject) (openapi.AppendAssetUploadResponseObject, error) {
	t, err := a.tus.serve(ctx, r.ID, a.tus.handler.PatchFile)
	if err != nil {
		return nil, err
	}
	return &uploadAnswer{u: t.upload.AssetUpload, status: http.StatusNoContent}, nil
}

// DeleteAssetUpload answers DELETE /v1/uploads/{id}.
func (a *Area) DeleteAssetUpload(ctx context.Context, r openapi.DeleteAssetUploadRequestObject) (openapi.DeleteAssetUploadResponseObject, error) {
	kernel.Header(ctx).Set("Tus-Resumable", tusVersion)
	ctx, account := kernel.Caller(ctx)
	if err := a.Uploads.Remove(ctx, account, r.ID); err != nil {
		return nil, err
	}
	return openapi.DeleteAssetUpload204Response{}, nil
}

// GetAssetUpload answers GET and HEAD /v1/uploads/{id}. To HEAD, the protocol's question for the offset, a refused upload is an error.
func (a *Area) GetAssetUpload(ctx context.Context, r openapi.GetAssetUploadRequestObject) (openapi.GetAssetUploadResponseObject, error) {
	req := kernel.Request(ctx)
	kernel.Header(ctx).Set("Tus-Resumable", tusVersion)
	ctx, account := kernel.Caller(ctx)
	u, err := a.Uploads.Upload(ctx, account, r.ID)
	if err == nil && req.Method == http.MethodHead {
		err = assets.Refused(u)
	}
	if err != nil {
		return nil, err
	}
	return &uploadAnswer{u: u, status: http.StatusOK}, nil
}

// ListAssetUploads answers GET /v1/uploads.
func (a *Area) ListAssetUploads(ctx context.Context, r openapi.ListAssetUploadsRequestObject) (openapi.ListAssetUploadsResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, err := a.Uploads.List(ctx, account, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(u *models.AssetUpload) string { return u.ID }, showUpload)
	return openapi.ListAssetUploads200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// uploadAnswer says how far an upload is, in the protocol's headers and in JSON.
type uploadAnswer struct {
	u      *models.AssetUpload
	status int
	made   bool
}

func (a *uploadAnswer) send(w http.ResponseWriter) error {
	h := w.Header()
	h.Set("Tus-Resumable", tusVersion)
	h.Set("Upload-Expires", a.u.ExpiresAt.UTC().Format(http.TimeFormat))
	if a.u.State != models.UploadRefused {
		h.Set("Upload-Offset", strconv.FormatInt(a.u.Received, 10))
	}
	if a.u.AssetID != "" {
		h.Set("Spark-Asset-Id", a.u.AssetID)
	}
	if a.made {
		h.Set("Location", uploadsPath+"/"+a.u.ID)
	}
	if a.status == http.StatusNoContent {
		w.WriteHeader(a.status)
		return nil
	}
	if a.u.Length != nil {
		h.Set("Upload-Length", strconv.FormatInt(*a.u.Length, 10))
	} else {
		h.Set("Upload-Defer-Length", tus.UploadLengthDeferred)
	}
	if a.u.Metadata != "" {
		h.Set("Upload-Metadata", a.u.Metadata)
	}
	h.Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	return json.NewEncoder(w).Encode(showUpload(a.u))
}

// VisitCreateAssetUploadResponse implements CreateAssetUploadResponseObject.
func (a *uploadAnswer) VisitCreateAssetUploadResponse(w http.ResponseWriter) error { return a.send(w) }

// VisitAppendAssetUploadResponse implements AppendAssetUploadResponseObject.
func (a *uploadAnswer) VisitAppendAssetUploadResponse(w http.ResponseWriter) error { return a.send(w) }

// VisitGetAssetUploadResponse implements GetAssetUploadResponseObject.
func (a *uploadAnswer) VisitGetAssetUploadResponse(w http.ResponseWriter) error { return a.send(w) }

func showUpload(u *models.AssetUpload) openapi.AssetUpload {
	shown := openapi.AssetUpload{ID: u.ID, Name: u.Name, State: openapi.AssetUploadState(u.State), Length: u.Length, Offset: u.Received,
		Sha256: kernel.OrNull(u.SHA256), AssetID: kernel.OrNull(u.AssetID), CreatedAt: u.CreatedAt.UTC(), ExpiresAt: u.ExpiresAt.UTC()}
	if u.State == models.UploadRefused {
		shown.Error = &openapi.AssetUploadError{Code: u.ErrorCode, Message: u.ErrorMessage}
	}
	return shown
}
