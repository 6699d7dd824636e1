// Package load is the users of the platform under test: many accounts that submit jobs of all kinds and priorities over HTTP. Some of the
// jobs fail, retry, hang, are slow or are cancelled. What a user does follows from the seed; when it happens does not.
package load

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/spark-games/spark/tests/faults/history"
)

// Account is who submits.
type Account struct{ ID, Key string }

// Load plays scenarios, many at a time.
type Load struct {
	URLs     []string
	Accounts []Account
	History  *history.History
	Seed     uint64
	Users    int // at a time
	Mix      Mix

	once sync.Once
	web  *http.Client
}

func (l *Load) client(a Account) *client {
	l.once.Do(func() { l.web = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 0}} })
	return &client{urls: l.URLs, account: a.ID, key: a.Key, http: l.web}
}

// Run plays until stop is closed; what has begun is then played to its end, unless ctx ends before.
func (l *Load) Run(ctx context.Context, stop <-chan struct{}) error {
	var all sync.WaitGroup
	errs := make([]error, l.Users)
	for i := range l.Users {
		all.Go(func() { errs[i] = l.play(ctx, stop, i) })
	}
	all.Wait()
	return errors.Join(errs...)
}

func (l *Load) play(ctx context.Context, stop <-chan struct{}, i int) error {
	r := rand.New(rand.NewPCG(l.Seed, uint64(i)))
	for n := 0; ; n++ {
		select {
		case <-stop:
			return nil
		case <-ctx.Done():
			return nil // what is left open shows in the history
		default:
		}
		u := user{client: l.client(l.Accounts[r.IntN(len(l.Accounts))]), history: l.History, name: fmt.Sprintf("u%d.%d", i, n)}
		if err := u.play(ctx, l.Mix.choose(r), priorities[r.IntN(len(priorities))]); err != nil && ctx.Err() == nil {
			return fmt.Errorf("user %s: %w", u.name, err)
		}
	}
}

// Follow follows every account's stream until it has seen what the last positions say that there is. They are asked for again and again
// after ready is closed.
func (l *Load) Follow(ctx context.Context, ready <-chan struct{}, last func(ctx context.Context, account string) (int64, error)) error {
	var all sync.WaitGroup
	errs := make([]error, len(l.Accounts))
	for i, a := range l.Accounts {
		all.Go(func() {
			ctx, stop := context.WithCancel(ctx)
			defer stop()
			var following sync.WaitGroup
			following.Go(func() {
				if err := l.client(a).followAll(ctx, l.History); ctx.Err() == nil {
					errs[i] = err
				}
			})
			select {
			case <-ready:
				for pause(ctx, tryAgainAfter) == nil {
					if at, err := last(ctx, a.ID); err == nil && l.History.Stream(a.ID).Position >= at {
						break
					}
				}
			case <-ctx.Done():
			}
			stop()
			following.Wait()
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// Probe is what a job of a probe took, since it began.
type Probe struct {
	Accepted time.Duration // until every API had accepted one
	Finished time.Duration // until all of them had ended
}

// Probe submits an urgent job to each API, and waits for their ends.
func (l *Load) Probe(ctx context.Context, a Account, name string) (p Probe, err error) {
	begun := time.Now()
	var all sync.WaitGroup
	var mu sync.Mutex
	for i, url := range l.URLs {
		all.Go(func() {
			c := l.client(a)
			c.urls = []string{url}
			u := user{client: c, history: l.History, name: fmt.Sprintf("%s.%d", name, i)}
			jobs, e := u.submit(ctx, scenario{steps: []step{{kind: "analytics", expect: succeeds}}}, "", "critical")
			accepted := time.Since(begun)
			if e == nil {
				e = u.follow(ctx, l.History, jobs[0].ID)
			}
			mu.Lock()
			defer mu.Unlock()
			p.Accepted, err = max(p.Accepted, accepted), errors.Join(err, e)
		})
	}
	all.Wait()
	p.Finished = time.Since(begun)
	return p, err
}

// RollUp has the usage of every account counted anew since a time.
func (l *Load) RollUp(ctx context.Context, since time.Time) error {
	for _, a := range l.Accounts {
		c := l.client(a)
		u := user{client: c, history: l.History, name: "rollup." + a.ID}
		s := scenario{steps: []step{{kind: "analytics", input: map[string]any{"since": since.UTC()}, expect: succeeds}}}
		if err := u.play(ctx, s, "critical"); err != nil {
			return err
		}
	}
	return nil
}
