// Package agent is the process that builds one project at a time, on behalf of a host that speaks the sandbox protocol
// over its stdin and stdout: a child of the worker, or process 1 of an engine's container.
//
// A bundle is made in memory: only the toolchain's packages are read from disk, and no code of the project runs. A command gets
// a workspace on disk in which the engine's programs run. The agent exits when its host goes away, or when a frame is invalid.
//
// As process 1 of a container the agent is two processes: a guard (package guard), which communicates with the host and touches
// nothing that comes from a project, and a worker under another account, which does the job.
package agent

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/agent/guard"
	"github.com/spark-games/spark/internal/builds/sandbox/bundle"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// Arg is the first argument that turns a binary which calls MaybeRun into the agent.
const Arg = "engine-agent"

var hosted atomic.Bool

// MaybeRun makes this process the agent, and never returns, if its first argument is Arg. A main (or TestMain) that calls it
// first needs no second binary to build games.
func MaybeRun() {
	if len(os.Args) > 1 && os.Args[1] == Arg {
		os.Exit(Main())
	}
	hosted.Store(true)
}

// Embedded reports whether MaybeRun was called, so that re-executing this binary with Arg gives an agent and not a second
// copy of the program.
func Embedded() bool { return hosted.Load() }

// Main is the agent's main function, in the role that its arguments and its environment determine. It returns the exit code.
func Main() int {
	var args []string
	if len(os.Args) > 2 && os.Args[1] == Arg {
		args = os.Args[2:]
	}
	switch {
	case len(args) == 0 && os.Getpid() == 1:
		return guard.Main([]string{selfPath, Arg, roleWorker}, []string{selfPath, Arg, roleCleaner})
	case len(args) == 0:
		return report(serve(Surroundings{Limit: limit, Isolation: engines.Isolation{Level: engines.Open,
			Reason: "the agent was not told where it may work"}}))
	case len(args) == 3 && args[0] == RoleLocal:
		return report(local(args[1], args[2]))
	case len(args) == 1 && args[0] == roleWorker:
		return report(work())
	case len(args) == 1 && args[0] == roleCleaner:
		return report(guard.Clean())
	}
	return report(fmt.Errorf("an agent has no role %q", args))
}

func report(err error) int {
	if err != nil {
		fmt.Fprintln(os.Stderr, "engine-agent:", err)
		return 1
	}
	return 0
}

// Grace is how long after a job's time limit process 1 of a container exits by itself, if the host has not killed it.
const Grace = guard.Grace

// RoleLocal is the role of an agent on a machine. Its arguments are the folder in which its jobs have their workspaces, and
// the one in which all toolchains are, "" for none.
const RoleLocal = "local"

// The roles of an agent's own children in a container.
const (
	roleWorker  = "worker"
	roleCleaner = "cleaner"
)

// work serves a guard from under the job's account.
func work() error {
	if err := prepareWorker(); err != nil {
		return err
	}
	return serve(Surroundings{Limit: limit, Contained: true})
}

// serve serves stdin and stdout until the process ends.
func serve(around Surroundings) error {
	// Builds are short and memory is limited anyhow: collect only when the limit comes near.
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(256 << 20)
	debug.SetMaxStack(256 << 20)
	if err := hide(); err != nil {
		return err
	}
	// A container of an engine that does not bundle may have no place to do that in.
	if err := bundle.Leave(); err != nil && !around.Contained {
		return err
	}
	_ = warmUp(!around.Contained || guard.HasPackages()) // an agent that has nowhere to do it is only slower at its first job
	return Serve(os.Stdin, os.Stdout, around)
}

// Serve greets the host and does its jobs until it closes the input.
func Serve(in io.Reader, out io.Writer, around Surroundings) error {
	s := newSender(out)
	if err := s.greet(around.Isolation); err != nil {
		return err
	}
	r := protocol.NewReader(in)
	var j *job
	for {
		f, err := r.NextOrStart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if f.Type == protocol.Start {
			if j != nil && !s.ended() {
				return fmt.Errorf("%w: start during a job", protocol.ErrUnexpected)
			}
			s.begin(f.Token)
			if j, err = newJob(f, s, around); err != nil {
				return err
			}
			continue
		}
		if j == nil {
			return fmt.Errorf("%w: %s before start", protocol.ErrUnexpected, f.Type)
		}
		if err := j.accept(f); err != nil {
			return err
		}
	}
}

// Limits of the input of an agent; they match what models allows for a project.
const (
	maxFiles = models.MaxProjectFiles
	maxBytes = models.MaxProjectBytes
)

// DefaultLimits are the limits of a plan that sets none.
var DefaultLimits = engines.Limits{
	Time:        time.Minute,
	MemoryBytes: 1 << 30,
	OutputBytes: 128 << 20,
	OutputFiles: 1000,
	LogBytes:    64 << 10,
}
