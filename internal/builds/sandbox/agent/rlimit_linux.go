//go:build linux && !race

package agent

import "golang.org/x/sys/unix"

// dataSlack is for what the Go runtime maps beside the heap: stacks of threads and arenas it has taken whole.
const dataSlack = 512 << 20

// openFiles is how many files a process of a job may have open.
const openFiles = 4096

// setLimits bounds the private memory of the process, so that an allocation the watchdog is too slow for fails, and the
// files it writes, so that it can neither fill a disk nor leave a core. What it starts inherits the limits.
func setLimits(memory, fileBytes int64) {
	data := uint64(memory) + dataSlack
	_ = unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: data, Max: data})
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	_ = unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: uint64(fileBytes), Max: uint64(fileBytes)})
	_ = unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: openFiles, Max: openFiles})
}
