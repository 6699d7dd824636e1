package jobs

import (
	"math"
	"sync"
	"time"
)

const (
	// windowAhead is how much of the workers' work waits in Redis. What is there is first in, first out, so another
	// account's first job waits for about as long.
	windowAhead = 250 * time.Millisecond
	// meterMost limits over how long claims are averaged. It is at least windowAhead and otherwise a job's length: jobs of one length end
	// in step, so over less than that the rate would be their burst's.
	meterMost = 10 * time.Second

	// bundleTime is how much work may share a task, and bundleMost how many jobs: a task costs asynq about as much as a
	// short job costs everything else. Jobs are bundled when there is at least spread times as much to do.
	bundleTime = 50 * time.Millisecond
	bundleMost = 16
	spread     = 8
)

// meter measures how fast this process's workers take the jobs of a queue, and how long these have their slots. The zero value
// is ready.
type meter struct {
	mu    sync.Mutex
	rate  float64       // claims a second, averaged with exponential decay
	at    time.Time     // that rate is of
	took  time.Duration // moving average
	known bool          // took is
}

// claimed counts a claim.
func (m *meter) claimed(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rate += 1 / m.decay(now).Seconds()
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
// a worker that becomes free finds it, and what they take in windowAhead. When workers have room for more it grows with each look,
// which takes milliseconds.
func (m *meter) window(now time.Time, workers int) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.decay(now)
	return 1 + int(m.rate*windowAhead.Seconds()*float64(max(workers, 1)))
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

// decay brings the rate up to now, and returns over how long it is averaged.
func (m *meter) decay(now time.Time) time.Duration {
	over := min(max(m.took, windowAhead), meterMost)
	m.rate *= math.Exp(-now.Sub(m.at).Seconds() / over.Seconds())
	m.at = now
	return over
}
