package store

import (
	"context"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

// Operations are what is done to many jobs of an account. It implements jobs.OperationStore. docs/decisions/0042-operations.md has the reasons.
type Operations struct{ *db }

// Create stores a new operation, unless so many of the account are under way.
func (s *Operations) Create(ctx context.Context, o *models.Operation, most int) error {
	if err := needAccount(o.AccountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		if err := tx.lockAccount(o.AccountID); err != nil { // so that two count one another
			return err
		}
		var n int
		err := tx.Raw("SELECT count(*) FROM operations WHERE account_id = ? AND state = 'running'", o.AccountID).Scan(&n).Error
		if err != nil {
			return err
		}
		if n >= most {
			return models.NewError(models.CodeLimitReached,
				fmt.Sprintf("%d operations of the account are under way, the most that may be; wait for one to end", most))
		}
		err = tx.Raw("INSERT INTO operations (id, account_id, project_id, action, filter, dry_run) VALUES (?, ?, ?, ?, ?, ?) RETURNING *",
			o.ID, o.AccountID, o.ProjectID, o.Action, o.Filter, o.DryRun).Scan(o).Error
		if err != nil {
			return err
		}
		utcOperation(o)
		return tx.record("operation.create", resource{o.AccountID, "operation", o.ID}, details{"action": string(o.Action), "dry_run": yes(o.DryRun)})
	})
}

func yes(b bool) string {
	if b {
		return "true"
	}
	return ""
}

func utcOperation(o *models.Operation) {
	for _, t := range []*time.Time{&o.CreatedAt, &o.TouchedAt, o.FinishedAt} {
		if t != nil {
			*t = t.UTC()
		}
	}
}

// Operation reads an operation of an account.
func (s *Operations) Operation(ctx context.Context, accountID, id string) (*models.Operation, error) {
	o, err := one[models.Operation](s.db, s.of(ctx, accountID).Where("id = ?", id), "operation")
	if err == nil {
		utcOperation(o)
	}
	return o, err
}

// List lists the operations of an account, or those that are about one of its projects alone, newest first.
func (s *Operations) List(ctx context.Context, accountID, projectID string, p models.Page) ([]models.Operation, error) {
	q := page(s.of(ctx, accountID), p)
	if projectID != "" {
		q = q.Where("project_id = ?", projectID)
	}
	var all []models.Operation
	err := q.Find(&all).Error
	for i := range all {
		utcOperation(&all[i])
	}
	return all, s.wrap(err)
}

// Running lists operations that are under way, of all accounts, the one first that has waited longest.
func (s *Operations) Running(ctx context.Context, limit int) (all []models.Operation, err error) {
	err = s.read(ctx).Raw("SELECT * FROM operations WHERE state = 'running' ORDER BY touched_at, id LIMIT ?", limit).Scan(&all).Error
	for i := range all {
		utcOperation(&all[i])
	}
	return all, s.wrap(err)
}

// Stop ends an operation that is under way as cancelled: what it has done stays. One that was cancelled before is left as it is; one that has ended
// otherwise is a conflict.
func (s *Operations) Stop(ctx context.Context, accountID, id string) (*models.Operation, error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	var o *models.Operation
	err := s.write(ctx, func(tx *tx) (err error) {
		o, err = one[models.Operation](s.db, tx.Raw("SELECT * FROM operations WHERE id = ? AND account_id = ?"+tx.dialect.lock(waitLocked), id, accountID),
			"operation")
		if err != nil {
			return err
		}
		utcOperation(o)
		switch o.State {
		case models.OperationCancelled:
			return nil
		case models.OperationRunning:
			o.State = models.OperationCancelled
			return tx.keep(o, "operation.cancel")
		}
		return models.NewError(models.CodeConflict, "the operation has ended already")
	})
	if err != nil {
		return nil, err
	}
	return o, nil
}

// Fail ends an operation that cannot go on.
func (s *Operations) Fail(ctx context.Context, id string, why *models.Error) error {
	return s.write(ctx, func(tx *tx) error {
		var found []models.Operation
		err := tx.Raw("SELECT * FROM operations WHERE id = ? AND state = 'running'"+tx.dialect.lock(waitLocked), id).Scan(&found).Error
		if err != nil || len(found) == 0 {
			return err
		}
		o := &found[0]
		o.State, o.ErrorCode, o.ErrorMessage = models.OperationFailed, why.Code, cleanText(why.Message)
		return tx.keep(o, "operation.end")
	})
}

// keep writes how far an operation is, whose row is locked. If it has ended, the account's stream and its audit say so.
func (tx *tx) keep(o *models.Operation, ending string) error {
	finished := "NULL"
	if o.State.Ended() {
		finished = tx.dialect.now()
	}
	if len(o.Reasons) == 0 {
		o.Reasons = models.JSON("{}")
	}
	var now struct {
		TouchedAt  time.Time
		FinishedAt *time.Time
	}
	err := tx.Raw(fmt.Sprintf(`UPDATE operations SET state = ?, counted = ?, reached = ?, matched = ?, done = ?, along = ?, skipped = ?, failed = ?,
			reasons = ?, error_code = ?, error_message = ?, touched_at = %s, finished_at = %s
			WHERE id = ? RETURNING touched_at, finished_at`, tx.dialect.now(), finished),
		o.State, o.Counted, o.Reached, o.Matched, o.Done, o.Along, o.Skipped, o.Failed, o.Reasons, o.ErrorCode, o.ErrorMessage, o.ID).Scan(&now).Error
	if err != nil {
		return err
	}
	o.TouchedAt, o.FinishedAt = now.TouchedAt, now.FinishedAt
	utcOperation(o)
	if !o.State.Ended() {
		return nil
	}
	err = tx.record(ending, resource{o.AccountID, "operation", o.ID}, details{"action": string(o.Action), "state": string(o.State), "dry_run": yes(o.DryRun),
		"matched": fmt.Sprint(o.Matched), "done": fmt.Sprint(o.Done), "along": fmt.Sprint(o.Along), "skipped": fmt.Sprint(o.Skipped),
		"failed": fmt.Sprint(o.Failed)})
	if err != nil {
		return err
	}
	return tx.addEvent(&models.AccountEvent{ID: models.NewID(), AccountID: o.AccountID, ProjectID: o.ProjectID, Type: models.EventOperationEnded,
		Data: models.ToJSON(map[string]any{"operation_id": o.ID, "action": o.Action, "state": o.State, "dry_run": o.DryRun, "matched": o.Matched,
			"done": o.Done, "along": o.Along, "skipped": o.Skipped, "failed": o.Failed})})
}

// Operations removes operations that were made longer ago than keep and have ended.
func (s *Retention) Operations(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	return s.byAge(ctx, "operations", "created_at", " AND state <> 'running'", keep)
}
