package jobs

import (
	"math/rand/v2"
	"time"

	"github.com/spark-games/spark/models"
)

// Policy is how a kind of job runs.
type Policy struct {
	// Timeout bounds one attempt.
	Timeout time.Duration
	// MaxFailures is how many attempts may end in an error before the job fails.
	MaxFailures int
	// BackoffBase and BackoffMax shape the wait before the next attempt, see Backoff.
	BackoffBase, BackoffMax time.Duration
	// Concurrency is the default number of slots a worker has for the kind.
	Concurrency int
}

// LongestBuild is the longest time that an engine may set as a build's limit. An engine's own limits, a minute by default,
// decide how long its builds may take, and the sandbox enforces them; the rest is for waiting for a sandbox.
const LongestBuild = time.Hour

// policies is the table of the kinds.
var policies = map[models.Kind]Policy{
	models.KindGeneration: {Timeout: 20 * time.Minute, MaxFailures: 3, BackoffBase: 2 * time.Second, BackoffMax: time.Minute, Concurrency: 16},
	models.KindBuild:      {Timeout: LongestBuild + 10*time.Minute, MaxFailures: 3, BackoffBase: time.Second, BackoffMax: 30 * time.Second, Concurrency: 2},
	models.KindExport:     {Timeout: 2 * time.Minute, MaxFailures: 3, BackoffBase: time.Second, BackoffMax: 30 * time.Second, Concurrency: 4},
	models.KindAnalytics:  {Timeout: 5 * time.Minute, MaxFailures: 5, BackoffBase: 2 * time.Second, BackoffMax: time.Minute, Concurrency: 1},
}

// PolicyOf is the policy of a kind, which must be valid.
func PolicyOf(k models.Kind) Policy { return policies[k] }

// Weights is the share of a kind's slots that each priority gets while all have work waiting.
var Weights = map[models.Priority]int{
	models.PriorityCritical: 6,
	models.PriorityDefault:  3,
	models.PriorityLow:      1,
}

// Limits of the platform that do not depend on a kind.
const (
	// LeaseDuration is how long a claim lasts without renewal; a lost worker's jobs are found this late at most.
	LeaseDuration = 5 * time.Second
	// RenewEvery is the interval of a worker's lease renewal. Several renewals fit in a lease, so that one failed statement
	// loses no job.
	RenewEvery = time.Second
	// SuspectAfter is how many workers a job may lose before it has to run alone. One worker is lost for many reasons, and all its jobs
	// would take turns; a job that was there twice stands out from those that ran beside it once.
	SuspectAfter = 2
	// MaxDeathsAlone is how many workers that ran nothing else a job may lose before it fails as poisonous.
	MaxDeathsAlone = 3
)

// Backoff is the wait after the n-th failure (n from 1): base × 2^(n−1), at most max, of which the upper half is random, so that
// jobs which failed together do not retry together ("equal jitter", AWS Architecture Blog 2015).
func (p Policy) Backoff(n int) time.Duration {
	d := p.BackoffMax
	if n < 30 {
		d = min(p.BackoffBase<<max(n-1, 0), p.BackoffMax)
	}
	return d/2 + rand.N(d/2+1)
}
