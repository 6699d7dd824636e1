package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Jobs and pipelines with a concurrency key stand in a line of the account's; the first holds the key, and the jobs of the others are
// blocked. The line has a lock, which comes before all others, see order.go. docs/decisions/0024-concurrency-keys.md has the reasons.

// SubmitInTurn implements jobs.Intake.
func (s *Jobs) SubmitInTurn(ctx context.Context, sub jobs.Submission) (effects jobs.Effects, err error) {
	first := sub.Jobs[0]
	err = s.write(ctx, func(tx *tx) error {
		effects = jobs.Effects{}
		if err := needAccount(first.AccountID); err != nil {
			return err
		}
		if sub.Firing != nil {
			if err := tx.fire(sub.Firing); err != nil {
				return err
			}
		}
		if err := tx.lockLine(first.AccountID, first.ConcurrencyKey); err != nil {
			return err
		}
		ahead, err := tx.line(first.AccountID, first.ConcurrencyKey)
		if err != nil {
			return err
		}
		if len(ahead) > 0 && sub.Policy == models.ConcurrencySkip {
			return tx.held(ahead[0])
		}
		if sub.Policy == models.ConcurrencyReplace {
			for _, holder := range slices.Backward(ahead) { // the last first, so that nobody moves up
				if err := tx.cancelHolder(holder, &effects); err != nil {
					return err
				}
			}
			if ahead, err = tx.line(first.AccountID, first.ConcurrencyKey); err != nil {
				return err
			}
		}
		for _, j := range sub.Jobs {
			if len(ahead) > 0 {
				j.State = models.StateBlocked
			}
		}
		if err := tx.joinLine(first); err != nil {
			return err
		}
		if err := tx.insertAround(&sub); err != nil {
			return err
		}
		refused, err := tx.insertJobs(&sub)
		if err == nil && len(refused) > 0 {
			err = jobs.ErrNoProject
		}
		if err != nil || len(sub.Dependencies) == 0 {
			return err
		}
		return tx.Table("job_dependencies").Create(sub.Dependencies).Error
	})
	return effects, unheld(err)
}

// unheld is the error of a skipped submission as it is, not as one of the database.
func unheld(err error) error {
	if held, ok := errors.AsType[*jobs.HeldError](err); ok {
		return held
	}
	return err
}

// lockLine makes changes of the line of a key take turns, until the transaction ends.
func (tx *tx) lockLine(accountID, key string) error {
	if lock := tx.dialect.lockName("?", waitLocked); lock != "" {
		return tx.Exec("SELECT "+lock, accountID+" "+key).Error
	}
	return nil
}

// lineOf names the line of a job in SQL, and finds none if the job has no key.
const lineOf = " FROM jobs WHERE id = ? AND concurrency_key <> ''"

// lockLineOf is lockLine for the key of a job, if it has one.
func (tx *tx) lockLineOf(jobID string) error {
	if lock := tx.dialect.lockName("account_id || ' ' || concurrency_key", waitLocked); lock != "" {
		return tx.Exec("SELECT "+lock+lineOf, jobID).Error
	}
	return nil
}

// tryLineOf is lockLineOf without waiting for others: it reports whether it has the lock, or there is none to have.
func (tx *tx) tryLineOf(jobID string) (ok bool, err error) {
	lock := tx.dialect.lockName("account_id || ' ' || concurrency_key", passLocked)
	if lock == "" {
		return true, nil
	}
	var locked []bool
	err = tx.Raw("SELECT "+lock+lineOf, jobID).Scan(&locked).Error
	return err == nil && !slices.Contains(locked, false), err
}

// line lists who stands in the line of a key, in order: pipelines, and jobs outside of one.
func (tx *tx) line(accountID, key string) (holders []string, err error) {
	return holders, tx.Raw("SELECT holder_id FROM concurrency_line WHERE account_id = ? AND concurrency_key = ? ORDER BY turn",
		accountID, key).Scan(&holders).Error
}

// joinLine puts whoever would hold a job's key at the end of the line.
func (tx *tx) joinLine(j *models.Job) error {
	return tx.Exec(`INSERT INTO concurrency_line (account_id, concurrency_key, turn, holder_id)
		SELECT ?, ?, coalesce(max(turn), 0) + 1, ? FROM concurrency_line WHERE account_id = ? AND concurrency_key = ?`,
		j.AccountID, j.ConcurrencyKey, j.HolderID(), j.AccountID, j.ConcurrencyKey).Error
}

// holdsKey reports whether a job may run as far as its key is concerned.
func (tx *tx) holdsKey(j *models.Job) (bool, error) {
	if j.ConcurrencyKey == "" {
		return true, nil
	}
	line, err := tx.line(j.AccountID, j.ConcurrencyKey)
	return len(line) > 0 && line[0] == j.HolderID(), err
}

// rejoin puts a job that is retried into its line again, unless its pipeline is still there.
func (tx *tx) rejoin(j *models.Job) error {
	if j.ConcurrencyKey == "" {
		return nil
	}
	line, err := tx.line(j.AccountID, j.ConcurrencyKey)
	if err != nil || slices.Contains(line, j.HolderID()) {
		return err
	}
	return tx.joinLine(j)
}

// open lists the jobs of a holder that have not ended, in the order of their ids.
func (tx *tx) open(holderID string) (all []models.Job, err error) {
	err = tx.Raw(`SELECT * FROM jobs WHERE (id = ? OR pipeline_id = ?) AND state IN ('blocked', 'queued', 'running') ORDER BY id`,
		holderID, holderID).Scan(&all).Error
	return all, err
}

// held is the error that says who holds a key.
func (tx *tx) held(holderID string) error {
	all, err := tx.open(holderID)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fmt.Errorf("%s holds a key and has ended", holderID)
	}
	return &jobs.HeldError{Job: all[0].ID, Pipeline: all[0].PipelineID}
}

// cancelHolder cancels the jobs of a holder, and asks those that run to stop.
func (tx *tx) cancelHolder(holderID string, effects *jobs.Effects) error {
	all, err := tx.open(holderID)
	if err != nil {
		return err
	}
	for i := range all {
		job, err := tx.lockJob(all[i].AccountID, all[i].ID)
		if err != nil {
			return err
		}
		if err := tx.cancel(job, "a newer one with its concurrency key replaced it", effects); err != nil {
			return err
		}
	}
	return nil
}

// leaveLine takes whoever held the key of a job that has ended out of the line, once all its jobs have, and lets the next one run.
func (tx *tx) leaveLine(ended *models.Job, effects *jobs.Effects) error {
	if ended.ConcurrencyKey == "" {
		return nil
	}
	rest, err := tx.open(ended.HolderID())
	if err != nil || len(rest) > 0 {
		return err
	}
	if err := tx.Exec("DELETE FROM concurrency_line WHERE holder_id = ?", ended.HolderID()).Error; err != nil {
		return err
	}
	line, err := tx.line(ended.AccountID, ended.ConcurrencyKey)
	if err != nil || len(line) == 0 {
		return err
	}
	return tx.moveUp(line[0], effects)
}

// moveUp lets the jobs of a holder run that wait for nothing but its key.
func (tx *tx) moveUp(holderID string, effects *jobs.Effects) error {
	all, err := tx.open(holderID)
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].State == models.StateBlocked {
			if err := tx.runIfFree(&all[i], effects); err != nil {
				return err
			}
		}
	}
	return nil
}
