package build

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// notary keeps what it is asked to sign.
type notary struct {
	seen []models.Provenance
	err  error
}

func (n *notary) Attest(_ context.Context, p models.Provenance) ([]byte, error) {
	n.seen = append(n.seen, p)
	return []byte("signed " + p.Artifact.ID), n.err
}

func TestBuildsAreAttested(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := &notary{}
	w.handler.Attestor = n
	w.runner.env.Kind, w.runner.env.Digest, w.runner.env.Agent = engines.InDocker, "sha256:1234", ""
	res, job, err := w.try(jobs.BuildInput{})
	require.NoError(t, err)
	w.store.save(job, res)
	require.Equal(t, "signed "+res.Artifact.ID, string(res.Attestation))
	p := n.seen[0]
	require.Equal(t, map[string]any{"engine": "fake", "engineVersion": "1", "mode": "preview", "title": "Game", "revision": w.rev.ID}, p.ExternalParameters)
	require.Equal(t, false, p.InternalParameters["cached"])
	require.Equal(t, res.Artifact.CacheKey, p.InternalParameters["cacheKey"])
	require.Equal(t, int64(60_000), p.InternalParameters["limits"].(map[string]any)["timeMillis"])
	names := map[string]string{}
	for _, m := range p.ResolvedDependencies {
		names[m.Name] = m.SHA256
	}
	require.Equal(t, w.rev.Manifest.Digest(), names["revision"])
	require.Equal(t, w.rev.Manifest[1].SHA256, names["revision/"+w.rev.Manifest[1].Path])
	require.Equal(t, "1234", names["image"])
	require.Equal(t, "ab", names["module/engine.js"])
	require.NotContains(t, names, "agent")
	require.False(t, p.FinishedAt.IsZero())

	again, _, err := w.try(jobs.BuildInput{})
	require.NoError(t, err)
	require.Equal(t, "signed "+again.Artifact.ID, string(again.Attestation))
	require.Equal(t, true, n.seen[1].InternalParameters["cached"])
	require.Equal(t, res.Artifact.ID, n.seen[1].InternalParameters["originalArtifact"])
	require.Equal(t, job.ID, n.seen[1].InternalParameters["originalInvocation"])

	n.err = errors.New("no key")
	_, _, err = w.try(jobs.BuildInput{NoCache: true})
	require.ErrorIs(t, err, n.err, "what cannot be signed is tried again, not stored unsigned")
}
