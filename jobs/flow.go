package jobs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// FlowView is what is seen of the platform when it is asked whether work flows.
type FlowView struct {
	At    time.Time
	Facts *models.FlowFacts // nil if the database did not tell
	// Down are the dependencies that do not answer: "database", "redis" or "blobs". DatabaseTook is how long the database took to answer last.
	Down         []string
	DatabaseTook time.Duration
	// TransportPaused are the queues that were paused on the page of the transport.
	TransportPaused []models.Queue
	// Of the sandboxes of all workers: how many builds wait for one, how many are taken, and how many there may be.
	BuildsWaiting, SandboxesTaken, SandboxesMax int
}

const (
	// slowDatabase is an answer of the database that makes everything slow: what is asked is one row.
	slowDatabase = 500 * time.Millisecond
	// claimsTake is longer than a free worker takes for a job that is in Redis, and releasesTake than a dispatcher for one that is due.
	claimsTake, releasesTake = 10 * time.Second, 5 * time.Second
)

// JudgeFlow answers whether work is flowing and which limit binds.
func JudgeFlow(v FlowView) models.Flow {
	f := models.Flow{At: v.At}
	v.judgeDependencies(&f)
	if v.Facts != nil {
		f.At = v.Facts.At
		slots := slotsOf(v.Facts.Workers)
		for _, q := range v.Facts.Queues {
			v.judgeQueue(&f, q, slots[q.Kind])
			f.Totals.Waiting += q.Waiting()
			f.Totals.Due += q.Due
			f.Totals.Dispatched += q.Dispatched
			f.Totals.Running += q.Running
			f.Totals.Ended += q.Ended
			f.Totals.More = f.Totals.More || q.More
			f.Totals.Oldest = max(f.Totals.Oldest, q.Oldest)
		}
		for _, s := range slots {
			f.Totals.Slots += s.open
		}
		for _, w := range v.Facts.Workers {
			if w.State() == models.WorkerActive {
				f.Totals.Workers++
			}
		}
	}
	rank := models.FlowLimits()
	slices.SortStableFunc(f.Limits, func(a, b models.BindingLimit) int {
		if a.Blocks != b.Blocks {
			if a.Blocks {
				return -1
			}
			return 1
		}
		return cmp.Compare(slices.Index(rank, a.Limit), slices.Index(rank, b.Limit))
	})
	f.Flowing = len(f.Limits) == 0 || !f.Limits[0].Blocks
	f.Sentence = flowSentence(&f)
	return f
}

func flowSentence(f *models.Flow) string {
	if len(f.Limits) > 0 {
		f.Binds = f.Limits[0].Limit
	}
	t := f.Totals
	switch {
	case !f.Flowing:
		return "Work is not flowing. " + f.Limits[0].Sentence
	case f.Binds != "":
		return fmt.Sprintf("Work is flowing: %s, %d ended in the last minute. What limits it: %s", running(t), t.Ended, f.Limits[0].Sentence)
	case t.Running > 0:
		return fmt.Sprintf("Work is flowing: %s, %d ended in the last minute, and nothing waits for long.", running(t), t.Ended)
	}
	return fmt.Sprintf("There is nothing to do, and %s ready.", number(t.Slots, "slot is", "slots are"))
}

func running(t models.FlowTotals) string {
	return fmt.Sprintf("%s in %s", number(t.Running, "job runs", "jobs run"), number(t.Slots, "slot", "slots"))
}

func number(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// slotCount is how many jobs of a kind workers can run at a time: those that take some, and those that were asked not to.
type slotCount struct{ open, resting int }

func slotsOf(workers []models.Worker) map[models.Kind]slotCount {
	all := make(map[models.Kind]slotCount)
	for _, w := range workers {
		for kind, n := range w.Slots {
			c := all[kind]
			switch w.State() {
			case models.WorkerActive:
				c.open += n
			case models.WorkerDraining, models.WorkerDrained:
				c.resting += n
			case models.WorkerStopping, models.WorkerLost:
			}
			all[kind] = c
		}
	}
	return all
}

func (v *FlowView) judgeDependencies(f *models.Flow) {
	for name, l := range map[string]models.BindingLimit{
		"database": {Limit: models.LimitDatabaseAway, Sentence: "The database does not answer: nothing can be submitted, started or finished until it does."},
		"redis": {Limit: models.LimitRedisAway, Sentence: "Redis does not answer: jobs that run go on, no others start, and new ones are refused. " +
			"Nothing is lost; it goes on by itself when Redis is back."},
		"blobs": {Limit: models.LimitStorageAway, Sentence: "The folder for files does not take any: is its disk full? " +
			"New jobs are refused, and those that run will retry."},
	} {
		if slices.Contains(v.Down, name) {
			l.Blocks = true
			f.Limits = append(f.Limits, l)
		}
	}
	if v.DatabaseTook >= slowDatabase && !slices.Contains(v.Down, "database") {
		ms := v.DatabaseTook.Milliseconds()
		f.Limits = append(f.Limits, models.BindingLimit{Limit: models.LimitDatabaseSlow, Value: float64(ms), Limited: float64(slowDatabase.Milliseconds()),
			Sentence: fmt.Sprintf("The database took %d ms for a question that takes one: look for long queries, locks or a full disk there.", ms)})
	}
}

// judgeQueue adds what limits a queue.
func (v *FlowView) judgeQueue(f *models.Flow, q models.QueueCounts, slots slotCount) {
	name := plural(q.Kind)
	if q.Priority != models.PriorityDefault {
		name += " of priority " + string(q.Priority)
	}
	add := func(l models.BindingLimit) {
		l.Kind, l.Priority = q.Kind, q.Priority
		f.Limits = append(f.Limits, l)
	}
	could := q.Due + q.Dispatched + q.Suspects // run now, if nothing were in the way
	free := slots.open > q.Running
	at := slices.IndexFunc(v.Facts.Paused, func(p models.PausedKind) bool { return p.Kind == q.Kind })
	switch {
	case at >= 0:
		if q.Waiting() > 0 {
			p := v.Facts.Paused[at]
			why := ""
			if p.Reason != "" {
				why = " (" + p.Reason + ")"
			}
			add(models.BindingLimit{Limit: models.LimitKindPaused, Jobs: could, Blocks: could > 0,
				Sentence: fmt.Sprintf("An administrator paused %s at %s%s: %s. Resume with: spark admin queues resume %s", plural(q.Kind),
					p.PausedAt.UTC().Format("2006-01-02 15:04 UTC"), why, number(could, "job waits", "jobs wait"), q.Kind)})
		}
	case could == 0:
	case slots.open == 0 && slots.resting > 0:
		add(models.BindingLimit{Limit: models.LimitWorkersDraining, Jobs: could, Blocks: true, Limited: float64(slots.resting),
			Sentence: fmt.Sprintf("%s of %s wait, and all workers for them are draining: resume one with spark admin workers resume, or start another.",
				number(could, "job", "jobs"), name)})
	case slots.open == 0:
		add(models.BindingLimit{Limit: models.LimitNoWorkers, Jobs: could, Blocks: true,
			Sentence: fmt.Sprintf("No worker runs that takes %s, and %s: start one (spark worker).", name, number(could, "job waits", "jobs wait"))})
	case slices.Contains(v.TransportPaused, q.Queue):
		add(models.BindingLimit{Limit: models.LimitTransportPaused, Jobs: could, Blocks: true,
			Sentence: fmt.Sprintf("The queue of %s was paused on the page /admin/queues: unpause it there. "+
				"(spark admin queues pause is the lasting way.)", name)})
	case !free:
		add(models.BindingLimit{Limit: models.LimitSlots, Jobs: could, Value: float64(q.Running), Limited: float64(slots.open),
			Sentence: fmt.Sprintf("All %s for %s are taken and %s, the oldest for %s: start more workers, or give them more slots (SPARK_CONCURRENCY).",
				number(slots.open, "slot", "slots"), name, number(could, "job waits", "jobs wait"), ago(q.Oldest))})
	case q.Dispatched > 0 && q.OldestDispatched > claimsTake:
		add(models.BindingLimit{Limit: models.LimitNotClaimed, Jobs: q.Dispatched, Blocks: q.Ended == 0, Value: q.OldestDispatched.Seconds(),
			Limited: claimsTake.Seconds(), Sentence: fmt.Sprintf("%s were handed to the workers %s ago and nobody has taken them, although slots are free: "+
				"look at the workers' logs and their connection to Redis.", number(q.Dispatched, "job of "+name, "jobs of "+name), ago(q.OldestDispatched))})
	case q.Due > 0 && q.Dispatched > 0:
		add(models.BindingLimit{Limit: models.LimitWindow, Jobs: q.Due, Value: float64(q.Dispatched),
			Sentence: fmt.Sprintf("%s wait behind the %d of their kind that are in Redis already; this passes in a moment.",
				number(q.Due, "job of "+name, "jobs of "+name), q.Dispatched)})
	}
	if q.Expired > 0 {
		add(models.BindingLimit{Limit: models.LimitLeasesExpired, Jobs: q.Expired, Blocks: true,
			Sentence: fmt.Sprintf("The workers of %s were lost, and nobody has taken them over: is a scheduler running (spark scheduler)?",
				number(q.Expired, "job of "+name, "jobs of "+name))})
	}
	v.judgeAccounts(add, q, name, at < 0 && free)
	v.judgeFailures(add, q, name)
	judgeWaiting(add, q, name)
}

// judgeAccounts adds what holds the accounts that have due jobs. A queue in which one is free to go should move.
func (v *FlowView) judgeAccounts(add func(models.BindingLimit), q models.QueueCounts, name string, moves bool) {
	held := make(map[models.FlowLimit][]models.WaitingAccount)
	var waits time.Duration // of those that nothing holds
	for _, a := range q.Accounts {
		why := a.Held()
		if held[why] = append(held[why], a); why == "" {
			waits = max(waits, a.Oldest)
		}
	}
	if moves && len(held[""]) > 0 && q.Dispatched == 0 && waits > releasesTake {
		add(models.BindingLimit{Limit: models.LimitNotDispatched, Jobs: q.Due, Blocks: q.Ended == 0 && q.Running == 0, Value: waits.Seconds(),
			Limited: releasesTake.Seconds(), Sentence: fmt.Sprintf("%s could run for %s, and no process hands them out: look at the logs of "+
				"the dispatchers and their connection to Redis.", number(q.Due, "job of "+name, "jobs of "+name), ago(waits))})
	}
	for _, why := range []models.FlowLimit{models.LimitAccountSuspended, models.LimitAccountPaused, models.LimitAccountCap, models.LimitEndUserCap} {
		all := held[why]
		if len(all) == 0 {
			continue
		}
		first := all[0]
		l := models.BindingLimit{Limit: why, Accounts: len(all), Value: float64(first.Busy)}
		who := number(len(all), "account", "accounts")
		if len(all) == 1 {
			l.AccountID, who = first.AccountID, "Account "+first.AccountID
		}
		// What only administrators can end is not flow; what jobs end that run is.
		l.Blocks = (why == models.LimitAccountPaused || why == models.LimitAccountSuspended) && len(all) == len(q.Accounts) &&
			q.Running == 0 && q.Dispatched == 0
		switch why { //nolint:exhaustive // only these are of accounts
		case models.LimitAccountSuspended:
			l.Sentence = fmt.Sprintf("%s with waiting %s: suspended. Lift it with: spark admin accounts set ID --state active", who, name)
		case models.LimitAccountPaused:
			l.Sentence = fmt.Sprintf("%s with waiting %s: paused by an administrator. Resume with: spark admin accounts resume ID", who, name)
		case models.LimitAccountCap:
			l.Limited = float64(first.Cap)
			l.Sentence = fmt.Sprintf("%s with waiting %s: as many jobs run as the account may have (%d of %d); more start as these end.", who, name,
				first.Busy, first.Cap)
		case models.LimitEndUserCap:
			l.Limited = float64(first.EndUserCap)
			l.Sentence = fmt.Sprintf("%s with waiting %s: the end users whose turn it is have as many jobs as they may (%d each); more start as these end.",
				who, name, first.EndUserCap)
		}
		add(l)
	}
}

// judgeFailures adds what attempts fail for that is nobody's input.
func (v *FlowView) judgeFailures(add func(models.BindingLimit), q models.QueueCounts, name string) {
	if n := q.Retries[models.CodeProviderFailed] + q.Failed[models.CodeProviderFailed]; n > 0 {
		add(models.BindingLimit{Limit: models.LimitProviderOutage, Jobs: n, Blocks: q.Failed[models.CodeProviderFailed] == q.Ended && q.Running == 0,
			Sentence: fmt.Sprintf("The model's provider fails: %s wait to try again or failed in the last minute. See the provider's status page and the "+
				"workers' logs.", number(n, "job of "+name, "jobs of "+name))})
	}
	if n := q.Retries[models.CodeUnavailable] + q.Retries[models.CodeSandboxUnavailable] + q.Retries[models.CodeSandboxFailed]; n > 0 {
		add(models.BindingLimit{Limit: models.LimitPlatformOutage, Jobs: n,
			Sentence: fmt.Sprintf("%s wait to try again because the platform lacked something, such as its Docker daemon or room on the disk: "+
				"see the errors in /admin/jobs.", number(n, "job of "+name, "jobs of "+name))})
	}
	if q.Kind == models.KindBuild && q.Priority == models.PriorityDefault && v.BuildsWaiting > 0 {
		add(models.BindingLimit{Limit: models.LimitSandboxes, Jobs: v.BuildsWaiting, Value: float64(v.SandboxesTaken), Limited: float64(v.SandboxesMax),
			Sentence: fmt.Sprintf("%s for a sandbox, and %d of %d are taken: give the workers more (pool.max) or start more workers.",
				number(v.BuildsWaiting, "build waits", "builds wait"), v.SandboxesTaken, v.SandboxesMax)})
	}
}

// judgeWaiting adds what jobs wait for that are not due.
func judgeWaiting(add func(models.BindingLimit), q models.QueueCounts, name string) {
	if q.Suspects > 0 {
		add(models.BindingLimit{Limit: models.LimitSuspects, Jobs: q.Suspects,
			Sentence: fmt.Sprintf("%s wait for a worker of their own, because they ran when workers were lost: see spark admin jobs stuck.",
				number(q.Suspects, "job of "+name, "jobs of "+name))})
	}
	if q.WaitForKey > 0 {
		add(models.BindingLimit{Limit: models.LimitConcurrencyKeys, Jobs: q.WaitForKey,
			Sentence: fmt.Sprintf("%s wait for others with the same concurrency key to end.", number(q.WaitForKey, "job of "+name, "jobs of "+name))})
	}
	if n := q.Blocked - q.WaitForKey; n > 0 {
		add(models.BindingLimit{Limit: models.LimitDependencies, Jobs: n,
			Sentence: fmt.Sprintf("%s wait for jobs that they depend on.", number(n, "job of "+name, "jobs of "+name))})
	}
	later := q.Scheduled
	for _, n := range q.Retries {
		later -= n
	}
	if later > 0 {
		add(models.BindingLimit{Limit: models.LimitScheduled, Jobs: later,
			Sentence: fmt.Sprintf("%s wait for their time (run_at).", number(later, "job of "+name, "jobs of "+name))})
	}
}

// ago is a duration for people.
func ago(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
}

// plural names the jobs of a kind.
func plural(k models.Kind) string {
	if k == models.KindAnalytics {
		return "analytics jobs"
	}
	return string(k) + "s"
}
