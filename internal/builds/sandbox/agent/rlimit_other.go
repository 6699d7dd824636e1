//go:build !linux || race

package agent

// setLimits has no counterpart here: other systems do not count mapped memory in RLIMIT_DATA, and the race detector
// needs far more memory than the program it watches.
func setLimits(int64, int64) {}
