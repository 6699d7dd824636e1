package agent

import (
	"os/exec"
	"regexp"
	"syscall"

	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// starving are the messages of programs that are denied memory: from the system's libraries, C++, Go, and Godot. A memory limit
// need not kill a program, and one that only fails has still run out of memory.
var starving = regexp.MustCompile(`(?i)\b(?:out[ _]of[ _]memory|cannot allocate memory|bad_alloc|memory exhausted)\b|alloc_static: Condition "!mem"`)

// overLimit returns which limit of the plan ended a step; ok is false if none did.
func overLimit(exit *exec.ExitError, starved bool) (end protocol.End, ok bool) {
	var signal syscall.Signal
	if exit != nil {
		if status, is := exit.Sys().(syscall.WaitStatus); is && status.Signaled() {
			signal = status.Signal()
		} else if code := exit.ExitCode(); code > shellSignals {
			signal = syscall.Signal(code - shellSignals)
		}
	}
	switch {
	case signal == syscall.SIGKILL:
		// The agent kills no steps, so either the system did, for lack of memory, or the step killed itself.
		return protocol.End{Outcome: protocol.OutOfMemory, Message: "the step was killed"}, true
	case signal == syscall.SIGXFSZ:
		return protocol.End{Outcome: protocol.OutputTooLarge, Message: "a file of the step was too large"}, true
	case starved:
		return protocol.End{Outcome: protocol.OutOfMemory, Message: "the step was denied memory"}, true
	}
	return end, false
}

// shellSignals is what a shell adds to the number of the signal that ended its program.
const shellSignals = 128
