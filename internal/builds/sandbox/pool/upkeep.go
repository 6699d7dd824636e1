package pool

import (
	"context"
	"time"
)

// tick is how often the pool checks its idle sandboxes.
const tick = time.Second

// upkeep removes sandboxes that are not needed and pings the others, until the pool is closed.
func (p *Pool) upkeep() {
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		select {
		case <-p.ctx.Done():
			return
		case now := <-t.C:
			p.lookAfter(now)
		}
	}
}

func (p *Pool) lookAfter(now time.Time) {
	p.mu.Lock()
	defer p.unlock()
	if p.closed {
		return
	}
	for key, sh := range p.shelves {
		spare := sh.generic() - p.target(sh, now)
		for i := 0; i < len(sh.free); { // draining and checking take the sandbox out of the list
			s := sh.free[i]
			idle := now.Sub(s.idle)
			switch {
			case s.account != "" && idle >= p.cfg.Reuse.Idle:
				p.drain(s, Idle)
			case s.account == "" && spare > 0 && idle >= p.cfg.IdleAfter:
				spare--
				p.drain(s, Idle)
			case now.Sub(s.warm) >= p.cfg.MaxAge, s.account != "" && now.Sub(s.bound) >= p.cfg.Reuse.For:
				p.drain(s, Aged)
			case now.Sub(s.pinged) >= p.cfg.PingEvery:
				p.check(s)
			default:
				i++
			}
		}
		if len(sh.slots) == 0 && sh.waiting == 0 && p.target(sh, now) == 0 {
			delete(p.shelves, key)
		}
	}
	p.forgetImages(now)
	p.schedule()
}

// check pings an idle sandbox. Meanwhile it is not handed out.
func (p *Pool) check(s *slot) {
	s.unshelve()
	s.checked = true
	s.shelf.checking++
	idle := s.idle
	p.wg.Go(func() {
		ctx, cancel := context.WithTimeout(p.ctx, p.cfg.PingTimeout)
		err := s.sandbox.Ping(ctx)
		cancel()
		p.mu.Lock()
		defer p.unlock()
		s.checked = false
		s.shelf.checking--
		if err != nil {
			p.drain(s, Unhealthy)
		} else {
			s.pinged = time.Now()
			p.shelve(s)
			s.idle = idle
		}
		p.schedule()
	})
}
