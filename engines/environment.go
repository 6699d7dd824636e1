package engines

// EnvironmentKind says in what sort of sandbox a plan runs.
type EnvironmentKind string

// The kinds.
const (
	InDocker  EnvironmentKind = "docker"
	InProcess EnvironmentKind = "local"
)

// Environment is where a plan runs, as far as that determines the outputs: equal files and plans in equal environments give
// equal outputs.
type Environment struct {
	Kind EnvironmentKind
	// Digest is of the container's image, "sha256:…", or of a local toolchain, hex; "" when the engine needs no toolchain.
	Digest string
	// Agent is the hex SHA-256 of the agent of a local process; "" in a container, whose image holds its agent.
	Agent string
	// Isolation is the isolation level of the plan.
	Isolation IsolationLevel
	// Limits are the plan's limits, with the sandbox's defaults filled in.
	Limits Limits
	// Modules are those that a preview of the plan loads, see Result.SharedModules.
	Modules []ModuleBlob
}

// Known reports whether the environment is known. An unknown one equals no other.
func (e Environment) Known() bool { return e.Kind != "" }
