//go:build linux

package main

import (
	"context"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/attacks/reads"
)

// builds are the findings about what a build can reach.
func builds(w *world) (list []finding) {
	for _, name := range slices.Sorted(maps.Keys(reads.Projects)) {
		fault := 1
		if !strings.HasPrefix(name, "source") {
			fault = 2
		}
		list = append(list,
			finding{fault, "a project reads a file: " + name, "local", func(ctx context.Context) (string, error) {
				return w.readsHere(ctx, reads.Projects[name])
			}},
			finding{fault, "a project reads a file: " + name, "docker", func(ctx context.Context) (string, error) {
				return w.readsImage(ctx, reads.Projects[name])
			}})
	}
	list = append(list,
		finding{2, "local agents are not confined", "local", func(context.Context) (string, error) {
			got, err := w.local.Isolation()
			if err == nil && got.Level != engines.Confined {
				return fmt.Sprintf("%s: %s", got.Level, got.Reason), nil
			}
			return "", err
		}},
		finding{2, "a hostile program reaches files, sockets and processes of the machine", "local", w.hostileHere})
	for _, attack := range []string{"forge", "trace", "signals", "escape", "network"} {
		list = append(list, finding{2, "a hostile program attacks its container: " + attack, "docker", func(ctx context.Context) (string, error) {
			return broken(ctx, w.contained, hostile(engine{image: w.image}, "/hostile", attack))
		}})
	}
	return append(list,
		finding{10, "a build that needs too much memory is called a mistake of the project", "local", func(ctx context.Context) (string, error) {
			return w.memoryBomb(ctx, w.local, "{toolchain}/hostile")
		}},
		finding{10, "a build that needs too much memory is called a mistake of the project", "docker", func(ctx context.Context) (string, error) {
			return w.memoryBomb(ctx, w.contained, "/hostile")
		}})
}

// readsHere has a project ask for a file of this machine, once without the file and once with it: the result must be the same,
// and show nothing of the file.
func (w *world) readsHere(ctx context.Context, project func(string) []models.File) (string, error) {
	file := filepath.Join(w.dir, "outside.js")
	defer os.Remove(file)
	for _, mode := range []engines.Mode{engines.Preview, engines.Release} {
		missing, _, err := reads.Told(ctx, w.local, engine{}, mode, project(file))
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(file, reads.Bait(secret), 0o644); err != nil {
			return "", err
		}
		present, log, err := reads.Told(ctx, w.local, engine{}, mode, project(file))
		switch {
		case err != nil:
			return "", err
		case strings.Contains(present+log, secret):
			return "it shows the file", nil
		case present != missing:
			return "it shows that there is a file", nil
		}
		if err := os.Remove(file); err != nil {
			return "", err
		}
	}
	return "", nil
}

// readsImage has a project ask for a file of the image.
func (w *world) readsImage(ctx context.Context, project func(string) []models.File) (string, error) {
	for _, mode := range []engines.Mode{engines.Preview, engines.Release} {
		told, log, err := reads.Told(ctx, w.contained, engine{image: w.image}, mode, project(bait))
		if err != nil {
			return "", err
		}
		if strings.Contains(told+log, secret) {
			return "it shows the file", nil
		}
	}
	return "", nil
}

// hostile is a build that runs the hostile program.
func hostile(e engine, program string, args ...string) engines.RunRequest {
	return engines.RunRequest{Account: "attacker", JobID: strings.Join(args, " "), Engine: e, Files: []models.File{{Path: "main.js"}},
		Plan: engines.Plan{Command: &engines.Command{Output: "out", Executes: true,
			Steps: []engines.Step{{Argv: append([]string{program}, args...), Dir: "{work}/out"}}}}}
}

// broken are the protections that the hostile program reports as broken.
func broken(ctx context.Context, r engines.Runner, job engines.RunRequest) (string, error) {
	sink := engines.NewSpool("")
	defer sink.Close()
	job.Sink = sink
	res, err := r.Run(ctx, job)
	if err != nil {
		if res != nil {
			err = fmt.Errorf("%w: %s", err, res.LogTail)
		}
		return "", err
	}
	var walls []string
	for line := range strings.Lines(res.LogTail) {
		if what, ok := strings.CutPrefix(line, "BROKE "); ok {
			walls = append(walls, strings.TrimSpace(what))
		}
	}
	if !strings.Contains(res.LogTail, "held ") && len(walls) == 0 {
		return "", fmt.Errorf("the hostile program tried nothing: %s", res.LogTail)
	}
	return strings.Join(walls, "; "), nil
}

// hostileHere runs the hostile program on this machine, with bait to find.
func (w *world) hostileHere(ctx context.Context) (string, error) {
	folder := filepath.Join(w.dir, "private")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(folder, "secret"), []byte(secret), 0o666); err != nil {
		return "", err
	}
	var cfg net.ListenConfig
	tcp, err := cfg.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer tcp.Close()
	socket, err := cfg.Listen(ctx, "unix", filepath.Join(folder, "socket"))
	if err != nil {
		return "", err
	}
	defer socket.Close()
	datagrams, err := cfg.ListenPacket(ctx, "unixgram", filepath.Join(folder, "datagrams"))
	if err != nil {
		return "", err
	}
	defer datagrams.Close()
	shared, err := unix.SysvShmGet(unix.IPC_PRIVATE, 4096, 0o600)
	if err != nil {
		return "", err
	}
	defer func() { _, _ = unix.SysvShmCtl(shared, unix.IPC_RMID, nil) }()
	return broken(ctx, w.local, hostile(engine{}, "{toolchain}/hostile", "machine", fmt.Sprint(os.Getpid()), folder, tcp.Addr().String(),
		fmt.Sprint(shared)))
}

func (w *world) memoryBomb(ctx context.Context, r engines.Runner, program string) (string, error) {
	job := hostile(engine{image: w.image}, program, "memory-bomb")
	sink := engines.NewSpool("")
	defer sink.Close()
	job.Sink = sink
	_, err := r.Run(ctx, job)
	if code := models.CodeOf(err); code != models.CodeOutOfMemory {
		return fmt.Sprintf("it ends with %v", err), nil
	}
	return "", nil
}
