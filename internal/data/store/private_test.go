package store

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Only the owner can read the database, whatever the mode of its folder or of an earlier file.
func TestDatabaseIsPrivate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755))
	path := filepath.Join(dir, "spark.db")
	private := func() {
		t.Helper()
		for _, name := range []string{path, path + "-wal", path + "-shm"} {
			info, err := os.Stat(name)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), name)
		}
	}
	s := open(t, "sqlite://"+path)
	tenant(t, s)
	private()
	for _, name := range []string{path, path + "-wal", path + "-shm"} { // as an earlier version left them when it was killed
		require.NoError(t, os.Chmod(name, 0o644))
	}
	tenant(t, open(t, "sqlite://"+path))
	private()
}
