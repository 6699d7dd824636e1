package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spark-games/spark/tests/bench/peers"
)

// machine is what the figures were measured on.
func machine(ctx context.Context) string {
	return fmt.Sprintf("%s, %d cores, %s of memory, %s", procLine("/proc/cpuinfo", "model name"), runtime.NumCPU(),
		procLine("/proc/meminfo", "MemTotal"), output(ctx, "uname", "-sr"))
}

// procLine is the value of the first line "name: value" of a file, or "unknown".
func procLine(file, name string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(data)) {
		if k, v, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(k) == name {
			return strings.TrimSpace(v)
		}
	}
	return "unknown"
}

// output is what a program prints, or "unknown".
func output(ctx context.Context, program string, args ...string) string {
	out, err := exec.CommandContext(ctx, program, args...).Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

// versions are those of everything that was measured.
func versions(ctx context.Context, s peers.Servers) []string {
	all := []string{"Spark " + output(ctx, "git", "describe", "--always", "--dirty"), strings.Replace(runtime.Version(), "go", "Go ", 1),
		"PostgreSQL " + s.PostgresVersion, "Redis " + s.RedisVersion, "Node " + output(ctx, "node", "--version")}
	if info, ok := debug.ReadBuildInfo(); ok {
		names := map[string]string{"github.com/hibiken/asynq": "asynq", "github.com/riverqueue/river": "River"}
		for _, d := range info.Deps {
			if n := names[d.Path]; n != "" {
				all = append(all, n+" "+d.Version)
			}
		}
	}
	return append(all, peers.NodeVersions()...)
}
