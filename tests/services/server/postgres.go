package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/spark-games/spark/tests/services/process"
)

const superuser = "spark"

// Postgres is a private Postgres with a random password. Postgres refuses to run as root, so root runs it as the user
// postgres or nobody.
type Postgres struct {
	base
	binary   string
	initdb   string
	settings []string
	user     *process.User
	password string
}

// NewPostgres prepares a server in an existing folder, which then belongs to the server. Settings are like "fsync=on" and
// override the defaults, which favour speed over surviving a crash of the machine. A crash of the server loses nothing either
// way.
func NewPostgres(binary, initdb, dir string, settings ...string) *Postgres {
	return &Postgres{
		base:   base{name: "postgres", dir: dir},
		binary: binary, initdb: initdb, settings: settings, password: rand.Text(),
	}
}

// Init creates the cluster. It is called once, before the first Start.
func (p *Postgres) Init(ctx context.Context) error {
	if os.Geteuid() == 0 {
		u, err := unprivileged()
		if err != nil {
			return err
		}
		if err := os.Chown(p.dir, u.UID, u.GID); err != nil {
			return err
		}
		p.user = u
	}
	pwfile := filepath.Join(p.dir, "password")
	if err := os.WriteFile(pwfile, []byte(p.password+"\n"), 0o600); err != nil {
		return err
	}
	if p.user != nil {
		if err := os.Chown(pwfile, p.user.UID, p.user.GID); err != nil {
			return err
		}
	}
	// The password crosses only the loopback device, and the plain method saves each connection the thousands of hash rounds of
	// SCRAM.
	return p.run(ctx, p.initdb, "--pgdata", p.dataDir(), "--username", superuser, "--pwfile", pwfile,
		"--auth", "password", "--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions")
}

func (p *Postgres) run(ctx context.Context, path string, args ...string) error {
	log, err := os.OpenFile(p.logFile(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	helper, err := process.Start(process.Spec{Path: path, Args: args, Dir: p.dir, Stdout: log, Stderr: log, User: p.user})
	if err = errors.Join(err, log.Close()); err != nil {
		return err
	}
	select {
	case <-helper.Done():
	case <-ctx.Done():
		return errors.Join(context.Cause(ctx), helper.Stop(syscall.SIGTERM, stopGrace))
	}
	if err := helper.Err(); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(path), err, process.Tail(p.logFile(), 20))
	}
	return nil
}

func (p *Postgres) dataDir() string { return filepath.Join(p.dir, "data") }

// Start starts the server and waits until it answers. After Kill the old server's backends may live for a moment longer and
// hold its shared memory; Start waits for them.
func (p *Postgres) Start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		err := p.launch(ctx, p.spec, p.ping)
		if err == nil || !leftBehind(p.logFile()) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(10 * pollInterval):
		}
	}
}

func (p *Postgres) spec() process.Spec {
	args := []string{"-D", p.dataDir(), "-p", strconv.Itoa(p.port), "-c", "listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories="}
	defaults := []string{"fsync=off", "full_page_writes=off", "max_connections=300", "max_wal_size=2GB",
		"shared_buffers=128MB", "log_min_messages=warning"}
	for _, s := range append(defaults, p.settings...) {
		args = append(args, "-c", s)
	}
	// SIGQUIT makes an orphaned server stop immediately, with its backends.
	return process.Spec{Path: p.binary, Args: args, User: p.user, OrphanSignal: syscall.SIGQUIT}
}

func (p *Postgres) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, p.URL("postgres"))
	if err != nil {
		return err
	}
	return errors.Join(conn.Ping(ctx), conn.Close(ctx))
}

// URL is the address of one of the server's databases, with the credentials of its superuser.
func (p *Postgres) URL(database string) string { return p.URLAt(p.Addr(), database) }

// URLAt is URL by way of another address, such as a proxy's.
func (p *Postgres) URLAt(addr, database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(superuser, p.password),
		Host: addr, Path: database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Stop shuts the server down cleanly, closing its connections.
func (p *Postgres) Stop() error { return p.stop(syscall.SIGINT) }

// Discard stops the server without a final checkpoint: for the end, when the data is no longer needed.
func (p *Postgres) Discard() error { return p.stop(syscall.SIGQUIT) }

// Kill kills the server with all its backends, as a crash of the machine would. The next start recovers from the write-ahead
// log.
func (p *Postgres) Kill() error {
	if p.running == nil {
		return nil
	}
	err := p.running.KillTree(stopGrace)
	p.running = nil
	return err
}
