package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

// Uploads is the assets that arrive in parts. Where one has come to is only changed by compare-and-swap: of several requests that continue an upload at
// the same place, one wins, in whatever process.
type Uploads struct{ *db }

// errUploadMoved is for who has lost: another request, in whatever process, was faster.
var errUploadMoved = models.NewError(models.CodeConflict, "another request has continued or ended the upload meanwhile; ask for its offset")

// Reserved is how much an account's open uploads will have at most when they are complete. One whose length is not known counts as unknown.
func (s *Uploads) Reserved(ctx context.Context, accountID string, unknown int64) (bytes int64, err error) {
	if err := needAccount(accountID); err != nil {
		return 0, err
	}
	err = s.read(ctx).Raw(reserved(s.dialect), unknown, accountID).Row().Scan(new(int), &bytes)
	return bytes, s.wrap(err)
}

func reserved(d dialect) string {
	return "SELECT count(*), coalesce(sum(coalesce(length, ?)), 0) FROM asset_uploads WHERE account_id = ? AND state = 'open' AND expires_at > " + d.now()
}

// Create stores a new upload. It reports false, without an error, if the account's uploads have become more than the limits say that they are.
func (s *Uploads) Create(ctx context.Context, u *models.AssetUpload, l models.UploadLimits) (made bool, err error) {
	if err := needAccount(u.AccountID); err != nil {
		return false, err
	}
	full := errors.New("the account's uploads are more")
	err = s.write(ctx, func(tx *tx) error {
		if err := tx.lockAccount(u.AccountID); err != nil { // so that two count one another
			return err
		}
		var open int
		var bytes int64
		if err := tx.Raw(reserved(tx.dialect), l.Unknown, u.AccountID).Row().Scan(&open, &bytes); err != nil {
			return err
		}
		switch {
		case open >= l.Open:
			return models.NewError(models.CodeLimitReached,
				fmt.Sprintf("%d uploads of the account are open, the most that may be; finish or delete one, or wait until it expires", open))
		case bytes > l.Reserved:
			return full
		}
		u.State = models.UploadOpen
		err := tx.Raw(`INSERT INTO asset_uploads (id, account_id, name, media_type, sha256, metadata, length, expires_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, `+tx.dialect.nowPlus(micros(l.Expiry))+`) RETURNING *`,
			u.ID, u.AccountID, cleanText(u.Name), cleanText(u.MediaType), u.SHA256, cleanText(u.Metadata), u.Length).Scan(u).Error
		if err != nil {
			return err
		}
		utcUpload(u)
		return tx.record("upload.create", resource{u.AccountID, "upload", u.ID})
	})
	if errors.Is(err, full) {
		return false, nil
	}
	return err == nil, err
}

func utcUpload(u *models.AssetUpload) {
	u.CreatedAt, u.ExpiresAt = u.CreatedAt.UTC(), u.ExpiresAt.UTC()
}

// Upload reads an upload of an account that has not expired.
func (s *Uploads) Upload(ctx context.Context, accountID, id string) (*models.AssetUpload, error) {
	q := s.of(ctx, accountID).Table("asset_uploads").Where("id = ? AND expires_at > "+s.dialect.now(), id)
	u, err := one[models.AssetUpload](s.db, q, "upload")
	if err == nil {
		utcUpload(u)
	}
	return u, err
}

// List lists the uploads of an account that have not expired, newest first.
func (s *Uploads) List(ctx context.Context, accountID string, p models.Page) (all []models.AssetUpload, err error) {
	err = page(s.of(ctx, accountID).Table("asset_uploads").Where("expires_at > "+s.dialect.now()), p).Find(&all).Error
	for i := range all {
		utcUpload(&all[i])
	}
	return all, s.wrap(err)
}

// Parts are what has arrived of an upload, from its beginning.
func (s *Uploads) Parts(ctx context.Context, accountID, id string) (parts []models.AssetPart, err error) {
	err = s.of(ctx, accountID).Table("asset_upload_parts").Where("upload_id = ?", id).Order("begins").Find(&parts).Error
	return parts, s.wrap(err)
}

// Advance adds a part to an upload. u is moved on with it.
func (s *Uploads) Advance(ctx context.Context, u *models.AssetUpload, part models.AssetPart) error {
	if err := needAccount(u.AccountID); err != nil {
		return err
	}
	err := s.write(ctx, func(tx *tx) error {
		if err := tx.move(u, "received = received + ?, parts = parts + 1, length = ?", part.Size, u.Length); err != nil {
			return err
		}
		return tx.Exec("INSERT INTO asset_upload_parts (upload_id, begins, account_id, size, file) VALUES (?, ?, ?, ?, ?)",
			u.ID, part.Begins, u.AccountID, part.Size, part.File).Error
	})
	if err == nil {
		u.Received += part.Size
		u.Parts++
	}
	return err
}

// move changes an open upload that is still as u says.
func (tx *tx) move(u *models.AssetUpload, set string, args ...any) error {
	res := tx.Exec("UPDATE asset_uploads SET "+set+" WHERE id = ? AND account_id = ? AND received = ? AND state = 'open' AND expires_at > "+tx.dialect.now(),
		append(args, u.ID, u.AccountID, u.Received)...)
	if res.Error == nil && res.RowsAffected == 0 {
		return errUploadMoved
	}
	return res.Error
}

// Finish stores the asset that has become of an upload, or reads the one with the same content. files are those of its parts, which nobody needs any
// more; the outcome is kept for a while.
func (s *Uploads) Finish(ctx context.Context, u *models.AssetUpload, a *models.Asset, keep time.Duration) (isNew bool, files []string, err error) {
	if err := needAccount(u.AccountID); err != nil {
		return false, nil, err
	}
	var stored *models.Asset
	err = s.write(ctx, func(tx *tx) error {
		err := tx.move(u, "received = ?, length = ?, state = 'finished', expires_at = "+tx.dialect.nowPlus(micros(keep)), a.Size, a.Size)
		if err != nil {
			return err
		}
		if stored, isNew, err = tx.createAsset(a); err != nil {
			return err
		}
		if err := tx.Exec("UPDATE asset_uploads SET asset_id = ? WHERE id = ?", stored.ID, u.ID).Error; err != nil {
			return err
		}
		files, err = tx.dropParts(u.ID)
		return err
	})
	if err != nil {
		return false, nil, err
	}
	u.Received, u.Length, u.State, u.AssetID = a.Size, &a.Size, models.UploadFinished, stored.ID
	return isNew, files, nil
}

// Refuse ends an upload of which no asset becomes. files are those of its parts.
func (s *Uploads) Refuse(ctx context.Context, u *models.AssetUpload, why *models.Error, keep time.Duration) (files []string, err error) {
	if err := needAccount(u.AccountID); err != nil {
		return nil, err
	}
	err = s.write(ctx, func(tx *tx) error {
		err := tx.move(u, "state = 'refused', error_code = ?, error_message = ?, expires_at = "+tx.dialect.nowPlus(micros(keep)),
			why.Code, cleanText(why.Message))
		if err == nil {
			files, err = tx.dropParts(u.ID)
		}
		return err
	})
	if err == nil {
		u.State, u.ErrorCode, u.ErrorMessage = models.UploadRefused, why.Code, why.Message
	}
	return files, err
}

func (tx *tx) dropParts(of string) (files []string, err error) {
	return files, tx.Raw("DELETE FROM asset_upload_parts WHERE upload_id = ? RETURNING file", of).Scan(&files).Error
}

// Remove removes an upload. files are those of its parts.
func (s *Uploads) Remove(ctx context.Context, accountID, id string) (files []string, err error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	err = s.write(ctx, func(tx *tx) error {
		var found []string // locked, so that no part is added meanwhile
		err := tx.Raw("SELECT id FROM asset_uploads WHERE id = ? AND account_id = ? AND expires_at > "+tx.dialect.now()+tx.dialect.lock(waitLocked),
			id, accountID).Scan(&found).Error
		if err == nil && len(found) == 0 {
			err = models.NewError(models.CodeNotFound, "no such upload")
		}
		if err != nil {
			return err
		}
		if files, err = tx.dropParts(id); err != nil {
			return err
		}
		if err := tx.Exec("DELETE FROM asset_uploads WHERE id = ?", id).Error; err != nil {
			return err
		}
		return tx.record("upload.delete", resource{accountID, "upload", id})
	})
	return files, err
}

// expiredAtOnce bounds how many uploads one transaction removes.
const expiredAtOnce = 50

// AssetUploads removes uploads that have expired. files are those of their parts.
func (s *Retention) AssetUploads(ctx context.Context) (done models.Pruning, files []string, err error) {
	err = s.write(ctx, func(tx *tx) error {
		done, files = models.Pruning{Removed: make(map[string]int)}, nil
		var ids []string
		err := tx.Raw("SELECT id FROM asset_uploads WHERE expires_at <= "+tx.dialect.now()+" ORDER BY expires_at LIMIT ?"+tx.dialect.lock(passLocked),
			expiredAtOnce).Scan(&ids).Error
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := tx.Raw("DELETE FROM asset_upload_parts WHERE upload_id IN ? RETURNING file", ids).Scan(&files).Error; err != nil {
			return err
		}
		done.Removed["asset_uploads"], done.More = len(ids), len(ids) == expiredAtOnce
		return tx.Exec("DELETE FROM asset_uploads WHERE id IN ?", ids).Error
	})
	return done, files, err
}

// EachPart calls yield with the file of every part of an upload.
func (s *Platform) EachPart(ctx context.Context, yield func(file string) error) error {
	return s.wrap(eachRow(s.read(ctx).Raw("SELECT file FROM asset_upload_parts"), func(file []byte) error { return yield(string(file)) }))
}
