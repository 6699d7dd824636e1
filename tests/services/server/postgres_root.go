package server

import (
	"errors"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spark-games/spark/tests/services/process"
)

// unprivileged is the account that runs Postgres when the tests run as root.
func unprivileged() (*process.User, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.Atoi(u.Uid)
		if err != nil {
			continue
		}
		gid, err := strconv.Atoi(u.Gid)
		if err != nil {
			continue
		}
		return &process.User{UID: uid, GID: gid}, nil
	}
	return nil, errors.New("postgres does not run as root, and there is neither a user postgres nor nobody")
}

// leftBehind reports whether the last start failed because backends of a killed server still hold its shared memory.
func leftBehind(logFile string) bool {
	tail := process.Tail(logFile, 5)
	return strings.Contains(tail, "shared memory block") && strings.Contains(tail, "still in use")
}

// TempDir makes a folder in which both servers can run: as root, the servers run as another user, who must be able to reach it.
func TempDir(pattern string) (string, error) {
	parent := os.TempDir()
	if os.Geteuid() == 0 && !reachable(parent) {
		parent = "/tmp"
	}
	dir, err := os.MkdirTemp(parent, pattern)
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o711)
}

// reachable reports whether everybody may pass through a folder and all of its parents.
func reachable(dir string) bool {
	for {
		info, err := os.Stat(dir)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return true
		}
		dir = parent
	}
}
