// Package analytics turns finished jobs into hourly and daily usage per account and kind.
//
// A rollup recomputes every bucket that a newly finished job touched, from all of its jobs. So it is incremental, and running it
// twice, or two concurrently, gives the same result.
package analytics

import (
	"context"
	"encoding/json"
	"time"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Store is what the handler reads and writes.
type Store interface {
	// RolledTo is how far usage has been rolled up (zero: never), and the database's clock.
	RolledTo(ctx context.Context) (rolledTo, now time.Time, err error)
	// FinishedSince calls f for each job of the account that finished at or after from, AllFinishedSince for everybody's.
	FinishedSince(ctx context.Context, accountID string, from time.Time, f func(*models.Job) error) error
	AllFinishedSince(ctx context.Context, from time.Time, f func(*models.Job) error) error
	// SaveUsage replaces buckets and moves the mark, together; the zero time leaves the mark.
	SaveUsage(ctx context.Context, buckets []models.Usage, rolledTo time.Time) error
}

// Handler runs analytics jobs.
type Handler struct {
	Store Store
}

// overlap is how far a rollup looks back before the last one's mark: a job's finishing time is set before its transaction
// commits, so it can appear before a mark that was set meanwhile.
const overlap = 5 * time.Minute

// Output is the output of a rollup.
type Output struct {
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Jobs    int64     `json:"jobs"` // that finished in that time
	Buckets int       `json:"buckets"`
}

// Run implements jobs.Handler.
func (h *Handler) Run(ctx context.Context, a *jobs.Attempt) (*jobs.Result, error) {
	var in jobs.AnalyticsInput
	if err := json.Unmarshal(a.Job.Input, &in); err != nil {
		return nil, models.WrapError(models.CodeInvalidRequest, "the job's input cannot be read", err)
	}
	rolledTo, now, err := h.Store.RolledTo(ctx)
	if err != nil {
		return nil, err
	}
	// The platform's own rollup covers all accounts and moves the mark; an account's covers only itself.
	var mark time.Time
	each := func(from time.Time, f func(*models.Job) error) error {
		return h.Store.FinishedSince(ctx, a.Job.AccountID, from, f)
	}
	if a.Job.AccountID == models.SystemAccountID {
		mark = now
		each = func(from time.Time, f func(*models.Job) error) error { return h.Store.AllFinishedSince(ctx, from, f) }
	}
	from := rolledTo.Add(-overlap)
	if in.Since != nil {
		from = in.Since.UTC()
	}
	if rolledTo.IsZero() {
		from = time.Time{}
	}
	a.Progress(0.1, "reading finished jobs")
	acc := newRollup(from)
	// Every bucket that begins before from and is touched after it lies in from's day.
	if err := each(models.PeriodDay.Start(from), func(j *models.Job) error {
		acc.add(j)
		return ctx.Err()
	}); err != nil {
		return nil, err
	}
	a.Progress(0.8, "storing usage")
	buckets := acc.touched()
	if err := h.Store.SaveUsage(ctx, buckets, mark); err != nil {
		return nil, err
	}
	out := Output{From: from, To: now, Jobs: acc.jobs, Buckets: len(buckets)}
	return &jobs.Result{Output: models.ToJSON(out)}, nil
}
