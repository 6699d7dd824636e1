package app

import (
	"time"

	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/internal/transport/schedule"
	"github.com/spark-games/spark/jobs"
)

// Intervals of the background loops.
const (
	lookEvery   = 500 * time.Millisecond // for jobs that became due
	repairEvery = time.Second            // for lost leases and lost tasks
	repairGrace = 3 * time.Second        // a younger dispatch may still arrive
	cronEvery   = time.Second
	surveyEvery = 10 * time.Second // how much work there is, for metrics
	hintsEvery  = 2 * time.Second  // streams check for events without a hint
)

// scheduler is the role that repairs lost jobs, submits scheduled ones, and counts the backlog.
type scheduler struct {
	*parts
	repairer *jobs.Repairer
	cron     *schedule.Runner
	surveyor *telemetry.Surveyor
}

func newScheduler(p *parts) *scheduler {
	metrics := telemetry.NewScheduler(p.registry)
	return &scheduler{
		parts: p,
		repairer: &jobs.Repairer{Store: p.store.Backlog, Transport: p.transport, Every: repairEvery, Grace: repairGrace,
			Log: p.log.Named("repairer"), Changed: p.changed, Observer: metrics},
		cron: &schedule.Runner{Store: p.store.Schedules, Jobs: p.service, Every: cronEvery,
			Log: p.log.Named("schedule"), Changed: p.changed, Observer: metrics},
		surveyor: &telemetry.Surveyor{Survey: p.store.Backlog.Survey, Queues: p.transport.States, Backlog: telemetry.NewBacklog(p.registry),
			Every: surveyEvery, Log: p.log.Named("survey"), Failed: metrics.SurveyFailed},
	}
}

func (s *scheduler) start() {
	s.group.Go("repairer", s.repairer.Run)
	s.group.Go("schedules", s.cron.Run)
	s.group.Go("survey", s.surveyor.Run)
	s.group.Go("blob sweep", s.sweepBlobs)
}
