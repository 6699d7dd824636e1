package sandbox

import "syscall"

// selfPath re-executes this very binary, even when its file has been replaced or removed since (go run does that).
const selfPath = "/proc/self/exe"

// childAttr puts the child in a group of its own and makes it die with the thread that started it; the spawner keeps
// that thread for as long as the runner lives.
func childAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
