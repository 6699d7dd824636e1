package testenv

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// NodeModules is a folder with a package.json, its lock file, and node_modules with what the lock file names. The packages are installed
// once for each content of the two files, into the user's cache, and must not be changed.
func NodeModules(t testing.TB, dir string) string {
	t.Helper()
	sum := sha256.New()
	files := map[string][]byte{}
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = text
		sum.Write(append(text, 0))
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	installed := filepath.Join(cache, "spark-npm", hex.EncodeToString(sum.Sum(nil)[:12]))
	if _, err := os.Stat(installed); err == nil {
		return installed
	}
	if err := os.MkdirAll(filepath.Dir(installed), 0o755); err != nil {
		t.Fatal(err)
	}
	draft, err := os.MkdirTemp(filepath.Dir(installed), "draft-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(draft) // nothing is left of it once it has its name
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(draft, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	npm := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = draft
	if out, err := npm.CombinedOutput(); err != nil {
		t.Fatalf("npm ci in %s: %v\n%s", dir, err, out)
	}
	if err := os.Rename(draft, installed); err != nil {
		if _, err := os.Stat(installed); err != nil { // another test was faster
			t.Fatal(err)
		}
	}
	return installed
}
