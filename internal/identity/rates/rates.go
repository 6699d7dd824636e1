// Package rates limits how many requests a caller makes in a minute, by the generic cell rate algorithm (ITU-T I.371; "GCRA"): a caller has
// a minute's worth of requests, which are spent at once or over time and come back evenly. What is spent is kept as the time at which all of it
// will have come back, one number for each caller, in Redis and by its clock, for all processes together. While Redis is away each process
// limits on its own.
package rates

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spark-games/spark/internal/identity/recent"
)

// Window is the time for which limits are said.
const Window = time.Minute

// Limit is how many requests a caller may make in a minute, at least one.
type Limit struct {
	// Name says what is limited, as in the header RateLimit-Policy: "key".
	Name string
	// Caller is unique among all names.
	Caller string
	Most   int
}

// cost is the time in which n requests come back. More than all never would.
func (l Limit) cost(n int) time.Duration {
	return Window / time.Duration(l.Most) * time.Duration(min(n, l.Most))
}

// Taken is what became of a request under the limit that leaves it the least.
type Taken struct {
	Limit Limit
	OK    bool
	Left  int           // requests that may be made at once
	Full  time.Duration // until all of them are back
	Wait  time.Duration // until this one may be made, if it may not now
}

// Ledger keeps what callers have spent, for all processes together.
type Ledger interface {
	// Spend adds costs to what callers have spent, each of which is given as the time until it has come back and is at most most. If one of
	// them would have spent more, nothing is added. It returns what each has spent then, and whether the costs were added.
	Spend(ctx context.Context, callers []string, costs []time.Duration, most time.Duration) (spent []time.Duration, ok bool, err error)
}

// Limiter limits requests. It is safe for concurrent use.
type Limiter struct {
	Shared Ledger
	// Away is told when the shared ledger does not answer, and may be nil. It must not block.
	Away func(error)

	own   Own
	until atomic.Int64 // the shared ledger is not asked again before, Unix time in nanoseconds
}

const (
	// patience is how long a request waits for the shared ledger.
	patience = 100 * time.Millisecond
	// pause is how long it is left alone after it did not answer.
	pause = time.Second
)

// Take makes a request that counts as n under some limits, if all of them allow it.
func (l *Limiter) Take(ctx context.Context, n int, limits ...Limit) Taken {
	callers, costs := make([]string, len(limits)), make([]time.Duration, len(limits))
	for i, limit := range limits {
		callers[i], costs[i] = limit.Caller, limit.cost(n)
	}
	spent, ok := l.spend(ctx, callers, costs)
	var least Taken
	for i, limit := range limits {
		t := Taken{Limit: limit, OK: ok || spent[i]+costs[i] <= Window, Left: int((Window - spent[i]) / limit.cost(1)), Full: spent[i]}
		if !t.OK {
			t.Wait = spent[i] + costs[i] - Window
		}
		if i == 0 || t.Wait > least.Wait || least.OK && t.Left < least.Left {
			least = t
		}
	}
	return least
}

func (l *Limiter) spend(ctx context.Context, callers []string, costs []time.Duration) ([]time.Duration, bool) {
	if now := time.Now().UnixNano(); now >= l.until.Load() {
		within, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		spent, ok, err := l.Shared.Spend(within, callers, costs, Window)
		if err == nil {
			return spent, ok
		}
		if ctx.Err() == nil { // it is not that the client has gone
			l.until.Store(now + int64(pause))
			if l.Away != nil {
				l.Away(err)
			}
		}
	}
	spent, ok, _ := l.own.Spend(ctx, callers, costs, Window)
	return spent, ok
}

// Own is the ledger of one process. Its zero value is ready.
type Own struct {
	mu    sync.Mutex
	until *recent.Cache[string, time.Time] // when what a caller has spent is back
}

// remembered limits how many of them are remembered; those that asked longest ago are forgotten first.
const remembered = 100_000

// Spend implements Ledger.
func (o *Own) Spend(_ context.Context, who []string, costs []time.Duration, most time.Duration) (spent []time.Duration, ok bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.until == nil {
		o.until = recent.New[string, time.Time](remembered, Window)
	}
	now := time.Now()
	spent, ok = make([]time.Duration, len(who)), true
	for i, c := range who {
		if at, known := o.until.Get(c); known {
			spent[i] = max(at.Sub(now), 0)
		}
		ok = ok && spent[i]+costs[i] <= most
	}
	if !ok {
		return spent, false, nil
	}
	for i, c := range who {
		spent[i] += costs[i]
		o.until.Put(c, now.Add(spent[i]))
	}
	return spent, true, nil
}
