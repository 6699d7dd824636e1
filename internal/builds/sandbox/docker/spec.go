package docker

import (
	"fmt"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/go-units"
)

// Spec is a container to start. Everything that it does not set is locked down.
type Spec struct {
	Name   string // unique; by it the container is found when the daemon's answer is lost
	Image  string // digest
	Labels map[string]string

	Memory    int64 // bytes, swap included
	NanoCPUs  int64
	Processes int64
	OpenFiles int64
	FileBytes int64 // of one file

	Work Tmpfs // /work
	Tmp  Tmpfs // /tmp

	Runtime string // "" is the daemon's default; "runsc"
	UserNS  string // "" is the daemon's default; "host" opts out of its remapping
}

// Tmpfs is a file system in memory, counted as the container's memory.
type Tmpfs struct {
	Bytes  int64
	Inodes int64
	Exec   bool // programs on it may be executed
}

func (t Tmpfs) options() string {
	opts := []string{"rw", "nosuid", "nodev", "mode=1777", fmt.Sprintf("size=%d", t.Bytes), fmt.Sprintf("nr_inodes=%d", t.Inodes)}
	if t.Exec {
		return strings.Join(append(opts, "exec"), ",")
	}
	return strings.Join(append(opts, "noexec"), ",")
}

// Capabilities are the only ones of process 1: it becomes the job's user for each job, and kills what the job left behind.
var Capabilities = []string{"SETUID", "SETGID", "KILL"}

// config is the container in Docker's words. The default seccomp profile applies wherever the daemon has one, because
// it is not switched off.
func (s Spec) config() (*container.Config, *container.HostConfig) {
	no := false
	ulimit := func(name string, n int64) *container.Ulimit { return &units.Ulimit{Name: name, Soft: n, Hard: n} }
	return &container.Config{
			Image:           s.Image,
			Labels:          s.Labels,
			Hostname:        "spark",
			User:            "0:0",
			WorkingDir:      "/",
			NetworkDisabled: true,
			AttachStdin:     true,
			AttachStdout:    true,
			AttachStderr:    true,
			OpenStdin:       true,
			StdinOnce:       true, // the input ends with the connection, and the container with the input
		}, &container.HostConfig{
			NetworkMode:    "none",
			IpcMode:        "none",
			UsernsMode:     container.UsernsMode(s.UserNS),
			Runtime:        s.Runtime,
			ReadonlyRootfs: true,
			CapDrop:        []string{"ALL"},
			CapAdd:         Capabilities,
			SecurityOpt:    []string{"no-new-privileges"},
			Tmpfs:          map[string]string{"/work": s.Work.options(), "/tmp": s.Tmp.options()},
			LogConfig:      container.LogConfig{Type: "none"},
			AutoRemove:     true,
			Init:           &no,
			OomScoreAdj:    250, // before anything of the machine's own, and after the job, which the agent puts higher
			Resources: container.Resources{
				Memory:     s.Memory,
				MemorySwap: s.Memory,
				NanoCPUs:   s.NanoCPUs,
				PidsLimit:  &s.Processes,
				Ulimits:    []*container.Ulimit{ulimit("nofile", s.OpenFiles), ulimit("fsize", s.FileBytes), ulimit("core", 0)},
			},
		}
}
