package app

import (
	"time"

	"github.com/spark-games/spark/internal/transport/schedule"
	"github.com/spark-games/spark/jobs"
)

// How often the background loops look.
const (
	lookEvery   = 500 * time.Millisecond // for jobs that became due
	repairEvery = time.Second            // for lost leases and lost tasks
	repairGrace = 3 * time.Second        // a younger dispatch is on its way
	cronEvery   = time.Second
	hintsEvery  = 2 * time.Second // streams look without a hint
)

// scheduler is the role that repairs what got lost and submits what is due by the clock.
type scheduler struct {
	*parts
	repairer *jobs.Repairer
	cron     *schedule.Runner
}

func newScheduler(p *parts) *scheduler {
	return &scheduler{
		parts: p,
		repairer: &jobs.Repairer{Store: p.store.Backlog, Transport: p.transport, Every: repairEvery, Grace: repairGrace,
			Log: p.log.Named("repairer"), Changed: p.changed, Reaped: p.metrics.Reaped},
		cron: &schedule.Runner{Store: p.store.Schedules, Jobs: p.service, Every: cronEvery, Log: p.log.Named("schedule"), Changed: p.changed},
	}
}

func (s *scheduler) start() {
	s.group.Go("repairer", s.repairer.Run)
	s.group.Go("schedules", s.cron.Run)
}
