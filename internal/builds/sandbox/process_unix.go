//go:build unix

package sandbox

import "syscall"

// killGroup sends SIGKILL to a process group.
func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }
