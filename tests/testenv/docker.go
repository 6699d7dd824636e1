package testenv

import (
	"errors"
	"os"
	"testing"

	"github.com/spark-games/spark/tests/services/find"
	"github.com/spark-games/spark/tests/services/server"
)

// Docker is the address of the run's Docker daemon, in the form of DOCKER_HOST. If there is none although there could be one, in
// continuous integration and as root on Debian, the test fails; elsewhere it is skipped and says how to get one.
func Docker(t testing.TB) string {
	t.Helper()
	if host := os.Getenv(envDocker); host != "" {
		return host
	}
	_, err := find.Dockerd()
	if problem := os.Getenv(envProblem); problem != "" {
		err = errors.New(problem)
	}
	const what = "no Docker daemon answers: start one, or run the tests as root on Debian, which start their own"
	if os.Getenv("CI") == "true" || find.CanInstall() {
		t.Fatalf("%s; %v; %s", what, err, howToRun)
	}
	t.Skipf("%s; %v", what, err)
	return ""
}

// DockerProcess is a Docker daemon of one test, which the test may break. The methods fail the test when they fail, so they must
// be called from the test's goroutine.
type DockerProcess struct {
	t      testing.TB
	server *server.Docker
}

// StartDocker starts a Docker daemon for this test alone, without images, which takes about two seconds. It is stopped when the
// test ends. Where no daemon can be started, it behaves like Docker.
func StartDocker(t testing.TB) *DockerProcess {
	t.Helper()
	binary, err := find.Dockerd()
	if err := errors.Join(err, server.CanRunDocker()); err != nil {
		if os.Getenv("CI") == "true" || find.CanInstall() {
			t.Fatalf("%v; %s", err, howToRun)
		}
		t.Skip(err)
	}
	// Not t.TempDir: the path of a socket must be short.
	dir, err := server.TempDir("spark-docker-")
	if err != nil {
		t.Fatal(err)
	}
	p := &DockerProcess{t: t, server: server.NewDocker(binary, dir)}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the daemon said:\n%s", p.server.Said(60))
		}
		if err := errors.Join(p.server.Stop(), os.RemoveAll(dir)); err != nil {
			t.Error(err)
		}
	})
	p.Start()
	return p
}

// Host is the daemon's address.
func (p *DockerProcess) Host() string { return p.server.Host() }

// Start starts a daemon that was stopped or killed, and waits until it answers.
func (p *DockerProcess) Start() { p.t.Helper(); must(p.t, p.server.Start(p.t.Context())) }

// Stop shuts the daemon and its containers down.
func (p *DockerProcess) Stop() { p.t.Helper(); must(p.t, p.server.Stop()) }

// Kill kills the daemon with SIGKILL. Its containers keep running.
func (p *DockerProcess) Kill() { p.t.Helper(); must(p.t, p.server.Kill()) }

// Pause freezes the daemon: connections are accepted and get no answer.
func (p *DockerProcess) Pause() { p.t.Helper(); must(p.t, p.server.Pause()) }

// Resume ends a Pause.
func (p *DockerProcess) Resume() { p.t.Helper(); must(p.t, p.server.Resume()) }
