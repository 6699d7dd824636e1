package e2e

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// freezeChildren stops the clock of a program's child processes: whatever they are given to do stands still. It waits
// until there are some.
func freezeChildren(t *testing.T, p *program) {
	t.Helper()
	frozen := 0
	eventually(t, startWithin, "the program has children", func() bool {
		for _, pid := range childrenOf(t, p.PID()) {
			if err := syscall.Kill(pid, syscall.SIGSTOP); err == nil {
				frozen++
			}
		}
		return frozen > 0
	})
}

// thawChildren lets the children go on.
func thawChildren(t *testing.T, p *program) {
	t.Helper()
	for _, pid := range childrenOf(t, p.PID()) {
		if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
			require.ErrorIs(t, err, syscall.ESRCH)
		}
	}
}

// childrenOf asks ps, which every Unix has.
func childrenOf(t *testing.T, parent int) []int {
	t.Helper()
	out, err := exec.Command("ps", "-A", "-o", "pid=,ppid=").Output()
	require.NoError(t, err)
	var pids []int
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) == 2 && fields[1] == strconv.Itoa(parent) {
			pid, err := strconv.Atoi(fields[0])
			require.NoError(t, err)
			pids = append(pids, pid)
		}
	}
	return pids
}
