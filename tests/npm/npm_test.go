package npm_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/npm"
)

// The test programs of several packages start at the same time, and each asks for what it needs.
func TestInstallsAtOnceShareAFolder(t *testing.T) {
	t.Parallel()
	program := fstest.MapFS{
		"package.json":      {Data: []byte(`{"name":"program","version":"1.0.0"}`)},
		"package-lock.json": {Data: []byte(`{"name":"program","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"program","version":"1.0.0"}}}`)},
		"main.mjs":          {Data: []byte(`console.log("hello")`)},
	}
	cache := t.TempDir()
	var all sync.WaitGroup
	dirs := make([]string, 4)
	for i := range dirs {
		all.Go(func() {
			var err error
			dirs[i], err = npm.Install(t.Context(), cache, program)
			assert.NoError(t, err)
			assert.FileExists(t, filepath.Join(dirs[i], "main.mjs"))
		})
	}
	all.Wait()
	left, err := os.ReadDir(cache)
	require.NoError(t, err)
	require.Len(t, left, 1, "drafts are removed")
	for _, dir := range dirs {
		assert.Equal(t, filepath.Join(cache, left[0].Name()), dir)
	}
}
