//go:build !linux

package server

const isLinux = false

// UnmountBelow has nothing to do: there are no daemons on this system.
func UnmountBelow(string) {}
