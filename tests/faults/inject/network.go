package inject

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/spark-games/spark/tests/faults/cluster"
)

// IsolateWorker cuts a worker off everything, for longer than its leases last.
const IsolateWorker = "worker isolated"

func networkFaults() []Fault {
	return []Fault{
		{Type: "network cut", Least: 2 * time.Second, Most: 6 * time.Second, Inject: onLink((*cluster.Link).Cut)},
		{Type: "network refused", Least: time.Second, Most: 4 * time.Second, Inject: onLink(func(l *cluster.Link) error { l.Refuse(); return nil })},
		{Type: "network slow", Least: 2 * time.Second, Most: 5 * time.Second, Inject: func(ctx context.Context, c *cluster.Cluster, r *rand.Rand) (Hit, error) {
			delay := 100*time.Millisecond + time.Duration(r.IntN(300))*time.Millisecond
			return onLink(func(l *cluster.Link) error { return l.Slow(delay, delay/2) })(ctx, c, r)
		}},
		{Type: IsolateWorker, Least: 7 * time.Second, Most: 9 * time.Second, Inject: isolate},
	}
}

func onLink(harm func(*cluster.Link) error) func(context.Context, *cluster.Cluster, *rand.Rand) (Hit, error) {
	return func(_ context.Context, c *cluster.Cluster, r *rand.Rand) (Hit, error) {
		l := pick(c.Links, r)
		return Hit{l.Name(), l.Heal}, harm(l)
	}
}

func isolate(_ context.Context, c *cluster.Cluster, r *rand.Rand) (Hit, error) {
	n := pick(c.Of(cluster.Worker), r)
	var cut []*cluster.Link
	var errs []error
	for _, l := range c.Links {
		if l.From == n.Name {
			cut = append(cut, l)
			errs = append(errs, l.Cut())
		}
	}
	heal := func(ctx context.Context) error {
		var errs []error
		for _, l := range cut {
			errs = append(errs, l.Heal(ctx))
		}
		return errors.Join(errs...)
	}
	return Hit{n.Name, heal}, errors.Join(errs...)
}
