// Package confine lets a process give up what it does not need, for itself and for everything that it starts, with kernel
// features that need no privileges: on Linux, Landlock for the file system and seccomp for the network and for administrators'
// system calls.
//
// A process confines itself twice: with Begin before it reads the first byte of a job, to what any job may need, and with Narrow
// when it knows its job. What has been given up cannot be regained.
package confine

import "slices"

// Places are the parts of the file system that a process may use, as absolute paths. Missing ones are skipped.
type Places struct {
	// Read are files, and folders with everything below them, that may be read and run.
	Read []string
	// Write are folders in which everything is allowed except device files.
	Write []string
}

// And are the places of both.
func (p Places) And(other Places) Places {
	return Places{Read: slices.Concat(p.Read, other.Read), Write: slices.Concat(p.Write, other.Write)}
}

// System is what programs of the machine need to run at all: programs, libraries, and a few files without personal data. Folders
// of users and services, and most of /etc and /proc, are not included.
func System() Places {
	return Places{Read: []string{
		"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store",
		"/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/fonts", "/etc/localtime",
		"/etc/ssl/openssl.cnf", "/etc/ssl/certs", "/etc/pki/tls/openssl.cnf", "/etc/pki/ca-trust/extracted",
		"/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu",
		"/dev/zero", "/dev/full", "/dev/random", "/dev/urandom",
	}}
}
