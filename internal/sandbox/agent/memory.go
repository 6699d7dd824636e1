package agent

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// memoryCheck is how often the heap is looked at. A bundler needs longer than that to fill a gigabyte.
const memoryCheck = 10 * time.Millisecond

// limitMemory holds the process to a memory limit until stop: the collector works harder near it, a watchdog ends the
// job beyond it, and the operating system's own limit, where it has one, stands behind both.
func limitMemory(limit int64, exceeded func()) (stop func()) {
	debug.SetMemoryLimit(limit / 4 * 3)
	setDataLimit(limit)
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
