package engines

import "slices"

// IsolationLevel is how strictly a build is isolated. The zero value is below all levels.
type IsolationLevel string

// The levels, from the weakest to the strongest.
const (
	// Open is a process on the machine with all rights of Spark's account. Bundlers run no code of a project.
	Open IsolationLevel = "open"
	// Confined is a process that the kernel restricts to its job and its engine, without a network.
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

// Isolation is how a runner's builds are isolated.
type Isolation struct {
	Level IsolationLevel `json:"level"`
	// Reason says what is missing, for the operator; "" if nothing is.
	Reason string `json:"reason,omitempty"`
}
