package inject

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/spark-games/spark/tests/faults/cluster"
)

// dockerFaults break the daemon in whose containers builds run. One that is restarted takes its containers with it; one that was killed
// finds them again.
func dockerFaults() []Fault {
	return []Fault{
		{Type: "dockerd restarted", Least: 0, Most: time.Second, On: (*cluster.Cluster).HasDocker,
			Inject: func(_ context.Context, c *cluster.Cluster, _ *rand.Rand) (Hit, error) {
				return Hit{"docker", c.Docker.Start}, c.Docker.Stop()
			}},
		{Type: "dockerd killed", Least: 0, Most: 2 * time.Second, On: (*cluster.Cluster).HasDocker,
			Inject: func(_ context.Context, c *cluster.Cluster, _ *rand.Rand) (Hit, error) {
				return Hit{"docker", c.Docker.Start}, c.Docker.Kill()
			}},
		{Type: "dockerd frozen", Least: time.Second, Most: 5 * time.Second, On: (*cluster.Cluster).HasDocker,
			Inject: func(_ context.Context, c *cluster.Cluster, _ *rand.Rand) (Hit, error) {
				return Hit{"docker", func(context.Context) error { return c.Docker.Resume() }}, c.Docker.Pause()
			}},
	}
}
