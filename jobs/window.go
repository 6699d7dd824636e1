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
	// short job costs everything else.
	bundleTime = 20 * time.Millisecond
	bundleMost = 16
)

// meter measures how fast this process's workers take the jobs of a queue, and how long these run. The zero value is
// ready.
type meter struct {
	mu     sync.Mutex
	claims [meterSteps]int
	step   int64         // that claims was last brought up to
	took   time.Duration // moving average
	ended  bool          // took is known
}

// claimed counts a claim.
func (m *meter) claimed(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget(now)
	m.claims[m.step%meterSteps]++
}

// finished takes note of how long a handler ran.
func (m *meter) finished(took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.ended {
		m.took, m.ended = took, true
		return
	}
	m.took += (took - m.took) / 8
}

// window is how many jobs may wait in Redis: one, so that a worker that becomes free finds it, and as many as were claimed
// lately. When workers have room for more it doubles with each look, which takes milliseconds.
func (m *meter) window(now time.Time) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget(now)
	n := 1
	for _, c := range m.claims {
		n += c
	}
	return n
}

// bundle is how many jobs share a task. Nothing is bundled before it is known that the jobs are short.
func (m *meter) bundle() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.ended {
		return 1
	}
	return int(min(max(bundleTime/max(m.took, 1), 1), bundleMost))
}

// forget empties the steps that have passed.
func (m *meter) forget(now time.Time) {
	step := now.UnixNano() / int64(meterStep)
	for m.step = max(m.step, step-meterSteps); m.step < step; {
		m.step++
		m.claims[m.step%meterSteps] = 0
	}
}
