//go:build faults

package app

import (
	"context"
	"errors"
	"time"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// breakVariable names what a process leaves out, so that tests/faults can show that it notices: "fence", "renewal" or "repair".
const breakVariable = config.Prefix + "FAULTS_BREAK"

func (w *worker) sabotage() {
	switch config.Getenv(breakVariable) {
	case "fence":
		w.executor.Ledger = unfenced{w.store.Ledger, w.store.Jobs}
	case "renewal":
		w.executor.Ledger = unrenewed{w.store.Ledger}
	}
}

func (s *scheduler) sabotage() {
	if config.Getenv(breakVariable) == "repair" {
		s.repairer.Store = idleRepair{}
	}
}

// unrenewed says that leases are renewed, and lets them end.
type unrenewed struct{ *store.Ledger }

func (unrenewed) Renew(_ context.Context, _ string, held []models.Fence, _ time.Duration) (all []jobs.Renewed, err error) {
	for _, f := range held {
		all = append(all, jobs.Renewed{Fence: f})
	}
	return all, nil
}

var errNotRunning = errors.New("nobody runs the job now")

// unfenced writes for whichever attempt holds the job, as soon as one does, and never finds out that it has lost its lease.
type unfenced struct {
	*store.Ledger
	jobs *store.Jobs
}

func (u unfenced) Renew(ctx context.Context, owner string, held []models.Fence, lease time.Duration) ([]jobs.Renewed, error) {
	renewed, err := u.Ledger.Renew(ctx, owner, held, lease)
	if err != nil {
		return nil, err
	}
	alive := make(map[models.Fence]bool)
	for _, r := range renewed {
		alive[r.Fence] = true
	}
	for _, f := range held {
		if !alive[f] {
			renewed = append(renewed, jobs.Renewed{Fence: f})
		}
	}
	return renewed, nil
}

func (u unfenced) Finish(ctx context.Context, f models.Fence, out jobs.Outcome) (jobs.Effects, error) {
	effects, err := u.Ledger.Finish(ctx, f, out)
	account := accountOf(out)
	if !errors.Is(err, jobs.ErrStale) || account == "" {
		return effects, err
	}
	job, err := u.jobs.Job(ctx, account, f.JobID)
	switch {
	case err != nil:
		return effects, err
	case job.State.Terminal():
		return effects, jobs.ErrStale
	case job.State != models.StateRunning:
		return effects, errNotRunning // the executor tries again
	}
	return u.Ledger.Finish(ctx, job.Fence(), out)
}

// accountOf is the account of a result that has one.
func accountOf(out jobs.Outcome) string {
	switch {
	case out.Result == nil:
	case out.Result.Revision != nil:
		return out.Result.Revision.AccountID
	case out.Result.Artifact != nil:
		return out.Result.Artifact.AccountID
	}
	return ""
}

// idleRepair finds nothing to repair.
type idleRepair struct{}

func (idleRepair) Expire(context.Context, int) (jobs.Effects, error)      { return jobs.Effects{}, nil }
func (idleRepair) ReapExpired(context.Context, int) (jobs.Effects, error) { return jobs.Effects{}, nil }

func (idleRepair) Unclaimed(context.Context, time.Duration, int) ([]jobs.Dispatch, error) {
	return nil, nil
}

func (idleRepair) Recall(context.Context) ([]string, error) { return nil, nil }

func (idleRepair) Withdraw(context.Context, []jobs.Dispatch) error { return nil }
