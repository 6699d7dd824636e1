package pool

import (
	"slices"
	"time"
)

// State is where a sandbox is in its life.
type State int

// The states, in order.
const (
	Creating State = iota
	Warm           // its agent has said that it can take a job
	Leased         // handed out, the job not begun
	Running
	Draining // being killed and removed; still counted
	Removed  // confirmed
)

var stateNames = [...]string{"creating", "warm", "leased", "running", "draining", "removed"}

func (s State) String() string { return stateNames[s] }

// States are all states in which a sandbox is counted.
func States() []State { return []State{Creating, Warm, Leased, Running, Draining} }

// Reason is why a sandbox was removed.
type Reason string

// The reasons.
const (
	Used      Reason = "used"      // it has served
	Dirty     Reason = "dirty"     // its reset was not verified
	Idle      Reason = "idle"      // no one needed it
	Aged      Reason = "aged"      // it waited too long
	Died      Reason = "died"      // it was found dead
	Unhealthy Reason = "unhealthy" // it did not answer a ping
	Room      Reason = "room"      // another key or account needed its place
	Pressure  Reason = "pressure"  // memory is short
	Unstarted Reason = "not_warm"  // it never became warm
	Closed    Reason = "shut_down" // the pool was closed
)

// slot is one sandbox, from before its launch until its removal is confirmed.
type slot struct {
	shelf     *shelf
	state     State
	sandbox   Sandbox
	why       Reason
	account   string // that it is bound to, once used
	jobs      int
	warm      time.Time // since
	bound     time.Time // first job
	idle      time.Time // since
	pinged    time.Time
	drained   time.Time
	since     time.Time // it is in its state
	launching bool      // takes one of the pool's places
	slow      bool      // launches and has lost its place
	dead      bool      // Gone is closed
	checked   bool      // being pinged: warm, and not free
	removed   chan struct{}
}

func (s *slot) isGone() bool {
	if !s.dead {
		select {
		case <-s.sandbox.Gone():
			s.dead = true
		default:
		}
	}
	return s.dead
}

// shelf is the sandboxes of one key.
type shelf struct {
	key      Key
	slots    []*slot
	count    [Removed]int
	free     []*slot // warm and not being pinged, longest idle first
	queues   map[string][]*waiter
	waiting  int
	checking int // sandboxes being pinged
	want     int
	used     time.Time
}

func (p *Pool) shelf(key Key) *shelf {
	sh := p.shelves[key]
	if sh == nil {
		sh = &shelf{key: key, queues: make(map[string][]*waiter)}
		p.shelves[key] = sh
	}
	return sh
}

// generic is how many warm sandboxes any account may have.
func (sh *shelf) generic() int {
	n := 0
	for _, s := range sh.slots {
		if s.state == Warm && s.account == "" {
			n++
		}
	}
	return n
}

func (s *slot) to(state State) {
	s.shelf.count[s.state]--
	if s.state != state {
		s.since = time.Now()
	}
	s.state = state
	s.shelf.count[state]++
}

// shelve makes a warm sandbox available, unless it died or the pool closed meanwhile.
func (p *Pool) shelve(s *slot) {
	switch {
	case p.closed:
		p.drain(s, Closed)
	case s.dead:
		p.drain(s, Died)
	default:
		s.to(Warm)
		s.idle = time.Now()
		s.shelf.free = append(s.shelf.free, s)
	}
}

// unshelve removes a sandbox from the free ones.
func (s *slot) unshelve() {
	if i := slices.Index(s.shelf.free, s); i >= 0 {
		s.shelf.free = slices.Delete(s.shelf.free, i, i+1)
	}
}

// longestIdle is the free sandbox that has waited longest, of one shelf or, when it is nil, of all.
func (p *Pool) longestIdle(of *shelf) *slot {
	var oldest *slot
	for _, sh := range p.shelves {
		if of != nil && sh != of {
			continue
		}
		for _, s := range sh.free {
			if oldest == nil || s.idle.Before(oldest.idle) ||
				s.idle.Equal(oldest.idle) && s.shelf.key.String() < oldest.shelf.key.String() {
				oldest = s
			}
		}
	}
	return oldest
}
