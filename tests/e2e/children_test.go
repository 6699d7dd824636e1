package e2e

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// freezeChildren stops the clock of a program's child processes: whatever they are given to do stands still. It waits
// until there are some, and returns them.
func freezeChildren(t *testing.T, p *program) (frozen []int) {
	t.Helper()
	eventually(t, startWithin, "the program has children", func() bool {
		for _, pid := range childrenOf(t, p.PID()) {
			if err := syscall.Kill(pid, syscall.SIGSTOP); err == nil {
				frozen = append(frozen, pid)
			}
		}
		return len(frozen) > 0
	})
	return frozen
}

// thaw lets frozen children go on, and waits until one of them has done its work and is gone.
func thaw(t *testing.T, frozen []int) {
	t.Helper()
	for _, pid := range frozen {
		require.NoError(t, syscall.Kill(pid, syscall.SIGCONT))
	}
	eventually(t, jobWithin, "a child has done its work", func() bool {
		for _, pid := range frozen {
			if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
				return true
			}
		}
		return false
	})
}

// childrenOf lists a process's children: from /proc, where there is one, or from ps.
func childrenOf(t *testing.T, parent int) (pids []int) {
	t.Helper()
	if stats, _ := filepath.Glob("/proc/[0-9]*/stat"); len(stats) > 0 {
		for _, path := range stats {
			raw, err := os.ReadFile(path)
			if err != nil {
				continue // it has ended meanwhile
			}
			// "pid (name) state ppid …", and a name may hold anything
			fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
			if len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
				pids = append(pids, number(t, filepath.Base(filepath.Dir(path))))
			}
		}
		return pids
	}
	out, err := exec.Command("ps", "-A", "-o", "pid=,ppid=").Output()
	require.NoError(t, err)
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) == 2 && fields[1] == strconv.Itoa(parent) {
			pids = append(pids, number(t, fields[0]))
		}
	}
	return pids
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	require.NoError(t, err)
	return n
}
