package pool

import (
	"context"
	"slices"
	"time"
)

// schedule does everything that the current state allows: it serves waiters from the free sandboxes, starts sandboxes for the
// others, makes room for those, and refills. It is called after every change, and never blocks.
func (p *Pool) schedule() {
	if p.closed {
		return
	}
	for _, sh := range p.shelves {
		p.serveFrom(sh)
	}
	now := time.Now()
	for p.hasPlace() {
		sh := p.neediest(now)
		if sh == nil {
			break
		}
		if p.total < p.cfg.Max && len(sh.slots) < p.cfg.PerKey {
			p.create(sh)
		} else if !p.makeRoom(sh) {
			break
		}
	}
	for p.hasPlace() && p.total < p.cfg.Max {
		sh := p.emptiest(now)
		if sh == nil {
			break
		}
		p.create(sh)
	}
}

// hasPlace reports whether one more launch may run. Slow ones count, too: when every launch is slow, the machine or its daemon is
// overloaded, and more of them make it slower.
func (p *Pool) hasPlace() bool {
	return p.launching < p.cfg.Launches && p.launching+p.slowly < 3*p.cfg.Launches
}

// serveFrom gives the free sandboxes of a shelf to its waiters: a used sandbox to its account only.
func (p *Pool) serveFrom(sh *shelf) {
	for sh.waiting > 0 && len(sh.free) > 0 {
		var generic *slot
		own := make(map[string]*slot)
		for _, s := range slices.Backward(slices.Clone(sh.free)) { // backwards, to end with the longest idle
			switch {
			case s.isGone():
				p.drain(s, Died)
			case s.account == "":
				generic = s
			case time.Since(s.bound) >= p.cfg.Reuse.For:
				p.drain(s, Aged)
			default:
				own[s.account] = s
			}
		}
		w := p.next(sh, func(account string) bool { return generic != nil || own[account] != nil })
		if w == nil {
			return
		}
		if s := own[w.account]; s != nil {
			p.serve(w, s)
		} else {
			p.serve(w, generic)
		}
	}
}

// unmet is how many waiters of a shelf have no sandbox being made for them.
func (sh *shelf) unmet() int { return sh.waiting - sh.count[Creating] - sh.checking }

// neediest is the shelf to start a sandbox on for a waiter: the one of the account whose turn it is.
func (p *Pool) neediest(now time.Time) *shelf {
	var best *waiter
	var turn uint64
	for _, sh := range p.shelves {
		if sh.unmet() <= 0 || !p.mayLaunch(sh.key.Image, now) || p.blocked(sh) {
			continue
		}
		w := p.next(sh, func(string) bool { return true })
		if t := p.accounts[w.account].turn; best == nil || t < turn || t == turn && w.since.Before(best.since) {
			best, turn = w, t
		}
	}
	if best == nil {
		return nil
	}
	return best.shelf
}

// blocked reports whether a shelf is at a limit and nothing can be removed for it, or enough is being removed already.
func (p *Pool) blocked(sh *shelf) bool {
	if len(sh.slots) >= p.cfg.PerKey {
		return len(sh.free) == 0 || sh.count[Draining] >= sh.unmet()
	}
	if p.total < p.cfg.Max {
		return false
	}
	unmet := 0
	for _, other := range p.shelves {
		unmet += max(0, other.unmet())
	}
	return p.draining >= min(unmet, p.cfg.Launches) || p.longestIdle(nil) == nil
}

// makeRoom removes an idle sandbox, so that one for a waiter can be started after that.
func (p *Pool) makeRoom(sh *shelf) bool {
	of := sh
	if len(sh.slots) < p.cfg.PerKey {
		of = nil
	}
	s := p.longestIdle(of)
	if s == nil {
		return false
	}
	p.drain(s, Room)
	return true
}

// emptiest is the shelf to refill: the one that lacks most, and of equals the one used last.
func (p *Pool) emptiest(now time.Time) *shelf {
	if now.Before(p.holdUntil) {
		return nil
	}
	var best *shelf
	most := 0
	busy := p.busy(now)
	for _, sh := range p.shelves {
		lacks := p.target(sh, now) - sh.generic() - max(0, sh.count[Creating]-sh.waiting)
		if lacks <= 0 || len(sh.slots) >= p.cfg.PerKey || !p.mayLaunch(sh.key.Image, now) {
			continue
		}
		if busy {
			p.lookAgain(p.cfg.RefillWait - now.Sub(p.taken))
			return nil
		}
		if best == nil || lacks > most || lacks == most && sh.used.After(best.used) {
			best, most = sh, lacks
		}
	}
	return best
}

// busy reports whether the sandboxes in use keep the machine busy.
func (p *Pool) busy(now time.Time) bool {
	if p.cfg.Busy <= 0 || now.Sub(p.taken) >= p.cfg.RefillWait {
		return false
	}
	n := 0
	for _, sh := range p.shelves {
		n += sh.count[Leased] + sh.count[Running]
	}
	return n >= p.cfg.Busy
}

// lookAgain schedules a refill after a while.
func (p *Pool) lookAgain(wait time.Duration) {
	if p.refilling {
		return
	}
	p.refilling = true
	time.AfterFunc(wait, func() {
		p.mu.Lock()
		defer p.unlock()
		p.refilling = false
		p.schedule()
	})
}

// target is how many sandboxes of a shelf are kept warm.
func (p *Pool) target(sh *shelf, now time.Time) int {
	n := sh.want
	if !sh.used.IsZero() && now.Sub(sh.used) < p.cfg.IdleAfter {
		n = max(n, p.cfg.Warm)
	}
	return n
}

// create starts a sandbox in the background. It continues even if the caller that asked for it gives up.
func (p *Pool) create(sh *shelf) {
	s := &slot{shelf: sh, state: Creating, launching: true, since: time.Now(), removed: make(chan struct{})}
	sh.slots = append(sh.slots, s)
	sh.count[Creating]++
	p.total++
	p.launching++
	p.launchOf(sh.key.Image)
	p.wg.Go(func() { p.launch(s) })
}

func (p *Pool) launch(s *slot) {
	key, start := s.shelf.key, time.Now()
	ctx, cancel := context.WithTimeout(p.ctx, p.cfg.LaunchTimeout)
	slow := time.AfterFunc(p.cfg.LaunchSlow, func() { p.slow(s) })
	sandbox, err := p.launcher.Launch(ctx, key)
	slow.Stop()
	cancel()
	p.mu.Lock()
	defer p.unlock()
	took := time.Since(start)
	p.events = append(p.events, func() { p.cfg.Observer.Launched(key, took, err) })
	p.launchOver(s)
	s.sandbox = sandbox
	p.launched(key.Image, err)
	now := time.Now()
	switch {
	case err == nil:
		s.warm, s.pinged = now, now
		p.counts.Launched++
		p.wg.Go(func() { p.watch(s) })
		p.shelve(s)
	case sandbox != nil:
		p.drain(s, Unstarted)
	default:
		s.why, s.drained = Unstarted, now
		p.gone(s)
	}
	p.schedule()
}

// slow gives the place of a launch that may be hanging to other images. It still counts among its own image's launches.
func (p *Pool) slow(s *slot) {
	p.mu.Lock()
	defer p.unlock()
	if !s.launching {
		return // it has just ended
	}
	p.launchOver(s)
	s.slow = true
	p.slowly++
	p.schedule()
}

// launchOver frees the place of a launch that has ended or is slow.
func (p *Pool) launchOver(s *slot) {
	if s.launching {
		s.launching = false
		p.launching--
	}
	if s.slow {
		s.slow = false
		p.slowly--
	}
}

// watch notices the death of an unused sandbox.
func (p *Pool) watch(s *slot) {
	select {
	case <-s.removed:
		return
	case <-p.ctx.Done():
		return
	case <-s.sandbox.Gone():
	}
	p.mu.Lock()
	defer p.unlock()
	s.dead = true
	if s.state == Warm && !s.checked { // otherwise its holder removes it
		p.drain(s, Died)
		p.schedule()
	}
}

// drain kills and removes a sandbox in the background, however long that takes. Until then it is counted.
func (p *Pool) drain(s *slot, why Reason) {
	s.unshelve()
	s.to(Draining)
	s.why, s.drained = why, time.Now()
	p.draining++
	p.wg.Go(func() { p.remove(s) })
}

const removePauseMax = 10 * time.Second

func (p *Pool) remove(s *slot) {
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, removePauseMax) {
		ctx, cancel := context.WithTimeout(p.ctx, p.cfg.RemoveTimeout)
		err := s.sandbox.Remove(ctx)
		cancel()
		if err == nil {
			break
		}
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-p.ctx.Done():
			t.Stop()
			return
		}
	}
	p.mu.Lock()
	defer p.unlock()
	p.draining--
	p.gone(s)
	p.schedule()
}

// gone forgets a sandbox whose removal is confirmed.
func (p *Pool) gone(s *slot) {
	sh := s.shelf
	sh.count[s.state]--
	s.state = Removed
	for i := range sh.slots {
		if sh.slots[i] == s {
			sh.slots = append(sh.slots[:i], sh.slots[i+1:]...)
			break
		}
	}
	p.total--
	p.counts.Removed[s.why]++
	key, why, took := sh.key, s.why, time.Since(s.drained)
	p.events = append(p.events, func() { p.cfg.Observer.Removed(key, why, took) })
	close(s.removed)
	p.checkEmpty()
}
