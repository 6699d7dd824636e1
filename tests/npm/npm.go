// Package npm installs programs of the tests that run in Node.
package npm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// Install copies a program's files, which have a package.json and its lock file, into a folder of its own in cache and installs there
// what the lock file names; scripts of packages are not run. That is done once for each content of the files, however many processes ask
// at the same time, and everyone shares the folder, so it must not be changed.
func Install(ctx context.Context, cache string, files fs.FS) (string, error) {
	digest, err := digestOf(files)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "node-"+digest)
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return dir, err
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	draft, err := os.MkdirTemp(cache, "draft-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(draft) // nothing is left of it once it has its name
	if err := os.CopyFS(draft, files); err != nil {
		return "", err
	}
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = draft
	if out, err := npm.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	if err := os.Rename(draft, dir); err != nil {
		if _, missing := os.Stat(dir); missing != nil {
			return "", err
		} // another process was faster, with the same
	}
	return dir, nil
}

func digestOf(files fs.FS) (string, error) {
	h := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, path)
		fmt.Fprintf(h, "%s %d\n", path, len(data))
		h.Write(data)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)[:8]), err
}
