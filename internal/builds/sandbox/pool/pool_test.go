package pool_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spark-games/spark/internal/builds/sandbox/pool"
)

func TestLifeOfASandbox(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{took: 200 * time.Millisecond, drain: 100 * time.Millisecond}
		p := start(t, s, pool.Config{Max: 4, Warm: 1})
		p.Want(phaser, 1)
		synctest.Wait()
		wantStates(t, p, phaser, map[pool.State]int{pool.Creating: 1})
		time.Sleep(200 * time.Millisecond)
		synctest.Wait()
		wantStates(t, p, phaser, map[pool.State]int{pool.Warm: 1})

		begin := time.Now()
		l := acquire(t, p, phaser, "a")
		if waited := time.Since(begin); waited > 0 {
			t.Errorf("waited %s for a warm sandbox", waited)
		}
		// The refill starts at the acquire, not at the release.
		wantStates(t, p, phaser, map[pool.State]int{pool.Leased: 1, pool.Creating: 1})
		l.Begin()
		wantStates(t, p, phaser, map[pool.State]int{pool.Running: 1, pool.Creating: 1})
		l.Release(true)
		l.Release(true)
		synctest.Wait()
		wantStates(t, p, phaser, map[pool.State]int{pool.Draining: 1, pool.Creating: 1})
		<-l.Removed()
		time.Sleep(time.Second)
		wantStates(t, p, phaser, map[pool.State]int{pool.Warm: 1})
		if st := p.Stats(); st.Counts.Warm != 1 || st.Counts.Removed[pool.Used] != 1 || st.Total != 1 {
			t.Errorf("stats %+v", st)
		}
	})
}

func TestBoundsCountWhatIsNotRemoved(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{took: 100 * time.Millisecond, drain: time.Minute}
		p := start(t, s, pool.Config{Max: 3, PerKey: 2, Warm: -1, RemoveTimeout: time.Hour})
		one, two := acquire(t, p, phaser, "a"), acquire(t, p, phaser, "a")
		one.Release(true)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		if _, err := p.Acquire(ctx, phaser, "a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a third sandbox of the key while one is being removed: %v", err)
		}
		three := acquire(t, p, godot, "a") // the total allows it
		begin := time.Now()
		four := acquire(t, p, phaser, "a")
		if waited := time.Since(begin); waited < 29*time.Second {
			t.Errorf("a sandbox after %s, before the removal was confirmed", waited)
		}
		for _, l := range []*pool.Lease{two, three, four} {
			l.Release(true)
		}
		if s.count().existMost > 3 {
			t.Errorf("%d sandboxes concurrently", s.count().existMost)
		}
	})
}

func TestRemovalIsRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{remove: func(n int) error {
			if n < 5 {
				return errors.New("the daemon is busy")
			}
			return nil
		}}
		p := start(t, s, pool.Config{Max: 1, Warm: -1})
		l := acquire(t, p, phaser, "a")
		l.Release(true)
		begin := time.Now()
		acquire(t, p, phaser, "b").Release(true)
		if waited := time.Since(begin); waited != 1500*time.Millisecond {
			t.Errorf("waited %s for four failed removals", waited)
		}
	})
}

func TestAtMostTwoLaunchesAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{took: time.Second}
		p := start(t, s, pool.Config{Max: 10, Warm: 4})
		p.Want(phaser, 4)
		p.Want(godot, 4)
		time.Sleep(time.Minute)
		if s.count().underMost != 2 || s.count().launches != 8 {
			t.Errorf("%d concurrently, %d in total", s.count().underMost, s.count().launches)
		}
	})
}

func TestAccountsTakeTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		p := start(t, s, pool.Config{Max: 1, Warm: -1})
		hold := acquire(t, p, phaser, "z")
		var order []string
		done := make(chan struct{})
		ask := func(k pool.Key, account, name string) {
			go func() {
				l := acquire(t, p, k, account)
				order = append(order, name) // one sandbox: one at a time
				l.Release(true)
				done <- struct{}{}
			}()
			synctest.Wait()
		}
		for _, name := range []string{"a1", "a2", "a3", "a4"} {
			ask(phaser, "a", name)
		}
		ask(phaser, "b", "b1")
		ask(phaser, "b", "b2")
		ask(godot, "c", "c1")
		hold.Release(true)
		for range 7 {
			<-done
		}
		if got := strings.Join(order, " "); got != "a1 b1 c1 a2 b2 a3 a4" {
			t.Errorf("order %q", got)
		}
	})
}

func TestWaiterWhoLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{took: time.Second}
		p := start(t, s, pool.Config{Max: 2, Warm: -1})
		cause := errors.New("cancelled by the user")
		ctx, cancel := context.WithCancelCause(t.Context())
		failed := make(chan error)
		go func() {
			_, err := p.Acquire(ctx, phaser, "a")
			failed <- err
		}()
		synctest.Wait()
		cancel(cause)
		if err := <-failed; !errors.Is(err, cause) {
			t.Errorf("error %v", err)
		}
		// The sandbox that was started for it is not discarded.
		time.Sleep(2 * time.Second)
		wantStates(t, p, phaser, map[pool.State]int{pool.Warm: 1})
		if _, err := p.Acquire(ctx, phaser, "a"); !errors.Is(err, cause) {
			t.Errorf("a sandbox for who has left: %v", err)
		}
		acquire(t, p, phaser, "b").Release(true)
		if s.count().launches != 1 {
			t.Errorf("%d launches", s.count().launches)
		}
	})
}

func TestIdleSandboxMakesRoomForAnotherKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{took: 100 * time.Millisecond, drain: 50 * time.Millisecond}
		p := start(t, s, pool.Config{Max: 2, Warm: 1})
		p.Want(phaser, 2)
		time.Sleep(time.Second)
		begin := time.Now()
		l := acquire(t, p, godot, "a")
		if waited := time.Since(begin); waited != 150*time.Millisecond {
			t.Errorf("waited %s", waited)
		}
		if st := p.Stats(); st.Counts.Removed[pool.Room] != 1 {
			t.Errorf("removed %v", st.Counts.Removed)
		}
		l.Release(true)
	})
}

func TestBrokenImage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		broken := true
		var at []time.Duration
		begin := time.Now()
		s := &script{took: time.Millisecond, launch: func(_ context.Context, k pool.Key, _ int) error {
			if k != godot {
				return nil
			}
			at = append(at, time.Since(begin))
			if broken {
				return errors.New("no such file: /engine-agent")
			}
			return nil
		}}
		p := start(t, s, pool.Config{Max: 4, Warm: -1})
		_, err := p.Acquire(t.Context(), godot, "a")
		var unavailable *pool.UnavailableError
		if !errors.As(err, &unavailable) || !strings.Contains(err.Error(), "engine-agent") {
			t.Fatalf("error %v", err)
		}
		if len(at) != 5 {
			t.Errorf("%d attempts", len(at))
		}
		for i := 1; i < len(at); i++ {
			pause, least := at[i]-at[i-1], 250*time.Millisecond<<(i-1)
			if pause < least || pause > least*13/10 {
				t.Errorf("pause %d: %s, want %s", i, pause, least)
			}
		}
		// While the image is broken, requests fail immediately, and other images work.
		begin = time.Now()
		if _, err := p.Acquire(t.Context(), godot, "a"); !errors.As(err, &unavailable) || time.Since(begin) > 0 {
			t.Errorf("after %s: %v", time.Since(begin), err)
		}
		acquire(t, p, phaser, "a").Release(true)
		if st := p.Stats(); st.Keys[0].Broken == "" || st.Keys[1].Broken != "" {
			t.Errorf("stats %+v", st.Keys)
		}
		// There is one attempt after the pause; if it succeeds, the image works again.
		broken = false
		time.Sleep(time.Until(unavailable.Until) + time.Second)
		acquire(t, p, godot, "a").Release(true)
		if st := p.Stats(); st.Keys[0].Broken != "" {
			t.Errorf("still broken: %+v", st.Keys[0])
		}
	})
}

func TestPermanentFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		missing := errors.New("no such image")
		s := &script{launch: func(context.Context, pool.Key, int) error { return pool.Permanent(missing) }}
		p := start(t, s, pool.Config{Warm: -1})
		if _, err := p.Acquire(t.Context(), godot, "a"); !errors.Is(err, missing) || s.count().launches != 1 {
			t.Errorf("%v after %d attempts", err, s.count().launches)
		}
	})
}

func TestFailedLaunchThatLeavesASandbox(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{leave: true, drain: time.Second, launch: func(_ context.Context, _ pool.Key, n int) error {
			if n == 1 {
				return errors.New("no hello")
			}
			return nil
		}}
		p := start(t, s, pool.Config{Max: 1, Warm: -1})
		begin := time.Now()
		acquire(t, p, phaser, "a").Release(true)
		if waited := time.Since(begin); waited != time.Second {
			t.Errorf("waited %s: the failed sandbox was not counted", waited)
		}
	})
}

func TestLaunchTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{launch: func(ctx context.Context, _ pool.Key, n int) error {
			if n == 1 { // a daemon that accepts and never answers
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}}
		p := start(t, s, pool.Config{LaunchTimeout: 5 * time.Second, Warm: -1})
		begin := time.Now()
		acquire(t, p, phaser, "a").Release(true)
		if waited := time.Since(begin); waited < 5*time.Second || waited > 6*time.Second {
			t.Errorf("waited %s", waited)
		}
	})
}

func TestHangingLaunchesLeaveRoomForOtherImages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var works atomic.Bool
		s := &script{launch: func(ctx context.Context, k pool.Key, _ int) error {
			if k != godot || works.Load() {
				return nil
			}
			<-ctx.Done()
			return ctx.Err()
		}}
		p := start(t, s, pool.Config{Max: 8, Warm: -1})
		begin := time.Now()
		var jobs sync.WaitGroup
		for range 3 {
			jobs.Go(func() { acquire(t, p, godot, "a").Release(true) })
		}
		synctest.Wait()
		for range 3 {
			acquire(t, p, phaser, "b").Release(true)
		}
		if waited := time.Since(begin); waited != 5*time.Second {
			t.Errorf("another image's jobs waited %s", waited)
		}
		// The image that hangs has no more than its share of launches, however many wait for it.
		time.Sleep(20 * time.Second)
		if n := state(p, godot, pool.Creating); n != 2 {
			t.Errorf("%d launches of one image hang", n)
		}
		works.Store(true)
		jobs.Wait()
	})
}

// When every launch is slow, no more than three times Launches run, however many images are asked for.
func TestSlowLaunchesAreLimited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{took: 20 * time.Second}
		p := start(t, s, pool.Config{Max: 32, Warm: -1, Launches: 2})
		var jobs sync.WaitGroup
		for i := range 16 {
			k := pool.Key{Image: fmt.Sprintf("image %d", i)}
			jobs.Go(func() { acquire(t, p, k, "a").Release(true) })
		}
		begin := time.Now()
		most := 0
		for range 100 {
			synctest.Wait()
			n := 0
			for i := range 16 {
				n += state(p, pool.Key{Image: fmt.Sprintf("image %d", i)}, pool.Creating)
			}
			most = max(most, n)
			time.Sleep(time.Second)
		}
		jobs.Wait()
		if most != 6 {
			t.Errorf("%d launches at once", most)
		}
		if took := time.Since(begin); took > 100*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

func TestReuse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{took: time.Second}
		p := start(t, s, pool.Config{Max: 4, Warm: -1, Reuse: pool.Reuse{Jobs: 3, For: 10 * time.Minute}})
		serve := func(account string, clean bool) *sandbox {
			l := acquire(t, p, phaser, account)
			l.Begin()
			b := l.Sandbox().(*sandbox)
			if b.account != "" && b.account != account {
				t.Errorf("a sandbox of %s serves %s", b.account, account)
			}
			b.account = account
			l.Release(clean)
			synctest.Wait()
			return b
		}
		one := serve("a", true)
		if serve("b", true) == one {
			t.Error("two accounts in one sandbox")
		}
		for range 2 {
			if serve("a", true) != one {
				t.Error("the account's own sandbox was not used again")
			}
		}
		two := serve("a", true)
		if two == one {
			t.Error("a fourth job in a sandbox for three")
		}
		if serve("a", false) != two || serve("a", true) == two {
			t.Error("a sandbox in doubt was used again")
		}
		three := s.last()
		three.spoil(func() { three.reset = errors.New("a file is left") })
		if serve("a", true) != three || serve("a", true) == three {
			t.Error("a dirty sandbox was used again")
		}
		four := s.last()
		time.Sleep(61 * time.Second) // bound sandboxes do not wait long
		if serve("a", true) == four {
			t.Error("the sandbox waited for its account")
		}
	})
}

func TestReuseForALimitedTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		p := start(t, s, pool.Config{Warm: -1, Reuse: pool.Reuse{Jobs: 100, For: 10 * time.Second}})
		var first pool.Sandbox
		for i := range 12 {
			l := acquire(t, p, phaser, "a")
			if i == 0 {
				first = l.Sandbox()
			}
			if same := l.Sandbox() == first; same != (i < 10) {
				t.Errorf("second %d: same sandbox %v", i, same)
			}
			l.Release(true)
			time.Sleep(time.Second)
		}
	})
}

func TestBoundSandboxMakesRoomForAnotherAccount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		p := start(t, s, pool.Config{Max: 1, Warm: -1, Reuse: pool.Reuse{Jobs: 3, For: time.Minute}})
		acquire(t, p, phaser, "a").Release(true)
		synctest.Wait()
		begin := time.Now()
		acquire(t, p, phaser, "b").Release(true)
		if time.Since(begin) > time.Second || s.count().existMost > 1 {
			t.Errorf("after %s, with %d sandboxes", time.Since(begin), s.count().existMost)
		}
	})
}

func TestUpkeep(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil  func(b *sandbox)
		reason pool.Reason
		within time.Duration
	}{
		"dies":         {func(b *sandbox) { b.die() }, pool.Died, 0},
		"fails a ping": {func(b *sandbox) { b.spoil(func() { b.ping = errors.New("stale frame") }) }, pool.Unhealthy, 11 * time.Second},
		"hangs":        {func(b *sandbox) { b.spoil(func() { b.hang = true }) }, pool.Unhealthy, 13 * time.Second},
		"is too old":   {func(*sandbox) {}, pool.Aged, 31 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &script{}
				p := start(t, s, pool.Config{})
				p.Want(phaser, 1)
				synctest.Wait()
				b := s.last()
				c.spoil(b)
				time.Sleep(c.within)
				synctest.Wait()
				if st := p.Stats(); st.Counts.Removed[c.reason] != 1 {
					t.Errorf("removed %v", st.Counts.Removed)
				}
				// It has been replaced.
				wantStates(t, p, phaser, map[pool.State]int{pool.Warm: 1})
				if s.last() == b {
					t.Error("no other sandbox")
				}
			})
		})
	}
}

func TestIdleKeyIsLetGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		p := start(t, s, pool.Config{Warm: 2})
		acquire(t, p, phaser, "a").Release(true)
		time.Sleep(9 * time.Minute)
		wantStates(t, p, phaser, map[pool.State]int{pool.Warm: 2})
		time.Sleep(2 * time.Minute)
		if st := p.Stats(); st.Total != 0 || len(st.Keys) != 0 {
			t.Errorf("stats %+v", st)
		}
	})
}

func TestAcquireWaitsForAPing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{took: time.Hour}
		p := start(t, s, pool.Config{PingTimeout: time.Second, PingEvery: 10 * time.Second, LaunchTimeout: 2 * time.Hour,
			MaxAge: 24 * time.Hour})
		p.Want(phaser, 1)
		time.Sleep(time.Hour + 9500*time.Millisecond)
		b := s.last()
		b.spoil(func() { b.hang = true })
		time.Sleep(700 * time.Millisecond) // the ping is under way
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := p.Acquire(ctx, phaser, "a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a sandbox that is being pinged was handed out: %v", err)
		}
	})
}

func TestShrink(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		p := start(t, s, pool.Config{Max: 8})
		p.Want(phaser, 3)
		p.Want(godot, 2)
		synctest.Wait()
		if n := p.Shrink(4); n != 4 {
			t.Errorf("%d let go", n)
		}
		time.Sleep(29 * time.Second)
		if st := p.Stats(); st.Total != 1 {
			t.Errorf("%d sandboxes", st.Total)
		}
		acquire(t, p, phaser, "a").Release(true) // who needs one gets one
		acquire(t, p, godot, "a").Release(true)
		if n := p.Shrink(4); n != 0 {
			t.Errorf("%d let go of none", n)
		}
		time.Sleep(31 * time.Second)
		if st := p.Stats(); st.Total != 5 {
			t.Errorf("%d sandboxes after the pressure", st.Total)
		}
	})
}

func TestClose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{took: time.Second, drain: time.Second}
		p := start(t, s, pool.Config{Max: 1})
		held := acquire(t, p, phaser, "a")
		failed := make(chan error)
		go func() {
			_, err := p.Acquire(t.Context(), phaser, "b")
			failed <- err
		}()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		closed := make(chan error)
		go func() { closed <- p.Close(ctx) }()
		if err := <-failed; !errors.Is(err, pool.ErrClosed) {
			t.Errorf("the waiter: %v", err)
		}
		if _, err := p.Acquire(t.Context(), phaser, "b"); !errors.Is(err, pool.ErrClosed) {
			t.Errorf("a later one: %v", err)
		}
		held.Release(true)
		if err := <-closed; err != nil {
			t.Error(err)
		}
	})
}

func TestCloseGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{remove: func(int) error { return errors.New("the daemon is gone") }}
		p := pool.New(s, pool.Config{Max: 1})
		acquire(t, p, phaser, "a").Release(true)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := p.Close(ctx); err == nil || !strings.Contains(err.Error(), "1 sandboxes") {
			t.Errorf("error %v", err)
		}
	})
}

// hears records what a pool reports.
type hears struct {
	mu                          sync.Mutex
	acquired, launched, removed []string
}

func (h *hears) note(list *[]string, words ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	*list = append(*list, strings.TrimSuffix(fmt.Sprintln(words...), "\n"))
}

func (h *hears) Acquired(k pool.Key, waited time.Duration, warm bool) {
	h.note(&h.acquired, k.Engine, waited, warm)
}

func (h *hears) Launched(k pool.Key, took time.Duration, err error) {
	h.note(&h.launched, k.Engine, took, err)
}

func (h *hears) Removed(k pool.Key, why pool.Reason, took time.Duration) {
	h.note(&h.removed, k.Engine, why, took)
}

func TestObserver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := &hears{}
		s := &script{took: time.Second, drain: 2 * time.Second}
		p := start(t, s, pool.Config{Warm: -1, Observer: h, Reuse: pool.Reuse{Jobs: 2, For: time.Hour}})
		for range 2 {
			acquire(t, p, phaser, "a").Release(true)
			synctest.Wait()
		}
		time.Sleep(5 * time.Second)
		h.mu.Lock()
		defer h.mu.Unlock()
		if !slices.Equal(h.acquired, []string{"phaser 1s false", "phaser 0s true"}) ||
			!slices.Equal(h.launched, []string{"phaser 1s <nil>"}) || !slices.Equal(h.removed, []string{"phaser used 2s"}) {
			t.Errorf("heard %+v", h)
		}
	})
}

func TestSandboxesSayWhatTheyDo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{took: time.Second, drain: time.Second}
		p := start(t, s, pool.Config{Max: 4, Warm: -1})
		l := acquire(t, p, phaser, "a")
		taken := time.Now()
		p.Want(godot, 1)
		time.Sleep(500 * time.Millisecond)
		list := p.Sandboxes()
		if len(list) != 2 {
			t.Fatalf("sandboxes %+v", list)
		}
		if b := list[0]; b.Key != godot || b.State != pool.Creating || b.Sandbox != nil || b.Account != "" || b.Jobs != 0 || !b.Since.Equal(taken) {
			t.Errorf("the sandbox that is being made: %+v", b)
		}
		if b := list[1]; b.Key != phaser || b.State != pool.Leased || b.Sandbox != l.Sandbox() || b.Account != "a" || b.Jobs != 1 || !b.Since.Equal(taken) {
			t.Errorf("the sandbox in use: %+v", b)
		}
		l.Release(true)
		synctest.Wait()
		if b := p.Sandboxes()[1]; b.State != pool.Draining || !b.Since.Equal(time.Now()) {
			t.Errorf("the sandbox that goes: %+v", b)
		}
	})
}

func TestRefillsDoNotSlowDownBuilds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{took: 200 * time.Millisecond}
		p := start(t, s, pool.Config{Max: 8, Warm: 1, Busy: 2, RefillWait: time.Second})
		p.Want(phaser, 1)
		time.Sleep(time.Second)

		one := acquire(t, p, phaser, "a") // and there are processors left
		wantStates(t, p, phaser, map[pool.State]int{pool.Leased: 1, pool.Creating: 1})
		time.Sleep(time.Second)
		two := acquire(t, p, phaser, "a")
		two.Begin()
		wantStates(t, p, phaser, map[pool.State]int{pool.Leased: 1, pool.Running: 1})
		three := acquire(t, p, phaser, "b") // a waiter gets a sandbox immediately, without a delay
		wantStates(t, p, phaser, map[pool.State]int{pool.Leased: 2, pool.Running: 1})
		if st := p.Stats(); st.Counts.Cold != 1 || st.Counts.Warm != 2 {
			t.Errorf("counts %+v", st.Counts)
		}
		time.Sleep(500 * time.Millisecond)
		three.Release(true)
		two.Release(true) // one is left
		synctest.Wait()
		wantStates(t, p, phaser, map[pool.State]int{pool.Leased: 1, pool.Creating: 1})
		time.Sleep(300 * time.Millisecond)

		two = acquire(t, p, phaser, "a")
		time.Sleep(999 * time.Millisecond)
		synctest.Wait()
		wantStates(t, p, phaser, map[pool.State]int{pool.Leased: 2})
		time.Sleep(2 * time.Millisecond) // a long build does not keep the shelf empty
		synctest.Wait()
		wantStates(t, p, phaser, map[pool.State]int{pool.Leased: 2, pool.Creating: 1})
		one.Release(true)
		two.Release(true)
	})
}
