package pool_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/spark-games/spark/internal/builds/sandbox/pool"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// script is a launcher that the test controls, and that counts what really exists.
type script struct {
	launch func(ctx context.Context, k pool.Key, n int) error // of the n-th launch, from 1; nil succeeds immediately
	remove func(n int) error                                  // of the n-th attempt on one sandbox
	took   time.Duration                                      // of a launch
	drain  time.Duration                                      // of a removal
	leave  bool                                               // a failed launch leaves a sandbox

	mu        sync.Mutex
	sandboxes []*sandbox
	launches  int
	under     int // way, now
	underMost int
	exist     int
	existMost int
}

type sandbox struct {
	script *script
	key    pool.Key
	gone   chan struct{}
	once   sync.Once

	mu       sync.Mutex
	pings    int
	resets   int
	attempts int
	removed  bool
	ping     error
	reset    error
	hang     bool
	account  string // by the test
}

func (s *script) Launch(ctx context.Context, k pool.Key) (pool.Sandbox, error) {
	s.mu.Lock()
	s.launches++
	n := s.launches
	s.under++
	s.underMost = max(s.underMost, s.under)
	s.exist++
	s.existMost = max(s.existMost, s.exist)
	s.mu.Unlock()
	var err error
	if s.took > 0 {
		time.Sleep(s.took)
	}
	if s.launch != nil {
		err = s.launch(ctx, k, n)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.under--
	if err != nil && !s.leave {
		s.exist--
		return nil, err
	}
	b := &sandbox{script: s, key: k, gone: make(chan struct{})}
	s.sandboxes = append(s.sandboxes, b)
	return b, err
}

// last is the sandbox that was made last.
func (s *script) last() *sandbox {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sandboxes[len(s.sandboxes)-1]
}

// figures are what has been counted.
type figures struct{ launches, underMost, exist, existMost int }

func (s *script) count() figures {
	s.mu.Lock()
	defer s.mu.Unlock()
	return figures{s.launches, s.underMost, s.exist, s.existMost}
}

func (b *sandbox) Ping(ctx context.Context) error {
	b.mu.Lock()
	b.pings++
	err, hang := b.ping, b.hang
	b.mu.Unlock()
	if hang {
		<-ctx.Done()
		return ctx.Err()
	}
	return err
}

func (b *sandbox) Reset(context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.resets++
	return b.reset
}

func (b *sandbox) Gone() <-chan struct{} { return b.gone }

// spoil changes the behaviour of a sandbox.
func (b *sandbox) spoil(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
}

func (b *sandbox) die() { b.once.Do(func() { close(b.gone) }) }

func (b *sandbox) Remove(ctx context.Context) error {
	b.mu.Lock()
	b.attempts++
	n := b.attempts
	b.mu.Unlock()
	if b.script.drain > 0 {
		t := time.NewTimer(b.script.drain)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if b.script.remove != nil {
		if err := b.script.remove(n); err != nil {
			return err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.removed {
		return errors.New("removed twice")
	}
	b.removed = true
	b.die()
	b.script.mu.Lock()
	b.script.exist--
	b.script.mu.Unlock()
	return nil
}

var (
	phaser = pool.Key{Engine: "phaser", Image: "sha256:p", Class: "1g"}
	godot  = pool.Key{Engine: "godot", Image: "sha256:g", Class: "2g"}
)

// start makes a pool that the test closes; everything that the script made must be gone then.
func start(t *testing.T, s *script, cfg pool.Config) *pool.Pool {
	t.Helper()
	p := pool.New(s, cfg)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		if err := p.Close(ctx); err != nil {
			t.Error(err)
		}
		if n := s.count().exist; n != 0 {
			t.Errorf("%d sandboxes are left", n)
		}
	})
	return p
}

func acquire(t *testing.T, p *pool.Pool, k pool.Key, account string) *pool.Lease {
	t.Helper()
	l, err := p.Acquire(t.Context(), k, account)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// state is the count of a key's sandboxes in a state.
func state(p *pool.Pool, k pool.Key, s pool.State) int {
	for _, ks := range p.Stats().Keys {
		if ks.Key == k {
			return ks.States[s]
		}
	}
	return 0
}

func wantStates(t *testing.T, p *pool.Pool, k pool.Key, want map[pool.State]int) {
	t.Helper()
	for _, s := range pool.States() {
		if got := state(p, k, s); got != want[s] {
			t.Errorf("%d %s, want %d", got, s, want[s])
		}
	}
}
