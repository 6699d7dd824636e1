package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spark-games/spark/tests/services/process"
)

// Docker is a private Docker daemon on a socket in its folder, without networks, because Spark's containers have none. It needs
// root on Linux.
type Docker struct {
	base
	binary string
}

// NewDocker prepares a daemon in an existing folder, which then belongs to the daemon.
func NewDocker(binary, dir string) *Docker {
	return &Docker{base: base{name: "docker", dir: dir}, binary: binary}
}

// Host is the daemon's address in the form of DOCKER_HOST.
func (d *Docker) Host() string { return "unix://" + d.socket() }

func (d *Docker) socket() string { return filepath.Join(d.dir, "docker.sock") }

// Start starts the daemon and waits until it answers. On a busy machine its helper may start more slowly than the daemon
// tolerates: then it is retried.
func (d *Docker) Start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	// The machine's own configuration must not apply to this daemon.
	if err := errors.Join(os.WriteFile(d.config(), []byte("{}"), 0o600), os.MkdirAll(d.temp(), 0o700)); err != nil {
		return err
	}
	for tries := 1; ; tries++ {
		err := d.attempt(ctx, d.spec, func(ctx context.Context) error { return PingDocker(ctx, d.Host()) })
		if err == nil || tries == 3 || ctx.Err() != nil {
			return err
		}
		if err := d.forgetHelper(); err != nil {
			return err
		}
	}
}

func (d *Docker) config() string { return filepath.Join(d.dir, "daemon.json") }

// temp is for the temporary files of the daemon and its helper, such as stack dumps when they are slow.
func (d *Docker) temp() string { return filepath.Join(d.dir, "tmp") }

func (d *Docker) spec() process.Spec {
	// An orphaned daemon that gets SIGTERM stops its containers and its helper.
	return process.Spec{Path: d.binary, OrphanSignal: syscall.SIGTERM, Env: append(os.Environ(), "TMPDIR="+d.temp()), Args: []string{
		"--host", d.Host(), "--data-root", filepath.Join(d.dir, "data"), "--exec-root", filepath.Join(d.dir, "run"),
		"--pidfile", filepath.Join(d.dir, "docker.pid"), "--config-file", d.config(),
		"--bridge", "none", "--iptables=false", "--ip-forward=false", "--ip-masq=false",
	}}
}

// Stop shuts the daemon and its containers down, and unmounts what it has mounted.
func (d *Docker) Stop() error {
	err := d.stop(syscall.SIGTERM)
	UnmountBelow(d.dir)
	return err
}

// Kill kills the daemon, as a crash would. Its containers keep running.
func (d *Docker) Kill() error {
	return errors.Join(d.stop(syscall.SIGKILL), d.forgetHelper())
}

// forgetHelper makes the next start begin a new helper. The helper of a daemon that has ended dies with it; where process 1 does
// not reap, the dead helper would look alive.
func (d *Docker) forgetHelper() error {
	return os.RemoveAll(filepath.Join(d.dir, "run", "containerd", "containerd.pid"))
}

// Pause freezes the daemon: connections are accepted and nothing is answered until Resume.
func (d *Docker) Pause() error { return d.pause() }

// Resume lets a paused daemon continue.
func (d *Docker) Resume() error { return d.signal(syscall.SIGCONT) }

// PingDocker reports whether a daemon answers at an address like unix:///var/run/docker.sock or tcp://127.0.0.1:2375.
func PingDocker(ctx context.Context, host string) error {
	u, err := url.Parse(host)
	if err != nil {
		return err
	}
	network, addr := "tcp", u.Host
	if u.Scheme == "unix" {
		network, addr = "unix", u.Path
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var dialer net.Dialer
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, addr)
	}}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://docker/_ping", nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 100))
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK || strings.TrimSpace(string(answer)) != "OK" {
		return fmt.Errorf("docker answered %s %q", resp.Status, answer)
	}
	return nil
}

// ErrNotRoot is returned where a daemon cannot be started.
var ErrNotRoot = errors.New("a Docker daemon needs root on Linux")

// CanRunDocker reports whether a private daemon can be started here.
func CanRunDocker() error {
	if os.Geteuid() != 0 || !isLinux {
		return ErrNotRoot
	}
	return nil
}
