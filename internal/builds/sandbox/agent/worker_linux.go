package agent

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/spark-games/spark/internal/builds/sandbox/agent/guard"
)

// selfPath re-executes this very binary.
const selfPath = "/proc/self/exe"

// hide keeps other processes of the same account from tracing this one and from reading its memory and its files.
func hide() error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("hide the agent: %w", err)
	}
	return nil
}

// processes is how many processes and threads the account of a job may have. The account is the container's own, so
// other containers do not count.
const processes = 512

// prepareWorker makes the process ready to do jobs: nothing it starts gains privileges, and all of it is killed before the guard when memory
// runs out.
func prepareWorker() error {
	parent, err := os.ReadFile("/proc/1/comm")
	if err != nil {
		return err
	}
	if os.Getppid() != 1 || os.Getuid() == 0 || strings.TrimSpace(string(parent)) != guard.Name {
		return errors.New("a worker is started by a guard, under another account")
	}
	// This comes before hide, after which the file is no longer the worker's own.
	if err := os.WriteFile("/proc/self/oom_score_adj", []byte("500"), 0o600); err != nil {
		return err
	}
	// The threads of this process share nothing but what is said to all of them.
	_, _, errno := syscall.AllThreadsSyscall6(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0)
	if errno != 0 {
		return fmt.Errorf("give up privileges: %w", errno)
	}
	if err := unix.Setrlimit(unix.RLIMIT_NPROC, &unix.Rlimit{Cur: processes, Max: processes}); err != nil {
		return fmt.Errorf("limit the number of processes: %w", err)
	}
	guard.ReserveThreads()
	return nil
}

// stepAttr starts a step in a session of its own in a container, and in the agent's process group elsewhere, which the
// host kills as a whole.
func (s Surroundings) stepAttr() *syscall.SysProcAttr {
	if !s.Contained {
		return nil
	}
	return &syscall.SysProcAttr{Setsid: true}
}

// killStrays ends what a step has left running. The guard, process 1, reaps it.
func (s Surroundings) killStrays() {
	if !s.Contained || os.Getppid() != 1 || os.Getuid() == 0 {
		return
	}
	// To -1 means to everything that this account may signal, but never to the sender itself.
	for wait := 50 * time.Microsecond; wait < time.Second; wait *= 2 {
		if errors.Is(unix.Kill(-1, unix.SIGKILL), unix.ESRCH) {
			return
		}
		time.Sleep(wait)
	}
}
