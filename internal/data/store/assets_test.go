package store

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// anAsset is an asset with a content.
func anAsset(account, name, digest string) *models.Asset {
	return &models.Asset{ID: models.NewID(), AccountID: account, Name: name, Kind: "png", MediaType: "image/png", SHA256: strings.Repeat(digest, 32), Size: 100,
		ThumbnailSHA256: strings.Repeat("ff", 32), ThumbnailSize: 7, AssetDetails: models.AssetDetails{Width: 3, Height: 4, Alpha: true, DurationMS: 5}}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		mine, other := tenant(t, s).AccountID, tenant(t, s).AccountID
		var twins sync.WaitGroup
		var lock sync.Mutex
		made, ids := 0, map[string]bool{}
		for range 5 {
			twins.Go(func() {
				a, isNew, err := s.Assets.Create(t.Context(), anAsset(mine, "Hero_1.png", "aa"))
				if err != nil {
					t.Error(err)
					return
				}
				lock.Lock()
				defer lock.Unlock()
				if ids[a.ID] = true; isNew {
					made++
				}
			})
		}
		twins.Wait()
		require.Equal(t, 1, made)
		require.Len(t, ids, 1)
		theirs, isNew, err := s.Assets.Create(t.Context(), anAsset(other, "theirs.png", "aa"))
		require.NoError(t, err)
		require.True(t, isNew)
		second, _, err := s.Assets.Create(t.Context(), anAsset(mine, "second.png", "bb"))
		require.NoError(t, err)
		read, err := s.Assets.Asset(t.Context(), mine, second.ID)
		require.NoError(t, err)
		require.Equal(t, second, read)

		names := func(f models.AssetFilter) (names []string) {
			t.Helper()
			all, err := s.Assets.List(t.Context(), mine, f, models.Page{Limit: 10})
			require.NoError(t, err)
			for _, a := range all {
				names = append(names, a.Name)
			}
			return names
		}
		require.Equal(t, []string{"second.png", "Hero_1.png"}, names(models.AssetFilter{}))
		require.Equal(t, []string{"Hero_1.png"}, names(models.AssetFilter{Kind: "png", Name: "hero_"}))
		require.Empty(t, names(models.AssetFilter{Name: "second_"}))
		require.Empty(t, names(models.AssetFilter{Kind: "gif"}))

		_, err = s.Assets.Asset(t.Context(), mine, theirs.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		_, err = s.Assets.Rename(t.Context(), mine, theirs.ID, "x.png")
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		require.Equal(t, models.CodeNotFound, models.CodeOf(s.Assets.Delete(t.Context(), mine, theirs.ID)))
		renamed, err := s.Assets.Rename(t.Context(), mine, second.ID, "third.png")
		require.NoError(t, err)
		require.Equal(t, "third.png", renamed.Name)

		// Its files count, and are known to the sweep and the backup, until it is deleted.
		stored := func() int64 {
			t.Helper()
			spent, err := s.Spending.Spent(t.Context(), mine, "")
			require.NoError(t, err)
			return spent.Stored
		}
		require.NoError(t, s.Storage.NoteSince(t.Context(), time.Now().Add(-time.Hour), func(string) bool { return false }))
		require.Equal(t, int64(207), stored())
		require.NoError(t, s.Assets.Delete(t.Context(), mine, second.ID))
		require.NoError(t, s.Storage.Recount(t.Context(), mine))
		require.Equal(t, int64(107), stored())
		seen := map[string]bool{}
		require.NoError(t, s.Platform.EachContent(t.Context(), func(d string) error { seen[d[:2]] = true; return nil }))
		require.Equal(t, map[string]bool{"aa": true, "ff": true}, seen)
	})
}
