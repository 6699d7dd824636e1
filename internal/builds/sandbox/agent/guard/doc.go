// Package guard is process 1 of an engine's container.
//
// It holds the connection to the host and never touches what comes from a project. A worker under another account, which
// has no privilege at all, does the jobs: it bundles, or it runs the engine's programs. The guard passes frames on in both
// directions, and when a job is over it kills everything but itself and tells the host. Before it takes another job it has
// the account's files removed and looks whether anything is left. What it cannot vouch for it says, and ends.
//
// The guard runs as root with the capabilities SETUID, SETGID and KILL and no other, so it cannot even read the files of
// a job. A worker's account is drawn at random for each worker: its processes and its shared memory are nobody else's on
// the whole machine.
//
// A worker that has only bundled goes on to the next job of the same account: it has run no code of the project and has
// written nothing.
package guard

import (
	"os"
	"time"
)

// Name is the guard's process name, by which its worker knows that it is where it should be.
const Name = "spark-guard"

// Grace is how long after a job's time limit the guard ends, and its container with it. The host is the one to end a job
// that takes too long; this is for a host that cannot reach its containers any more.
const Grace = 2 * time.Second

// packages is where the packages of web engines are in a container.
const packages = "/toolchain/node_modules"

// HasPackages reports whether the container's engine is one that bundles.
func HasPackages() bool {
	_, err := os.Stat(packages)
	return err == nil
}
