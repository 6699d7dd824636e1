package store

import (
	"context"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// Assets is the files that accounts have uploaded for their games.
type Assets struct{ *db }

// Create stores an asset of an account, or reads the one that has the same content: each content is one asset. It reports whether the asset is new.
func (s *Assets) Create(ctx context.Context, a *models.Asset) (stored *models.Asset, isNew bool, err error) {
	if err := needAccount(a.AccountID); err != nil {
		return nil, false, err
	}
	err = s.write(ctx, func(tx *tx) error {
		stored, isNew, err = tx.createAsset(a)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	return stored, isNew, nil
}

func (tx *tx) createAsset(a *models.Asset) (stored *models.Asset, isNew bool, err error) {
	var made []time.Time
	err = tx.Raw(`INSERT INTO assets (id, account_id, name, kind, media_type, sha256, size, width, height, frames, alpha, duration_ms, sample_rate,
		channels, thumbnail_sha256, thumbnail_size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (account_id, sha256) DO NOTHING RETURNING created_at`,
		a.ID, a.AccountID, cleanText(a.Name), a.Kind, a.MediaType, a.SHA256, a.Size, a.Width, a.Height, a.Frames, a.Alpha, a.DurationMS, a.SampleRate,
		a.Channels, a.ThumbnailSHA256, a.ThumbnailSize).Scan(&made).Error
	if err != nil {
		return nil, false, err
	}
	if len(made) > 0 {
		a.CreatedAt = made[0].UTC()
		return a, true, tx.record("asset.create", resource{a.AccountID, "asset", a.ID}, details{"kind": a.Kind})
	}
	var found []models.Asset
	err = tx.Raw("SELECT * FROM assets WHERE account_id = ? AND sha256 = ?", a.AccountID, a.SHA256).Scan(&found).Error
	if err == nil && len(found) == 0 {
		err = models.NewError(models.CodeUnavailable, "the asset that had the same content was deleted at this moment; try again")
	}
	if err != nil {
		return nil, false, err
	}
	found[0].CreatedAt = found[0].CreatedAt.UTC()
	return &found[0], false, nil
}

// Asset reads an asset of an account.
func (s *Assets) Asset(ctx context.Context, accountID, id string) (*models.Asset, error) {
	a, err := one[models.Asset](s.db, s.of(ctx, accountID).Where("id = ?", id), "asset")
	if err != nil {
		return nil, err
	}
	a.CreatedAt = a.CreatedAt.UTC()
	return a, nil
}

// escapeLike has a text match itself in a LIKE with the escape character \.
var escapeLike = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// List lists the assets of an account, newest first.
func (s *Assets) List(ctx context.Context, accountID string, f models.AssetFilter, p models.Page) ([]models.Asset, error) {
	q := page(s.of(ctx, accountID), p)
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if f.Name != "" {
		q = q.Where(`lower(name) LIKE ? ESCAPE '\'`, "%"+escapeLike.Replace(strings.ToLower(f.Name))+"%")
	}
	var all []models.Asset
	err := q.Find(&all).Error
	for i := range all {
		all[i].CreatedAt = all[i].CreatedAt.UTC()
	}
	return all, s.wrap(err)
}

// Rename gives an asset another name.
func (s *Assets) Rename(ctx context.Context, accountID, id, name string) (a *models.Asset, err error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	err = s.write(ctx, func(tx *tx) error {
		a, err = one[models.Asset](s.db,
			tx.Raw("UPDATE assets SET name = ? WHERE id = ? AND account_id = ? RETURNING *", cleanText(name), id, accountID), "asset")
		if err != nil {
			return err
		}
		a.CreatedAt = a.CreatedAt.UTC()
		return tx.record("asset.rename", resource{accountID, "asset", id})
	})
	return a, err
}

// Delete removes an asset. Projects that have taken its content keep that.
func (s *Assets) Delete(ctx context.Context, accountID, id string) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		res := tx.Exec("DELETE FROM assets WHERE id = ? AND account_id = ?", id, accountID)
		if res.Error == nil && res.RowsAffected == 0 {
			return models.NewError(models.CodeNotFound, "no such asset")
		}
		if res.Error != nil {
			return res.Error
		}
		return tx.record("asset.delete", resource{accountID, "asset", id})
	})
}
