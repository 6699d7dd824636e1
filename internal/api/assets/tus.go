package assets

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	tus "github.com/tus/tusd/v2/pkg/handler"
	"golang.org/x/exp/slog"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/assets"
	"github.com/spark-games/spark/models"
)

// tusVersion is the version of the protocol (https://tus.io/protocols/resumable-upload).
const tusVersion = "1.0.0"

// resumable speaks tus. The handler of tusd reads the headers and keeps to the protocol; it answers into memory, so that its errors become problems, and
// does not touch the connection, whose pace package inbound watches.
type resumable struct {
	uploads *assets.Uploads
	handler *tus.UnroutedHandler
}

func newResumable(u *assets.Uploads) *resumable {
	r := &resumable{uploads: u}
	composer := tus.NewStoreComposer()
	composer.UseCore(r)
	composer.UseTerminater(r)
	composer.UseLengthDeferrer(r)
	var err error
	r.handler, err = tus.NewUnroutedHandler(tus.Config{StoreComposer: composer, MaxSize: u.Assets.Max(), DisableDownload: true, DisableConcatenation: true,
		Cors: &tus.CorsConfig{Disable: true}, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		// It waits so long for what goes on when a request has ended. Nothing does: the store has its own times.
		GracefulRequestCompletionTimeout: time.Nanosecond})
	if err != nil {
		panic("assets: " + err.Error()) // the configuration is this one
	}
	return r
}

// extensions are those of the protocol that are there, expiration by this package.
func (r *resumable) extensions() string { return r.handler.SupportedExtensions() + ",expiration" }

// transfer is one request, as the methods that tusd calls find it in their context.
type transfer struct {
	account  string
	metadata string // the header
	body     io.Reader
	upload   *resumed
	made     bool // by this request
	err      error
}

type transferKey struct{}

func transferOf(ctx context.Context) *transfer { return ctx.Value(transferKey{}).(*transfer) }

// failed keeps an error, which tusd would turn into text.
func (t *transfer) failed(err error) error {
	if err != nil && t.err == nil {
		t.err = err
	}
	return err
}

// serve has a method of tusd's handler answer a request.
func (r *resumable) serve(ctx context.Context, id string, method func(http.ResponseWriter, *http.Request)) (*transfer, error) {
	req, out := kernel.Request(ctx), kernel.Header(ctx)
	ctx, account := kernel.Caller(ctx)
	out.Set("Tus-Resumable", tusVersion)
	if req.Header.Get("Tus-Resumable") != tusVersion {
		out.Set("Tus-Version", tusVersion)
		return nil, models.NewError(models.CodePreconditionFailed, "the header Tus-Resumable has to be "+tusVersion)
	}
	t := &transfer{account: account, metadata: req.Header.Get("Upload-Metadata"), body: req.Body}
	answer := &recorded{header: make(http.Header), status: http.StatusOK}
	inner := req.WithContext(context.WithValue(ctx, transferKey{}, t))
	inner.URL = &url.URL{Path: "/" + id}
	method(answer, inner)
	switch {
	case t.err != nil:
		return t, t.err
	case answer.status >= http.StatusBadRequest:
		return t, answer.problem()
	}
	return t, nil
}

// recorded is an answer in memory.
type recorded struct {
	header http.Header
	status int
	text   strings.Builder
}

// Header implements http.ResponseWriter.
func (r *recorded) Header() http.Header { return r.header }

// WriteHeader implements http.ResponseWriter.
func (r *recorded) WriteHeader(status int) { r.status = status }

// Write implements http.ResponseWriter.
func (r *recorded) Write(p []byte) (int, error) { return r.text.Write(p) }

// SetReadDeadline, and SetWriteDeadline, do nothing: the connection is not tusd's.
func (r *recorded) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing.
func (r *recorded) SetWriteDeadline(time.Time) error { return nil }

// problem is tusd's own error: "ERR_MISMATCHED_OFFSET: mismatched offset".
func (r *recorded) problem() error {
	name, message, _ := strings.Cut(strings.TrimSpace(r.text.String()), ": ")
	codes := map[int]models.Code{http.StatusBadRequest: models.CodeInvalidRequest, http.StatusNotFound: models.CodeNotFound,
		http.StatusConflict: models.CodeConflict, http.StatusRequestEntityTooLarge: models.CodePayloadTooLarge}
	code, known := codes[r.status]
	switch {
	case name == "ERR_INVALID_CONTENT_TYPE":
		return models.NewError(kernel.CodeUnsupportedMediaType, "the body has to be "+chunkType)
	case name == "ERR_MISMATCHED_OFFSET":
		return models.NewError(code, "the header Upload-Offset is not how much has arrived; ask for that")
	case !known:
		return errors.New("tus: " + r.text.String())
	}
	return models.NewError(code, message)
}

const chunkType = "application/offset+octet-stream"

// resumed is an upload during a request.
type resumed struct {
	*models.AssetUpload
	in *resumable
}

// NewUpload implements tus.DataStore.
func (r *resumable) NewUpload(ctx context.Context, info tus.FileInfo) (tus.Upload, error) {
	t := transferOf(ctx)
	u := &models.AssetUpload{AccountID: t.account, Name: first(info.MetaData, "filename", "name"), MediaType: first(info.MetaData, "filetype", "type"),
		SHA256: info.MetaData["sha256"], Metadata: t.metadata}
	if !info.SizeIsDeferred {
		u.Length = &info.Size
	}
	if err := r.uploads.Create(ctx, u); err != nil {
		return nil, t.failed(err)
	}
	t.upload, t.made = &resumed{u, r}, true
	return t.upload, nil
}

// first is the first value that is there.
func first(meta tus.MetaData, names ...string) string {
	for _, name := range names {
		if meta[name] != "" {
			return meta[name]
		}
	}
	return ""
}

// GetUpload implements tus.DataStore.
func (r *resumable) GetUpload(ctx context.Context, id string) (tus.Upload, error) {
	t := transferOf(ctx)
	u, err := r.uploads.Upload(ctx, t.account, id)
	if err == nil {
		err = assets.Refused(u)
	}
	if err != nil {
		return nil, t.failed(err)
	}
	t.upload = &resumed{u, r}
	return t.upload, nil
}

// AsTerminatableUpload implements tus.TerminaterDataStore.
func (r *resumable) AsTerminatableUpload(u tus.Upload) tus.TerminatableUpload { return u.(*resumed) }

// AsLengthDeclarableUpload implements tus.LengthDeferrerDataStore.
func (r *resumable) AsLengthDeclarableUpload(u tus.Upload) tus.LengthDeclarableUpload {
	return u.(*resumed)
}

// GetInfo implements tus.Upload.
func (u *resumed) GetInfo(context.Context) (tus.FileInfo, error) {
	info := tus.FileInfo{ID: u.ID, Offset: u.Received, SizeIsDeferred: u.Length == nil}
	if u.Length != nil {
		info.Size = *u.Length
	}
	return info, nil
}

// WriteChunk implements tus.Upload. It reads the request's own body: the one that tusd hands on ends without an error also when that breaks off.
func (u *resumed) WriteChunk(ctx context.Context, offset int64, _ io.Reader) (int64, error) {
	t := transferOf(ctx)
	err := t.failed(u.in.uploads.Write(ctx, u.AssetUpload, t.body))
	return u.Received - offset, err
}

// DeclareLength implements tus.LengthDeclarableUpload. The length is kept with what arrives after it.
func (u *resumed) DeclareLength(_ context.Context, length int64) error {
	u.Length = &length
	return nil
}

// Terminate implements tus.TerminatableUpload.
func (u *resumed) Terminate(ctx context.Context) error {
	return transferOf(ctx).failed(u.in.uploads.Remove(ctx, u.AccountID, u.ID))
}

// FinishUpload implements tus.Upload: Write has done it.
func (u *resumed) FinishUpload(context.Context) error { return nil }

// GetReader implements tus.Upload. Nobody reads one, see DisableDownload.
func (u *resumed) GetReader(context.Context) (io.ReadCloser, error) {
	return nil, tus.ErrNotImplemented
}
