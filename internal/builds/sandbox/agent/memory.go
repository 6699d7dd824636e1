package agent

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"github.com/spark-games/spark/engines"
)

// memoryCheck is how often the heap is looked at. A bundler needs longer than that to fill a gigabyte.
const memoryCheck = 10 * time.Millisecond

// limit holds the process and what it starts to a plan's limits. For what the agent does itself the collector works harder near the limit
// of memory and a watchdog ends the job beyond it; the operating system's own limits, where it has them, stand behind
// that and are all that a command's programs have outside a container.
func limit(plan engines.Plan, exceeded func()) (stop func()) {
	switch {
	case plan.Command != nil:
		setLimits(plan.Limits.MemoryBytes, plan.Limits.OutputBytes+intermediate)
		return func() {}
	case plan.Bundle != nil, plan.Pack != nil:
		return limitMemory(plan.Limits.MemoryBytes, exceeded)
	}
	return func() {} // a ping: the limits, which are never raised again, are for the job that follows
}

// intermediate is how much larger a file may be than all outputs together: what compilers write on their way.
const intermediate = 256 << 20

func limitMemory(limit int64, exceeded func()) (stop func()) {
	debug.SetMemoryLimit(limit / 4 * 3)
	setLimits(limit, 0)
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(memoryCheck)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				if memoryInUse() > uint64(limit) {
					exceeded()
					os.Exit(exitOutOfMemory)
				}
			}
		}
	}()
	return func() { close(done) }
}

const exitOutOfMemory = 9

// memoryInUse is what the process holds of the machine.
func memoryInUse() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64() - s[1].Value.Uint64()
}
