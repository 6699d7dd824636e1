package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// freezeChildren freezes a program's agents, so that their jobs hang. It waits until there are some and all have reported that
// they are ready: an agent that was frozen earlier would get no job, which would go to another one that runs.
func freezeChildren(t *testing.T, p *program) (frozen []int) {
	t.Helper()
	waitFor(t, startWithin, "the program has agents, and they are ready", func() (any, bool) {
		frozen = childrenOf(t, p.PID())
		return frozen, len(frozen) > 0 && !slices.ContainsFunc(frozen, func(pid int) bool { return !hasSpoken(pid) })
	})
	frozen = slices.DeleteFunc(frozen, func(pid int) bool { return syscall.Kill(pid, syscall.SIGSTOP) != nil })
	require.NotEmpty(t, frozen)
	return frozen
}

// hasSpoken reports whether a process has written as much as a frame of the protocol: the first thing that an agent writes is
// that it is ready. What the runtime writes to itself is less. Where the system cannot say, it returns true.
func hasSpoken(pid int) bool {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/io", pid))
	_, text, found := strings.Cut(string(raw), "\nwchar: ")
	if err != nil || !found {
		return true
	}
	n, err := strconv.Atoi(strings.SplitN(text, "\n", 2)[0])
	return err == nil && n >= protocol.HeaderSize
}

// thaw resumes frozen children, and waits until one of them has finished its work and has ended.
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

// childrenOf lists a process's children: from /proc, where it exists, or from ps.
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
