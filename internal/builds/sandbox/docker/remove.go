package docker

import (
	"context"
	"fmt"
	"time"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
)

// Kill ends every process of a container. One that is not there, or not running, is no error.
func (d *Daemon) Kill(ctx context.Context, name string) error {
	err := d.cli.ContainerKill(ctx, name, "KILL")
	if err != nil && !cerrdefs.IsNotFound(err) && !cerrdefs.IsConflict(err) {
		return fmt.Errorf("docker: kill %s: %w", name, err)
	}
	return nil
}

// Rename gives a container another name.
func (d *Daemon) Rename(ctx context.Context, id, name string) error {
	if err := d.cli.ContainerRename(ctx, id, name); err != nil {
		return fmt.Errorf("docker: rename %s: %w", id, err)
	}
	return nil
}

const removalPoll = 20 * time.Millisecond

// Remove kills and removes a container, and returns nil when the daemon does not know it any more.
func (d *Daemon) Remove(ctx context.Context, name string) error {
	for pause := removalPoll; ; pause = min(2*pause, 50*removalPoll) {
		err := d.cli.ContainerRemove(ctx, name, container.RemoveOptions{Force: true, RemoveVolumes: true})
		switch {
		case err == nil || cerrdefs.IsNotFound(err):
			return nil
		case !cerrdefs.IsConflict(err): // a conflict says that the removal is under way already
			return fmt.Errorf("docker: remove %s: %w", name, err)
		}
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return fmt.Errorf("docker: remove %s: %w", name, context.Cause(ctx))
		}
	}
}

// Summary is a container in a list.
type Summary struct {
	ID      string
	Name    string
	State   string // "created", "running", "exited", …
	Labels  map[string]string
	Created time.Time // by the daemon's clock, in seconds
}

// List lists the containers, running or not, that carry a label: "name" or "name=value". Ghosts are left out: a daemon that
// removes a container twice at a time, as after a crash of its own, may keep it in its list for good, without a name, and
// says of it that there is no such container.
func (d *Daemon) List(ctx context.Context, label string) ([]Summary, error) {
	all, err := d.cli.ContainerList(ctx, container.ListOptions{All: true, Filters: filters.NewArgs(filters.Arg("label", label))})
	if err != nil {
		return nil, fmt.Errorf("docker: list containers: %w", err)
	}
	list := make([]Summary, 0, len(all))
	for _, c := range all {
		s := Summary{ID: c.ID, State: c.State, Labels: c.Labels, Created: time.Unix(c.Created, 0)}
		if len(c.Names) > 0 {
			s.Name = c.Names[0][1:]
		} else if _, err := d.cli.ContainerInspect(ctx, c.ID); cerrdefs.IsNotFound(err) {
			continue
		}
		list = append(list, s)
	}
	return list, nil
}
