package pool

import (
	"slices"
	"time"
)

// waiter is one Acquire that has no sandbox yet. It is served once, under the lock: slot or err is set, then ready closed.
type waiter struct {
	shelf   *shelf
	account string
	since   time.Time
	ready   chan struct{}
	slot    *slot
	err     error
}

// account is an account with waiters, on any shelf. Its turn moves to the end when it is served and when it joins, so accounts
// are served round robin however much each of them asks for.
type account struct {
	turn    uint64
	waiting int
}

func (p *Pool) enqueue(w *waiter) {
	a := p.accounts[w.account]
	if a == nil {
		p.clock++
		a = &account{turn: p.clock}
		p.accounts[w.account] = a
	}
	a.waiting++
	w.shelf.waiting++
	w.shelf.queues[w.account] = append(w.shelf.queues[w.account], w)
}

func (p *Pool) dequeue(w *waiter) {
	sh := w.shelf
	q := sh.queues[w.account]
	i := slices.Index(q, w)
	if i < 0 {
		return
	}
	if q = slices.Delete(q, i, i+1); len(q) == 0 {
		delete(sh.queues, w.account)
	} else {
		sh.queues[w.account] = q
	}
	sh.waiting--
	a := p.accounts[w.account]
	if a.waiting--; a.waiting == 0 {
		delete(p.accounts, w.account)
	}
}

// next is the waiter of a shelf whose account's turn it is, among the accounts that ok accepts.
func (p *Pool) next(sh *shelf, ok func(account string) bool) *waiter {
	var best *waiter
	var turn uint64
	for name, q := range sh.queues {
		if t := p.accounts[name].turn; (best == nil || t < turn) && ok(name) {
			best, turn = q[0], t
		}
	}
	return best
}

// serve gives a waiter its sandbox.
func (p *Pool) serve(w *waiter, s *slot) {
	p.clock++
	p.accounts[w.account].turn = p.clock
	p.dequeue(w)
	s.unshelve()
	s.to(Leased)
	now := time.Now()
	if s.account == "" {
		s.account, s.bound = w.account, now
	}
	s.jobs++
	p.taken = now
	key, waited, warm := w.shelf.key, now.Sub(w.since), !s.warm.After(w.since)
	if warm {
		p.counts.Warm++
	} else {
		p.counts.Cold++
	}
	p.events = append(p.events, func() { p.cfg.Observer.Acquired(key, waited, warm) })
	w.slot = s
	close(w.ready)
}

// failWaiters fails all waiters of a shelf.
func (p *Pool) failWaiters(sh *shelf, err error) {
	for _, q := range sh.queues {
		for _, w := range slices.Clone(q) {
			p.dequeue(w)
			w.err = err
			close(w.ready)
		}
	}
}
