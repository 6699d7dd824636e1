package guard

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"golang.org/x/sys/unix"

	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// Main guards workers, which the command starts, until the host closes stdin, and returns the exit code. The cleaner is
// the command that calls Clean.
func Main(workerCommand, cleanerCommand []string) int {
	debug.SetGCPercent(400)
	g, err := begin(workerCommand, cleanerCommand)
	if err == nil {
		err = g.serve()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "engine-agent:", err)
		return 1
	}
	return 0
}

type guard struct {
	in        *protocol.Reader
	out       *protocol.Writer
	family    *family
	worker    *worker
	last      *job // nil before the first
	unsettled bool // the container is as the last job has left it
	kills     int  // the number of kills for lack of memory when it was last made ready
	pinged    bool // the host has begun a job without an action
	command   []string
	cleaner   []string
}

func begin(workerCommand, cleanerCommand []string) (*guard, error) {
	if err := os.WriteFile("/proc/self/comm", []byte(Name), 0o600); err != nil {
		return nil, err
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return nil, fmt.Errorf("hide the guard: %w", err)
	}
	ReserveThreads()
	stdin, err := pollable(0, "stdin")
	if err != nil {
		return nil, err
	}
	stdout, err := pollable(1, "stdout")
	if err != nil {
		return nil, err
	}
	widen(stdout)
	g := &guard{in: protocol.NewReader(stdin), out: protocol.NewWriter(stdout), family: newFamily(), kills: memoryKills(),
		command: workerCommand, cleaner: cleanerCommand}
	if g.worker, err = g.start(); err != nil {
		return nil, err
	}
	return g, nil
}

// pollable lets the runtime wait for a descriptor without keeping a thread for it.
func pollable(fd int, name string) (*os.File, error) {
	if err := unix.SetNonblock(fd, true); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return os.NewFile(uintptr(fd), name), nil
}

// start starts a worker and waits until it greets.
func (g *guard) start() (*worker, error) {
	w, err := startWorker(g.family, g.command)
	if err != nil {
		return nil, err
	}
	return w, w.awaitHello(helloTimeout)
}

const helloTimeout = 20 * time.Second

func (g *guard) serve() error {
	hello, err := protocol.Encode(protocol.Greeting{Version: protocol.Version})
	if err != nil {
		return err
	}
	if err := errors.Join(g.out.Send(protocol.Hello, hello), g.out.Flush()); err != nil {
		return err
	}
	for {
		f, err := g.in.NextOrStart()
		if errors.Is(err, io.EOF) {
			return nil // and the system ends everything that process 1 leaves behind
		}
		if err != nil {
			return err
		}
		if err := g.accept(f); err != nil {
			return err
		}
	}
}

// accept passes a frame from the host to the worker. If the worker does not read it, that is no error here: its job fails.
func (g *guard) accept(f protocol.Frame) error {
	if f.Type == protocol.Start {
		if err := g.settle(); err != nil {
			return err
		}
		spec, err := protocol.Decode[protocol.Spec](f)
		if err != nil {
			return err
		}
		g.out.Begin(f.Token)
		if g.pinged = !spec.Plan.Acts(); g.pinged {
			return nil
		}
		g.worker.begin(f.Token)
		_ = g.worker.w.Send(f.Type, f.Payload)
		g.last = &job{g: g, w: g.worker, runs: spec.Plan.Command != nil, last: spec.Last,
			over: make(chan struct{}), left: make(chan struct{})}
		g.last.credit.Reset()
		g.unsettled = true
		if limit := spec.Plan.Limits.Time; limit > 0 {
			g.last.overdue = time.AfterFunc(limit+Grace, func() {
				fmt.Fprintln(os.Stderr, "engine-agent: the job's time is over, and no one ends it")
				os.Exit(1) // and the system ends everything else
			})
		}
		go g.last.relay()
		return nil
	}
	if g.pinged {
		return g.pong(f)
	}
	switch {
	case f.Type == protocol.Credit && g.last != nil && g.last.isOver():
		return nil // it was in transit when the job ended
	case g.last == nil || g.last.isOver():
		return fmt.Errorf("%w: %s before start", protocol.ErrUnexpected, f.Type)
	}
	if f.Type == protocol.Credit {
		if err := g.last.credit.Grant(f); err != nil {
			return err
		}
	}
	// The job's own worker: once the job is over, the next one has another.
	w := g.last.w.w
	_ = w.Send(f.Type, f.Payload)
	if g.in.Waiting() == 0 {
		_ = w.Flush() // before the wait for more
	}
	return nil
}

// settle makes the container ready for another job, if there has been one since the last time. It runs when the host pings
// again: earlier, it would compete with the delivery of the job's result for the processors.
func (g *guard) settle() error {
	if g.last != nil && !g.last.isOver() {
		return fmt.Errorf("%w: start during a job", protocol.ErrUnexpected)
	}
	if !g.unsettled {
		return nil
	}
	<-g.last.left // the host may react to the end before the writer has returned from sending it
	if err := g.reset(g.last); err != nil {
		return fmt.Errorf("reset: %w", err)
	}
	g.unsettled, g.kills = false, memoryKills()
	return nil
}

// pong answers a job without an action, by which the host checks the container: its worker must be alive and ready.
func (g *guard) pong(f protocol.Frame) error {
	if f.Type != protocol.Run {
		return fmt.Errorf("%w: %s in a job without an action", protocol.ErrUnexpected, f.Type)
	}
	g.pinged = false
	if err := g.worker.ready(); err != nil {
		return err
	}
	end, err := protocol.Encode(protocol.End{Outcome: protocol.Failed, Message: "the plan has no action"})
	if err != nil {
		return err
	}
	return errors.Join(g.out.Send(protocol.Done, end), g.out.Flush())
}
