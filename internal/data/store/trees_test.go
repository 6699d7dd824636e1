package store

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// files is a manifest of n files in folders of fifty.
func files(n int) models.Manifest {
	m := make(models.Manifest, n)
	for i := range m {
		path := fmt.Sprintf("assets/%03d/level-%d.json", i/50, i)
		m[i] = models.ManifestEntry{Path: path, SHA256: fmt.Sprintf("%064x", i), Size: 1, MediaType: models.MediaType(path)}
	}
	m.Sort()
	return m
}

func commit(t *testing.T, s *Store, p *models.Project, m models.Manifest) *models.Revision {
	t.Helper()
	rev, err := s.Projects.Commit(t.Context(), p.AccountID, p.ID, func(base *models.Revision) (*models.Revision, error) {
		next := &models.Revision{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, Manifest: m, Digest: m.Digest(),
			Author: models.Author{Kind: models.AuthorKey, ID: "k"}, Message: "write"}
		if base != nil {
			next.Parents = models.IDs{base.ID}
		}
		return next, nil
	})
	require.NoError(t, err)
	return rev
}

// Saving one file of five thousand writes the trees of the folders above it: three rows, a few kilobytes. Kept as one
// list, a manifest of that size is more than half a megabyte.
func TestOneFileOfManyWritesItsFoldersAlone(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		stored := func() (rows, bytes int) {
			var all [][]byte
			require.NoError(t, s.db.w.Raw("SELECT content FROM trees").Scan(&all).Error)
			for _, tree := range all {
				bytes += len(tree)
			}
			return len(all), bytes
		}
		m := files(5000)
		list, err := m.Value()
		require.NoError(t, err)
		require.Greater(t, len(list.(string)), 512<<10)
		commit(t, s, p, m)
		rows, size := stored()
		m[1234].SHA256 = strings.Repeat("f", 64)
		second := commit(t, s, p, m)
		rows2, size2 := stored()
		require.Equal(t, 3, rows2-rows)
		require.Less(t, size2-size, 16<<10)

		commit(t, s, tenant(t, s), m) // another project, even another account's, with equal files: nothing
		rows3, _ := stored()
		require.Equal(t, rows2, rows3)

		got, err := s.Projects.Revision(t.Context(), p.AccountID, second.ID)
		require.NoError(t, err)
		require.Equal(t, m, got.Manifest)
		require.Equal(t, models.Author{Kind: models.AuthorKey, ID: "k"}, got.Author)
		list2, err := s.Projects.ListRevisions(t.Context(), p.AccountID, p.ID, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Equal(t, []int{5000, 5000}, []int{list2[0].Files, list2[1].Files})
		require.Equal(t, int64(5000), list2[0].Bytes)
		require.Equal(t, got.Parents, list2[0].Parents)
		require.Nil(t, list2[0].Manifest, "a list does not read the files")
	})
}

// Concurrent commits of equal folders to different projects do not block one another.
func TestEqualTreesStoredAtOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		m := files(500)
		var wg sync.WaitGroup
		for range 8 {
			p := tenant(t, s)
			wg.Go(func() { commit(t, s, p, m) })
		}
		wg.Wait()
	})
}

func TestDamagedTreeIsToldAsSuch(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		rev := commit(t, s, p, files(60))
		require.NoError(t, s.db.w.Exec("UPDATE trees SET content = ? WHERE digest = ?", []byte("f"), rev.Tree).Error)
		_, err := s.Projects.Revision(t.Context(), p.AccountID, rev.ID)
		require.Equal(t, models.CodeDamaged, models.CodeOf(err))
	})
}

func TestEachContentNamesWhatIsReferredTo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		m := files(120)
		commit(t, s, p, m)
		commit(t, s, p, m[:60])
		made := finish(t, s, p, func(a *models.Artifact) {
			a.Manifest = models.Manifest{{Path: "index.html", SHA256: strings.Repeat("e", 64), Size: 1}}
		})
		seen := make(map[string]bool)
		require.NoError(t, s.Platform.EachContent(t.Context(), func(digest string) error { seen[digest] = true; return nil }))
		require.Len(t, seen, 121)
		for _, e := range append(m, made.Manifest...) {
			require.True(t, seen[e.SHA256], e.Path)
		}
		stop := models.NewError(models.CodeInternal, "enough")
		require.ErrorIs(t, s.Platform.EachContent(t.Context(), func(string) error { return stop }), stop)
	})
}

func TestPlatformKeepsItsID(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		id, err := s.Platform.ID(t.Context())
		require.NoError(t, err)
		require.True(t, models.ValidID(id), id)
		require.NoError(t, s.db.seed(t.Context())) // the next start
		again, err := s.Platform.ID(t.Context())
		require.NoError(t, err)
		require.Equal(t, id, again)
	})
}
