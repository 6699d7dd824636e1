package pool

import (
	"context"
	"sync"
	"time"
)

// Lease is a sandbox that a caller has acquired. Release it.
type Lease struct {
	p    *Pool
	s    *slot
	once sync.Once
}

// Sandbox is the sandbox.
func (l *Lease) Sandbox() Sandbox { return l.s.sandbox }

// Jobs is how many jobs the sandbox has been given, this one included.
func (l *Lease) Jobs() int {
	l.p.mu.Lock()
	defer l.p.unlock()
	return l.s.jobs
}

// Begin reports that the job has begun: from here on the sandbox is used.
func (l *Lease) Begin() {
	l.p.mu.Lock()
	defer l.p.unlock()
	if l.s.state == Leased {
		l.s.to(Running)
	}
}

// Release returns the sandbox and does not wait. A clean sandbox whose job ended normally may serve its account again, if the
// pool allows reuse and its reset succeeds; every other one is removed. Only the first call counts.
func (l *Lease) Release(clean bool) {
	l.once.Do(func() { l.p.release(l.s, clean) })
}

// Removed is closed when the complete removal of the sandbox is confirmed.
func (l *Lease) Removed() <-chan struct{} { return l.s.removed }

func (p *Pool) release(s *slot, clean bool) {
	p.mu.Lock()
	defer p.unlock()
	defer p.schedule()
	r := p.cfg.Reuse
	switch {
	case s.dead && s.state == Leased:
		p.drain(s, Died)
	case !clean || p.closed || s.dead || s.jobs >= r.Jobs || time.Since(s.bound) >= r.For:
		p.drain(s, Used)
	default:
		p.wg.Go(func() { p.reset(s) })
	}
}

func (p *Pool) reset(s *slot) {
	ctx, cancel := context.WithTimeout(p.ctx, p.cfg.PingTimeout)
	err := s.sandbox.Reset(ctx)
	cancel()
	p.mu.Lock()
	defer p.unlock()
	if err != nil {
		p.drain(s, Dirty)
	} else {
		s.pinged = time.Now()
		p.shelve(s)
	}
	p.schedule()
}
