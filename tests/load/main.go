// Command load measures the API under a load that does not wait for its answers, on a real Postgres and Redis, and fails when an aim is
// missed. "make load" runs it with its services. docs/performance says what it measures.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	exitMissed  = 1
	exitTrouble = 125 // the driver failed, not the API
)

func main() {
	failed, err := command()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(exitTrouble)
	case failed:
		os.Exit(exitMissed)
	}
}

func command() (failed bool, err error) {
	var o options
	flag.DurationVar(&o.long, "time", 10*time.Second, "how long a round of a scenario lasts")
	flag.IntVar(&o.rounds, "rounds", 5, "how many rounds")
	flag.IntVar(&o.watchers, "watchers", 2000, "how many event streams are open in the scenario of watchers")
	only := flag.String("only", "", "scenarios, with commas between; all without")
	into := flag.String("report", "", "write the report to this file as well")
	flag.Parse()
	if *only != "" {
		o.only = strings.Split(*only, ",")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dir, err := os.MkdirTemp("", "spark-load-")
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	database, redis, drop, err := services(ctx)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, drop()) }()
	all, w, err := measure(ctx, o, dir, database, redis, os.Stderr)
	if err != nil {
		return false, err
	}
	text := report(all, w, o.rounds, o.long)
	if _, err := io.WriteString(os.Stdout, text); err != nil {
		return false, err
	}
	if *into != "" {
		if err := os.WriteFile(*into, []byte(text), 0o644); err != nil {
			return false, err
		}
	}
	for _, one := range all {
		if one.first != nil {
			fmt.Fprintf(os.Stderr, "load: the first error of %s: %v\n", one.name, one.first)
		}
	}
	return missed(all), nil
}

// missed reports whether an aim was.
func missed(all []outcome) bool {
	return slices.ContainsFunc(all, func(o outcome) bool { return o.failed() != "" })
}

type options struct {
	long             time.Duration
	rounds, watchers int
	only             []string
}

// measure starts the platform and puts the load on it, a round of each scenario after the other.
func measure(ctx context.Context, o options, dir, databaseURL, redisURL string, log io.Writer) (_ []outcome, _ *watchers, err error) {
	p, err := start(ctx, dir, databaseURL, redisURL)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	floor, err := pgxpool.New(ctx, databaseURL)
	if err != nil {
		return nil, nil, err
	}
	defer floor.Close()
	if _, err := floor.Exec(ctx, "CREATE TABLE load_floor (n bigint, text text, at timestamptz DEFAULT now()); CREATE INDEX ON load_floor (n)"); err != nil {
		return nil, nil, err
	}
	a, err := seed(ctx, p.url, p.key)
	if err != nil {
		return nil, nil, err
	}
	defer a.client.CloseIdleConnections()
	w := &watchers{a: a, count: o.watchers, pid: p.api.PID()}
	scenarios := chosen(all(a, floor, w, fmt.Sprint(time.Now().UnixNano())), o.only)
	rounds := make([][]figures, len(scenarios))
	for round := range o.rounds + 1 {
		for i, s := range scenarios {
			long := o.long
			if round == 0 { // caches, connections and Postgres' plans are made
				long = min(long, 2*time.Second)
			}
			f, err := s.round(ctx, long)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", s.name, err)
			}
			if round > 0 {
				rounds[i] = append(rounds[i], f)
				fmt.Fprintf(log, "round %d, %s: p50 %s, p95 %s, p99 %s, %d errors of %d\n", round, s.name, millis(f.p50), millis(f.p95), millis(f.p99),
					f.errors, f.n)
			}
		}
	}
	outcomes := make([]outcome, len(scenarios))
	for i, s := range scenarios {
		outcomes[i] = outcome{s, median(rounds[i])}
	}
	return outcomes, w, nil
}

func chosen(all []scenario, only []string) []scenario {
	if len(only) == 0 {
		return all
	}
	var some []scenario
	for _, s := range all {
		for _, name := range only {
			if s.name == name {
				some = append(some, s)
			}
		}
	}
	return some
}

// round puts the load on once.
func (s scenario) round(ctx context.Context, long time.Duration) (f figures, err error) {
	if s.during != nil {
		var stop func() error
		if stop, err = s.during(ctx); err != nil {
			return f, err
		}
		defer func() { err = errors.Join(err, stop()) }()
	}
	f = sum(drive(ctx, s.rate, long, s.send), long)
	return f, ctx.Err()
}
