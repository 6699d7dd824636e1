package blob

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func TestPutAndGet(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := Open(dir)
	require.NoError(t, err)
	var wg sync.WaitGroup
	for range 8 { // equal content at once
		wg.Go(func() {
			sum, err := f.Put(t.Context(), []byte("hello"))
			if err != nil || sum != "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" {
				t.Errorf("put: %s, %v", sum, err)
			}
		})
	}
	wg.Wait()
	data, err := f.Get(t.Context(), "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
	require.NoError(t, err)
	require.Equal(t, "hello", string(data))
	left, err := os.ReadDir(filepath.Join(dir, "tmp"))
	require.NoError(t, err)
	require.Empty(t, left)
	require.NoError(t, f.Ping(t.Context()))

	for _, digest := range []string{"", "..", "../../etc/passwd", strings.Repeat("a", 64), strings.Repeat("A", 64)} {
		_, err := f.Open(t.Context(), digest)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err), digest)
	}
}

func TestDamageIsNoticedAndHealed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := Open(dir)
	require.NoError(t, err)
	sum, err := f.Put(t.Context(), []byte("hello"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(f.path(sum), []byte("hellO"), 0o600))
	_, err = f.Get(t.Context(), sum)
	require.Equal(t, models.CodeInternal, models.CodeOf(err))

	// Whoever stores it again heals it.
	_, err = f.Put(t.Context(), []byte("hello"))
	require.NoError(t, err)
	data, err := f.Get(t.Context(), sum)
	require.NoError(t, err)
	require.Equal(t, "hello", string(data))
}

func TestModulesAreKnownByDigestAndName(t *testing.T) {
	t.Parallel()
	f, err := Open(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, f.PutModule(t.Context(), "phaser.js", []byte("export {}")))
	require.NoError(t, f.PutModule(t.Context(), "phaser.js", []byte("export {}")))
	sum, err := f.Put(t.Context(), []byte("export {}"))
	require.NoError(t, err)
	size, ok := f.EngineModule(sum, "phaser.js")
	require.True(t, ok)
	require.Equal(t, int64(9), size)
	private, err := f.Put(t.Context(), []byte("a project's file"))
	require.NoError(t, err)
	for _, c := range [][2]string{{sum, "other.js"}, {private, "phaser.js"}, {sum, "../phaser.js"}, {"..", "phaser.js"}, {sum, ""}} {
		_, ok := f.EngineModule(c[0], c[1])
		require.False(t, ok, c)
	}
	require.Error(t, f.PutModule(t.Context(), "../x.js", nil))
}
