package jobs

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

var crowdQueue = models.Queue{Kind: models.KindBuild, Priority: models.PriorityDefault}

// crowd is accounts whose jobs wait for one worker's slots, in virtual time. It is the dispatcher's backlog and transport: what
// is enqueued is taken in order, by whichever slot is free.
type crowd struct {
	*Dispatcher
	length func() time.Duration // of a job
	tasks  chan []Dispatch

	mu       sync.Mutex
	accounts map[string]*member
	released int
}

// member is one account.
type member struct {
	weight, busy int
	cap          int         // how many of its jobs may be out; 0 is any number
	due          []time.Time // since when its jobs wait, in order
	waits        []time.Duration
	slotTime     time.Duration
}

func (c *crowd) WaitingQueues(context.Context) ([]models.Queue, error) {
	return []models.Queue{crowdQueue}, nil
}

func (c *crowd) Released(context.Context, models.Queue) (QueueLoad, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return QueueLoad{Released: c.released, Workers: 1}, nil
}

func (c *crowd) Waiting(context.Context, models.Queue) (all []AccountLoad, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, m := range c.accounts {
		if len(m.due) > 0 {
			all = append(all, AccountLoad{AccountID: id, Weight: m.weight, Busy: m.busy, Caps: Caps{Account: m.cap}, Held: m.cap > 0 && m.busy >= m.cap})
		}
	}
	return all, nil
}

func (c *crowd) Release(_ context.Context, q models.Queue, shares []Share) ([][]Dispatch, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	batches := make([][]Dispatch, len(shares))
	for i, s := range shares {
		m := c.accounts[s.AccountID]
		if s.Account > 0 {
			s.N = min(s.N, s.Account-m.busy)
		}
		for range min(s.N, len(m.due)) {
			batches[i] = append(batches[i], Dispatch{JobID: s.AccountID, No: m.due[0].UnixNano(), Queue: q})
			m.due = m.due[1:]
			m.busy++
			c.released++
		}
	}
	return batches, nil
}

func (c *crowd) Withdraw(context.Context, []Dispatch) error                        { return nil }
func (c *crowd) Lost(_ context.Context, _ []Dispatch) (lost []Dispatch, err error) { return nil, nil }
func (c *crowd) Enqueue(_ context.Context, bundles [][]Dispatch) error {
	for _, b := range bundles {
		c.tasks <- b
	}
	return nil
}

// submit makes jobs of an account wait.
func (c *crowd) submit(id string, n int) {
	c.mu.Lock()
	m := c.accounts[id]
	for range n {
		m.due = append(m.due, time.Now())
	}
	c.mu.Unlock()
	c.Notify(crowdQueue)
}

// work is one slot.
func (c *crowd) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case bundle := <-c.tasks:
			for _, d := range bundle {
				c.run(d)
			}
		}
	}
}

func (c *crowd) run(d Dispatch) {
	c.mu.Lock()
	m, took := c.accounts[d.JobID], c.length()
	c.released--
	m.waits = append(m.waits, time.Since(time.Unix(0, d.No)))
	c.mu.Unlock()
	c.Claimed(d.Queue)
	time.Sleep(took)
	c.mu.Lock()
	m.busy--
	m.slotTime += took
	c.mu.Unlock()
	c.Ended(d.Queue, took)
	c.Freed(d.Queue)
	if m.cap == 0 {
		c.Notify(d.Queue)
	}
}

// gather runs accounts with these weights on so many slots, while f runs.
func gather(t *testing.T, slots int, weights []int, length func() time.Duration, f func(c *crowd)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := &crowd{length: length, tasks: make(chan []Dispatch, 1<<16), accounts: make(map[string]*member)}
		c.Dispatcher = &Dispatcher{Backlog: c, Transport: c, MaxWindow: 4096, Every: time.Second, Log: zap.NewNop()}
		for i, w := range weights {
			c.accounts[strconv.Itoa(i)] = &member{weight: w}
		}
		ctx, stop := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() { c.Run(ctx) })
		for range slots {
			all.Go(func() { c.work(ctx) })
		}
		f(c)
		stop()
		all.Wait()
	})
}

// Ten accounts that always have work waiting share the slots by their weights: Jain's index (Jain, Chiu and Hawe, 1984) over the slot
// time that each got for its weight.
func TestSlotTimeIsSharedByWeight(t *testing.T) {
	t.Parallel()
	weights := []int{1, 1, 1, 1, 1, 2, 2, 2, 3, 4}
	random := rand.New(rand.NewPCG(1, 2))
	length := func() time.Duration { return 500*time.Millisecond + time.Duration(random.Int64N(int64(time.Second))) }
	gather(t, 36, weights, length, func(c *crowd) {
		const jobs = 10_000 // more than can be done
		for i := range weights {
			c.submit(strconv.Itoa(i), jobs)
		}
		time.Sleep(10 * time.Minute)
		c.mu.Lock()
		defer c.mu.Unlock()
		var sum, squares float64
		for _, m := range c.accounts {
			require.NotEmpty(t, m.due, "it always had work waiting")
			x := m.slotTime.Seconds() / float64(m.weight)
			sum += x
			squares += x * x
		}
		index := sum * sum / (float64(len(weights)) * squares)
		require.GreaterOrEqual(t, index, 0.99)
		require.Greater(t, sum, 0.9*600*36*10/18, "the slots were not idle meanwhile")
	})
}

// An account with a limit never has more jobs out, and the end of one makes room for the next at once.
func TestALimitedAccountGoesOn(t *testing.T) {
	t.Parallel()
	gather(t, 20, []int{1, 1}, func() time.Duration { return 100 * time.Millisecond }, func(c *crowd) {
		c.accounts["0"].cap = 2
		began := time.Now()
		c.submit("0", 40)
		c.submit("1", 40)
		for c.left("0") > 0 {
			time.Sleep(10 * time.Millisecond)
			c.mu.Lock()
			require.LessOrEqual(t, c.accounts["0"].busy, 2)
			c.mu.Unlock()
		}
		require.Less(t, time.Since(began), 3*time.Second, "not one at each look of the clock")
	})
}

// left is how many of an account's jobs wait or are out.
func (c *crowd) left(id string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.accounts[id].due) + c.accounts[id].busy
}

// An account that submits ten thousand jobs at once makes the jobs of nine small ones wait for one job's length at most, whether all jobs are
// of one length, and so end in step, or not.
func TestAFloodDoesNotDelayOthers(t *testing.T) {
	t.Parallel()
	const length = time.Second // on average
	random := rand.New(rand.NewPCG(3, 4))
	for name, length := range map[string]func() time.Duration{
		"of one length": func() time.Duration { return length },
		"of many":       func() time.Duration { return length/2 + time.Duration(random.Int64N(int64(length))) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			flood(t, length)
		})
	}
}

func flood(t *testing.T, length func() time.Duration) {
	t.Helper()
	wait := func(flood int) (p95 time.Duration) {
		gather(t, 20, slices.Repeat([]int{1}, 10), length, func(c *crowd) {
			c.submit("9", flood)
			for second := range 300 {
				for i := range 9 {
					time.Sleep(time.Duration(second*37%11+1) * time.Millisecond) // not all at the same moment
					c.submit(strconv.Itoa(i), 1)
				}
				time.Sleep(time.Second - time.Since(time.Now().Truncate(time.Second)))
			}
			c.mu.Lock()
			defer c.mu.Unlock()
			var waits []time.Duration
			for i := range 9 {
				waits = append(waits, c.accounts[strconv.Itoa(i)].waits...)
			}
			slices.Sort(waits)
			require.Greater(t, len(waits), 9*295)
			p95 = waits[len(waits)*95/100]
		})
		return p95
	}
	alone, beside := wait(0), wait(10_000)
	require.LessOrEqual(t, beside, alone+time.Second, "alone they wait for %v", alone)
	t.Logf("p95 alone %v, beside the flood %v", alone, beside)
}
