package jobs

import (
	"sync"
	"time"
)

const (
	// windowAhead is how much of the workers' work waits in Redis. What is there is first in, first out, so another
	// account's first job waits for about as long.
	windowAhead = 250 * time.Millisecond
	// meterSteps is into how many parts windowAhead is divided to count claims.
	meterSteps = 10
	meterStep  = windowAhead / meterSteps

	// bundleTime is how much work may share a task, and bundleMost how many jobs: a task costs asynq about as much as a
	// short job costs everything else. Jobs are bundled when there is at least spread times as much to do.
	bundleTime = 50 * time.Millisecond
	bundleMost = 16
	spread     = 8
)

// meterEpoch gives steps a clock that is never set back.
var meterEpoch = time.Now()

// meter measures how fast this process's workers take the jobs of a queue, and how long these have their slots. The zero value
// is ready.
type meter struct {
	mu     sync.Mutex
	claims [meterSteps]int
	step   int64         // that claims was last brought up to
	took   time.Duration // moving average
	known  bool          // took is
}

// claimed counts a claim.
func (m *meter) claimed(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget(now)
	m.claims[m.step%meterSteps]++
}

// ended records how long a job had its slot, with its claim. A database that is slow makes it longer, so that bundles shrink.
func (m *meter) ended(took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.known {
		m.took, m.known = took, true
		return
	}
	m.took += (took - m.took) / 8
}

// window is how many jobs may wait in Redis when so many workers run jobs of the queue, as this process's own do: one, so that
// a worker that becomes free finds it, and as many as were claimed lately. When workers have room for more it doubles with each
// look, which takes milliseconds.
func (m *meter) window(now time.Time, workers int) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget(now)
	n := 0
	for _, c := range m.claims {
		n += c
	}
	return 1 + n*max(workers, 1)
}

// bundle is how many of a release of n jobs share a task: none before it is known that they are short, nor when there are few,
// which other slots could run at the same time.
func (m *meter) bundle(n int) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.known {
		return 1
	}
	return max(min(int(bundleTime/max(m.took, 1)), bundleMost, n/spread), 1)
}

// forget empties the steps that have passed.
func (m *meter) forget(now time.Time) {
	step := int64(now.Sub(meterEpoch) / meterStep)
	for m.step = max(m.step, step-meterSteps); m.step < step; {
		m.step++
		m.claims[m.step%meterSteps] = 0
	}
}
