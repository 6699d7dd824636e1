package engines

import "slices"

// IsolationLevel is how strictly a build is isolated. The zero value is below all levels.
type IsolationLevel string

// The levels, from the weakest to the strongest.
const (
	// Open is a process of the machine that can do what Spark's own account can. Bundlers run no code of a project.
	Open IsolationLevel = "open"
	// Confined is a process that the kernel lets see its job and its engine only, without a network.
	Confined IsolationLevel = "confined"
	// Contained is a container for one job.
	Contained IsolationLevel = "docker"
)

var isolationLevels = []IsolationLevel{Open, Confined, Contained}

func (l IsolationLevel) String() string { return string(l) }

// Valid reports whether the level is one of the three.
func (l IsolationLevel) Valid() bool { return slices.Contains(isolationLevels, l) }

// AtLeast reports whether the level is at least as strict as another.
func (l IsolationLevel) AtLeast(least IsolationLevel) bool {
	return slices.Index(isolationLevels, l) >= slices.Index(isolationLevels, least)
}

// Isolation is how a runner holds builds in.
type Isolation struct {
	Level IsolationLevel `json:"level"`
	// Reason says what is missing, for whoever operates the machine; "" when everything is as it should be.
	Reason string `json:"reason,omitempty"`
}
