package agent

import (
	"os/exec"
	"regexp"
	"syscall"

	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// starving is what programs say when they are denied memory: the system's libraries, C++, Go, and Godot. A limit of memory
// need not kill a program, and one that only fails has failed for want of it all the same.
var starving = regexp.MustCompile(`(?i)\b(?:out[ _]of[ _]memory|cannot allocate memory|bad_alloc|memory exhausted)\b|alloc_static: Condition "!mem"`)

// overLimit tells which limit of the plan ended a step; ok is false when it was none.
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
		// Nobody here kills a step, so it was the system, for want of memory; or the step itself, which is its own fault.
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
