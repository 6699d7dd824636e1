// Package confine lets a process give up what it does not need, for itself and for everything that it starts, with what the
// kernel offers to a process that is nobody special: on Linux, Landlock for the file system and seccomp for the network and
// for what only administrators need.
//
// A process confines itself twice: with Begin before it reads the first byte of a job, to all that any job may need, and with
// Narrow when it knows which one it is. What has been given up does not come back.
package confine

import "slices"

// Places is what of the file system a process may use, as absolute paths. What is missing is left out.
type Places struct {
	// Read are files, and folders with all that is below them, that may be read and run.
	Read []string
	// Write are folders in which anything may be done, device files excepted.
	Write []string
}

// And are the places of both.
func (p Places) And(other Places) Places {
	return Places{Read: slices.Concat(p.Read, other.Read), Write: slices.Concat(p.Write, other.Write)}
}

// System is what programs of the machine need to run at all: programs, libraries, and a few files that say nothing of
// anyone. Folders of users, of services, and most of /etc and /proc are not among them.
func System() Places {
	return Places{Read: []string{
		"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store",
		"/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/fonts", "/etc/localtime",
		"/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu",
		"/dev/zero", "/dev/full", "/dev/random", "/dev/urandom",
	}}
}
