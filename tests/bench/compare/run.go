package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"time"

	"github.com/spark-games/spark/tests/bench/peers"
	"github.com/spark-games/spark/tests/bench/results"
	"github.com/spark-games/spark/tests/bench/usage"
)

// run measures workloads and subjects.
type run struct {
	size
	env      *peers.Env
	servers  peers.Servers
	field    *field
	only     *regexp.Regexp // of workloads
	subjects *regexp.Regexp
	results  results.Results
	progress io.Writer
}

func (r *run) all(ctx context.Context) error {
	for _, w := range workloads {
		if !r.only.MatchString(w.id) {
			continue
		}
		if err := r.workload(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

// workload runs the rounds. The subjects take turns, and each round begins with another one, since a machine's speed drifts.
func (r *run) workload(ctx context.Context, w workload) error {
	if w.how == idling {
		return r.idle(ctx, w)
	}
	var subjects []string
	for _, s := range w.subjects {
		if r.subjects.MatchString(s) {
			subjects = append(subjects, s)
		}
	}
	for n := range r.Rounds {
		for i := range subjects {
			if err := r.round(ctx, w, subjects[(n+i)%len(subjects)], n+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// roundWithin is far longer than any round takes unless a job is lost.
const roundWithin = 10 * time.Minute

func (r *run) round(ctx context.Context, w workload, subject string, number int) error {
	began := time.Now()
	peer, err := r.field.peer(ctx, subject, w)
	if err != nil {
		return fmt.Errorf("%s: %w", name(subject), err)
	}
	one := &round{size: r.size, workload: w, subject: subject, env: r.env, peer: peer, servers: r.servers, results: r.results,
		rate: r.rate(w, subject), patience: 10 * time.Second}
	limited, cancel := context.WithTimeoutCause(ctx, roundWithin, errors.New("the round takes too long"))
	defer cancel()
	if err := one.run(limited); err != nil {
		return fmt.Errorf("%s, %s: %w", w.title, name(subject), err)
	}
	value := r.results[of(w.id, subject, w.figures[0])]
	fmt.Fprintf(r.progress, "%-10s round %d  %-32s %10.1f %s  (%.1f s)\n",
		w.id, number, name(subject), value[len(value)-1], w.figures[0], time.Since(began).Seconds())
	return nil
}

// rate is how many jobs a second are due in a workload that measures waiting.
func (r *run) rate(w workload, subject string) float64 {
	if !w.half {
		return idleRate
	}
	if subject == sparkGrown {
		subject = spark // the same load shows what the growth costs
	}
	most, ok := r.results.Of(of("noop", subject, results.Rate))
	if !ok {
		return idleRate
	}
	return most.Median / 2
}

// idle looks at Spark's programs when they have nothing to do.
func (r *run) idle(ctx context.Context, w workload) error {
	c, err := peers.NewCluster(ctx, r.env, nil, peers.Programs()...)
	if err != nil {
		return err
	}
	if err := pause(ctx, r.Settle); err != nil {
		return err
	}
	pids := map[string]int{"Postgres": r.servers.Postgres, "Redis": r.servers.Redis}
	for name, p := range c.Processes {
		pids[name] = p.PID()
	}
	for range r.Rounds {
		if err := r.look(ctx, w, pids); err != nil {
			return err
		}
	}
	return c.Close()
}

func (r *run) look(ctx context.Context, w workload, pids map[string]int) error {
	before := make(map[string]usage.Usage)
	var err error
	for name, pid := range pids {
		if before[name], err = usage.Trees(pid); err != nil {
			return err
		}
	}
	started := time.Now()
	if err := pause(ctx, r.Idle); err != nil {
		return err
	}
	took := time.Since(started)
	for name, pid := range pids {
		after, err := usage.Trees(pid)
		if err != nil {
			return err
		}
		r.results.Add(of(w.id, name, results.Busy), 100*after.Sub(before[name]).CPU.Seconds()/took.Seconds())
	}
	for _, name := range peers.Programs() {
		bytes, err := usage.AnonymousMemory(pids[name])
		if err != nil {
			return err
		}
		mib := float64(bytes) / (1 << 20)
		r.results.Add(of(w.id, name, results.Memory), mib)
		fmt.Fprintf(r.progress, "%-10s %-40s %10.1f MiB\n", w.id, name, mib)
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// newRun finds the services.
func newRun(ctx context.Context, s size, dir, cache string) (*run, error) {
	env, err := peers.FromEnvironment(ctx, dir, cache)
	if err != nil {
		return nil, err
	}
	servers, err := env.Servers(ctx)
	return &run{size: s, env: env, servers: servers, field: &field{env: env, size: s},
		results: results.Results{}, progress: os.Stderr}, err
}
