package sandbox

import (
	"time"

	"github.com/spark-games/spark/internal/builds/sandbox/pool"
)

// Stats returns the state of the pool.
func (r *DockerRunner) Stats() pool.Stats { return r.pool.Stats() }

// ContainerInfo is one sandbox at one moment.
type ContainerInfo struct {
	Container string // its name on the daemon, "" while it is being created
	Engine    string
	Image     string // digest
	Class     string // of memory
	State     pool.State
	Since     time.Time // it is in that state
	JobID     string    // of the job that has it, or had it and is the reason why it is drained; "" for none
	Account   string    // that has used it, "" for none
	Jobs      int       // that it has been given
}

// Containers lists all sandboxes that count, by engine, the oldest first.
func (r *DockerRunner) Containers() []ContainerInfo {
	stats := r.pool.Sandboxes()
	list := make([]ContainerInfo, len(stats))
	for i, s := range stats {
		list[i] = ContainerInfo{Engine: s.Key.Engine, Image: s.Key.Image, Class: s.Key.Class, State: s.State, Since: s.Since,
			Account: s.Account, Jobs: s.Jobs}
		c, ok := s.Sandbox.(*container)
		if !ok {
			continue
		}
		list[i].Container = c.name
		if job := c.job.Load(); job != nil && s.State >= pool.Leased {
			list[i].JobID = *job
		}
	}
	return list
}
