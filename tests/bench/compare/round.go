package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/spark-games/spark/tests/bench/peers"
	"github.com/spark-games/spark/tests/bench/results"
	"github.com/spark-games/spark/tests/bench/usage"
)

// round measures one subject once, from the empty stores to the empty stores.
type round struct {
	size
	workload
	subject string
	env     *peers.Env
	peer    peers.Peer
	servers peers.Servers
	rate    float64 // of jobs that are due, where they are
	results results.Results
	// patience is how long the stores may take until they hold what they should: a peer may forget a job just after it has said that it
	// is done.
	patience time.Duration

	accepted, finished int
}

func (r *round) run(ctx context.Context) (err error) {
	if err := r.peer.Setup(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.peer.Close()) }()
	measure := map[measure]func(context.Context) error{
		submitting: r.submit, working: r.work, draining: r.drain, waiting: r.wait, weighing: r.weigh,
	}[r.how]
	if err := measure(ctx); err != nil {
		return err
	}
	return r.check(ctx)
}

func (r *round) add(f results.Figure, value float64) {
	r.results.Add(results.Key{Workload: r.id, Subject: r.subject, Figure: f}, value)
}

// put submits jobs and counts them.
func (r *round) put(ctx context.Context, l peers.Load) error {
	n, err := r.peer.Submit(ctx, l)
	r.accepted += n
	return err
}

// await waits until all accepted jobs, or so many of them, have finished.
func (r *round) await(ctx context.Context, n int) error {
	done, err := r.peer.Finished(ctx, n)
	if err == nil && done < n {
		err = fmt.Errorf("%d of %d jobs have finished: %w", done, n, context.Cause(ctx))
	}
	r.finished = done
	return err
}

// load is the workload's, without a pause.
func (r *round) load() peers.Load { return peers.Load{Callers: r.callers, Jobs: r.Jobs, For: r.For} }

func (r *round) submit(ctx context.Context) error {
	if err := r.put(ctx, peers.Load{Callers: r.callers, Jobs: r.Warmup}); err != nil {
		return err
	}
	c, err := r.start()
	if err != nil {
		return err
	}
	before := r.accepted
	if err := r.put(ctx, r.load()); err != nil {
		return err
	}
	return c.stop(r.accepted - before)
}

func (r *round) warmUp(ctx context.Context) error {
	if err := r.peer.Work(ctx, slots); err != nil {
		return err
	}
	if err := r.put(ctx, peers.Load{Callers: max(r.callers, 1), Jobs: r.Warmup}); err != nil {
		return err
	}
	return r.await(ctx, r.accepted)
}

func (r *round) work(ctx context.Context) error {
	if err := r.warmUp(ctx); err != nil {
		return err
	}
	c, err := r.start()
	if err != nil {
		return err
	}
	before := r.finished
	if err := r.put(ctx, r.load()); err != nil {
		return err
	}
	if err := r.await(ctx, r.accepted); err != nil {
		return err
	}
	return c.stop(r.finished - before)
}

// drain starts the clock when a twentieth of the backlog is done: by then the worker is warm.
func (r *round) drain(ctx context.Context) error {
	if err := r.backlog(ctx, r.Backlog); err != nil {
		return err
	}
	if err := r.peer.Work(ctx, slots); err != nil {
		return err
	}
	if err := r.await(ctx, r.Backlog/20); err != nil {
		return err
	}
	c, err := r.start()
	if err != nil {
		return err
	}
	before := r.finished
	limited, cancel := context.WithTimeout(ctx, r.Drain)
	defer cancel()
	if err := r.await(limited, r.Backlog); err != nil && limited.Err() == nil {
		return err
	}
	return errors.Join(ctx.Err(), c.stop(r.finished-before))
}

func (r *round) backlog(ctx context.Context, n int) error {
	if l, ok := r.peer.(peers.Loader); ok {
		r.accepted += n
		return l.Load(ctx, n)
	}
	return r.put(ctx, peers.Load{Callers: 256, Jobs: n})
}

func (r *round) wait(ctx context.Context) error {
	if err := r.warmUp(ctx); err != nil {
		return err
	}
	before := r.finished
	if err := r.put(ctx, peers.Load{Callers: r.callers, Jobs: int(2 * r.rate * r.Paced.Seconds()), For: r.Paced, Rate: r.rate}); err != nil {
		return err
	}
	if err := r.await(ctx, r.accepted); err != nil {
		return err
	}
	all, err := r.peer.Waits()
	if err != nil {
		return err
	}
	for f, p := range map[results.Figure]float64{results.P50: 50, results.P99: 99} {
		r.add(f, results.Milliseconds(results.Percentile(all[before:], p)))
	}
	return nil
}

// weigh has some jobs wait in Redis first, so that what Redis keeps once for all is not counted.
func (r *round) weigh(ctx context.Context) error {
	released := func(n int) error {
		if err := r.backlog(ctx, n); err != nil {
			return err
		}
		if p, ok := r.peer.(peers.Releaser); ok {
			return p.Released(ctx, r.accepted)
		}
		return nil
	}
	if err := released(r.Warmup); err != nil {
		return err
	}
	before, err := r.env.RedisMemory(ctx)
	if err != nil {
		return err
	}
	if err := released(r.Release); err != nil {
		return err
	}
	after, err := r.env.RedisMemory(ctx)
	r.add(results.Redis, float64(after-before)/float64(r.Release))
	return err
}

// check has the stores hold exactly what was accepted and what has finished.
func (r *round) check(ctx context.Context) error {
	for deadline := time.Now().Add(r.patience); ; time.Sleep(20 * time.Millisecond) {
		counts, err := r.peer.Counts(ctx)
		if err != nil {
			return err
		}
		if err = counts.Check(r.accepted, r.finished); err == nil || time.Now().After(deadline) {
			return err
		}
	}
}

// clock measures time, and what this process, its children, Postgres and Redis use meanwhile.
type clock struct {
	round   *round
	started time.Time
	before  usage.Usage
}

func (r *round) used() (usage.Usage, error) {
	return usage.Trees(os.Getpid(), r.servers.Postgres, r.servers.Redis)
}

func (r *round) start() (c *clock, err error) {
	runtime.GC() // what the rounds before have left is not this one's
	c = &clock{round: r}
	c.before, err = r.used()
	c.started = time.Now()
	return c, err
}

func (c *clock) stop(jobs int) error {
	took := time.Since(c.started)
	after, err := c.round.used()
	if err != nil {
		return err
	}
	if jobs == 0 {
		return errors.New("not one job was done")
	}
	used := after.Sub(c.before)
	c.round.add(results.Rate, float64(jobs)/took.Seconds())
	c.round.add(results.CPU, float64(used.CPU.Microseconds())/float64(jobs))
	c.round.add(results.Written, float64(used.Written)/float64(jobs))
	return nil
}
