package seal_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/webhooks/seal"
	"github.com/spark-games/spark/models"
)

func box(t *testing.T, keys string) *seal.Box {
	t.Helper()
	b, err := seal.New(models.NewSecret(keys))
	require.NoError(t, err)
	return b
}

const before, after = "the key of yesterday", "the key of tomorrow"

func TestWhatIsSealedComesBackForItsIDAlone(t *testing.T) {
	t.Parallel()
	b := box(t, after)
	one, err := b.Seal("whs_1", []byte("secret"))
	require.NoError(t, err)
	two, err := b.Seal("whs_1", []byte("secret"))
	require.NoError(t, err)
	assert.NotEqual(t, one, two)
	assert.NotContains(t, string(one), "secret")
	plain, err := b.Open("whs_1", one)
	require.NoError(t, err)
	assert.Equal(t, "secret", string(plain))
	for name, sealed := range map[string][]byte{"whs_2": one, "whs_1": append(bytes.Clone(one), 0)} {
		_, err := b.Open(name, sealed)
		require.Error(t, err, name)
	}
	for i := range one {
		broken := bytes.Clone(one)
		broken[i] ^= 1
		_, err := b.Open("whs_1", broken)
		require.Error(t, err)
		_, err = b.Open("whs_1", one[:i])
		require.Error(t, err)
	}
}

func TestKeysAreRotated(t *testing.T) {
	t.Parallel()
	old, err := box(t, before).Seal("a", []byte("x"))
	require.NoError(t, err)
	both := box(t, after+", "+before)
	plain, err := both.Open("a", old)
	require.NoError(t, err)
	assert.Equal(t, "x", string(plain))
	fresh, err := both.Seal("a", []byte("y"))
	require.NoError(t, err)
	_, err = box(t, after).Open("a", fresh)
	require.NoError(t, err)
	_, err = box(t, before).Open("a", fresh)
	require.Error(t, err)

	_, err = seal.New(models.NewSecret("short"))
	require.Error(t, err)
	none := new(seal.Box)
	_, err = none.Seal("a", nil)
	assert.Equal(t, models.CodeUnavailable, models.CodeOf(err))
	_, err = none.Open("a", fresh)
	assert.Equal(t, models.CodeUnavailable, models.CodeOf(err))
}

// Processes that share a folder and start at once have the same key.
func TestTheFileIsMadeOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "webhooks.key")
	boxes := make([]*seal.Box, 8)
	var all sync.WaitGroup
	for i := range boxes {
		all.Go(func() {
			var err error
			boxes[i], err = seal.FromFile(path)
			assert.NoError(t, err)
		})
	}
	all.Wait()
	sealed, err := boxes[0].Seal("a", []byte("x"))
	require.NoError(t, err)
	for _, b := range boxes {
		_, err := b.Open("a", sealed)
		require.NoError(t, err)
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, entries, 1)
}
