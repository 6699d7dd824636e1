package inject

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/spark-games/spark/tests/faults/cluster"
)

// KillWorker and StopWorker are the faults whose jobs have to run elsewhere.
const (
	KillWorker = "worker killed"
	StopWorker = "worker frozen"
)

// processFaults kill and freeze each kind of process. A worker is frozen for longer than its leases last: when it wakes, others have
// its jobs.
func processFaults() []Fault {
	return []Fault{
		{Type: "api killed", Least: 500 * time.Millisecond, Most: 2 * time.Second, Inject: kill(cluster.API)},
		{Type: KillWorker, Least: 500 * time.Millisecond, Most: 3 * time.Second, Inject: kill(cluster.Worker)},
		{Type: "scheduler killed", Least: 500 * time.Millisecond, Most: 2 * time.Second, Inject: kill(cluster.Scheduler)},
		{Type: "api frozen", Least: time.Second, Most: 5 * time.Second, Inject: freeze(cluster.API)},
		{Type: StopWorker, Least: 6 * time.Second, Most: 9 * time.Second, Inject: freeze(cluster.Worker)},
		{Type: "scheduler frozen", Least: time.Second, Most: 5 * time.Second, Inject: freeze(cluster.Scheduler)},
	}
}

func kill(role cluster.Role) func(context.Context, *cluster.Cluster, *rand.Rand) (Hit, error) {
	return func(_ context.Context, c *cluster.Cluster, r *rand.Rand) (Hit, error) {
		n := pick(c.Of(role), r)
		return Hit{n.Name, func(context.Context) error { return n.Start() }}, n.Kill()
	}
}

func freeze(role cluster.Role) func(context.Context, *cluster.Cluster, *rand.Rand) (Hit, error) {
	return func(_ context.Context, c *cluster.Cluster, r *rand.Rand) (Hit, error) {
		n := pick(c.Of(role), r)
		return Hit{n.Name, func(context.Context) error { return n.Resume() }}, n.Pause()
	}
}

func pick[T any](all []T, r *rand.Rand) T { return all[r.IntN(len(all))] }
