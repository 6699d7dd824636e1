package analytics

import (
	"cmp"
	"slices"
	"time"

	"github.com/spark-games/spark/models"
)

// rollup adds jobs up into buckets.
type rollup struct {
	from    time.Time
	buckets map[bucketKey]*bucket
	jobs    int64
}

type bucketKey struct {
	account string
	endUser string
	kind    models.Kind
	period  models.Period
	start   time.Time
}

type bucket struct {
	usage     models.Usage
	durations []int64 // milliseconds
	touched   bool    // by a job that finished at or after from
}

func newRollup(from time.Time) *rollup {
	return &rollup{from: from, buckets: make(map[bucketKey]*bucket)}
}

// add counts a finished job in its hour and its day, and in its end user's day.
func (r *rollup) add(j *models.Job) {
	if j.FinishedAt == nil {
		return
	}
	if !j.FinishedAt.Before(r.from) {
		r.jobs++
	}
	r.count(j, "", models.PeriodHour)
	r.count(j, "", models.PeriodDay)
	if j.EndUser != "" {
		r.count(j, j.EndUser, models.PeriodDay)
	}
}

func (r *rollup) count(j *models.Job, endUser string, p models.Period) {
	key := bucketKey{j.AccountID, endUser, j.Kind, p, p.Start(*j.FinishedAt)}
	b := r.buckets[key]
	if b == nil {
		b = &bucket{usage: models.Usage{AccountID: j.AccountID, EndUser: endUser, Kind: j.Kind, Period: p, Start: key.start}}
		r.buckets[key] = b
	}
	b.touched = b.touched || !j.FinishedAt.Before(r.from)
	b.usage.Jobs++
	if j.State == models.StateFailed {
		b.usage.Failures++
	}
	if j.StartedAt != nil { // a job cancelled while it waited took no time
		b.durations = append(b.durations, max(j.FinishedAt.Sub(*j.StartedAt).Milliseconds(), 0))
	}
	b.usage.TokensIn += orZero(j.TokensIn)
	b.usage.TokensOut += orZero(j.TokensOut)
	b.usage.Bytes += j.OutputBytes
}

// touched lists the buckets that a fresh job fell into, complete, in a fixed order.
func (r *rollup) touched() []models.Usage {
	var all []models.Usage
	for _, b := range r.buckets {
		if b.touched {
			slices.Sort(b.durations)
			b.usage.P50Millis, b.usage.P95Millis = nearestRank(b.durations, 50), nearestRank(b.durations, 95)
			all = append(all, b.usage)
		}
	}
	slices.SortFunc(all, func(a, b models.Usage) int {
		return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.EndUser, b.EndUser), cmp.Compare(a.Period, b.Period),
			cmp.Compare(a.Kind, b.Kind), a.Start.Compare(b.Start))
	})
	return all
}

// nearestRank is the p-th percentile of sorted values: the smallest that p percent of them do not exceed.
func nearestRank(sorted []int64, p int) int64 {
	if len(sorted) == 0 {
		return 0
	}
	rank := (len(sorted)*p + 99) / 100
	return sorted[rank-1]
}

func orZero(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}
