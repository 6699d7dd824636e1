//go:build !linux

package agent

// setDataLimit has no counterpart here: other systems do not count mapped memory in RLIMIT_DATA.
func setDataLimit(int64) {}
