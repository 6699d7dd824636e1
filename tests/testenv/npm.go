package testenv

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/spark-games/spark/tests/npm"
)

// NodeModules is a folder with a package.json, its lock file, and node_modules with what the lock file names. The packages are installed
// once for each content of the two files, into the user's cache, and must not be changed.
func NodeModules(t testing.TB, dir string) string {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: text, Mode: 0o600}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	installed, err := npm.Install(t.Context(), filepath.Join(cache, "spark-npm"), files)
	if err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	return installed
}
