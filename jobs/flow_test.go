package jobs

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func TestFlowNamesTheLimitThatBinds(t *testing.T) {
	t.Parallel()
	asked := time.Now()
	active := models.Worker{Slots: models.Slots{models.KindBuild: 2}}
	draining, lost := active, active
	draining.DrainAskedAt, lost.Lost = &asked, true
	due := models.QueueCounts{Due: 3, Oldest: time.Minute, Accounts: []models.WaitingAccount{{AccountID: "a", State: models.AccountActive, Oldest: time.Minute}}}
	held := func(a models.WaitingAccount) models.QueueCounts {
		q := due
		q.Accounts = []models.WaitingAccount{a}
		return q
	}
	with := func(f func(q *models.QueueCounts)) models.QueueCounts { q := due; f(&q); return q }
	for name, tt := range map[string]struct {
		queue   models.QueueCounts
		workers []models.Worker
		view    func(v *FlowView)
		binds   models.FlowLimit
		flowing bool
	}{
		"nothing to do":       {queue: models.QueueCounts{}, workers: []models.Worker{active}, flowing: true},
		"running":             {queue: models.QueueCounts{Running: 1}, workers: []models.Worker{active}, flowing: true},
		"no worker":           {queue: due, binds: models.LimitNoWorkers},
		"a lost worker":       {queue: due, workers: []models.Worker{lost}, binds: models.LimitNoWorkers},
		"a draining worker":   {queue: due, workers: []models.Worker{draining}, binds: models.LimitWorkersDraining},
		"slots full":          {queue: with(func(q *models.QueueCounts) { q.Running = 2 }), workers: []models.Worker{active}, binds: models.LimitSlots, flowing: true},
		"nobody dispatches":   {queue: due, workers: []models.Worker{active}, binds: models.LimitNotDispatched},
		"nobody claims":       {queue: models.QueueCounts{Dispatched: 1, OldestDispatched: time.Minute}, workers: []models.Worker{active}, binds: models.LimitNotClaimed},
		"the window":          {queue: with(func(q *models.QueueCounts) { q.Dispatched = 1 }), workers: []models.Worker{active}, binds: models.LimitWindow, flowing: true},
		"leases expired":      {queue: models.QueueCounts{Running: 1, Expired: 1}, workers: []models.Worker{active}, binds: models.LimitLeasesExpired},
		"account paused":      {queue: held(models.WaitingAccount{State: models.AccountPaused}), workers: []models.Worker{active}, binds: models.LimitAccountPaused},
		"account suspended":   {queue: held(models.WaitingAccount{State: models.AccountSuspended}), workers: []models.Worker{active}, binds: models.LimitAccountSuspended},
		"account cap":         {queue: held(models.WaitingAccount{State: models.AccountActive, Cap: 1, Busy: 1}), workers: []models.Worker{active}, binds: models.LimitAccountCap, flowing: true},
		"end user cap":        {queue: held(models.WaitingAccount{State: models.AccountActive, EndUserCap: 1, UsersHeld: true}), workers: []models.Worker{active}, binds: models.LimitEndUserCap, flowing: true},
		"suspects":            {queue: models.QueueCounts{Suspects: 1}, workers: []models.Worker{active}, binds: models.LimitSuspects, flowing: true},
		"concurrency keys":    {queue: models.QueueCounts{Blocked: 1, WaitForKey: 1}, workers: []models.Worker{active}, binds: models.LimitConcurrencyKeys, flowing: true},
		"dependencies":        {queue: models.QueueCounts{Blocked: 1}, workers: []models.Worker{active}, binds: models.LimitDependencies, flowing: true},
		"run_at":              {queue: models.QueueCounts{Scheduled: 1}, workers: []models.Worker{active}, binds: models.LimitScheduled, flowing: true},
		"the provider fails":  {queue: models.QueueCounts{Scheduled: 1, Running: 1, Retries: map[models.Code]int{models.CodeProviderFailed: 1}}, workers: []models.Worker{active}, binds: models.LimitProviderOutage, flowing: true},
		"the platform fails":  {queue: models.QueueCounts{Scheduled: 1, Retries: map[models.Code]int{models.CodeUnavailable: 1}}, workers: []models.Worker{active}, binds: models.LimitPlatformOutage, flowing: true},
		"redis away":          {queue: due, workers: []models.Worker{active}, view: func(v *FlowView) { v.Down = []string{"redis"} }, binds: models.LimitRedisAway},
		"disk full":           {workers: []models.Worker{active}, view: func(v *FlowView) { v.Down = []string{"blobs"} }, binds: models.LimitStorageAway},
		"database away":       {view: func(v *FlowView) { v.Facts, v.Down = nil, []string{"database"} }, binds: models.LimitDatabaseAway},
		"database slow":       {workers: []models.Worker{active}, view: func(v *FlowView) { v.DatabaseTook = time.Second }, binds: models.LimitDatabaseSlow, flowing: true},
		"sandboxes full":      {workers: []models.Worker{active}, view: func(v *FlowView) { v.BuildsWaiting = 1 }, binds: models.LimitSandboxes, flowing: true},
		"paused":              {queue: due, workers: []models.Worker{active}, view: func(v *FlowView) { v.Facts.Paused = []models.PausedKind{{Kind: models.KindBuild}} }, binds: models.LimitKindPaused},
		"paused, and no work": {workers: []models.Worker{active}, view: func(v *FlowView) { v.Facts.Paused = []models.PausedKind{{Kind: models.KindBuild}} }, flowing: true},
		"paused in redis": {queue: due, workers: []models.Worker{active}, view: func(v *FlowView) {
			v.TransportPaused = []models.Queue{{Kind: models.KindBuild, Priority: models.PriorityDefault}}
		}, binds: models.LimitTransportPaused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := tt.queue
			q.Queue = models.Queue{Kind: models.KindBuild, Priority: models.PriorityDefault}
			v := FlowView{At: asked, Facts: &models.FlowFacts{At: asked, Queues: []models.QueueCounts{q}, Workers: tt.workers}}
			if tt.view != nil {
				tt.view(&v)
			}
			f := JudgeFlow(v)
			require.Equal(t, tt.binds, f.Binds, f.Sentence)
			require.Equal(t, tt.flowing, f.Flowing, f.Sentence)
			require.NotEmpty(t, f.Sentence)
			for _, l := range f.Limits {
				require.NotEmpty(t, l.Sentence)
				require.Contains(t, models.FlowLimits(), l.Limit)
			}
		})
	}
}
