package store

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func anUpload(account string, length int64) *models.AssetUpload {
	return &models.AssetUpload{ID: models.NewID(), AccountID: account, Name: "hero.png", MediaType: "image/png", Metadata: "filename aGVybw==", Length: &length}
}

func TestAssetUploads(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		mine, other := tenant(t, s).AccountID, tenant(t, s).AccountID
		limits := models.UploadLimits{Open: 3, Unknown: 1000, Expiry: time.Hour, Reserved: 2000}

		// Twins keep to the number, and to the room that they have looked at.
		var twins sync.WaitGroup
		var lock sync.Mutex
		made, refused := []*models.AssetUpload{}, 0
		for range 6 {
			twins.Go(func() {
				u := anUpload(mine, 100)
				ok, err := s.Uploads.Create(ctx, u, limits)
				lock.Lock()
				defer lock.Unlock()
				switch {
				case ok && err == nil:
					made = append(made, u)
				case models.CodeOf(err) == models.CodeLimitReached:
					refused++
				default:
					t.Error(ok, err)
				}
			})
		}
		twins.Wait()
		require.Len(t, made, 3)
		require.Equal(t, 3, refused)
		reserved, err := s.Uploads.Reserved(ctx, mine, 1000)
		require.NoError(t, err)
		require.EqualValues(t, 300, reserved)
		ok, err := s.Uploads.Create(ctx, anUpload(mine, 1), models.UploadLimits{Open: 9, Unknown: 1000, Expiry: time.Hour, Reserved: 299})
		require.NoError(t, err)
		require.False(t, ok)
		unknown := anUpload(other, 0)
		unknown.Length = nil
		ok, err = s.Uploads.Create(ctx, unknown, limits)
		require.NoError(t, err)
		require.True(t, ok)
		reserved, err = s.Uploads.Reserved(ctx, other, 1000)
		require.NoError(t, err)
		require.EqualValues(t, 1000, reserved)

		u := made[0]
		read, err := s.Uploads.Upload(ctx, mine, u.ID)
		require.NoError(t, err)
		require.Equal(t, u, read)
		_, err = s.Uploads.Upload(ctx, other, u.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))

		// Of those that go on at the same place one wins.
		won := 0
		for range 5 {
			twins.Go(func() {
				from := *read
				err := s.Uploads.Advance(ctx, &from, models.AssetPart{Begins: 0, Size: 40, File: models.NewID()})
				lock.Lock()
				defer lock.Unlock()
				switch models.CodeOf(err) {
				case models.CodeConflict:
				default:
					require.NoError(t, err)
					won++
				}
			})
		}
		twins.Wait()
		require.Equal(t, 1, won)
		now, err := s.Uploads.Upload(ctx, mine, u.ID)
		require.NoError(t, err)
		require.EqualValues(t, 40, now.Received)
		require.Equal(t, 1, now.Parts)
		parts, err := s.Uploads.Parts(ctx, mine, u.ID)
		require.NoError(t, err)
		require.Len(t, parts, 1)
		seen := 0
		require.NoError(t, s.Platform.EachPart(ctx, func(string) error { seen++; return nil }))
		require.Equal(t, 1, seen)

		// One that has lost neither ends it nor leaves an asset.
		a := anAsset(mine, "hero.png", "aa")
		_, _, err = s.Uploads.Finish(ctx, read, a, time.Hour)
		require.Equal(t, models.CodeConflict, models.CodeOf(err))
		_, err = s.Uploads.Refuse(ctx, read, models.NewError(models.CodeAssetRefused, "no"), time.Hour)
		require.Equal(t, models.CodeConflict, models.CodeOf(err))
		none, err := s.Assets.List(ctx, mine, models.AssetFilter{}, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Empty(t, none)
		isNew, files, err := s.Uploads.Finish(ctx, now, a, time.Hour)
		require.NoError(t, err)
		require.True(t, isNew)
		require.Equal(t, []string{parts[0].File}, files)
		require.Equal(t, a.ID, now.AssetID)
		require.Equal(t, models.CodeConflict, models.CodeOf(s.Uploads.Advance(ctx, now, models.AssetPart{Begins: 100, Size: 1, File: "x"})))

		// The same content again is that asset.
		second := made[1]
		isNew, _, err = s.Uploads.Finish(ctx, second, anAsset(mine, "other.png", "aa"), time.Hour)
		require.NoError(t, err)
		require.False(t, isNew)
		require.Equal(t, a.ID, second.AssetID)

		third := made[2]
		_, err = s.Uploads.Refuse(ctx, third, models.NewError(models.CodeAssetRefused, "no"), time.Hour)
		require.NoError(t, err)
		read, err = s.Uploads.Upload(ctx, mine, third.ID)
		require.NoError(t, err)
		require.Equal(t, models.UploadRefused, read.State)
		require.Equal(t, "no", read.ErrorMessage)
		_, err = s.Uploads.Remove(ctx, other, third.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		_, err = s.Uploads.Remove(ctx, mine, third.ID)
		require.NoError(t, err)
		all, err := s.Uploads.List(ctx, mine, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Len(t, all, 2)

		// Those that have expired are gone, and then removed.
		require.NoError(t, s.Uploads.Advance(ctx, unknown, models.AssetPart{Begins: 0, Size: 7, File: "f"}))
		require.NoError(t, s.db.w.Exec("UPDATE asset_uploads SET expires_at = "+s.db.dialect.nowPlus("-1000")+" WHERE account_id = ?", other).Error)
		_, err = s.Uploads.Upload(ctx, other, unknown.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		require.Equal(t, models.CodeConflict, models.CodeOf(s.Uploads.Advance(ctx, unknown, models.AssetPart{Begins: 7, Size: 7, File: "g"})))
		done, files, err := s.Retention.AssetUploads(ctx)
		require.NoError(t, err)
		require.Equal(t, models.Pruning{Removed: map[string]int{"asset_uploads": 1}}, done)
		require.Equal(t, []string{"f"}, files)
	})
}
