package pool

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Counts are totals since the pool was made.
type Counts struct {
	Launched, Failed int
	Warm, Cold       int // acquires of a sandbox that was ready, and of one that was not
	Removed          map[Reason]int
}

// Stats is the pool at one moment.
type Stats struct {
	Max, Total, Waiting int
	Keys                []KeyStats // sorted
	Counts              Counts
}

// KeyStats is one key at one moment.
type KeyStats struct {
	Key     Key
	States  map[State]int
	Waiting int
	// Broken says why sandboxes of this image do not start, and RetryAt when that is retried; "" if they start.
	Broken  string
	RetryAt time.Time
}

// Stats returns the state of the pool.
func (p *Pool) Stats() Stats {
	p.mu.Lock()
	defer p.unlock()
	st := Stats{Max: p.cfg.Max, Total: p.total, Counts: p.counts}
	st.Counts.Removed = maps.Clone(p.counts.Removed)
	for _, sh := range p.shelves {
		k := KeyStats{Key: sh.key, States: make(map[State]int), Waiting: sh.waiting}
		for _, s := range States() {
			k.States[s] = sh.count[s]
		}
		if im := p.images[sh.key.Image]; im != nil && im.err != nil {
			k.Broken, k.RetryAt = im.err.Error(), im.until
		}
		st.Waiting += sh.waiting
		st.Keys = append(st.Keys, k)
	}
	slices.SortFunc(st.Keys, func(a, b KeyStats) int { return strings.Compare(a.Key.String(), b.Key.String()) })
	return st
}

// SandboxStats is one sandbox at one moment.
type SandboxStats struct {
	Sandbox Sandbox // nil while it is being made
	Key     Key
	State   State
	Since   time.Time // it is in that state
	Account string    // that has used it, "" for none
	Jobs    int       // that it has been given
}

// Sandboxes lists all sandboxes that count, those of one key together, the oldest first.
func (p *Pool) Sandboxes() []SandboxStats {
	p.mu.Lock()
	defer p.unlock()
	list := make([]SandboxStats, 0, p.total)
	for _, sh := range p.shelves {
		for _, s := range sh.slots {
			list = append(list, SandboxStats{Sandbox: s.sandbox, Key: sh.key, State: s.state, Since: s.since, Account: s.account, Jobs: s.jobs})
		}
	}
	slices.SortStableFunc(list, func(a, b SandboxStats) int { return cmp.Compare(a.Key.String(), b.Key.String()) })
	return list
}
