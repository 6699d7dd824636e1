package pool

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Key identifies interchangeable sandboxes.
type Key struct {
	Engine string
	Image  string // digest
	Class  string // of limits
}

func (k Key) String() string { return k.Engine + "/" + k.Class + "@" + k.Image }

// Sandbox is one sandbox. The pool calls one method at a time, except Gone.
type Sandbox interface {
	// Ping checks whether an idle sandbox still works.
	Ping(ctx context.Context) error
	// Reset cleans a used sandbox, for the same account, and verifies it. Any error retires the sandbox.
	Reset(ctx context.Context) error
	// Gone is closed when the sandbox is known to be dead.
	Gone() <-chan struct{}
	// Remove kills the sandbox and returns nil when its complete removal is confirmed. It is repeated after an error.
	Remove(ctx context.Context) error
}

// Launcher makes sandboxes.
type Launcher interface {
	// Launch returns a sandbox once it is warm. A sandbox beside an error is one that failed and must be removed. An error
	// marked with Permanent stops further attempts for the image immediately.
	Launch(ctx context.Context, key Key) (Sandbox, error)
}

// Config sets a pool's bounds and times. Zero fields take the value named in their comment.
type Config struct {
	Max      int // sandboxes that exist, 8
	PerKey   int // sandboxes of one key that exist, Max
	Warm     int // sandboxes kept warm for each key in use; 0 means 1, negative none
	Launches int // concurrent launches, and of one image, 2. With slow ones, at most three times as many

	// Busy is the number of sandboxes in use that keeps all processors busy: from then on, starts ahead of need, which would
	// only slow them down, wait until one of them finishes, or for RefillWait after the last acquire. 0 means never. A sandbox
	// that a caller waits for is started immediately.
	Busy       int
	RefillWait time.Duration // 1 s

	LaunchTimeout time.Duration // 30 s
	LaunchSlow    time.Duration // a launch that takes longer leaves its place to those of other images, 5 s
	RemoveTimeout time.Duration // of one attempt, 10 s
	PingEvery     time.Duration // 10 s
	PingTimeout   time.Duration // 2 s
	IdleAfter     time.Duration // a key or sandbox not used for so long is removed, 10 min
	MaxAge        time.Duration // an idle sandbox of that age is replaced, 30 min
	PressureHold  time.Duration // no refills for so long after Shrink, 30 s

	BackoffMin time.Duration // first pause of an image that failed, 250 ms
	BackoffMax time.Duration // 30 s
	BreakAfter int           // failures in a row until an image is refused for BreakFor, 5
	BreakFor   time.Duration // 30 s

	Reuse    Reuse
	Observer Observer // nil for none
}

// Reuse lets an account's sandboxes serve several of its jobs. The zero value forbids it.
type Reuse struct {
	Jobs int           // at most
	For  time.Duration // since the account's first job, at most
	Idle time.Duration // a sandbox bound to an account that is idle for so long is removed, 1 min
}

// Observer receives what happens. It is called outside the pool's lock and must not block.
type Observer interface {
	// Acquired reports how long a job waited for its sandbox, and whether the sandbox had been warm already.
	Acquired(k Key, waited time.Duration, warm bool)
	Launched(k Key, took time.Duration, err error)
	Removed(k Key, why Reason, took time.Duration)
}

type nobody struct{}

func (nobody) Acquired(Key, time.Duration, bool)  {}
func (nobody) Launched(Key, time.Duration, error) {}
func (nobody) Removed(Key, Reason, time.Duration) {}

func (c Config) withDefaults() Config {
	or := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	or(&c.Max, 8)
	or(&c.PerKey, c.Max)
	if c.Warm == 0 {
		c.Warm = 1
	}
	c.Warm = max(c.Warm, 0)
	or(&c.Launches, 2)
	or(&c.BreakAfter, 5)
	for v, d := range map[*time.Duration]time.Duration{
		&c.LaunchTimeout: 30 * time.Second, &c.LaunchSlow: 5 * time.Second, &c.RemoveTimeout: 10 * time.Second, &c.PingEvery: 10 * time.Second,
		&c.PingTimeout: 2 * time.Second, &c.IdleAfter: 10 * time.Minute, &c.MaxAge: 30 * time.Minute,
		&c.PressureHold: 30 * time.Second, &c.BackoffMin: 250 * time.Millisecond, &c.BackoffMax: 30 * time.Second,
		&c.RefillWait: time.Second,
		&c.BreakFor:   30 * time.Second, &c.Reuse.Idle: time.Minute,
	} {
		if *v <= 0 {
			*v = d
		}
	}
	if c.Observer == nil {
		c.Observer = nobody{}
	}
	return c
}

// ErrClosed is the error of a closed pool.
var ErrClosed = errors.New("the pool of sandboxes is closed")

// Pool keeps sandboxes. It is safe for concurrent use.
type Pool struct {
	cfg      Config
	launcher Launcher
	ctx      context.Context // of launches and removals; ends when the pool is closed by force
	cancel   context.CancelFunc
	wg       sync.WaitGroup
	empty    chan struct{} // closed when the pool is closed and no sandbox is left

	mu        sync.Mutex
	closed    bool
	shelves   map[Key]*shelf
	images    map[string]*image
	accounts  map[string]*account // that wait
	clock     uint64              // of turns
	total     int                 // sandboxes not confirmed removed
	launching int                 // that are not slow
	slowly    int                 // that are
	draining  int
	holdUntil time.Time // no refills before
	taken     time.Time // the last time that a sandbox was
	refilling bool      // a timer for RefillWait is running
	counts    Counts
	events    []func() // for the observer, after the lock
}

// New makes a pool. Close it.
func New(l Launcher, cfg Config) *Pool {
	p := &Pool{cfg: cfg.withDefaults(), launcher: l, shelves: make(map[Key]*shelf), images: make(map[string]*image),
		accounts: make(map[string]*account), empty: make(chan struct{}),
		counts: Counts{Removed: make(map[Reason]int)}}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.wg.Go(p.upkeep)
	return p
}

// unlock ends every change: the observer's methods are called after the lock is released.
func (p *Pool) unlock() {
	events := p.events
	p.events = nil
	p.mu.Unlock()
	for _, tell := range events {
		tell()
	}
}

// Want keeps n sandboxes of a key warm, used or not, until it is called with 0.
func (p *Pool) Want(key Key, n int) {
	p.mu.Lock()
	defer p.unlock()
	if p.closed {
		return
	}
	p.shelf(key).want = n
	p.schedule()
}

// Acquire returns a sandbox of a key. It waits for one until the context ends and then returns the context's cause. If the image
// is known not to start, it returns an *UnavailableError without waiting.
func (p *Pool) Acquire(ctx context.Context, key Key, account string) (*Lease, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	start := time.Now()
	p.mu.Lock()
	if p.closed {
		p.unlock()
		return nil, ErrClosed
	}
	sh := p.shelf(key)
	sh.used = start
	w := &waiter{shelf: sh, account: account, since: start, ready: make(chan struct{})}
	p.enqueue(w)
	p.schedule()
	if w.slot == nil && w.err == nil && sh.checking == 0 {
		if err := p.refusal(key.Image); err != nil {
			p.dequeue(w)
			w.err = err
		}
	}
	served := w.slot != nil || w.err != nil
	p.unlock()
	if !served {
		select {
		case <-w.ready:
		case <-ctx.Done():
			if !p.abandon(w) {
				return nil, context.Cause(ctx)
			}
		}
	}
	if w.err != nil {
		return nil, w.err
	}
	return &Lease{p: p, s: w.slot}, nil
}

// abandon removes a waiter from its queue. It returns true if the waiter has been served meanwhile with an error; a sandbox that
// came too late goes to the next one.
func (p *Pool) abandon(w *waiter) (failed bool) {
	p.mu.Lock()
	defer p.unlock()
	switch {
	case w.err != nil:
		return true
	case w.slot != nil:
		if w.slot.jobs--; w.slot.jobs == 0 {
			w.slot.account = ""
		}
		p.shelve(w.slot)
	default:
		p.dequeue(w)
	}
	p.schedule()
	return false
}

// Shrink removes up to n idle sandboxes, the longest idle first, and keeps the pool from starting others ahead of need for a
// while. It returns how many it removes.
func (p *Pool) Shrink(n int) int {
	p.mu.Lock()
	defer p.unlock()
	p.holdUntil = time.Now().Add(p.cfg.PressureHold)
	gone := 0
	for ; gone < n; gone++ {
		s := p.longestIdle(nil)
		if s == nil {
			break
		}
		p.drain(s, Pressure)
	}
	return gone
}

// Close hands out no more sandboxes, fails all waiters, and removes every sandbox as soon as it is free. It returns when all
// removals are confirmed; if the context ends first, it returns an error with how many are left. It may be called more than
// once.
func (p *Pool) Close(ctx context.Context) error {
	p.mu.Lock()
	if !p.closed {
		p.closed = true
		for _, sh := range p.shelves {
			p.failWaiters(sh, ErrClosed)
			for len(sh.free) > 0 {
				p.drain(sh.free[0], Closed)
			}
		}
		p.checkEmpty()
	}
	p.unlock()
	select {
	case <-p.empty:
	case <-ctx.Done():
	}
	p.cancel()
	p.wg.Wait()
	p.mu.Lock()
	defer p.unlock()
	if p.total > 0 {
		return fmt.Errorf("%d sandboxes are not confirmed removed: %w", p.total, context.Cause(ctx))
	}
	return nil
}

// checkEmpty notifies Close that nothing is left.
func (p *Pool) checkEmpty() {
	if p.closed && p.total == 0 {
		select {
		case <-p.empty:
		default:
			close(p.empty)
		}
	}
}
