package pool_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spark-games/spark/internal/builds/sandbox/pool"
)

// TestStress lets many accounts use a pool whose sandboxes start slowly, fail, die, hang and stay dirty, and checks the
// invariants. How many of the impatient are served depends on chance: there are more of them than the pool can serve, and starts
// that hang take half a minute each. That nobody waits forever is checked once nothing fails any more: then everybody is served.
func TestStress(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { stress(t, seed) })
		})
	}
}

func stress(t *testing.T, seed uint64) {
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(seed, 1))
	calm := false
	chance := func(p float64) bool {
		mu.Lock()
		defer mu.Unlock()
		return r.Float64() < p && !calm
	}
	upTo := func(d time.Duration) time.Duration {
		mu.Lock()
		defer mu.Unlock()
		return time.Duration(r.Int64N(int64(d)) + 1)
	}
	fail := errors.New("by chance")
	s := &script{leave: seed%2 == 0, launch: func(ctx context.Context, _ pool.Key, _ int) error {
		d := upTo(400 * time.Millisecond)
		if chance(0.02) {
			d = time.Hour
		}
		select {
		case <-time.After(d):
		case <-ctx.Done():
			return ctx.Err()
		}
		if chance(0.1) {
			return fail
		}
		return nil
	}, remove: func(int) error {
		time.Sleep(upTo(200 * time.Millisecond))
		if chance(0.2) {
			return fail
		}
		return nil
	}}
	cfg := pool.Config{Max: 5, PerKey: 4, Warm: 1, PingEvery: 2 * time.Second, IdleAfter: 20 * time.Second, MaxAge: 40 * time.Second,
		Reuse: pool.Reuse{Jobs: 3, For: 20 * time.Second, Idle: 5 * time.Second}}
	p := start(t, s, cfg)
	keys := []pool.Key{phaser, godot, {Engine: "three", Image: "sha256:t"}}
	var owners sync.Map // sandbox → account
	var jobs sync.WaitGroup
	for n := range 30 {
		account := fmt.Sprint(n % 7)
		jobs.Go(func() {
			for range 20 {
				ctx, cancel := context.WithTimeout(t.Context(), upTo(30*time.Second))
				l, err := p.Acquire(ctx, keys[int(upTo(3))-1], account)
				cancel()
				var refused *pool.UnavailableError
				switch {
				case err == nil:
				case errors.Is(err, context.DeadlineExceeded), errors.As(err, &refused):
					time.Sleep(upTo(time.Second))
					continue
				default:
					t.Errorf("refused for no reason: %v", err)
					return
				}
				b := l.Sandbox().(*sandbox)
				if was, taken := owners.LoadOrStore(b, account); taken && was != account {
					t.Errorf("a sandbox of account %v serves %s", was, account)
				}
				if l.Jobs() > 3 {
					t.Errorf("job %d of a sandbox for three", l.Jobs())
				}
				l.Begin()
				time.Sleep(upTo(2 * time.Second))
				if chance(0.1) {
					b.die()
				}
				if chance(0.05) {
					b.spoil(func() { b.ping = fail })
				}
				if chance(0.05) {
					b.spoil(func() { b.reset = fail })
				}
				l.Release(chance(0.8))
			}
		})
	}
	jobs.Go(func() {
		for range 5 {
			time.Sleep(upTo(20 * time.Second))
			p.Shrink(2)
			if st := p.Stats(); st.Total > cfg.Max {
				t.Errorf("total %d", st.Total)
			}
		}
	})
	jobs.Wait()
	if s.count().existMost > cfg.Max || s.count().underMost > 2*len(keys) { // two of each image, when all hang
		t.Errorf("%d sandboxes and %d launches concurrently", s.count().existMost, s.count().underMost)
	}

	mu.Lock()
	calm = true
	mu.Unlock()
	time.Sleep(time.Minute) // starts that hang are over, and no image is refused any more
	// A pool with at least one sandbox at work at any time finishes within that: each job takes at most two seconds, and its
	// sandbox as much again to be removed and started.
	ctx, cancel := context.WithTimeout(t.Context(), 90*4*time.Second)
	defer cancel()
	for n := range 30 {
		jobs.Go(func() {
			for _, k := range keys {
				l, err := p.Acquire(ctx, k, fmt.Sprint(n%7))
				if err != nil {
					t.Errorf("a job is left waiting although nothing fails: %v", err)
					return
				}
				l.Begin()
				time.Sleep(upTo(2 * time.Second))
				l.Release(true)
			}
		})
	}
	jobs.Wait()
}

// TestBurst gives a hundred jobs to a pool of four simultaneously: they wait, and none fails.
func TestBurst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{took: 200 * time.Millisecond, drain: 100 * time.Millisecond}
		p := start(t, s, pool.Config{Max: 8, Warm: 4})
		p.Want(phaser, 4)
		time.Sleep(time.Second)
		var jobs sync.WaitGroup
		for n := range 100 {
			jobs.Go(func() {
				l, err := p.Acquire(t.Context(), phaser, fmt.Sprint(n%3))
				if err != nil {
					t.Error(err)
					return
				}
				l.Begin()
				time.Sleep(300 * time.Millisecond)
				l.Release(true)
			})
		}
		jobs.Wait()
	})
}

func BenchmarkAcquireWarm(b *testing.B) {
	s := &script{}
	p := pool.New(s, pool.Config{Max: 64, Warm: 32, Launches: 32})
	p.Want(phaser, 32)
	for b.Loop() {
		l, err := p.Acquire(context.Background(), phaser, "a")
		if err != nil {
			b.Fatal(err)
		}
		l.Release(true)
	}
	b.StopTimer()
	if err := p.Close(context.Background()); err != nil {
		b.Fatal(err)
	}
}
