package assets

import (
	"context"
	"errors"
	"io"
	"regexp"
	"time"

	"github.com/spark-games/spark/internal/assets/media"
	"github.com/spark-games/spark/models"
)

// Limits of uploads in parts.
const (
	// partBytes is how much arrives of one request before it is kept for good: as much is lost at most when a process is killed.
	partBytes = 8 << 20
	// maxParts bounds what an upload consists of, if requests bring little each.
	maxParts = 1000
	// keepWithin is how long it may take to keep what has arrived of a client that is gone, and finishWithin to make an asset of it.
	keepWithin   = 10 * time.Second
	finishWithin = 2 * time.Minute
	// creations bounds how often the room of an account is looked at while others make uploads of it.
	creations = 20
	// MaxMetadata is how long the metadata of an upload may be.
	MaxMetadata = 4096
)

// Uploads takes assets in parts. Nothing of that is kept in the process: each request may meet another one. All fields are required. It is safe for
// concurrent use.
type Uploads struct {
	Assets *Service
	Store  UploadStore
	Staged Staged
	Open   int           // how many uploads of an account may be open
	Expiry time.Duration // how long an upload is kept, and then what has become of it
}

// UploadStore keeps uploads. Another account's are CodeNotFound, as are those that have expired.
type UploadStore interface {
	// Reserved is how much an account's open uploads will have; one of unknown length counts as unknown.
	Reserved(ctx context.Context, accountID string, unknown int64) (int64, error)
	// Create makes an upload, unless the account's have become more than the limits say that they are.
	Create(ctx context.Context, u *models.AssetUpload, l models.UploadLimits) (made bool, err error)
	Upload(ctx context.Context, accountID, id string) (*models.AssetUpload, error)
	List(ctx context.Context, accountID string, p models.Page) ([]models.AssetUpload, error)
	Parts(ctx context.Context, accountID, id string) ([]models.AssetPart, error)
	// Advance, Finish and Refuse are CodeConflict if the upload is not as u says any more.
	Advance(ctx context.Context, u *models.AssetUpload, part models.AssetPart) error
	Finish(ctx context.Context, u *models.AssetUpload, a *models.Asset, keep time.Duration) (isNew bool, files []string, err error)
	Refuse(ctx context.Context, u *models.AssetUpload, why *models.Error, keep time.Duration) (files []string, err error)
	Remove(ctx context.Context, accountID, id string) (files []string, err error)
}

// Staged keeps what has arrived.
type Staged interface {
	// Stage keeps at most limit bytes of r, also those before an error of r.
	Stage(ctx context.Context, r io.Reader, limit int64) (file string, size int64, err error)
	OpenStaged(file string) (io.ReadCloser, error)
	Unstage(files ...string) error
}

var digestForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Create begins an upload of u.Length bytes, or of as many as come to be known. What cannot become an asset whatever it contains is refused.
func (s *Uploads) Create(ctx context.Context, u *models.AssetUpload) error {
	if err := checkName(u.Name); err != nil {
		return err
	}
	most := s.Assets.Max()
	more := most
	switch {
	case len(u.Metadata) > MaxMetadata:
		return models.NewError(models.CodeInvalidRequest, "the metadata is longer than 4096 characters")
	case u.SHA256 != "" && !digestForm.MatchString(u.SHA256):
		return models.NewError(models.CodeInvalidRequest, "sha256 in the metadata is 64 hexadecimal digits in lower case")
	case u.Length != nil && *u.Length == 0:
		return errEmpty
	case u.Length != nil:
		if more = *u.Length; more > most {
			return models.NewError(models.CodePayloadTooLarge, "the file is larger than allowed")
		}
	}
	if err := media.Accepts(u.Name, u.MediaType); err != nil {
		return err
	}
	u.ID = models.NewID()
	models.ClaimFrom(ctx).Making("upload", u.ID)
	for range creations {
		reserved, err := s.Store.Reserved(ctx, u.AccountID, most)
		if err != nil {
			return err
		}
		if err := s.Assets.RoomFor(ctx, u.AccountID, reserved+more); err != nil {
			return err
		}
		made, err := s.Store.Create(ctx, u, models.UploadLimits{Open: s.Open, Unknown: most, Expiry: s.Expiry, Reserved: reserved})
		if made || err != nil {
			return err
		}
	}
	return models.NewError(models.CodeUnavailable, "too many uploads are being made at once; try again")
}

// Upload reads an upload of an account.
func (s *Uploads) Upload(ctx context.Context, accountID, id string) (*models.AssetUpload, error) {
	if !models.ValidID(id) {
		return nil, models.NewError(models.CodeNotFound, "no such upload")
	}
	return s.Store.Upload(ctx, accountID, id)
}

// List lists the uploads of an account, newest first.
func (s *Uploads) List(ctx context.Context, accountID string, p models.Page) ([]models.AssetUpload, error) {
	return s.Store.List(ctx, accountID, p)
}

// Write continues an upload with what body has, to at most the upload's length, and moves u on. What has arrived is kept, also when the body breaks off.
// With the last byte the upload becomes an asset or is refused, and all of its parts are gone. Of two that continue it at the same place, one is
// CodeConflict. A part counts only once all of it is stored; the last one only once there is the asset, so that whoever has sent all has finished.
func (s *Uploads) Write(ctx context.Context, u *models.AssetUpload, body io.Reader) error {
	left := s.Assets.Max() - u.Received
	if u.Length != nil {
		left = *u.Length - u.Received
	}
	for {
		if u.Parts >= maxParts {
			return models.NewError(models.CodeInvalidRequest, "the upload has come in too many parts; begin anew with larger ones")
		}
		file, size, broken := s.Staged.Stage(ctx, body, min(partBytes, left))
		part := models.AssetPart{Begins: u.Received, Size: size, File: file}
		left -= size
		var err error
		switch {
		case u.Length != nil && left == 0:
			err = s.end(ctx, u, part, body)
			return errors.Join(err, s.unstage(part))
		case size > 0:
			err = s.advance(ctx, u, part)
			switch {
			case models.CodeOf(err) == models.CodeConflict: // it is not counted for certain
				return errors.Join(err, s.unstage(part))
			case err != nil: // it may be counted all the same; if it is not, the sweep removes it
				return err
			}
		}
		switch {
		case broken != nil:
			return broken
		case left == 0: // of one whose length is not known
			return nothingMore(body)
		case size < partBytes:
			return nil
		}
	}
}

func (s *Uploads) unstage(part models.AssetPart) error {
	if part.File == "" {
		return nil
	}
	return s.Staged.Unstage(part.File)
}

// advance keeps a part, whatever has become of the client.
func (s *Uploads) advance(ctx context.Context, u *models.AssetUpload, part models.AssetPart) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepWithin)
	defer cancel()
	return s.Store.Advance(ctx, u, part)
}

// nothingMore refuses a body that goes on.
func nothingMore(body io.Reader) error {
	if n, _ := io.ReadFull(body, make([]byte, 1)); n > 0 {
		return models.NewError(models.CodePayloadTooLarge, "the body goes on behind the end of the upload")
	}
	return nil
}

// end makes an asset of an upload with its last part, whatever has become of the client.
func (s *Uploads) end(ctx context.Context, u *models.AssetUpload, last models.AssetPart, body io.Reader) (err error) {
	if err := nothingMore(body); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishWithin)
	defer cancel()
	var a *models.Asset
	isNew := false
	defer func() { s.Assets.observe("resumable", a, isNew, err) }()
	parts, err := s.Store.Parts(ctx, u.AccountID, u.ID)
	if err != nil {
		return err
	}
	if last.Size > 0 {
		parts = append(parts, last)
	}
	content := &joined{staged: s.Staged, parts: parts}
	defer func() { err = errors.Join(err, content.Close()) }()
	a, err = s.Assets.look(ctx, Upload{AccountID: u.AccountID, Name: u.Name, MediaType: u.MediaType, Content: content})
	switch {
	case err == nil && u.SHA256 != "" && a.SHA256 != u.SHA256:
		err = models.NewError(models.CodeAssetRefused, "the content has not the digest that the upload was made with")
	case err == nil && a.Size != *u.Length:
		return errMoved
	case err != nil && !refusal(models.CodeOf(err)):
		return s.moved(ctx, u, err)
	}
	var files []string
	switch {
	case err == nil:
		isNew, files, err = s.Store.Finish(ctx, u, a, s.Expiry)
	case refusal(models.CodeOf(err)):
		gone, rerr := s.Store.Refuse(ctx, u, models.AsError(err), s.Expiry)
		if rerr != nil {
			return rerr
		}
		files = gone
	}
	// What cannot be removed now goes with the next sweep.
	_ = s.Staged.Unstage(files...)
	return err
}

var errMoved = models.NewError(models.CodeConflict, "another request has ended the upload meanwhile; ask for its offset")

// moved is an error of reading an upload, whose parts are gone once another request has ended it.
func (s *Uploads) moved(ctx context.Context, u *models.AssetUpload, err error) error {
	now, rerr := s.Store.Upload(ctx, u.AccountID, u.ID)
	switch {
	case models.CodeOf(rerr) == models.CodeNotFound:
		return rerr
	case rerr == nil && (now.State != models.UploadOpen || now.Received != u.Received):
		return errMoved
	}
	return err
}

// joined reads parts one after the other.
type joined struct {
	staged Staged
	parts  []models.AssetPart
	open   io.ReadCloser
}

// Read implements io.Reader.
func (j *joined) Read(p []byte) (int, error) {
	for {
		if j.open == nil {
			if len(j.parts) == 0 {
				return 0, io.EOF
			}
			next, err := j.staged.OpenStaged(j.parts[0].File)
			if err != nil {
				return 0, err
			}
			j.open, j.parts = next, j.parts[1:]
		}
		n, err := j.open.Read(p)
		if errors.Is(err, io.EOF) {
			err = j.Close()
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// Close implements io.Closer.
func (j *joined) Close() error {
	if j.open == nil {
		return nil
	}
	err := j.open.Close()
	j.open = nil
	return err
}

// Refused is why an upload was refused, or nil.
func Refused(u *models.AssetUpload) error {
	if u.State != models.UploadRefused {
		return nil
	}
	return models.NewError(u.ErrorCode, u.ErrorMessage)
}

// Remove ends an upload: what has arrived is gone. The asset that has become of a finished one stays.
func (s *Uploads) Remove(ctx context.Context, accountID, id string) error {
	if !models.ValidID(id) {
		return models.NewError(models.CodeNotFound, "no such upload")
	}
	files, err := s.Store.Remove(ctx, accountID, id)
	if err != nil {
		return err
	}
	_ = s.Staged.Unstage(files...) // what cannot be removed now goes with the next sweep
	return nil
}
