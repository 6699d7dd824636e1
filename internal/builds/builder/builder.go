package builder

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/images"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/docker"
	"github.com/spark-games/spark/internal/builds/toolchain"
)

// Mode says where builds may run.
type Mode string

// The modes.
const (
	Auto   Mode = "auto"   // in containers where there is an image, or where the engine needs one; else in local processes
	Docker Mode = "docker" // in containers only
	Local  Mode = "local"  // in local processes only
)

// Options configure a Builder.
type Options struct {
	Mode Mode
	// Min is the lowest isolation level allowed. A build that cannot reach it fails.
	Min        engines.IsolationLevel
	Owner      string // identifies this worker, uniquely
	Engines    *engines.Registry
	Toolchains *toolchain.Installer
	Dir        string // the local agents' working folder
	Slots      int    // builds that run concurrently
	Containers Containers
	Metrics    prometheus.Registerer
	Log        *zap.Logger
}

// Containers says how builds run in Docker.
type Containers struct {
	Host    string // address of the daemon, "" for the usual one
	Runtime string // "runsc"; "" is the daemon's
	UserNS  string // "host" opts out of the daemon's remapping of users
	Max     int    // containers that there may be; 0 is two for each slot, and two more
	Warm    int    // kept ready for each engine in use
	Reuse   bool   // a container may run several jobs of one account
}

// Builder runs builds in Docker or in local processes. It implements engines.Runner and is safe for concurrent use.
type Builder struct {
	opts  Options
	local *sandbox.LocalRunner // nil when only Docker will do
	log   *zap.Logger

	images    *images.Maker
	daemon    *docker.Daemon
	metrics   *metrics
	ready     chan struct{} // closed when it is known whether there is a daemon, and which images it has
	readyOnce sync.Once
	runner    atomic.Pointer[sandbox.DockerRunner]

	unreachable atomic.Bool // the daemon did not answer the latest request
	denied      atomic.Bool // there is one, but Spark's user may not use it
	tally       tally
	locals      locals

	mu      sync.Mutex
	lacking string                 // the engines without an image, as logged last
	records map[string]imageRecord // by engines.Ref
	refs    map[string]string      // engines.Ref by digest of an image that it has, or had
}

var _ engines.Runner = (*Builder)(nil)

// New makes a builder. It does not wait for Docker: Connect connects to it. Close it.
func New(opts Options) (b *Builder, err error) {
	b = &Builder{opts: opts, log: opts.Log, ready: make(chan struct{}),
		records: make(map[string]imageRecord), refs: make(map[string]string)}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Close(context.Background()))
		}
	}()
	if opts.Mode != Docker && opts.Min != engines.Contained {
		b.local, err = sandbox.NewLocalRunner(sandbox.Options{Toolchains: opts.Toolchains, Log: opts.Log.Named("sandbox"), Dir: opts.Dir, Warm: opts.Slots})
		if err != nil {
			return b, err
		}
	}
	b.metrics = newMetrics(opts.Metrics, b)
	if opts.Mode == Local {
		close(b.ready)
		return b, nil
	}
	if b.daemon, err = docker.Connect(opts.Containers.Host); err != nil {
		return b, err
	}
	b.images, err = images.New(images.Options{Host: opts.Containers.Host, Toolchains: opts.Toolchains, Log: opts.Log.Named("images")})
	return b, err
}

// Close ends the builder: running builds may finish until the context ends and are killed then. It returns when nothing of them
// is running any more. Connect must have returned.
func (b *Builder) Close(ctx context.Context) error {
	var errs []error
	if r := b.runner.Load(); r != nil {
		errs = append(errs, r.Close(ctx))
	}
	if b.images != nil {
		errs = append(errs, b.images.Close())
	}
	if b.daemon != nil {
		errs = append(errs, b.daemon.Close())
	}
	if b.local != nil {
		errs = append(errs, b.local.Close(ctx))
	}
	return errors.Join(errs...)
}
