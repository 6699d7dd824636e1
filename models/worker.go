package models

import "time"

// EngineStatus is one version of an engine, and whether games can be built with it.
type EngineStatus struct {
	Name      string   `json:"name"`
	Title     string   `json:"title"`
	Version   string   `json:"version"`
	Outputs   []string `json:"outputs"`
	Default   bool     `json:"default"` // used by projects that pin no version
	Available bool     `json:"available"`
	Reason    string   `json:"reason"` // why it is not available; safe to show
	Image     string   `json:"image"`  // digest of its container image, "" for none
	// Isolation is the level that a build with it has now, at least: "docker", "confined" or "open"; "" if the engine is not
	// available. Notice says how it could be improved; safe to show.
	Isolation string        `json:"isolation"`
	Notice    string        `json:"notice"`
	Sandboxes SandboxCounts `json:"sandboxes"`
}

// SandboxCounts are the sandboxes of an engine by state, and how many builds wait for one.
type SandboxCounts struct {
	Creating int `json:"creating"`
	Warm     int `json:"warm"`
	Leased   int `json:"leased"`
	Running  int `json:"running"`
	Draining int `json:"draining"`
	Waiting  int `json:"waiting"`
}

// Add is the sum of both.
func (c SandboxCounts) Add(d SandboxCounts) SandboxCounts {
	return SandboxCounts{Creating: c.Creating + d.Creating, Warm: c.Warm + d.Warm, Leased: c.Leased + d.Leased,
		Running: c.Running + d.Running, Draining: c.Draining + d.Draining, Waiting: c.Waiting + d.Waiting}
}

// WorkerReport is what a worker regularly publishes about itself.
type WorkerReport struct {
	Worker  string    `json:"worker"`
	At      time.Time `json:"at"`      // by the worker's clock
	Sandbox string    `json:"sandbox"` // where it builds: "docker", or "local" for processes of its own
	// Isolation is the level of its local processes, "confined" or "open", or "docker" if it has none.
	Isolation string         `json:"isolation"`
	Engines   []EngineStatus `json:"engines"` // every version that it knows
	Pool      PoolReport     `json:"pool"`
}

// BuildIsolation is how a platform's builds are isolated.
type BuildIsolation struct {
	Least   string // the weakest level of all engines now: "docker", "confined" or "open"; "" if none can build
	Notices int    // engines with an EngineStatus.Notice
}

// PoolReport is a worker's pool of sandboxes at one moment, for operators.
type PoolReport struct {
	Max       int             `json:"max"`       // the most sandboxes; 0 if builds run in local processes
	Reaped    int             `json:"reaped"`    // containers removed that belonged to no living worker
	Sandboxes []SandboxReport `json:"sandboxes"` // by engine, the oldest first
	Tallies   []SandboxTally  `json:"tallies"`   // by engine
}

// SandboxReport is one sandbox, or one build in a local process.
type SandboxReport struct {
	Container string    `json:"container"` // "" for a local process, and while it is being created
	Engine    string    `json:"engine"`
	Version   string    `json:"version"` // "" if it is no longer known
	State     string    `json:"state"`   // "creating", "warm", "leased", "running" or "draining"
	Since     time.Time `json:"since"`
	JobID     string    `json:"job_id"`     // that has it, "" for none
	AccountID string    `json:"account_id"` // that has it or had it, "" for none
}

// SandboxTally sums up an engine's sandboxes since their worker started.
type SandboxTally struct {
	Engine  string `json:"engine"`
	Version string `json:"version"`
	// Warm and Cold count builds that found a sandbox ready, and that did not. P50 and P99 are the waits of the last 256.
	Warm int           `json:"warm"`
	Cold int           `json:"cold"`
	P50  time.Duration `json:"p50"`
	P99  time.Duration `json:"p99"`
	// Kills are builds that were ended with their sandbox, by reason: "timeout", "cancelled", "out_of_memory", ….
	Kills map[string]int `json:"kills"`
}
