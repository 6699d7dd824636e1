package main

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"time"
)

// sample is one request: how long after it was due its answer was there, and whether that was as it should be.
type sample struct {
	took time.Duration
	err  error
}

// inFlight bounds how many requests are under way. More are sent late, which their times show.
const inFlight = 4096

// drive sends so many requests a second, each when it is due and whether or not earlier ones have been answered, and measures from the
// moment when it was due: a server that stalls cannot hide how long its callers would have waited (Tene, "How NOT to Measure Latency").
func drive(ctx context.Context, rate float64, long time.Duration, send func(ctx context.Context, n int) error) []sample {
	all := make([]sample, int(rate*long.Seconds()))
	slots := make(chan struct{}, inFlight)
	var under sync.WaitGroup
	began := time.Now()
	sent := 0
	for n := range all {
		due := began.Add(time.Duration(float64(n) / rate * float64(time.Second)))
		if !sleepUntil(ctx, due) {
			break
		}
		slots <- struct{}{}
		under.Go(func() {
			defer func() { <-slots }()
			err := send(ctx, n)
			all[n] = sample{time.Since(due), err}
		})
		sent++
	}
	under.Wait()
	return all[:sent]
}

func sleepUntil(ctx context.Context, at time.Time) bool {
	left := time.Until(at)
	if left <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(left)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// figures are what the samples of a round, or of several, say.
type figures struct {
	n, errors     int
	rate          float64 // answers a second
	p50, p95, p99 time.Duration
	first         error // of those that failed
}

func sum(all []sample, long time.Duration) figures {
	f := figures{n: len(all), rate: float64(len(all)) / long.Seconds()}
	took := make([]time.Duration, len(all))
	for i, s := range all {
		took[i] = s.took
		if s.err != nil {
			f.errors++
			f.first = cmp.Or(f.first, s.err)
		}
	}
	slices.Sort(took)
	f.p50, f.p95, f.p99 = quantile(took, .5), quantile(took, .95), quantile(took, .99)
	return f
}

// quantile is the nearest-rank quantile of sorted values; 0 of none.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(int(math.Ceil(q*float64(len(sorted)))), 1)-1]
}

// median is the median of each figure over rounds, and the sum of what was sent and what failed.
func median(rounds []figures) figures {
	var f figures
	middle := func(of func(figures) float64) float64 {
		values := make([]float64, len(rounds))
		for i, r := range rounds {
			values[i] = of(r)
		}
		slices.Sort(values)
		n := len(values)
		return (values[(n-1)/2] + values[n/2]) / 2
	}
	if len(rounds) == 0 {
		return f
	}
	took := func(of func(figures) time.Duration) time.Duration {
		return time.Duration(middle(func(f figures) float64 { return float64(of(f)) }))
	}
	f.rate = middle(func(f figures) float64 { return f.rate })
	f.p50 = took(func(f figures) time.Duration { return f.p50 })
	f.p95 = took(func(f figures) time.Duration { return f.p95 })
	f.p99 = took(func(f figures) time.Duration { return f.p99 })
	for _, r := range rounds {
		f.n, f.errors, f.first = f.n+r.n, f.errors+r.errors, cmp.Or(f.first, r.first)
	}
	return f
}
