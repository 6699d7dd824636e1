package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/docker"
	"github.com/spark-games/spark/tests/services/find"
	"github.com/spark-games/spark/tests/services/process"
	"github.com/spark-games/spark/tests/services/server"
)

// CanRunDocker reports whether a platform can have a Docker daemon of its own here.
func CanRunDocker() bool {
	_, err := find.Dockerd()
	return err == nil && server.CanRunDocker() == nil
}

// startDocker starts a daemon that all workers use, and makes the image of the engine that the load builds with.
func (c *Cluster) startDocker(ctx context.Context) error {
	binary, err := find.Dockerd()
	if err != nil {
		return err
	}
	dir := filepath.Join(c.Dir, "docker")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	c.Docker = server.NewDocker(binary, dir)
	if err := c.Docker.Start(ctx); err != nil {
		return err
	}
	images := exec.CommandContext(ctx, filepath.Join(c.programs, "spark"), "images", "phaser")
	images.Env = process.Environment("SPARK_", "SPARK_DOCKER_HOST="+c.Docker.Host())
	if out, err := images.CombinedOutput(); err != nil {
		return fmt.Errorf("make the image: %w\n%s", err, out)
	}
	return nil
}

func (c *Cluster) stopDocker() error {
	if c.Docker == nil {
		return nil
	}
	err := c.Docker.Stop()
	// Containers that a killed daemon has left, and that the next one did not find, have no daemon to end them.
	return errors.Join(err, endBelow(filepath.Join(c.Dir, "docker")), os.RemoveAll(filepath.Join(c.Dir, "docker")))
}

// HasDocker reports whether builds run in containers.
func (c *Cluster) HasDocker() bool { return c.Docker != nil }

// Containers are the names of all containers of the daemon.
func (c *Cluster) Containers(ctx context.Context) (names []string, err error) {
	if c.Docker == nil {
		return nil, nil
	}
	d, err := docker.Connect(c.Docker.Host())
	if err != nil {
		return nil, err
	}
	all, err := d.List(ctx, sandbox.LabelOwner)
	for _, one := range all {
		names = append(names, fmt.Sprintf("%s (%s)", one.Name, one.State))
	}
	return names, errors.Join(err, d.Close())
}

// endBelow ends the processes whose command names the folder, with their children: a container's first process is its helper's.
func endBelow(dir string) error {
	cmds, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		return err
	}
	for _, file := range cmds {
		cmd, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(cmd), dir+"/") {
			continue // it has ended meanwhile, or is another's
		}
		own := filepath.Dir(file)
		children, err := os.ReadFile(filepath.Join(own, "task", filepath.Base(own), "children"))
		if err != nil {
			continue
		}
		for _, id := range append(strings.Fields(string(children)), filepath.Base(own)) {
			if pid, err := strconv.Atoi(id); err == nil && pid != os.Getpid() {
				_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended by itself
			}
		}
	}
	return nil
}
