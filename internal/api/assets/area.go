// Package assets is the API's area of the files that accounts upload for their games: HTTP over internal/assets. Callers that are restricted to a place
// reach none of it: assets are the account's.
package assets

import (
	"context"
	"io"
	"mime"
	"strings"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/assets"
	"github.com/spark-games/spark/models"
)

// Area answers the operations about assets.
type Area struct {
	Assets  *assets.Service
	Uploads *assets.Uploads
	Blobs   kernel.Blobs

	tus *resumable
}

// New makes the area.
func New(u *assets.Uploads, blobs kernel.Blobs) *Area {
	return &Area{Assets: u.Assets, Uploads: u, Blobs: blobs, tus: newResumable(u)}
}

// CreateAsset answers POST /v1/assets.
func (a *Area) CreateAsset(ctx context.Context, r openapi.CreateAssetRequestObject) (openapi.CreateAssetResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	u := assets.Upload{AccountID: account, Name: kernel.OrZero(r.Params.Name), Content: r.Body}
	if r.MultipartBody != nil {
		file, err := kernel.OnlyFile(r.MultipartBody)
		if err != nil {
			return nil, err
		}
		if u.Content, u.MediaType = io.Reader(file), file.MediaType(); u.Name == "" {
			u.Name = file.Name()
		}
	}
	if u.Name == "" {
		return nil, kernel.ParameterError("name", "says what the file is called")
	}
	made, isNew, err := a.Assets.Create(ctx, u)
	if err != nil {
		return nil, parameters(err)
	}
	if !isNew {
		return openapi.CreateAsset200JSONResponse(show(made)), nil
	}
	return openapi.CreateAsset201JSONResponse{Body: show(made), Headers: openapi.CreateAsset201ResponseHeaders{Location: "/v1/assets/" + made.ID}}, nil
}

// parameters points at the parameter where a body has a field.
func parameters(err error) error {
	if e := models.AsError(err); e.Pointer == "/name" {
		return kernel.ParameterError("name", e.Message)
	}
	return err
}

// ListAssets answers GET /v1/assets.
func (a *Area) ListAssets(ctx context.Context, r openapi.ListAssetsRequestObject) (openapi.ListAssetsResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, err := a.Assets.List(ctx, account, models.AssetFilter{Kind: kernel.OrZero(r.Params.Kind), Name: kernel.OrZero(r.Params.Name)}, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(a *models.Asset) string { return a.ID }, show)
	return openapi.ListAssets200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetAsset answers GET /v1/assets/{id}.
func (a *Area) GetAsset(ctx context.Context, r openapi.GetAssetRequestObject) (openapi.GetAssetResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	found, err := a.Assets.Asset(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.GetAsset200JSONResponse(show(found)), nil
}

// ChangeAsset answers PATCH /v1/assets/{id}.
func (a *Area) ChangeAsset(ctx context.Context, r openapi.ChangeAssetRequestObject) (openapi.ChangeAssetResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	changed, err := a.Assets.Rename(ctx, account, r.ID, r.Body.Name)
	if err != nil {
		return nil, err
	}
	return openapi.ChangeAsset200JSONResponse(show(changed)), nil
}

// DeleteAsset answers DELETE /v1/assets/{id}.
func (a *Area) DeleteAsset(ctx context.Context, r openapi.DeleteAssetRequestObject) (openapi.DeleteAssetResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := a.Assets.Delete(ctx, account, r.ID); err != nil {
		return nil, err
	}
	return openapi.DeleteAsset204Response{}, nil
}

// ReadAsset answers GET /v1/assets/{id}/content.
func (a *Area) ReadAsset(ctx context.Context, r openapi.ReadAssetRequestObject) (openapi.ReadAssetResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	found, err := a.Assets.Asset(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	content, err := kernel.OpenBlob(ctx, a.Blobs, req, found.Files()[0])
	if err != nil {
		return nil, err
	}
	content.Headers["Content-Disposition"] = mime.FormatMediaType(disposition(found.MediaType), map[string]string{"filename": found.Name})
	return content, nil
}

// disposition has browsers show pictures and play sounds, and save what could be a page.
func disposition(mediaType string) string {
	if mediaType != "image/svg+xml" && (strings.HasPrefix(mediaType, "image/") || strings.HasPrefix(mediaType, "audio/")) {
		return "inline"
	}
	return "attachment"
}

// ReadAssetThumbnail answers GET /v1/assets/{id}/thumbnail.
func (a *Area) ReadAssetThumbnail(ctx context.Context, r openapi.ReadAssetThumbnailRequestObject) (openapi.ReadAssetThumbnailResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	found, err := a.Assets.Asset(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	if found.ThumbnailSHA256 == "" {
		return nil, models.NewError(models.CodeNotFound, "the asset has no thumbnail")
	}
	content, err := kernel.OpenBlob(ctx, a.Blobs, req, found.Files()[1])
	if err != nil {
		return nil, err
	}
	return content, nil
}

func show(a *models.Asset) openapi.Asset {
	shown := openapi.Asset{ID: a.ID, Name: a.Name, Kind: a.Kind, MediaType: a.MediaType, Sha256: a.SHA256, Size: a.Size, Thumbnail: a.ThumbnailSHA256 != "",
		Width: known(a.Width), Height: known(a.Height), Frames: known(a.Frames), DurationMs: known(a.DurationMS), SampleRate: known(a.SampleRate),
		Channels: known(a.Channels), CreatedAt: a.CreatedAt.UTC()}
	if strings.HasPrefix(a.MediaType, "image/") {
		shown.Alpha = &a.Alpha
	}
	return shown
}

// known is nil for what is not known.
func known[T int | int64](n T) *T {
	if n == 0 {
		return nil
	}
	return &n
}
