// Package assets is the service of the files that people upload for their games: pictures, sounds, fonts and scenes. A file is kept only once it was
// looked at (package media); its content is stored like a project's files, so that a project takes an asset without a transfer and keeps it when the
// asset is deleted.
package assets

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spark-games/spark/internal/assets/media"
	"github.com/spark-games/spark/models"
)

// MaxBytes limits an asset.
const MaxBytes = 64 << 20

const maxName = 120

// Store keeps assets. Another account's are CodeNotFound, as if they did not exist.
type Store interface {
	// Create stores an asset, or reads the account's that has the same content.
	Create(ctx context.Context, a *models.Asset) (stored *models.Asset, isNew bool, err error)
	Asset(ctx context.Context, accountID, id string) (*models.Asset, error)
	List(ctx context.Context, accountID string, f models.AssetFilter, p models.Page) ([]models.Asset, error)
	Rename(ctx context.Context, accountID, id, name string) (*models.Asset, error)
	Delete(ctx context.Context, accountID, id string) error
}

// Blobs is content-addressed storage.
type Blobs interface {
	Put(ctx context.Context, r io.Reader, limit int64) (sha256 string, size int64, err error)
	// Renew keeps stored content as if it had been stored just now, or is CodeNotFound.
	Renew(ctx context.Context, sha256 string, size int64) error
	// Spool writes what r reads to a file that is gone when it is closed.
	Spool(ctx context.Context, r io.Reader, limit int64) (*os.File, error)
}

// Service keeps assets. All fields but the last two are required. It is safe for concurrent use.
type Service struct {
	Store Store
	Blobs Blobs
	// RoomFor refuses to store so many bytes more for an account that has not the room.
	RoomFor func(ctx context.Context, accountID string, more int64) error
	// MaxBytes is how many bytes an asset may have, at most as many as the constant says; 0 is that.
	MaxBytes int64
	// Uploaded is told what has become of a file that was uploaded, and how many bytes it has if it became an asset. It may be nil.
	Uploaded func(way, outcome string, bytes int64)
}

// Upload is a file that is to become an asset.
type Upload struct {
	AccountID string
	Name      string
	MediaType string // what its sender says that it is, or ""
	Content   io.Reader
}

// Create looks at a file, and stores it as an asset. An account that has the same content already has it once: that asset is returned, with isNew false.
func (s *Service) Create(ctx context.Context, u Upload) (a *models.Asset, isNew bool, err error) {
	defer func() { s.observe("whole", a, isNew, err) }()
	if err := checkName(u.Name); err != nil {
		return nil, false, err
	}
	if err := s.RoomFor(ctx, u.AccountID, 1); err != nil { // before the content is read
		return nil, false, err
	}
	made, err := s.look(ctx, u)
	if err != nil {
		return nil, false, err
	}
	models.ClaimFrom(ctx).Making("asset", made.ID)
	return s.Store.Create(ctx, made)
}

// look reads a file to its end and stores its content, if it is one that may be an asset.
func (s *Service) look(ctx context.Context, u Upload) (*models.Asset, error) {
	file, err := s.Blobs.Spool(ctx, u.Content, s.Max())
	if err != nil {
		return nil, err
	}
	defer file.Close()
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	if size == 0 {
		return nil, errEmpty
	}
	if err := s.RoomFor(ctx, u.AccountID, size); err != nil {
		return nil, err
	}
	info, err := media.Inspect(file, size, u.Name, u.MediaType)
	if err != nil {
		return nil, err
	}
	var small bytes.Buffer
	hasSmall, err := media.Thumbnail(ctx, file, size, info, &small)
	if err != nil {
		return nil, err
	}
	a := &models.Asset{ID: models.NewID(), AccountID: u.AccountID, Name: u.Name, Kind: string(info.Kind), MediaType: info.MediaType,
		AssetDetails: info.AssetDetails}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if a.SHA256, a.Size, err = s.Blobs.Put(ctx, file, MaxBytes); err != nil {
		return nil, err
	}
	if hasSmall {
		if a.ThumbnailSHA256, a.ThumbnailSize, err = s.Blobs.Put(ctx, &small, MaxBytes); err != nil {
			return nil, err
		}
	}
	return a, nil
}

var errEmpty = models.NewError(models.CodeAssetRefused, "the file is empty")

// Max is how many bytes an asset may have.
func (s *Service) Max() int64 {
	if s.MaxBytes == 0 {
		return MaxBytes
	}
	return s.MaxBytes
}

// observe counts what has become of an upload.
func (s *Service) observe(way string, a *models.Asset, isNew bool, err error) {
	if s.Uploaded == nil {
		return
	}
	switch code := models.CodeOf(err); {
	case err == nil && isNew:
		s.Uploaded(way, "created", a.Size)
	case err == nil:
		s.Uploaded(way, "known", a.Size)
	case code == models.CodeStorageExceeded:
		s.Uploaded(way, "storage_exceeded", 0)
	case refusal(code):
		s.Uploaded(way, "refused", 0)
	default:
		s.Uploaded(way, "failed", 0)
	}
}

// refusal reports whether a code says that no asset will ever become of a content.
func refusal(c models.Code) bool {
	return c == models.CodeAssetRefused || c == models.CodeAssetTypeMismatch || c == models.CodePayloadTooLarge
}

func checkName(name string) error {
	if name == "" || utf8.RuneCountInString(name) > maxName || !utf8.ValidString(name) || strings.ContainsAny(name, `/\`) ||
		strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return models.FieldError("/name", "a name is 1 to 120 printable characters without slashes, such as hero.png")
	}
	return nil
}

// Asset reads an asset of an account.
func (s *Service) Asset(ctx context.Context, accountID, id string) (*models.Asset, error) {
	if !models.ValidID(id) {
		return nil, models.NewError(models.CodeNotFound, "no such asset")
	}
	return s.Store.Asset(ctx, accountID, id)
}

// List lists the assets of an account, newest first.
func (s *Service) List(ctx context.Context, accountID string, f models.AssetFilter, p models.Page) ([]models.Asset, error) {
	return s.Store.List(ctx, accountID, f, p)
}

// Rename gives an asset another name, which ends as before.
func (s *Service) Rename(ctx context.Context, accountID, id, name string) (*models.Asset, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	a, err := s.Asset(ctx, accountID, id)
	if err != nil {
		return nil, err
	}
	if !media.Named(name, media.Kind(a.Kind)) {
		return nil, models.FieldError("/name", "does not end as the name of a file of the asset's kind does")
	}
	return s.Store.Rename(ctx, accountID, id, name)
}

// Delete removes an asset. Projects that have taken it keep its content.
func (s *Service) Delete(ctx context.Context, accountID, id string) error {
	if _, err := s.Asset(ctx, accountID, id); err != nil {
		return err
	}
	return s.Store.Delete(ctx, accountID, id)
}

// Content is the stored content of an asset, which stays until whoever asks has had the time to refer to it.
func (s *Service) Content(ctx context.Context, accountID, id string) (models.ManifestEntry, error) {
	a, err := s.Asset(ctx, accountID, id)
	if err != nil {
		return models.ManifestEntry{}, err
	}
	if err := s.Blobs.Renew(ctx, a.SHA256, a.Size); err != nil {
		return models.ManifestEntry{}, models.WrapError(models.CodeInternal, "the asset's content is missing", err)
	}
	return a.Files()[0], nil
}
