package agent

import (
	"os"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// Surroundings are what an agent runs in.
type Surroundings struct {
	// Limit holds the process to a plan's limits until stop is called, and ends it after calling exceeded.
	Limit func(plan engines.Plan, exceeded func()) (stop func())
	// Contained says that this is a container's worker: everything that runs under its account belongs to its job.
	Contained bool
	// Narrow gives up what a job does not need, before anything of the project is read; nil where nothing can be given up.
	Narrow func(spec protocol.Spec) error
	// Isolation is what the agent reports to the host about its isolation.
	Isolation engines.Isolation
}

// jobFolder is where a command's workspace is in a container.
const jobFolder = "/work/job"

// workspace makes the folder that a command works in. One that is there already must be empty: it is the host's.
func (s Surroundings) workspace(given string) (string, error) {
	switch {
	case given != "":
		return given, nil
	case s.Contained:
		return jobFolder, os.Mkdir(jobFolder, 0o700) // what is there already is another job's
	}
	return os.MkdirTemp("", "spark-job-")
}
