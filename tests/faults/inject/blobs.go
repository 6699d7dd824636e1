package inject

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/spark-games/spark/tests/faults/cluster"
)

func blobFaults() []Fault {
	return []Fault{
		{Type: "blob store full", Least: time.Second, Most: 5 * time.Second, On: (*cluster.Cluster).Bounded,
			Inject: func(_ context.Context, c *cluster.Cluster, _ *rand.Rand) (Hit, error) {
				return Hit{"blobs", func(context.Context) error { return c.EmptyBlobs() }}, c.FillBlobs()
			}},
	}
}
