package docker

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/docker/docker/api/types"
	"github.com/docker/docker/api/types/container"
)

// Container is a running container and the stream to its first process.
type Container struct {
	ID, Name string
	hijacked types.HijackedResponse
	out      *demux
}

// Start creates, attaches and starts a container, in this order: a container whose owner dies between any two of these
// either never runs or ends with its input. Whatever the error, a container of the spec's name may be there and has to
// be removed.
func (d *Daemon) Start(ctx context.Context, s Spec) (*Container, error) {
	config, host := s.config()
	created, err := d.cli.ContainerCreate(ctx, config, host, nil, nil, s.Name)
	if err != nil {
		return nil, d.refused("create", s, err)
	}
	c := &Container{ID: created.ID, Name: s.Name}
	l := &leash{}
	stop := context.AfterFunc(ctx, l.pull)
	c.hijacked, err = d.cli.ContainerAttach(context.WithValue(ctx, leashKey{}, l), c.ID,
		container.AttachOptions{Stream: true, Stdin: true, Stdout: true, Stderr: true})
	if !stop() && err == nil {
		c.hijacked.Close()
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, d.refused("attach to", s, err)
	}
	c.out = &demux{r: c.hijacked.Reader}
	if err := d.cli.ContainerStart(ctx, c.ID, container.StartOptions{}); err != nil {
		c.hijacked.Close()
		return nil, d.refused("start", s, err)
	}
	return c, nil
}

// Pid is the number of a running container's process 1 on the daemon's machine.
func (d *Daemon) Pid(ctx context.Context, id string) (int, error) {
	c, err := d.cli.ContainerInspect(ctx, id)
	if err != nil {
		return 0, fmt.Errorf("docker: inspect %s: %w", id, err)
	}
	if c.ContainerJSONBase == nil || c.State == nil || !c.State.Running {
		return 0, fmt.Errorf("docker: container %s does not run", id)
	}
	return c.State.Pid, nil
}

// Read reads what the process writes to stdout. It answers io.EOF when the process and all who share its stdout are
// gone, or the connection to them.
func (c *Container) Read(p []byte) (int, error) { return c.out.Read(p) }

// Write writes to the process's stdin.
func (c *Container) Write(p []byte) (int, error) { return c.hijacked.Conn.Write(p) }

// Stderr is the beginning of what the process has written to stderr, as far as it came before what has been read.
func (c *Container) Stderr() string { return c.out.stderr() }

// SetDeadline bounds reads and writes. A read that fails by it leaves the stream unusable.
func (c *Container) SetDeadline(t time.Time) error { return c.hijacked.Conn.SetDeadline(t) }

// EndInput closes the process's stdin, which asks an agent to end. It does not wait.
func (c *Container) EndInput() { _ = c.hijacked.CloseWrite() }

// Detach closes the stream. The process's stdin ends with it.
func (c *Container) Detach() { c.hijacked.Close() }

var _ io.ReadWriter = (*Container)(nil)

// refused says what failed, and whether the image or the runtime is the cause.
func (d *Daemon) refused(what string, s Spec, err error) error {
	if s.Runtime != "" && isRuntimeFault(err) {
		return fmt.Errorf("docker: %s a container of %s: %w", what, s.Image, &RuntimeError{s.Runtime, err})
	}
	if isImageFault(what, err) {
		return fmt.Errorf("docker: %s a container of %s: %w", what, s.Image, &ImageError{err})
	}
	return fmt.Errorf("docker: %s a container of %s: %w", what, s.Image, err)
}
