//go:build unix && !linux

package sandbox

import "syscall"

// selfPath is empty: the executable's path is looked up.
const selfPath = ""

// childAttr puts the child in a group of its own. It ends with its parent because its input does.
func childAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
