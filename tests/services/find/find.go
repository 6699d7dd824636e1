// Package find locates the programs that the tests need (Postgres, Redis, Chromium, Node, jq, a C compiler) and, on Debian as root,
// installs the missing ones. Elsewhere it says exactly what is missing and how to get it.
package find

import (
	"cmp"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spark-games/spark/tests/services/server"
)

// Tools are the absolute paths of what was found.
type Tools struct {
	Postgres string
	Initdb   string
	Redis    string
	Chromium string
	Node     string
	NPM      string
	// Dockerd is the daemon to start, "" when one answers already or none can be started here.
	Dockerd string
	// DockerHost is the daemon that answers already.
	DockerHost string
}

// All looks for every tool. The second value lists what is missing; it is empty when the tests can run. Docker is missing
// only where a daemon could be started: elsewhere its tests say how to get one.
func All() (Tools, []Missing) {
	var (
		t       Tools
		missing []Missing
	)
	note := func(err error, m Missing) {
		if err != nil {
			missing = append(missing, m)
		}
	}
	var err error
	t.Postgres, t.Initdb, err = Postgres()
	note(err, missingPostgres)
	t.Redis, err = Redis()
	note(err, missingRedis)
	t.Chromium, err = Chromium()
	note(err, missingChromium)
	t.Node, err = first(missingNode, "node")
	note(err, missingNode)
	t.NPM, err = first(missingNPM, "npm")
	note(err, missingNPM)
	_, err = first(missingJQ, "jq")
	note(err, missingJQ)
	_, err = first(missingProcesses, "pgrep")
	note(err, missingProcesses)
	note(compiler(), missingCompiler)
	if debian() { // only Debian has such packages
		_, err = first(missingDebootstrap, "mmdebstrap")
		note(err, missingDebootstrap)
		_, err = first(missingGodot, "godot3-server")
		note(err, missingGodot)
	}
	if t.DockerHost = dockerHost(); t.DockerHost == "" && server.CanRunDocker() == nil {
		t.Dockerd, err = Dockerd()
		note(err, missingDocker)
	}
	return t, missing
}

// Postgres finds the server and initdb of one installation: first on the PATH, then the newest version in the places where
// distributions put the programs without adding them to the PATH.
func Postgres() (postgres, initdb string, err error) {
	dirs := filepath.SplitList(os.Getenv("PATH"))
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/usr/local/bin",
		"/usr/local/pgsql/bin",
		"/opt/homebrew/opt/postgresql@*/bin",
		"/opt/homebrew/bin",
		"/usr/local/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	} {
		found, _ := filepath.Glob(pattern) // the only error is a bad pattern
		slices.SortFunc(found, func(a, b string) int { return version(b) - version(a) })
		dirs = append(dirs, found...)
	}
	for _, dir := range dirs {
		postgres, initdb = filepath.Join(dir, "postgres"), filepath.Join(dir, "initdb")
		if executable(postgres) && executable(initdb) {
			return postgres, initdb, nil
		}
	}
	return "", "", missingPostgres
}

// Redis finds redis-server, or valkey-server, which speaks the same protocol.
func Redis() (string, error) {
	return first(missingRedis, "redis-server", "valkey-server",
		"/usr/local/bin/redis-server", "/opt/homebrew/bin/redis-server", "/opt/homebrew/bin/valkey-server")
}

// Chromium finds Chromium or Chrome. SPARK_TEST_CHROMIUM names one explicitly.
func Chromium() (string, error) {
	if named := os.Getenv("SPARK_TEST_CHROMIUM"); named != "" {
		return first(missingChromium, named)
	}
	return first(missingChromium, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
		"chrome-headless-shell",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		"/Applications/Chromium.app/Contents/MacOS/Chromium")
}

// dockerHost is the address of a daemon that answers: the one in the environment, or else the usual one.
func dockerHost() string {
	for _, host := range []string{os.Getenv("SPARK_TEST_DOCKER_HOST"), os.Getenv("DOCKER_HOST"), "unix:///var/run/docker.sock"} {
		if host != "" && server.PingDocker(context.Background(), host) == nil {
			return host
		}
	}
	return ""
}

// Dockerd finds Docker's daemon.
func Dockerd() (string, error) {
	return first(missingDocker, "dockerd", "/usr/sbin/dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd")
}

// compiler checks that there is a C compiler with the C library's headers. Go on macOS does not need one.
func compiler() error {
	if runtime.GOOS == "darwin" {
		return nil
	}
	cc, err := first(missingCompiler, cmp.Or(os.Getenv("CC"), "gcc"), "clang", "cc")
	if err != nil {
		return err
	}
	cmd := exec.Command(cc, "-E", "-x", "c", "-")
	cmd.Stdin = strings.NewReader("#include <stdlib.h>\n")
	return cmd.Run()
}

// first returns the first of the candidates, names or absolute paths, that can be run.
func first(missing Missing, candidates ...string) (string, error) {
	for _, c := range candidates {
		path, err := exec.LookPath(c)
		if err != nil {
			continue
		}
		if abs, err := filepath.Abs(path); err == nil {
			return abs, nil
		}
	}
	return "", missing
}

func executable(path string) bool {
	_, err := exec.LookPath(path)
	return err == nil
}

// version reads the last number in a path's directory name: 15 in /usr/lib/postgresql/15/bin. Without one it is 0.
func version(bin string) int {
	dir := filepath.Base(filepath.Dir(bin))
	digits := dir[strings.LastIndexFunc(dir, func(r rune) bool { return r < '0' || r > '9' })+1:]
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}
