// Package docker is the part of Docker that the sandbox needs, and the only importer of its client: locked-down containers with
// an attached process, their confirmed removal, and their events. Every call is bounded by its context, even with a daemon that
// accepts connections and never answers.
package docker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/client"
)

// DefaultHost is where a daemon usually listens.
const DefaultHost = client.DefaultDockerHost

// Daemon is a connection to a Docker daemon. It is safe for concurrent use. Close it.
type Daemon struct {
	cli *client.Client
}

// Connect makes a connection; "" is the default host. It does not wait for the daemon: Info does.
func Connect(host string) (*Daemon, error) {
	if host == "" {
		host = DefaultHost
	}
	proto, addr, ok := strings.Cut(host, "://")
	if !ok || proto == "" || addr == "" {
		return nil, fmt.Errorf(`docker: host %q is not "unix:///path" or "tcp://host:port"`, host)
	}
	opts := []client.Opt{client.WithHost(host), client.WithAPIVersionNegotiation()}
	if proto == "unix" || proto == "tcp" {
		opts = append(opts, client.WithDialContext(func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dial(ctx, proto, addr)
		}))
	}
	cli, err := client.NewClientWithOpts(opts...)
	if err != nil {
		return nil, fmt.Errorf("docker: %w", err)
	}
	return &Daemon{cli: cli}, nil
}

// Close closes the connections.
func (d *Daemon) Close() error { return d.cli.Close() }

// Info is a daemon's information about itself.
type Info struct {
	Version  string
	API      string // that both sides speak
	CPUs     int
	Memory   int64
	Seccomp  bool // it has a default profile
	Runtimes []string
}

// Info asks the daemon for its information. An error means that no daemon answers.
func (d *Daemon) Info(ctx context.Context) (Info, error) {
	i, err := d.cli.Info(ctx)
	if err != nil {
		return Info{}, fmt.Errorf("docker: %w", err)
	}
	info := Info{Version: i.ServerVersion, API: d.cli.ClientVersion(), CPUs: i.NCPU, Memory: i.MemTotal}
	for _, o := range i.SecurityOptions {
		info.Seccomp = info.Seccomp || strings.HasPrefix(o, "name=seccomp")
	}
	for name := range i.Runtimes {
		info.Runtimes = append(info.Runtimes, name)
	}
	slices.Sort(info.Runtimes)
	return info, nil
}

// ErrNoImage means that the daemon does not have an image.
var ErrNoImage = errors.New("no such image")

// Image returns the digest by which the daemon knows an image, and the image's labels.
func (d *Daemon) Image(ctx context.Context, ref string) (digest string, labels map[string]string, err error) {
	im, err := d.cli.ImageInspect(ctx, ref)
	switch {
	case cerrdefs.IsNotFound(err):
		return "", nil, fmt.Errorf("docker: %w: %s", ErrNoImage, ref)
	case err != nil:
		return "", nil, fmt.Errorf("docker: inspect image %s: %w", ref, err)
	}
	if im.Config != nil {
		labels = im.Config.Labels
	}
	return im.ID, labels, nil
}

// leash lets a context interrupt a connection that the client itself does not watch: that of an attachment.
type leash struct {
	mu   sync.Mutex
	conn net.Conn
	cut  bool
}

type leashKey struct{}

func (l *leash) hold(c net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn = c; l.cut {
		_ = c.Close()
	}
}

func (l *leash) pull() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut = true; l.conn != nil {
		_ = l.conn.Close()
	}
}

func dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	if l, ok := ctx.Value(leashKey{}).(*leash); ok {
		l.hold(conn)
	}
	return conn, nil
}
