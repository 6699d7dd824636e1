package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// MaxOperations is how many operations of an account may be under way.
const MaxOperations = 3

// ErrBehind is for a step of an operation that another process has done meanwhile, or that somebody has stopped.
var ErrBehind = errors.New("the operation is further on, or has ended")

// OperationStore is what a Bulk needs of the store.
type OperationStore interface {
	// Running lists operations that are under way, of all accounts, the one first that has waited longest.
	Running(ctx context.Context, limit int) ([]models.Operation, error)
	// Look lists the next jobs that an operation is about, up to most of them, in the order of their ids. None may be found although there are more.
	Look(ctx context.Context, o *models.Operation, most int) (Found, error)
	// Advance does a step of an operation, or the beginning of it, in one transaction with how far the operation is. It is ErrBehind if
	// that is not where it was when it was looked at. The operation is then as it is stored.
	Advance(ctx context.Context, o *models.Operation, s OperationStep) (Effects, error)
	// Fail ends an operation that cannot go on.
	Fail(ctx context.Context, id string, why *models.Error) error
}

// Found is what a look has found.
type Found struct {
	Jobs    []models.Job // their ids, kinds, states and end users
	Reached string       // the last job that was looked at
	End     bool         // there are no more
}

// OperationStep is a step of an operation: as long as it counts, how many jobs were found, and then what becomes of them.
type OperationStep struct {
	Found   int
	Items   []OperationItem
	Reached string
	End     bool
}

// OperationItem is a job to do what the operation does to.
type OperationItem struct {
	JobID   string
	Refused *models.Error // why it is skipped; nil is not
	GiveUp  bool          // the platform has failed with it again and again
}

// BulkObserver counts what operations do, for metrics.
type BulkObserver interface {
	OperationJobs(action models.OperationAction, done, skipped, failed int)
	OperationsFailed()
}

// Bulk works on the operations of all accounts, which take turns. Any number may run.
type Bulk struct {
	Service  *Service
	Store    OperationStore
	Every    time.Duration
	Log      *zap.Logger
	Observer BulkObserver

	failed map[string]failedStep // of operations
}

// failedStep is a step that failed so often at a job.
type failedStep struct {
	reached string
	times   int
}

const (
	operationsAtOnce = 100
	countAtOnce      = 2000
	changeAtOnce     = 100
	// giveUpAfter is after how many failures with one job that is left out.
	giveUpAfter = 5
	// stepWithin bounds a step, for a database that neither answers nor breaks the connection.
	stepWithin = 15 * time.Second
)

// Run works on operations until ctx is done, starting immediately.
func (b *Bulk) Run(ctx context.Context) {
	tick := time.NewTicker(b.Every)
	defer tick.Stop()
	for {
		more, err := b.Once(ctx)
		if err != nil && ctx.Err() == nil {
			b.Observer.OperationsFailed()
			b.Log.Warn("operations on many jobs failed, will try again", zap.Error(err))
		}
		if more && err == nil && ctx.Err() == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Once does a step of each operation that is under way, and reports whether there may be more.
func (b *Bulk) Once(ctx context.Context) (more bool, err error) {
	all, err := b.Store.Running(ctx, operationsAtOnce)
	if err != nil {
		return false, err
	}
	was := b.failed
	b.failed = make(map[string]failedStep)
	var errs []error
	for i := range all {
		o := &all[i]
		id, at := o.ID, failedStep{o.Reached, 0}
		if f := was[id]; f.reached == o.Reached {
			at = f
		}
		tried, err := b.step(ctx, o, at.times)
		switch {
		case err == nil:
			more = more || !o.State.Ended()
		case errors.Is(err, ErrBehind):
		case ctx.Err() != nil:
			return false, ctx.Err()
		default:
			if tried {
				at.times++
			}
			b.failed[id] = at
			errs = append(errs, fmt.Errorf("operation %s: %w", id, err))
		}
	}
	return more, errors.Join(errs...)
}

// step does the next step of an operation, which has failed some times. It reports whether it has come so far as to change jobs.
func (b *Bulk) step(ctx context.Context, o *models.Operation, failures int) (tried bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, stepWithin)
	defer cancel()
	_, limits, err := b.Service.standing(ctx, o.AccountID)
	if errors.Is(err, models.ErrSuspended) {
		return false, b.Store.Fail(ctx, o.ID, models.ErrSuspended)
	}
	if err == nil && o.Counted && o.Action == models.OperationRetry {
		err = b.Service.Ready()
	}
	if err != nil {
		return false, err
	}
	most := changeAtOnce
	switch {
	case !o.Counted:
		most = countAtOnce
	case failures > 0: // the next job alone, which may be the one
		most = 1
	}
	found, err := b.Store.Look(ctx, o, most)
	if err != nil {
		return false, err
	}
	s := OperationStep{Found: len(found.Jobs), Reached: found.Reached, End: found.End}
	if o.Counted {
		if s.Items, err = b.items(ctx, o, limits, found.Jobs); err != nil {
			return false, err
		}
		if failures >= giveUpAfter && len(s.Items) > 0 {
			s.Items[0].GiveUp = true
		}
	}
	was := *o
	effects, err := b.Store.Advance(ctx, o, s)
	if err != nil {
		return o.Counted, err
	}
	b.Observer.OperationJobs(o.Action, o.Done-was.Done+o.Along-was.Along, o.Skipped-was.Skipped, o.Failed-was.Failed)
	b.Service.Changed(append(effects.Jobs, o.ID), effects.Queues)
	for _, id := range effects.Stopping {
		b.Service.CancelRunning(ctx, id)
	}
	return true, nil
}

// items are jobs to change, and why some are not: those that the account may not have retried now.
func (b *Bulk) items(ctx context.Context, o *models.Operation, limits models.Limits, all []models.Job) ([]OperationItem, error) {
	items := make([]OperationItem, len(all))
	for i, job := range all {
		items[i].JobID = job.ID
		if o.Action != models.OperationRetry {
			continue
		}
		err := b.Service.admitAgain(ctx, limits, o.AccountID, job)
		if known, ok := errors.AsType[*models.Error](err); ok && known.Code != models.CodeUnavailable {
			items[i].Refused = known
			continue
		}
		if err != nil {
			return nil, err
		}
	}
	return items, nil
}
