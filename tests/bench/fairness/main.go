// Command fairness measures how accounts share a worker on real services: those that always have work waiting, and small ones beside a
// flood. "make fairness" runs it with its services.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/spark-games/spark/tests/bench/peers"
	"github.com/spark-games/spark/tests/bench/results"
)

func main() {
	if err := command(); err != nil {
		fmt.Fprintln(os.Stderr, "fairness:", err)
		os.Exit(1)
	}
}

func command() (err error) {
	report := flag.String("report", "", "write the table to this file as well")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dir, err := os.MkdirTemp("", "spark-fairness-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	env, err := peers.FromEnvironment(ctx, dir, dir)
	if err != nil {
		return err
	}
	var b strings.Builder
	if err := measure(ctx, env, full, &b); err != nil {
		return err
	}
	if _, err := io.WriteString(os.Stdout, b.String()); err != nil || *report == "" {
		return err
	}
	return os.WriteFile(*report, []byte(b.String()), 0o644)
}

// size is how much is measured.
type size struct {
	each  int           // jobs that each account has waiting at first
	flood int           // jobs that one account submits at once
	long  time.Duration // of a round
	job   time.Duration // of the small accounts and the flood
}

var full = size{each: 2500, flood: 10_000, long: 30 * time.Second, job: time.Second}

// weights are those of the accounts that always have work waiting.
var weights = []int{1, 1, 1, 1, 1, 2, 2, 2, 3, 4}

const (
	slots      = 20
	leastIndex = 0.99
)

// measure measures both, and writes a table in Markdown.
func measure(ctx context.Context, env *peers.Env, s size, w io.Writer) error {
	index, busy, err := shares(ctx, env, s)
	if err != nil {
		return err
	}
	alone, err := small(ctx, env, s, 0)
	if err != nil {
		return err
	}
	beside, err := small(ctx, env, s, s.flood)
	if err != nil {
		return err
	}
	verdict := func(met bool) string {
		if met {
			return "met"
		}
		return "**missed**"
	}
	limit := alone + s.job
	t := results.Table{
		{"measure", "measured", "target", "result"},
		{fmt.Sprintf("%d accounts with weights of 1 to 4 that always have work: Jain's index over slot time by weight", len(weights)),
			fmt.Sprintf("%.4f, slots busy %.0f %%", index, busy*100), fmt.Sprintf("≥ %.2f", leastIndex), verdict(index >= leastIndex)},
		{fmt.Sprintf("nine accounts with a job of %s each second beside %d jobs of a tenth: how long theirs wait, p95", s.job, s.flood),
			fmt.Sprintf("%.3f s; without the others %.3f s", beside.Seconds(), alone.Seconds()), fmt.Sprintf("≤ %.3f s", limit.Seconds()),
			verdict(beside <= limit)},
	}
	_, err = t.WriteTo(w)
	return err
}

// shares is Jain's index over the slot time that accounts which always have work waiting get for their weight, and how busy the slots were.
func shares(ctx context.Context, env *peers.Env, s size) (index, busy float64, err error) {
	c := &peers.Crowd{Env: env, Weights: weights, Slots: slots}
	if err := c.Setup(ctx); err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	random := rand.New(rand.NewPCG(1, 2))
	var mu sync.Mutex
	length := func() time.Duration {
		mu.Lock()
		defer mu.Unlock()
		return 50*time.Millisecond + time.Duration(random.Int64N(int64(100*time.Millisecond)))
	}
	begun := time.Now()
	for i := range weights {
		if err := c.Submit(ctx, i, s.each, length); err != nil {
			return 0, 0, err
		}
	}
	before := c.Members()
	from := time.Now()
	if err := pause(ctx, s.long); err != nil {
		return 0, 0, err
	}
	var sum, squares, all float64
	for i, m := range c.Stop() {
		if len(m.Waits) >= s.each {
			return 0, 0, fmt.Errorf("account %d had no work left after %s", i, time.Since(begun))
		}
		got := (m.SlotTime - before[i].SlotTime).Seconds()
		x := got / float64(weights[i])
		sum, squares, all = sum+x, squares+x*x, all+got
	}
	return sum * sum / (float64(len(weights)) * squares), all / (time.Since(from).Seconds() * slots), nil
}

// small is how long the jobs of nine accounts wait, p95, that submit one each second, beside a tenth account's flood.
func small(ctx context.Context, env *peers.Env, s size, flood int) (p95 time.Duration, err error) {
	c := &peers.Crowd{Env: env, Weights: slices.Repeat([]int{1}, 10), Slots: slots}
	if err := c.Setup(ctx); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	length := func() time.Duration { return s.job }
	if err := c.Submit(ctx, 9, flood, length); err != nil {
		return 0, err
	}
	if err := pause(ctx, 2*s.job); err != nil { // until the flood has the slots
		return 0, err
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for end := time.Now().Add(s.long); time.Now().Before(end); {
		for i := range 9 {
			if err := c.Submit(ctx, i, 1, length); err != nil {
				return 0, err
			}
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-tick.C:
		}
	}
	var waits []time.Duration
	for _, m := range c.Stop()[:9] {
		waits = append(waits, m.Waits...)
	}
	slices.Sort(waits)
	return waits[(len(waits)*95+99)/100-1], nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
