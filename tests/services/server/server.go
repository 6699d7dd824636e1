// Package server starts private Postgres, Redis and Docker servers for tests, each on a separate port of 127.0.0.1 (Docker on a
// socket) and in a separate folder. A server keeps its address and folder while it is stopped, killed and started again.
package server

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/spark-games/spark/tests/services/process"
)

const (
	startTimeout = 60 * time.Second
	stopGrace    = 45 * time.Second // a Docker daemon gives its containers, and then its helper, 15 seconds each
	pollInterval = 20 * time.Millisecond
	portTries    = 10
)

// base is what all servers share: one process at a time, a fixed port, a log.
type base struct {
	name    string
	dir     string
	port    int
	running *process.Process
}

// Said is the last lines of the server's log.
func (b *base) Said(lines int) string { return process.Tail(b.logFile(), lines) }

func (b *base) logFile() string { return filepath.Join(b.dir, b.name+".log") }

// Addr is host:port.
func (b *base) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(b.port)) }

// launch starts the process that spec makes and waits until ping succeeds. The first launch chooses the port, and chooses again
// if another program took it; later launches keep it.
func (b *base) launch(ctx context.Context, spec func() process.Spec, ping func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if b.port != 0 {
		return b.attempt(ctx, spec, ping)
	}
	var err error
	for range portTries {
		if b.port, err = FreePort(ctx); err != nil {
			return err
		}
		if err = b.attempt(ctx, spec, ping); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

func (b *base) attempt(ctx context.Context, spec func() process.Spec, ping func(context.Context) error) error {
	log, err := os.OpenFile(b.logFile(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	s := spec()
	s.Dir, s.Stdout, s.Stderr = b.dir, log, log
	p, err := process.Start(s)
	if err = errors.Join(err, log.Close()); err != nil {
		return err
	}
	if err := await(ctx, p, ping); err != nil {
		return errors.Join(
			fmt.Errorf("%s did not start: %w\n%s", b.name, err, process.Tail(b.logFile(), 20)),
			p.Stop(syscall.SIGKILL, stopGrace))
	}
	b.running = p
	return nil
}

// await polls until the server answers, has ended, or the time is up.
func await(ctx context.Context, p *process.Process, ping func(context.Context) error) error {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		err := ping(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.Done():
			return fmt.Errorf("it ended with exit code %d", p.ExitCode())
		case <-ctx.Done():
			return fmt.Errorf("%w; the last answer was: %w", context.Cause(ctx), err)
		case <-tick.C:
		}
	}
}

// stop ends the process with a signal and waits until it has ended.
func (b *base) stop(sig syscall.Signal) error {
	if b.running == nil {
		return nil
	}
	err := b.running.Stop(sig, stopGrace)
	b.running = nil
	return err
}

func (b *base) signal(sig syscall.Signal) error {
	if b.running == nil {
		return fmt.Errorf("%s is not running", b.name)
	}
	return b.running.Signal(sig)
}

// FreePort picks a port below the ranges from which Linux and macOS assign ports, so that no other program gets it while the
// server is down.
func FreePort(ctx context.Context) (int, error) {
	const low, high = 15000, 32000
	var lc net.ListenConfig
	for range 100 {
		port := low + rand.IntN(high-low)
		l, err := lc.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			return 0, err
		}
		return port, nil
	}
	return 0, errors.New("no free port between 15000 and 32000")
}
