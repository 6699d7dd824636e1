package app

import (
	"time"

	"github.com/spark-games/spark/internal/data/retention"
	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/internal/schedules"
	"github.com/spark-games/spark/internal/transport/schedule"
	"github.com/spark-games/spark/jobs"
)

// Intervals of the background loops.
const (
	lookEvery   = 500 * time.Millisecond // for jobs that became due
	streamEvery = 500 * time.Millisecond // for events of which no hint came
	streamPause = 20 * time.Millisecond  // between two looks, so that events gather
	repairEvery = 500 * time.Millisecond // for lost leases and lost tasks
	repairGrace = 3 * time.Second        // a younger dispatch may still arrive
	cronEvery   = time.Second
	bulkEvery   = 500 * time.Millisecond // for new operations on many jobs
	pruneEvery  = time.Minute            // what is not kept any longer
	surveyEvery = 10 * time.Second       // how much work there is, for metrics
	answersKept = 24 * time.Hour         // to requests with idempotency keys
	hoursKept   = 30 * 24 * time.Hour    // what was used by the hour
	targetsKept = 24 * time.Hour         // URLs of jobs that are gone, and secrets that have stopped to sign
	firingsKept = 30 * 24 * time.Hour    // what schedules of accounts did
	// operationsKept is how long operations on many jobs are kept.
	operationsKept = 30 * 24 * time.Hour
)

// scheduler is the role that repairs lost jobs, puts events in order, submits scheduled jobs, counts the backlog, and removes what is not kept any longer.
type scheduler struct {
	*parts
	observer *telemetry.Scheduler
	repairer *jobs.Repairer
	cron     *schedule.Runner
	timed    *schedules.Runner
	bulk     *jobs.Bulk
	surveyor *telemetry.Surveyor
	pruner   *retention.Pruner
	signer   *attestor // of checkpoints of the audit; nil until there are some
}

func newScheduler(p *parts) *scheduler {
	metrics := telemetry.NewScheduler(p.registry)
	p.sequencer.Observer = metrics
	p.pump.Observer = telemetry.NewFanOut(p.registry, metrics.WebhooksFailed)
	s := &scheduler{
		parts: p, observer: metrics,
		repairer: &jobs.Repairer{Store: p.store.Backlog, Transport: p.transport, Every: repairEvery, Grace: repairGrace,
			Log: p.log.Named("repairer"), Changed: p.changed, Observer: metrics},
		cron: &schedule.Runner{Store: p.store.Schedules, Jobs: p.service, Every: cronEvery,
			Log: p.log.Named("schedule"), Changed: p.changed, Observer: metrics},
		timed: &schedules.Runner{Store: p.store.Schedules, Jobs: p.service, Clock: p.store.Schedules.Now, Every: cronEvery,
			Log: p.log.Named("schedules"), Observer: metrics},
		bulk: &jobs.Bulk{Service: p.service, Store: p.store.Operations, Every: bulkEvery, Log: p.log.Named("operations"), Observer: metrics},
		surveyor: &telemetry.Surveyor{Survey: p.store.Backlog.Survey, Queues: p.transport.States, Backlog: telemetry.NewBacklog(p.registry),
			Every: surveyEvery, Log: p.log.Named("survey"), Failed: metrics.SurveyFailed},
	}
	all := append(policies(p.store.Retention, p.cfg.Keep), retention.Policy{Name: "audit", Keep: time.Duration(p.cfg.Keep.Audit), Remove: s.pruneAudit},
		retention.Policy{Name: "asset_uploads", Keep: p.cfg.Assets.UploadExpiry, Remove: s.pruneUploads})
	s.pruner = &retention.Pruner{Policies: all, Every: pruneEvery, Log: p.log.Named("retention"), Observer: metrics}
	return s
}

func (s *scheduler) start() {
	s.group.Go("repairer", s.repairer.Run)
	s.group.Go("sequencer", s.sequencer.Run)
	s.group.Go("schedules", s.cron.Run)
	s.group.Go("schedules of accounts", s.timed.Run)
	s.group.Go("operations", s.bulk.Run)
	s.group.Go("webhooks", s.pump.RunFanOut)
	s.group.Go("webhooks that are due", s.pump.RunDue)
	s.group.Go("quotas", s.tellQuotas)
	s.group.Go("storage", s.noteStorage)
	s.group.Go("audit", s.chainAudit)
	s.group.Go("survey", s.surveyor.Run)
	s.group.Go("retention", s.pruner.Run)
	s.group.Go("sweep", s.sweep)
}

// after is a while longer than something is kept, or for ever.
func after(keep config.Age, more time.Duration) time.Duration {
	if keep == 0 {
		return 0
	}
	return time.Duration(keep) + more
}

// policies are what is kept for how long.
func policies(s *store.Retention, keep config.Keep) []retention.Policy {
	return []retention.Policy{
		{Name: "stream", Keep: time.Duration(keep.Events), Remove: s.Stream},
		{Name: "answers", Keep: answersKept, Remove: s.Answers},
		{Name: "usage_hours", Keep: hoursKept, Remove: s.UsageHours},
		{Name: "firings", Keep: firingsKept, Remove: s.Firings},
		{Name: "operations", Keep: operationsKept, Remove: s.Operations},
		{Name: "webhooks", Keep: time.Duration(keep.Webhooks), Remove: s.WebhookMessages},
		{Name: "webhook_targets", Keep: targetsKept, Remove: s.WebhookTargets},
		{Name: "account_events", Keep: after(keep.Events, time.Hour), Remove: s.AccountEvents},
		{Name: "events", Keep: time.Duration(keep.Events), Remove: s.Events},
		{Name: "jobs", Keep: time.Duration(keep.Jobs), Remove: s.Jobs},
		{Name: "rollup_jobs", Keep: time.Duration(keep.RollupJobs), Remove: s.RollupJobs},
		{Name: "previews", Keep: time.Duration(keep.Previews), Remove: s.Previews},
		{Name: "releases", Keep: time.Duration(keep.Releases), Remove: s.Releases},
		{Name: "revisions", Keep: time.Duration(keep.Revisions), Remove: s.Revisions},
		{Name: "deleted_projects", Keep: time.Duration(keep.DeletedProjects), Remove: s.DeletedProjects},
		{Name: "deleted_accounts", Keep: time.Duration(keep.DeletedAccounts), Remove: s.DeletedAccounts},
	}
}
