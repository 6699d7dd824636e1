// Package guard is process 1 of an engine's container.
//
// It holds the connection to the host and never touches anything that comes from a project. A worker process under another
// account, without any privilege, does the jobs: it bundles, or runs the engine's programs. The guard passes frames in both
// directions. When a job is over, it kills every process but itself and reports to the host. Before it takes another job, it has
// the account's files removed and checks that nothing is left. If it cannot guarantee that, it says so, and exits.
//
// The guard runs as root with only the capabilities SETUID, SETGID and KILL, so it cannot even read the files of a job. Each
// worker gets a random account, so that nothing else on the machine shares its processes and its shared memory.
//
// A worker that has only bundled takes the next job of the same account: it has run no code of the project and has written
// nothing.
package guard

import (
	"os"
	"time"
)

// Name is the process name of the guard, by which its worker checks that it runs under a guard.
const Name = "spark-guard"

// Grace is how long after a job's time limit the guard exits, and its container with it. Normally the host ends a job that takes
// too long; this is for a host that cannot reach its containers any more.
const Grace = 2 * time.Second

// packages is where the packages of web engines are in a container.
const packages = "/toolchain/node_modules"

// HasPackages reports whether the container's engine is one that bundles.
func HasPackages() bool {
	_, err := os.Stat(packages)
	return err == nil
}
