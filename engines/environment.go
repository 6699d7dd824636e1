package engines

// EnvironmentKind says in what sort of sandbox a plan runs.
type EnvironmentKind string

// The kinds.
const (
	InDocker  EnvironmentKind = "docker"
	InProcess EnvironmentKind = "local"
)

// Environment is where a plan runs, as far as that decides on what comes out: a plan that runs twice with the same files
// in equal environments may be run once.
type Environment struct {
	Kind EnvironmentKind
	// Digest is of the container's image, "sha256:…", or of a local toolchain, hex; "" when the engine needs no toolchain.
	Digest string
	// Agent is the hex SHA-256 of the agent of a local process; "" in a container, whose image holds its agent.
	Agent string
	// Isolation is the isolation level of the plan.
	Isolation IsolationLevel
	// Limits are those that the plan is held to, the sandbox's defaults included.
	Limits Limits
	// Modules are those that a preview of the plan loads, see Result.SharedModules.
	Modules []ModuleBlob
}

// Known reports whether the environment is known at all. An unknown one is like no other.
func (e Environment) Known() bool { return e.Kind != "" }
