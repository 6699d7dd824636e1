package e2e

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

var playLine = regexp.MustCompile(`(http://\S+/play/\S+/)`)

// What "make run" starts: a sample game to play immediately, the key, and everything again at the next start.
func TestSample(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	sample := func() *dev {
		d, err := runDev(dir, []string{"--sample"}, nil)
		require.NoError(t, err)
		t.Cleanup(d.kill)
		return d
	}
	first := sample()
	play, err := first.find(first.stdout, playLine, jobWithin)
	require.NoError(t, err)
	client{}.get(t, play).want(200)
	require.NotContains(t, first.said(), first.key, "the key is in its file and nowhere else")
	require.Contains(t, first.printed(t), filepath.Join(dir, "api-key"))
	require.Contains(t, first.printed(t), "Making a sample game")
	info, err := os.Stat(filepath.Join(dir, "api-key"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.Equal(t, 0, first.terminate(t, startWithin))

	second := sample()
	again, err := second.find(second.stdout, playLine, jobWithin)
	require.NoError(t, err)
	require.Equal(t, pathOf(t, play), pathOf(t, again), "the sample is found again")
	client{}.get(t, again).want(200)
	require.Equal(t, first.key, second.key)
	require.NotContains(t, second.said(), first.key)
	require.NotContains(t, second.printed(t), "Making", "nothing is made")
	require.Len(t, read[list[project]](second.get(t, "/v1/projects").want(200)).Data, 1)
	require.Len(t, read[list[job]](second.get(t, "/v1/jobs").want(200)).Data, 2)

	p := newPage(t)
	p.open(again)
	p.play(scenarios[0], starts[0].do)
}

func pathOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	return u.Path
}
