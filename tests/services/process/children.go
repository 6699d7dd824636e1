//go:build unix

package process

import (
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// KillTree kills a process and its children immediately, and waits until all have ended. It is for servers such as Postgres,
// whose children leave the process group and outlive their parent for a moment.
func (p *Process) KillTree(within time.Duration) error {
	// While it is stopped, the parent starts no child during the listing.
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	children, err := p.children()
	for _, pid := range children {
		if kerr := syscall.Kill(pid, syscall.SIGKILL); kerr != nil && !errors.Is(kerr, syscall.ESRCH) {
			err = errors.Join(err, kerr)
		}
	}
	err = errors.Join(err, p.Stop(syscall.SIGKILL, within))
	deadline := time.Now().Add(within)
	for _, pid := range children {
		for !gone(pid) {
			if time.Now().After(deadline) {
				return errors.Join(err, fmt.Errorf("process %d does not end", pid))
			}
			time.Sleep(time.Millisecond)
		}
	}
	return err
}

func (p *Process) children() ([]int, error) {
	out, err := exec.Command("pgrep", "-P", strconv.Itoa(p.PID())).Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) { // 1: there are none
		return nil, fmt.Errorf("list child processes: %w", err)
	}
	var pids []int
	for field := range strings.FieldsSeq(string(out)) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			return nil, fmt.Errorf("list child processes: %w", err)
		}
		pids = append(pids, pid)
	}
	return pids, nil
}

// gone reports whether a process has ended; one that has not been waited for yet has ended too.
func gone(pid int) bool {
	if err := syscall.Kill(pid, 0); err != nil {
		return errors.Is(err, syscall.ESRCH)
	}
	out, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	return err != nil || strings.HasPrefix(strings.TrimSpace(string(out)), "Z")
}
