package peers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// nodeModules is a folder with the programs for peers from npm and their packages, as the lock file has them. It is made once for each
// content of these files.
func (e *Env) nodeModules(ctx context.Context) (string, error) {
	files, err := fs.Sub(nodeFiles, "node")
	if err != nil {
		return "", err
	}
	digest, err := digestOf(files)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(e.Cache, "node-"+digest)
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return dir, err
	}
	if err := os.MkdirAll(e.Cache, 0o755); err != nil {
		return "", err
	}
	draft, err := os.MkdirTemp(e.Cache, "draft-")
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
	return dir, os.Rename(draft, dir)
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

// NodeVersions are the versions of the peers from npm.
func NodeVersions() []string {
	var pinned struct {
		Dependencies map[string]string `json:"dependencies"`
	}
	data, err := nodeFiles.ReadFile("node/package.json")
	if err != nil || json.Unmarshal(data, &pinned) != nil {
		return nil // it is embedded, and a test reads it
	}
	return []string{"BullMQ " + pinned.Dependencies["bullmq"], "graphile-worker " + pinned.Dependencies["graphile-worker"]}
}
