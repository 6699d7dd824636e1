// Package process runs the helper programs of the tests. A helper has its own process group, so that Ctrl-C in the terminal does
// not reach it before its owner decides what to do. It writes to files, never to pipes, so that a forgotten grandchild cannot
// keep its owner waiting. On Linux it dies with its owner, however the owner dies.
package process

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// User is the account that a helper runs as. Only root can ask for another one.
type User struct {
	UID, GID int
}

// Spec says what to run.
type Spec struct {
	Path string
	Args []string
	Dir  string
	// Env is the complete environment of the helper; nil means the owner's.
	Env []string
	// Stdin, Stdout and Stderr are passed as they are; nil means the null device.
	Stdin, Stdout, Stderr *os.File
	// User is nil for the owner's own account.
	User *User
	// OrphanSignal is sent to the helper when its owner dies (Linux only; elsewhere it has no effect). Zero means SIGKILL.
	OrphanSignal syscall.Signal
}

// Process is a running or ended helper. Its methods may be called from several goroutines.
type Process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error // set before done is closed
}

// Start starts a helper.
func Start(spec Spec) (*Process, error) {
	cmd := exec.Command(spec.Path, spec.Args...)
	cmd.Dir, cmd.Env = spec.Dir, spec.Env
	// A nil *os.File must not become a non-nil interface: exec would then copy from it instead of opening the null device.
	if spec.Stdin != nil {
		cmd.Stdin = spec.Stdin
	}
	if spec.Stdout != nil {
		cmd.Stdout = spec.Stdout
	}
	if spec.Stderr != nil {
		cmd.Stderr = spec.Stderr
	}
	cmd.SysProcAttr = attributes(spec)

	p := &Process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		// Linux ties the signal at the owner's death to the thread that forked. Locking that thread until the helper has ended
		// keeps the runtime from ending it earlier.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", spec.Path, err)
	}
	return p, nil
}

// PID is the helper's process id, which is also its group's id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the helper has ended and has been reaped.
func (p *Process) Done() <-chan struct{} { return p.done }

// ExitCode waits for the end and returns the exit code; 128 plus the signal's number if a signal ended it, as in a shell.
func (p *Process) ExitCode() int {
	<-p.done
	status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return p.cmd.ProcessState.ExitCode()
}

// Err waits for the end and returns the error; nil for exit code 0.
func (p *Process) Err() error {
	<-p.done
	return p.err
}

// Signal sends a signal to the helper alone. A helper that has ended is not an error.
func (p *Process) Signal(sig syscall.Signal) error {
	if err := p.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("send %s to process %d: %w", sig, p.PID(), err)
	}
	return nil
}

// SignalGroup sends a signal to the helper and to the processes in its group. An empty group is not an error.
func (p *Process) SignalGroup(sig syscall.Signal) error {
	err := syscall.Kill(-p.PID(), sig)
	// macOS answers EPERM, not ESRCH, for a group that holds nothing but zombies.
	if err != nil && !errors.Is(err, syscall.ESRCH) && !errors.Is(err, syscall.EPERM) {
		return fmt.Errorf("send %s to process group %d: %w", sig, p.PID(), err)
	}
	return nil
}

// Stop asks the helper to end, gives it a grace period, then kills its group, and returns when the helper has ended. It may be
// called again, and for a helper that has ended.
func (p *Process) Stop(sig syscall.Signal, grace time.Duration) error {
	select {
	case <-p.done:
		return nil
	default:
	}
	err := p.Signal(sig)
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.done:
		return err
	case <-timer.C:
	}
	err = errors.Join(err, p.SignalGroup(syscall.SIGKILL))
	<-p.done
	return err
}

// Tail returns the last lines of a helper's log file, for an error message.
func Tail(path string, lines int) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Sprintf("(its log cannot be read: %v)", err)
	}
	all := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
