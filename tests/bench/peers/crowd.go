package peers

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Crowd is several accounts on one platform, whose jobs take a time that they name. It is for one round.
type Crowd struct {
	Env     *Env
	Weights []int // one account each
	Slots   int   // of the worker

	*platform
	database *Database

	mu      sync.Mutex
	members []Member
	index   map[string]int // by account
	until   time.Time      // slot time after this does not count
}

// Member is what an account got.
type Member struct {
	AccountID string
	Waits     []time.Duration // from the acceptance of each job to its start
	SlotTime  time.Duration
}

// Setup starts the platform and its worker.
func (c *Crowd) Setup(ctx context.Context) (err error) {
	if c.database, err = c.Env.NewDatabase(ctx, nil); err != nil {
		return err
	}
	redisURL, err := c.Env.NewRedis(ctx)
	if err != nil {
		return err
	}
	if c.platform, err = newPlatform(ctx, c.database.URL, redisURL, 0, nil); err != nil {
		return err
	}
	c.index = make(map[string]int)
	for i, w := range c.Weights {
		a := &models.Account{ID: models.NewID(), Name: "crowd", Weight: w}
		if err := c.store.Accounts.CreateAccount(ctx, a); err != nil {
			return err
		}
		c.members, c.index[a.ID] = append(c.members, Member{AccountID: a.ID}), i
	}
	return c.work(c.Slots, c, func() {})
}

// Submit submits jobs of an account that each take as long as length says.
func (c *Crowd) Submit(ctx context.Context, account, n int, length func() time.Duration) error {
	const callers = 32
	var all sync.WaitGroup
	errs := make([]error, callers)
	for i := range callers {
		all.Go(func() {
			for k := i; k < n && errs[i] == nil; k += callers {
				// The only field of such a job's input that takes a number is a time: of as many nanoseconds as the job is to take.
				input, err := json.Marshal(map[string]any{"since": time.Unix(0, int64(length())).UTC()})
				if err == nil {
					_, err = c.service.Submit(ctx, jobs.JobRequest{AccountID: c.members[account].AccountID, Kind: models.KindAnalytics, Input: input})
				}
				errs[i] = err
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// Run implements jobs.Handler.
func (c *Crowd) Run(ctx context.Context, a *jobs.Attempt) (*jobs.Result, error) {
	begun := time.Now()
	var in jobs.AnalyticsInput
	if err := json.Unmarshal(a.Job.Input, &in); err != nil {
		return nil, err
	}
	c.mu.Lock()
	m := &c.members[c.index[a.Job.AccountID]]
	m.Waits = append(m.Waits, begun.Sub(a.Job.CreatedAt))
	over := !c.until.IsZero() && begun.After(c.until)
	c.mu.Unlock()
	if over {
		return &jobs.Result{}, nil
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(time.Duration(in.Since.UnixNano())):
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); c.until.IsZero() || now.Before(c.until) {
		c.members[c.index[a.Job.AccountID]].SlotTime += now.Sub(begun)
	}
	return &jobs.Result{}, nil
}

// Stop makes the jobs that have not started end at once, and returns what each account got until now.
func (c *Crowd) Stop() []Member {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.until = time.Now()
	return c.got()
}

// Members is what each account got until now.
func (c *Crowd) Members() []Member {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.got()
}

func (c *Crowd) got() []Member {
	all := make([]Member, len(c.members))
	for i, m := range c.members {
		all[i] = Member{m.AccountID, append([]time.Duration(nil), m.Waits...), m.SlotTime}
	}
	return all
}

// Close stops the platform.
func (c *Crowd) Close() error { return errors.Join(c.stop(), c.database.Drop()) }
