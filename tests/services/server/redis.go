package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"

	"github.com/spark-games/spark/tests/services/process"
)

// RedisDatabases is the number of logical databases of a private Redis: enough for every test of a run to have one.
const RedisDatabases = 2048

// Redis is a private Redis without persistence, unless its arguments ask for it.
type Redis struct {
	base
	binary string
	args   []string
}

// NewRedis prepares a server in an existing folder. Extra arguments go to redis-server, e.g. "--appendonly", "yes".
func NewRedis(binary, dir string, args ...string) *Redis {
	return &Redis{base: base{name: "redis", dir: dir}, binary: binary, args: args}
}

// Start starts the server and waits until it answers.
func (r *Redis) Start(ctx context.Context) error { return r.launch(ctx, r.spec, r.ping) }

func (r *Redis) spec() process.Spec {
	args := append([]string{
		"--bind", "127.0.0.1", "--port", strconv.Itoa(r.port), "--dir", r.dir, "--daemonize", "no",
		"--databases", strconv.Itoa(RedisDatabases), "--save", "", "--appendonly", "no",
	}, r.args...)
	return process.Spec{Path: r.binary, Args: args}
}

// ping succeeds when PING is answered with PONG: a server that is still loading its file accepts connections and refuses
// commands.
func (r *Redis) ping(ctx context.Context) error {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", r.Addr())
	if err != nil {
		return err
	}
	answer, err := func() (string, error) {
		if deadline, ok := ctx.Deadline(); ok {
			if err := conn.SetDeadline(deadline); err != nil {
				return "", err
			}
		}
		if _, err := conn.Write([]byte("PING\r\n")); err != nil {
			return "", err
		}
		return bufio.NewReader(conn).ReadString('\n')
	}()
	if err = errors.Join(err, conn.Close()); err != nil {
		return err
	}
	if answer = strings.TrimSpace(answer); answer != "+PONG" {
		return fmt.Errorf("redis answered %q", answer)
	}
	return nil
}

// Stop shuts the server down cleanly.
func (r *Redis) Stop() error { return r.stop(syscall.SIGTERM) }

// Kill kills the server.
func (r *Redis) Kill() error { return r.stop(syscall.SIGKILL) }

// Pause freezes the server: connections stay open and nothing is answered until Resume.
func (r *Redis) Pause() error { return r.pause() }

// Resume lets a paused server continue.
func (r *Redis) Resume() error { return r.signal(syscall.SIGCONT) }
