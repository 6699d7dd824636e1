package store

import (
	"context"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

// DeleteAccount closes an account: it is suspended, so that its keys, browser tokens and members are refused, until RestoreAccount or until it is
// removed. It is the same to delete one again. An account whose keys administer the platform is CodeConflict.
func (s *Erasure) DeleteAccount(ctx context.Context, accountID string) (*models.Account, error) {
	return s.closed(ctx, accountID, "account.delete", func(tx *tx, a *models.Account) error {
		if a.DeletedAt != nil {
			return nil
		}
		var administers int
		err := tx.Raw("SELECT count(*) FROM api_keys WHERE account_id = ? AND role IN ? AND revoked_at IS NULL", accountID,
			[]models.Role{models.RoleAdmin, models.RoleAuditor, models.RoleMaster}).Scan(&administers).Error
		if err == nil && administers > 0 {
			err = models.NewError(models.CodeConflict, "the account has keys that administer the platform: revoke them first")
		}
		if err != nil {
			return err
		}
		err = tx.Exec("UPDATE accounts SET state = ?, deleted_at = "+tx.dialect.now()+" WHERE id = ?", models.AccountSuspended, accountID).Error
		if err == nil {
			_, err = tx.recall("job_queue.account_id = ?", accountID)
		}
		return err
	})
}

// RestoreAccount takes a deletion back, if nothing has been removed yet. What was cancelled stays so.
func (s *Erasure) RestoreAccount(ctx context.Context, accountID string) (*models.Account, error) {
	return s.closed(ctx, accountID, "account.restore", func(tx *tx, a *models.Account) error {
		if a.DeletedAt == nil {
			return nil
		}
		return tx.Exec("UPDATE accounts SET state = ?, deleted_at = NULL WHERE id = ?", models.AccountActive, accountID).Error
	})
}

// closed changes by f an account of which nothing has been removed, under its lock.
func (s *Erasure) closed(ctx context.Context, accountID, action string, f func(*tx, *models.Account) error) (a *models.Account, err error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	return a, s.write(ctx, func(tx *tx) error {
		read := "SELECT " + accountColumns() + " FROM accounts WHERE id = ? AND id <> ? AND (" + notDeleted + " OR " + restorable + ")"
		a, err = one[models.Account](s.db, tx.Raw(read+tx.dialect.lock(waitLocked), accountID, models.SystemAccountID), "account")
		if err != nil {
			return err
		}
		if err := f(tx, a); err != nil {
			return err
		}
		if err := tx.record(action, resource{accountID, "account", accountID}); err != nil {
			return err
		}
		a, err = one[models.Account](s.db, tx.Raw(read, accountID, models.SystemAccountID), "account")
		return err
	})
}

// OpenOf lists jobs of an account that have not ended and were not cancelled.
func (s *Erasure) OpenOf(ctx context.Context, accountID string) (ids []string, err error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	return ids, s.wrap(s.read(ctx).Raw("SELECT job_id FROM job_queue WHERE account_id = ? AND NOT cancelling ORDER BY job_id LIMIT ?", accountID, eraseStep).
		Scan(&ids).Error)
}

// removal is how the rows of an account are removed from a table.
type removal struct {
	table string
	// where names the rows; its parameter is the account.
	where string
	// remove is for what takes more than a condition: it removes some, and says how many.
	remove func(tx *tx, accountID string) (int, error)
}

const (
	ofAccount = "account_id = ?"
	ofItsJobs = "job_id IN (SELECT id FROM jobs WHERE account_id = ?)"
)

// removals say of each table in which accounts have rows how these are removed, those before that refer to others. A new table has a line here or in
// withoutAccounts; a test demands it.
var removals = []removal{
	{table: "job_queue", where: ofAccount},
	{table: "concurrency_line", where: ofAccount},
	{table: "projects", remove: (*tx).removeProjectOf}, // with what they have made, and the jobs and pipelines of all accounts that were for them
	{table: "attestations", where: "artifact_id IN (SELECT id FROM artifacts WHERE account_id = ?)"},
	{table: "artifacts", where: ofAccount},
	{table: "revisions", where: ofAccount},
	{table: "job_dependencies", where: ofItsJobs},
	{table: "job_events", where: ofItsJobs},
	{table: "jobs", where: ofAccount},
	{table: "pipelines", where: ofAccount},
	{table: "firings", where: ofAccount},
	{table: "account_schedules", where: ofAccount},
	{table: "operations", where: ofAccount},
	{table: "templates", where: ofAccount},
	{table: "asset_upload_parts", where: ofAccount}, // their files go with the next sweep
	{table: "asset_uploads", where: ofAccount},
	{table: "assets", where: ofAccount},
	{table: "webhook_attempts", where: ofAccount},
	{table: "webhook_deliveries", where: ofAccount},
	{table: "webhook_messages", where: ofAccount},
	{table: "webhook_destinations", where: ofAccount},
	{table: "webhook_targets", where: ofAccount},
	{table: "webhook_secrets", where: ofAccount},
	{table: "webhook_endpoints", where: ofAccount},
	{table: "account_events", where: ofAccount},
	{table: "event_stream", where: ofAccount},
	{table: "answers", where: ofAccount},
	{table: "usage", where: ofAccount},
	{table: "end_user_usage", where: ofAccount},
	{table: "usage_counts", where: ofAccount},
	{table: "spent", where: ofAccount},
	{table: "quota_notices", where: ofAccount},
	{table: "account_files", where: ofAccount},
	{table: "account_exports", where: ofAccount},
	{table: "account_storage", where: ofAccount},
	{table: "api_keys", where: ofAccount},
	{table: "invitations", where: ofAccount},
	{table: "memberships", where: ofAccount},
	{table: "removed_members", where: ofAccount},
	{table: "device_logins", where: ofAccount},
	{table: "audit_entries", where: ofAccount},
	{table: "audit_chains", where: ofAccount},
	{table: "accounts", where: "id = ?"},
}

// DeletedAccounts removes accounts that were deleted longer ago than keep, with everything that is theirs, table after table. Of one that is gone the
// audit of the platform says so, without anything personal. Files that nobody else refers to go with the next sweep.
func (s *Retention) DeletedAccounts(ctx context.Context, keep time.Duration) (models.Pruning, error) {
	done := models.Pruning{Removed: make(map[string]int)}
	err := s.write(ctx, func(tx *tx) error {
		done = models.Pruning{Removed: make(map[string]int)}
		var next []string
		err := tx.Raw("SELECT id FROM accounts WHERE deleted_at < "+tx.dialect.nowPlus(micros(-keep))+" AND id <> ? ORDER BY deleted_at LIMIT 1"+
			tx.dialect.lock(passLocked), models.SystemAccountID).Scan(&next).Error
		if err != nil || len(next) == 0 {
			return err
		}
		done.More = true
		if err := tx.Exec("UPDATE accounts SET deleted_at = "+removing+" WHERE id = ?", next[0]).Error; err != nil {
			return err
		}
		return tx.removeOfAccount(next[0], done.Removed)
	})
	if err != nil {
		return models.Pruning{}, err
	}
	var oldest []struct{ DeletedAt time.Time }
	err = s.read(ctx).Raw("SELECT deleted_at FROM accounts WHERE " + restorable + " ORDER BY deleted_at LIMIT 1").Scan(&oldest).Error
	if err == nil && len(oldest) > 0 {
		done.Oldest = oldest[0].DeletedAt.UTC()
	}
	return done, s.wrap(err)
}

// removeOfAccount removes a part of an account, or the account when nothing else is left of it.
func (tx *tx) removeOfAccount(id string, removed map[string]int) error {
	row := "rowid"
	if tx.dialect.writesInQueries() {
		row = "ctid"
	}
	for _, r := range removals {
		var n int
		if r.remove != nil {
			var err error
			if n, err = r.remove(tx, id); err != nil {
				return fmt.Errorf("remove %s of an account: %w", r.table, err)
			}
		} else {
			res := tx.Exec(fmt.Sprintf("DELETE FROM %[1]s WHERE %[2]s IN (SELECT %[2]s FROM %[1]s WHERE %[3]s LIMIT ?)", r.table, row, r.where), id, idsAtOnce)
			if res.Error != nil {
				return fmt.Errorf("remove %s of an account: %w", r.table, res.Error)
			}
			n = int(res.RowsAffected)
		}
		if n == 0 {
			continue
		}
		removed[r.table] += n
		if r.table == "accounts" {
			return tx.recordOf(nil, "account.remove", resource{models.SystemAccountID, "account", id})
		}
		return nil
	}
	return nil
}

// removeProjectOf removes a part of a project of an account.
func (tx *tx) removeProjectOf(accountID string) (int, error) {
	var some []string
	if err := tx.Raw("SELECT id FROM projects WHERE account_id = ? LIMIT 1", accountID).Scan(&some).Error; err != nil || len(some) == 0 {
		return 0, err
	}
	return 1, tx.removeProject(some[0], make(map[string]int))
}
