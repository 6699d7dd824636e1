package sandbox

import (
	"time"

	"github.com/spark-games/spark/internal/builds/sandbox/pool"
)

// Stats tells how the pool is.
func (r *DockerRunner) Stats() pool.Stats { return r.pool.Stats() }

// BoxInfo is one sandbox at one moment.
type BoxInfo struct {
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

// Boxes lists all sandboxes that count, by engine, the oldest first.
func (r *DockerRunner) Boxes() []BoxInfo {
	stats := r.pool.Boxes()
	list := make([]BoxInfo, len(stats))
	for i, s := range stats {
		list[i] = BoxInfo{Engine: s.Key.Engine, Image: s.Key.Image, Class: s.Key.Class, State: s.State, Since: s.Since,
			Account: s.Account, Jobs: s.Jobs}
		b, ok := s.Box.(*box)
		if !ok {
			continue
		}
		list[i].Container = b.name
		if job := b.job.Load(); job != nil && s.State >= pool.Leased {
			list[i].JobID = *job
		}
	}
	return list
}
