package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

const (
	// lookStep bounds how many jobs of an account one look reads, whether the filter finds them or not.
	lookStep = 2000
	// advanceFor is about how long one transaction changes jobs, which others may wait for.
	advanceFor = 100 * time.Millisecond
)

// Look implements jobs.OperationStore.
func (s *Operations) Look(ctx context.Context, o *models.Operation, most int) (found jobs.Found, err error) {
	if err := needAccount(o.AccountID); err != nil {
		return found, err
	}
	var f models.JobFilter
	if err := json.Unmarshal(o.FilterJSON(), &f); err != nil {
		return found, models.WrapError(models.CodeInternal, "the operation's filter cannot be read", err)
	}
	after := max(o.Reached, models.FirstID(f.From))
	// How far to look, by what there is an index for, so that no look takes long however rare is what it looks for.
	var last []string
	err = s.narrow(s.of(ctx, o.AccountID), o.AccountID, indexed(f)).Table("jobs").
		Where("id > ? AND id < ?", after, o.ID).Order("id").Offset(lookStep-1).Limit(1).Pluck("id", &last).Error
	if err != nil {
		return found, s.wrap(err)
	}
	found.Reached, found.End = o.ID, len(last) == 0
	if !found.End {
		found.Reached = last[0]
	}
	q := s.narrow(s.of(ctx, o.AccountID), o.AccountID, f).Table("jobs").Select("id, kind, state, end_user, finished_at").
		Where("id > ? AND id <= ?", after, found.Reached).Order("id").Limit(most)
	if err := s.takes(q, o).Find(&found.Jobs).Error; err != nil {
		return found, s.wrap(err)
	}
	if len(found.Jobs) == most {
		found.Reached, found.End = found.Jobs[most-1].ID, false
	}
	return found, nil
}

// takes narrows a query to jobs that are in a state for the operation's action, and were when it was made.
func (s *Operations) takes(q *gorm.DB, o *models.Operation) *gorm.DB {
	q = q.Where("state IN ?", o.Action.From())
	if o.Action == models.OperationCancel {
		return q.Where("cancel_requested_at IS NULL")
	}
	return q.Where("finished_at <= ? AND error_code <> ?", s.dialect.timestamp(o.CreatedAt), models.CodeSkipped)
}

// Advance implements jobs.OperationStore.
func (s *Operations) Advance(ctx context.Context, o *models.Operation, step jobs.OperationStep) (effects jobs.Effects, err error) {
	if err := needAccount(o.AccountID); err != nil {
		return effects, err
	}
	now := *o
	err = s.write(ctx, func(tx *tx) error {
		effects = jobs.Effects{}
		var found []models.Operation
		err := tx.Raw("SELECT * FROM operations WHERE id = ? AND account_id = ? AND state = 'running' AND counted = ? AND reached = ?"+
			tx.dialect.lock(passLocked), o.ID, o.AccountID, o.Counted, o.Reached).Scan(&found).Error
		if err != nil || len(found) == 0 {
			return errors.Join(err, orBehind(found))
		}
		now = found[0]
		utcOperation(&now)
		if !now.Counted {
			now.Matched += step.Found
			now.Reached = step.Reached
			if step.End {
				now.Counted, now.Reached = true, ""
				if now.DryRun || now.Matched == 0 {
					now.State = models.OperationDone
				}
			}
			return tx.keep(&now, "operation.end")
		}
		all, err := tx.changeJobs(s.db, &now, step, &effects)
		if err != nil {
			return err
		}
		if all {
			now.Reached = step.Reached
			if step.End {
				now.State = models.OperationDone
			}
		}
		return tx.keep(&now, "operation.end")
	})
	if err != nil {
		return jobs.Effects{}, err
	}
	*o = now
	return effects, nil
}

// orBehind is jobs.ErrBehind if nothing was found.
func orBehind(found []models.Operation) error {
	if len(found) == 0 {
		return jobs.ErrBehind
	}
	return nil
}

// changeJobs does to jobs what an operation does, one after another, until that took long or others hold what one needs: only for the first is waited,
// while nothing else is locked. It reports whether it has come to the end of the step, and otherwise notes in the operation how far.
func (tx *tx) changeJobs(d *db, o *models.Operation, step jobs.OperationStep, effects *jobs.Effects) (all bool, err error) {
	reasons := make(map[models.Code]int)
	if err := json.Unmarshal(o.Reasons, &reasons); err != nil {
		return false, fmt.Errorf("reasons of operation %s: %w", o.ID, err)
	}
	defer func() { o.Reasons = models.ToJSON(reasons) }()
	began := time.Now()
	for i, item := range step.Items {
		if i > 0 && time.Since(began) > advanceFor {
			return false, nil
		}
		var refused *models.Error
		switch ok, err := tx.changeJob(d, o, item, i == 0, effects); {
		case err == nil && !ok:
			return false, nil
		case err == nil || errors.Is(err, errAlong):
		case errors.As(err, &refused) && refused.Code == models.CodeUnavailable && !item.GiveUp:
			return false, err
		case refused != nil && refused.Code != models.CodeInternal && refused.Code != models.CodeUnavailable:
			o.Skipped++
			reasons[refused.Code]++
		default:
			o.Failed++
		}
		o.Reached = item.JobID
	}
	return true, nil
}

// errAlong says that a job was changed with one before it.
var errAlong = errors.New("the job was changed along with another")

// changeJob does to a job what an operation does. Unless it may wait, it reports whether others hold nothing that it needs. After an error nothing is
// changed.
func (tx *tx) changeJob(d *db, o *models.Operation, item jobs.OperationItem, wait bool, effects *jobs.Effects) (ok bool, err error) {
	switch {
	case slices.Contains(effects.Jobs, item.JobID):
		return true, errAlong
	case item.Refused != nil:
		return true, item.Refused
	case item.GiveUp:
		return true, models.NewError(models.CodeUnavailable, "the job could not be changed")
	}
	if !wait {
		if ok, err := tx.tryAround(item.JobID); err != nil || !ok {
			return ok, d.wrap(err)
		}
	}
	if err := tx.Exec("SAVEPOINT job").Error; err != nil {
		return false, d.wrap(err)
	}
	mine := jobs.Effects{}
	err = tx.changeLocked(o, item.JobID, &mine)
	if err != nil {
		err = d.wrap(err)
		return true, errors.Join(err, tx.Exec("ROLLBACK TO SAVEPOINT job").Error)
	}
	if err := tx.Exec("RELEASE SAVEPOINT job").Error; err != nil {
		return false, d.wrap(err)
	}
	along, err := tx.along(o, item.JobID, mine.Jobs)
	if err != nil {
		return false, d.wrap(err)
	}
	o.Done++
	o.Along += along
	effects.Jobs = append(effects.Jobs, mine.Jobs...)
	effects.Queues = append(effects.Queues, mine.Queues...)
	effects.Stopping = append(effects.Stopping, mine.Stopping...)
	return true, nil
}

func (tx *tx) changeLocked(o *models.Operation, jobID string, effects *jobs.Effects) error {
	job, err := tx.lockJob(o.AccountID, jobID)
	if err != nil {
		return err
	}
	if o.Action == models.OperationCancel {
		if job.State.Terminal() {
			return models.NewError(models.CodeConflict, "the job has already "+string(job.State))
		}
		err = tx.cancel(job, "cancelled by operation "+o.ID, effects)
	} else {
		if job.FinishedAt != nil && job.FinishedAt.After(o.CreatedAt) { // was retried meanwhile, and has ended again
			return models.NewError(models.CodeConflict, "the job ended after the operation was made")
		}
		err = tx.retry(job, effects)
	}
	if err == nil && len(effects.Jobs) == 0 {
		err = models.NewError(models.CodeConflict, "the job changed meanwhile")
	}
	return err
}

// along counts the other jobs that were changed with one, besides those that its concurrency key went to.
func (tx *tx) along(o *models.Operation, jobID string, changed []string) (n int, err error) {
	slices.Sort(changed)
	changed = slices.Compact(changed)
	if len(changed) < 2 {
		return 0, nil
	}
	states := []models.State{models.StateCancelled}
	if o.Action == models.OperationRetry {
		states = []models.State{models.StateBlocked, models.StateQueued}
	}
	err = tx.Raw("SELECT count(*) FROM jobs WHERE id IN ? AND id <> ? AND state IN ?", changed, jobID, states).Scan(&n).Error
	return n, err
}
