package store

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// finish stores an artifact as the result of a job of its own.
func finish(t *testing.T, s *Store, p *models.Project, change func(*models.Artifact)) *models.Artifact {
	t.Helper()
	j := claim(t, s, p, submit1(t, s, p))
	a := &models.Artifact{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, JobID: j.ID, Kind: models.ArtifactBuild,
		Manifest: models.Manifest{{Path: "index.html", SHA256: "00", Size: 1}}}
	change(a)
	_, err := s.Ledger.Finish(t.Context(), j.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{Artifact: a}})
	require.NoError(t, err)
	return a
}

func TestCachedBuild(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		with := func(key, from string) func(*models.Artifact) {
			return func(a *models.Artifact) { a.CacheKey, a.CachedFrom = key, from }
		}
		finish(t, s, p, with("", ""))
		old := finish(t, s, p, with("k", ""))
		newest := finish(t, s, p, with("k", ""))
		taken := finish(t, s, p, with("k", old.ID))
		finish(t, s, p, with("l", ""))

		got, err := s.Artifacts.CachedBuild(t.Context(), p.AccountID, "k")
		require.NoError(t, err)
		require.Equal(t, newest.ID, got.ID, "the newest build, and not what was taken from one")
		require.Equal(t, newest.Manifest, got.Manifest)
		require.False(t, got.Cached())
		for _, c := range [][2]string{{other.AccountID, "k"}, {p.AccountID, "K"}, {p.AccountID, ""}} {
			_, err := s.Artifacts.CachedBuild(t.Context(), c[0], c[1])
			require.Equal(t, models.CodeNotFound, models.CodeOf(err), c)
		}
		read, err := s.Artifacts.Artifact(t.Context(), p.AccountID, taken.ID)
		require.NoError(t, err)
		require.True(t, read.Cached())
		require.Equal(t, old.ID, read.CachedFrom)
	})
}

// A database from before the build cache keeps its artifacts, which are never reused.
func TestArtifactsFromBeforeTheCache(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		a := finish(t, s, p, func(a *models.Artifact) { a.CacheKey = "k" })
		m, err := s.db.migrator()
		require.NoError(t, err)
		_, err = m.DownTo(t.Context(), 1)
		require.NoError(t, err)
		_, err = m.Up(t.Context())
		require.NoError(t, err)
		got, err := s.Artifacts.Artifact(t.Context(), p.AccountID, a.ID)
		require.NoError(t, err)
		require.Equal(t, a.Manifest, got.Manifest)
		require.Empty(t, got.CacheKey)
		_, err = s.Artifacts.CachedBuild(t.Context(), p.AccountID, "k")
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
	})
}

func TestProvenanceIsStoredWithItsArtifact(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		end := func(f models.Fence, envelope string) (*models.Artifact, error) {
			a := &models.Artifact{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, JobID: f.JobID, Kind: models.ArtifactExport}
			_, err := s.Ledger.Finish(t.Context(), f, jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{Artifact: a, Attestation: []byte(envelope)}})
			return a, err
		}
		fence := claim(t, s, p, submit1(t, s, p)).Fence()
		stale := fence
		stale.Attempt--
		late, err := end(stale, `{"payload":"late"}`)
		require.ErrorIs(t, err, jobs.ErrStale)
		signed, err := end(fence, `{"payload":"ü"}`)
		require.NoError(t, err)
		unsigned, err := end(claim(t, s, p, submit1(t, s, p)).Fence(), "")
		require.NoError(t, err)
		got, err := s.Provenance.Attestation(t.Context(), p.AccountID, signed.ID)
		require.NoError(t, err)
		require.Equal(t, `{"payload":"ü"}`, string(got), "byte for byte")
		for _, a := range []*models.Artifact{late, unsigned} {
			_, err = s.Provenance.Attestation(t.Context(), p.AccountID, a.ID)
			require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		}
		_, err = s.Provenance.Attestation(t.Context(), tenant(t, s).AccountID, signed.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err), "it is somebody else's")

		for _, id := range []string{"a", "b", "a"} { // a worker that starts again knows nothing of its last time
			require.NoError(t, s.Provenance.SaveSigningKey(t.Context(), models.SigningKey{ID: id, PublicKey: "PEM of " + id}))
		}
		keys, err := s.Provenance.SigningKeys(t.Context())
		require.NoError(t, err)
		require.Len(t, keys, 2)
		for _, k := range keys {
			require.Equal(t, "PEM of "+k.ID, k.PublicKey)
			require.False(t, k.CreatedAt.IsZero())
		}
	})
}
