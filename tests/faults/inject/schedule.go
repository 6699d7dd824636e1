package inject

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/spark-games/spark/tests/faults/cluster"
	"github.com/spark-games/spark/tests/faults/load"
)

// recoverWithin is how long the platform may take to run new jobs after a fault was healed.
const recoverWithin = time.Minute

// calm is the longest pause between two faults.
const calm = 1500 * time.Millisecond

// Schedule injects one fault after another. Which, whom and for how long follows from the seed.
type Schedule struct {
	Cluster *cluster.Cluster
	Faults  []Fault
	Seed    uint64
	// Probe says how long the platform takes to accept and run jobs.
	Probe func(ctx context.Context, name string) (load.Probe, error)
	// Log is told of each fault when it is over.
	Log func(Record)
}

// Run injects faults until a time is over. Each type comes as often as the others. Every fault is healed when it returns.
func (s *Schedule) Run(ctx context.Context, until time.Time) (records []Record, err error) {
	r := rand.New(rand.NewPCG(s.Seed, 0x5eed))
	for len(s.Faults) > 0 {
		for _, i := range r.Perm(len(s.Faults)) {
			if !time.Now().Before(until) || ctx.Err() != nil {
				return records, ctx.Err()
			}
			rec, err := s.one(ctx, s.Faults[i], r, len(records))
			if err != nil {
				return records, fmt.Errorf("%s: %w", s.Faults[i].Type, err)
			}
			records = append(records, rec)
			if s.Log != nil {
				s.Log(rec)
			}
		}
	}
	return nil, nil
}

func (s *Schedule) one(ctx context.Context, f Fault, r *rand.Rand, n int) (rec Record, err error) {
	hold := f.Least + time.Duration(r.Int64N(int64(f.Most-f.Least)+1))
	rest := time.Duration(r.Int64N(int64(calm)))
	rec = Record{Type: f.Type, At: time.Now()}
	hit, err := f.Inject(ctx, s.Cluster, r)
	if err != nil {
		return rec, err
	}
	rec.Target = hit.Target
	sleep(ctx, hold)
	if err := hit.Heal(context.WithoutCancel(ctx)); err != nil {
		return rec, fmt.Errorf("heal: %w", err)
	}
	rec.Healed = time.Now()
	ctx, cancel := context.WithTimeout(ctx, recoverWithin)
	defer cancel()
	p, err := s.Probe(ctx, fmt.Sprintf("probe%d", n))
	if ctx.Err() == nil && err != nil {
		return rec, err
	}
	rec.Accepted, rec.Finished = p.Accepted, p.Finished
	if err == nil {
		rec.Recovered = time.Now()
	}
	sleep(ctx, rest)
	return rec, nil
}

// sleep waits, or until ctx is done: a fault is healed all the same.
func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
