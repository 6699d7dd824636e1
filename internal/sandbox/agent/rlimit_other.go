//go:build !linux || race

package agent

// setDataLimit has no counterpart here: other systems do not count mapped memory in RLIMIT_DATA, and the race detector
// needs far more memory than the program it watches.
func setDataLimit(int64) {}
