package peers

import (
	"context"
	"encoding/json"
	"io/fs"

	"github.com/spark-games/spark/tests/npm"
)

// nodeModules is a folder with the programs for peers from npm and their packages, as the lock file has them.
func (e *Env) nodeModules(ctx context.Context) (string, error) {
	files, err := fs.Sub(nodeFiles, "node")
	if err != nil {
		return "", err
	}
	return npm.Install(ctx, e.Cache, files)
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
