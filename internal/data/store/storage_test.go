package store

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func TestStorageIsCounted(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		file := func(path, digest string, size int64) models.ManifestEntry {
			return models.ManifestEntry{Path: path, SHA256: strings.Repeat(digest, 32), Size: size, MediaType: "text/plain"}
		}
		commit := func(p *models.Project, files ...models.ManifestEntry) *models.Revision {
			t.Helper()
			m := models.Manifest(files)
			m.Sort()
			rev, err := s.Projects.Commit(t.Context(), p.AccountID, p.ID, func(*models.Revision) (*models.Revision, error) {
				return &models.Revision{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, Title: "x", Manifest: m, Digest: m.Digest()}, nil
			})
			require.NoError(t, err)
			return rev
		}
		stored := func(p *models.Project) int64 {
			t.Helper()
			spent, err := s.Spending.Spent(t.Context(), p.AccountID, "")
			require.NoError(t, err)
			theirs, err := s.Spending.Spent(t.Context(), p.AccountID, "fox")
			require.NoError(t, err)
			require.Zero(t, theirs.Stored)
			return spent.Stored
		}
		all := func(string) bool { return false }
		since := time.Now().Add(-time.Hour)
		first := commit(p, file("a", "aa", 100), file("dir/b", "bb", 20))
		commit(p, file("a", "aa", 100), file("copy", "aa", 100), file("c", "cc", 3))
		commit(other, file("a", "aa", 100))
		require.Zero(t, stored(p))
		var both sync.WaitGroup // two schedulers
		for range 2 {
			both.Go(func() {
				if err := s.Storage.NoteSince(t.Context(), since, all); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		require.Equal(t, []int64{123, 100}, []int64{stored(p), stored(other)})
		require.NoError(t, s.Storage.NoteSince(t.Context(), since, func(string) bool { return true }))

		// What is removed counts until all is counted anew; that mends what was counted wrong, too.
		require.NoError(t, s.db.w.Exec("DELETE FROM revisions WHERE id = ?", first.ID).Error)
		require.NoError(t, s.db.w.Exec("UPDATE account_storage SET bytes = 7 WHERE account_id = ?", other.AccountID).Error)
		require.NoError(t, s.db.w.Exec("UPDATE account_files SET noted_at = ?", s.db.dialect.timestamp(since)).Error)
		holders, err := s.Storage.Holders(t.Context())
		require.NoError(t, err)
		require.ElementsMatch(t, []string{p.AccountID, other.AccountID}, holders)
		for _, account := range holders {
			require.NoError(t, s.Storage.Recount(t.Context(), account))
		}
		require.Equal(t, []int64{103, 100}, []int64{stored(p), stored(other)})

		_, err = s.Accounts.ChangeAccount(t.Context(), p.AccountID, func(a *models.Account) error { a.MaxStorageMB = new(1); return nil })
		require.NoError(t, err)
		commit(p, file("big", "dd", 900<<10))
		require.NoError(t, s.Storage.NoteSince(t.Context(), since, all))
		told, _, err := s.Spending.TellQuotas(t.Context(), models.Limits{})
		require.NoError(t, err)
		require.Equal(t, 1, told)
		told, _, err = s.Spending.TellQuotas(t.Context(), models.Limits{})
		require.NoError(t, err)
		require.Zero(t, told)
	})
}
