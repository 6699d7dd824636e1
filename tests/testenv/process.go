package testenv

import (
	"errors"
	"os"
	"testing"

	"github.com/spark-games/spark/tests/services/find"
	"github.com/spark-games/spark/tests/services/server"
)

// RedisProcess is a Redis server of one test, which the test may break. It keeps its address through restarts. The methods fail
// the test when they fail, so they must be called from the test's goroutine.
type RedisProcess struct {
	t      testing.TB
	server *server.Redis
}

// StartRedis starts a Redis for this test alone. It keeps no data through a restart unless the arguments to redis-server say so,
// e.g. "--appendonly", "yes". It is stopped when the test ends.
func StartRedis(t testing.TB, args ...string) *RedisProcess {
	t.Helper()
	binary, err := find.Redis()
	if err != nil {
		t.Fatalf("%v; %s", err, howToRun)
	}
	p := &RedisProcess{t: t, server: server.NewRedis(binary, t.TempDir(), args...)}
	t.Cleanup(func() {
		if err := p.server.Kill(); err != nil {
			t.Error(err)
		}
	})
	p.Start()
	return p
}

// URL is the server's address for database 0.
func (p *RedisProcess) URL() string { return "redis://" + p.server.Addr() + "/0" }

// Addr is the server's host:port.
func (p *RedisProcess) Addr() string { return p.server.Addr() }

// Start starts a server that was stopped or killed, and waits until it answers.
func (p *RedisProcess) Start() { p.t.Helper(); must(p.t, p.server.Start(p.t.Context())) }

// Stop shuts the server down cleanly and waits until it has ended.
func (p *RedisProcess) Stop() { p.t.Helper(); must(p.t, p.server.Stop()) }

// Kill kills the server with SIGKILL and waits until it has ended.
func (p *RedisProcess) Kill() { p.t.Helper(); must(p.t, p.server.Kill()) }

// Pause freezes the server: connections stay open and get no answer.
func (p *RedisProcess) Pause() { p.t.Helper(); must(p.t, p.server.Pause()) }

// Resume ends a Pause.
func (p *RedisProcess) Resume() { p.t.Helper(); must(p.t, p.server.Resume()) }

// PostgresProcess is a Postgres server of one test, which the test may break. It keeps its address and its data through
// restarts. The methods fail the test when they fail, so they must be called from the test's goroutine.
type PostgresProcess struct {
	t      testing.TB
	server *server.Postgres
}

// StartPostgres starts a Postgres for this test alone, which takes about a second. Settings are like "max_connections=10". It is
// stopped when the test ends.
func StartPostgres(t testing.TB, settings ...string) *PostgresProcess {
	t.Helper()
	binary, initdb, err := find.Postgres()
	if err != nil {
		t.Fatalf("%v; %s", err, howToRun)
	}
	// Not t.TempDir: as root the server runs as another user, who could not reach that folder.
	dir, err := server.TempDir("spark-postgres-")
	if err != nil {
		t.Fatal(err)
	}
	p := &PostgresProcess{t: t, server: server.NewPostgres(binary, initdb, dir, settings...)}
	t.Cleanup(func() {
		if err := errors.Join(p.server.Discard(), os.RemoveAll(dir)); err != nil {
			t.Error(err)
		}
	})
	must(p.t, p.server.Init(t.Context()))
	p.Start()
	return p
}

// URL is the address of the server's database "postgres", which is empty at first.
func (p *PostgresProcess) URL() string { return p.server.URL("postgres") }

// Addr is the server's host:port.
func (p *PostgresProcess) Addr() string { return p.server.Addr() }

// Start starts a server that was stopped or killed, and waits until it answers.
func (p *PostgresProcess) Start() { p.t.Helper(); must(p.t, p.server.Start(p.t.Context())) }

// Stop shuts the server down cleanly, closing its connections, and waits until it has ended.
func (p *PostgresProcess) Stop() { p.t.Helper(); must(p.t, p.server.Stop()) }

// Kill kills the server with SIGKILL and waits until it has ended. Nothing that was committed is lost.
func (p *PostgresProcess) Kill() { p.t.Helper(); must(p.t, p.server.Kill()) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
