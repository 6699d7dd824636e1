//go:build linux && !race

package agent

import "golang.org/x/sys/unix"

// dataSlack is for what the Go runtime maps beside the heap: stacks of threads and arenas it has taken whole.
const dataSlack = 512 << 20

// setDataLimit bounds the private memory of the process, so that an allocation the watchdog is too slow for fails. It
// also forbids it to write files and to leave a core.
func setDataLimit(limit int64) {
	most := uint64(limit) + dataSlack
	_ = unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: most, Max: most})
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	_ = unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{})
}
