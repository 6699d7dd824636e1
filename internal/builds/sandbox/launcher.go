package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/docker"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
)

// Daemon is the part of Docker that the runner needs. *docker.Daemon implements it.
type Daemon interface {
	Info(ctx context.Context) (docker.Info, error)
	Start(ctx context.Context, s docker.Spec) (*docker.Container, error)
	Pid(ctx context.Context, id string) (int, error)
	Rename(ctx context.Context, id, name string) error
	Remove(ctx context.Context, nameOrID string) error
	List(ctx context.Context, label string) ([]docker.Summary, error)
	Watch(ctx context.Context, label string, begun func(), hear func(docker.Event)) error
}

// The labels of a sandbox's container.
const (
	LabelOwner  = "spark.owner"  // the worker that started it
	LabelScope  = "spark.scope"  // among whose workers the owner is known to be alive or dead
	LabelEngine = "spark.engine" // its engine
	// LabelJob is empty: Docker's labels never change, and a container is started before its job is known. The container's name,
	// the log and DockerRunner.Containers show the job.
	LabelJob     = "spark.job"
	LabelExpires = "spark.expires" // Unix time after which no worker can still be using it
)

// launcher starts the pool's containers. It implements pool.Launcher.
type launcher struct {
	daemon  Daemon
	labels  map[string]string // of every container
	prefix  string            // of their names
	shape   Shape
	expires time.Duration
	log     *zap.Logger
	serial  atomic.Uint64
	told    sync.Once

	mu         sync.Mutex
	containers map[string]*container // by name, from before their creation until their removal is confirmed
}

// Shape sets what a container may use beside its class's memory. Zero fields take the value in their comment.
type Shape struct {
	CPUs      float64 // 2, or all that the daemon has
	Processes int64   // 256
	OpenFiles int64   // 2048
	Inodes    int64   // of /work, 65536
	// NoExec forbids to execute programs that a job has made or brought.
	NoExec  bool
	Runtime string // "runsc"
	UserNS  string
}

func (s Shape) withDefaults(cpus int) Shape {
	if s.CPUs <= 0 {
		s.CPUs = 2
	}
	if cpus > 0 {
		s.CPUs = min(s.CPUs, float64(cpus))
	}
	for v, d := range map[*int64]int64{&s.Processes: 256, &s.OpenFiles: 2048, &s.Inodes: 64 << 10} {
		if *v <= 0 {
			*v = d
		}
	}
	return s
}

// A class is a step of memory: plans with similar limits share containers.
const (
	smallestClass = 256 << 20
	largestClass  = 16 << 30
	// overhead is what a container may use beside its class: its agent, before and beside the job.
	overhead = 256 << 20
	tmpBytes = 16 << 20
)

// classOf names the smallest class that has a plan's memory.
func classOf(l engines.Limits) string {
	n := int64(smallestClass)
	for n < l.MemoryBytes && n < largestClass {
		n *= 2
	}
	return strconv.FormatInt(n>>20, 10) + "m"
}

func classBytes(class string) (int64, error) {
	mb, err := strconv.ParseInt(strings.TrimSuffix(class, "m"), 10, 64)
	if err != nil || mb <= 0 {
		return 0, fmt.Errorf("sandbox: bad class %q", class)
	}
	return mb << 20, nil
}

func (l *launcher) spec(name string, key pool.Key) (docker.Spec, error) {
	memory, err := classBytes(key.Class)
	if err != nil {
		return docker.Spec{}, err
	}
	labels := map[string]string{LabelEngine: key.Engine, LabelJob: "",
		LabelExpires: strconv.FormatInt(time.Now().Add(l.expires).Unix(), 10)}
	maps.Copy(labels, l.labels)
	return docker.Spec{
		Name: name, Image: key.Image, Labels: labels,
		// Files in /work are memory too. With half of the class, a job that fills it gets an error instead of being killed.
		Memory: memory + overhead, Work: docker.Tmpfs{Bytes: memory / 2, Inodes: l.shape.Inodes, Exec: !l.shape.NoExec},
		Tmp:       docker.Tmpfs{Bytes: tmpBytes, Inodes: 1024},
		NanoCPUs:  int64(l.shape.CPUs * 1e9),
		Processes: l.shape.Processes, OpenFiles: l.shape.OpenFiles, FileBytes: memory / 2,
		Runtime: l.shape.Runtime, UserNS: l.shape.UserNS,
	}, nil
}

// Launch implements pool.Launcher.
func (l *launcher) Launch(ctx context.Context, key pool.Key) (pool.Sandbox, error) {
	c := &container{launcher: l, name: fmt.Sprintf("%s-%d", l.prefix, l.serial.Add(1)), gone: make(chan struct{})}
	s, err := l.spec(c.name, key)
	if err != nil {
		return nil, pool.Permanent(err)
	}
	l.mu.Lock()
	l.containers[c.name] = c
	l.mu.Unlock()
	if c.conn, err = l.daemon.Start(ctx, s); err != nil {
		if _, ok := errors.AsType[*docker.ImageError](err); ok {
			err = pool.Permanent(err)
		} else if _, ok := errors.AsType[*docker.RuntimeError](err); ok {
			err = pool.Permanent(err)
		}
		return c, err
	}
	c.id.Store(&c.conn.ID)
	held := make(chan struct{})
	go func() { // while the agent starts
		defer close(held)
		c.hold(ctx)
	}()
	err = c.hello(ctx)
	<-held
	if errors.Is(err, io.EOF) && l.away(ctx) { // the agent is not to blame
		err = errors.Join(err, docker.ErrAway)
	}
	if err != nil {
		return c, fmt.Errorf("sandbox %s: %w", c.name, err)
	}
	return c, nil
}

// answerWithin is how long a daemon may take to say that it is there.
const answerWithin = 2 * time.Second

// away reports whether the daemon does not answer: one that stops takes its containers with it, and one that crashes their streams.
func (l *launcher) away(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	_, err := l.daemon.Info(ctx)
	return err != nil
}

// hold opens the container's process 1, if possible: with a daemon on another machine it is not.
func (c *container) hold(ctx context.Context) {
	pid, err := c.launcher.daemon.Pid(ctx, c.conn.ID)
	if err == nil {
		c.proc, err = holdProcess(pid, c.conn.ID)
	}
	if err != nil {
		c.launcher.remote(err)
	}
}

// remote logs, once, that containers can be killed through the daemon only.
func (l *launcher) remote(err error) {
	l.told.Do(func() {
		l.log.Info("the containers' processes cannot be reached from here: a job's end waits for the daemon to confirm it", zap.Error(err))
	})
}

// close closes what is left.
func (l *launcher) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.containers {
		c.proc.close()
	}
}

func (l *launcher) forget(c *container) {
	c.proc.close()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.containers, c.name)
}

// knows reports whether this runner knows a container: by its id, because its name changes, or by its first name before the
// daemon has returned the id.
func (l *launcher) knows(c docker.Summary) bool {
	l.mu.Lock()
	known := l.containers[c.Name] != nil
	l.mu.Unlock()
	return known || l.byID(c.ID) != nil
}

// hear records a container's death.
func (l *launcher) hear(e docker.Event) {
	if c := l.byID(e.ID); c != nil {
		switch e.What {
		case docker.OutOfMemory:
			c.oom.Store(true)
		case docker.Died, docker.Destroyed:
			c.ended()
		}
	}
}

func (l *launcher) byID(id string) *container {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.containers {
		if p := c.id.Load(); p != nil && *p == id {
			return c
		}
	}
	return nil
}

// started are the containers that have been running.
func (l *launcher) started() []*container {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []*container
	for _, c := range l.containers {
		if c.id.Load() != nil {
			list = append(list, c)
		}
	}
	return list
}
