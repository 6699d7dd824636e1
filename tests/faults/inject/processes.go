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

// mostShift is how wrong a process's clock can be. Spark says that clocks differ by less than an hour.
const mostShift = 20 * time.Minute

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
		{Type: "clock shifted", Least: 3 * time.Second, Most: 8 * time.Second, On: (*cluster.Cluster).Clocks, Inject: shift},
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

// shift makes the clock of any process jump, by seconds to minutes, forwards or back. When it is healed it jumps again.
func shift(_ context.Context, c *cluster.Cluster, r *rand.Rand) (Hit, error) {
	n := pick(c.Nodes, r)
	by := 5*time.Second + time.Duration(r.Int64N(int64(mostShift)))
	if r.IntN(2) == 0 {
		by = -by
	}
	return Hit{n.Name, func(context.Context) error { return n.ShiftClock(0) }}, n.ShiftClock(by)
}
