//go:build !linux

package server

const isLinux = false

// UnmountBelow does nothing: there are no daemons on this system.
func UnmountBelow(string) {}
