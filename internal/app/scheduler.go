package app

import (
	"context"
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

func (a *App) startScheduler() {
	repairer := &jobs.Repairer{Store: a.store.Backlog, Transport: a.transport, Every: repairEvery, Grace: repairGrace,
		Log: a.log.Named("repairer"), Changed: a.changed, Reaped: a.metrics.Reaped}
	a.group.Go("repairer", repairer.Run)
	cron := &schedule.Runner{Store: a.store.Schedules, Every: cronEvery, Log: a.log.Named("schedule"), Changed: a.changed}
	a.group.Go("schedules", cron.Run)
}

// remindWatchers makes event streams look again now and then, in case a hint was lost with its connection.
func (a *App) remindWatchers(ctx context.Context) {
	tick := time.NewTicker(hintsEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			a.hub.ChangedAll()
		}
	}
}
