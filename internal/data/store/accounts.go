package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/spark-games/spark/models"
)

// Accounts is the tenants, their plans and their API keys.
type Accounts struct{ *db }

// CreateAccount stores a new account. Its plan must exist.
func (s *Accounts) CreateAccount(ctx context.Context, a *models.Account) error {
	return s.write(ctx, func(tx *tx) error {
		if err := tx.needPlan(a.Plan); err != nil {
			return err
		}
		if err := tx.record("account.create", resource{a.ID, "account", a.ID}, details{"plan": a.Plan}); err != nil {
			return err
		}
		columns, values := limitColumns(&a.Limits)
		return tx.Raw(fmt.Sprintf("INSERT INTO accounts (id, name, weight, state, plan, %s) VALUES (?, ?, ?, ?, nullif(?, '')%s) RETURNING created_at",
			strings.Join(columns, ", "), strings.Repeat(", ?", len(columns))),
			append([]any{a.ID, cleanText(a.Name), max(a.Weight, 1), orActive(a.State), a.Plan}, values...)...).Scan(&a.CreatedAt).Error
	})
}

func orActive(s models.AccountState) models.AccountState {
	if s == "" {
		return models.AccountActive
	}
	return s
}

// accountColumns are those of an account, without NULL where the model has none.
func accountColumns() string {
	limits, _ := limitColumns(&models.Limits{})
	return "id, name, weight, state, coalesce(plan, '') AS plan, created_at, deleted_at, " + strings.Join(limits, ", ")
}

// Account reads an account.
func (s *Accounts) Account(ctx context.Context, id string) (*models.Account, error) {
	return one[models.Account](s.db, s.read(ctx).Select(accountColumns()).Where("id = ?", id), "account")
}

// ListAccounts lists the accounts, newest first, without the platform's own.
func (s *Accounts) ListAccounts(ctx context.Context, p models.Page) ([]models.Account, error) {
	var rows []models.Account
	err := page(s.read(ctx), p).Select(accountColumns()).Where("id <> ?", models.SystemAccountID).Find(&rows).Error
	return rows, s.wrap(err)
}

// errRestoreFirst is for whatever is not done to an account that was deleted.
var errRestoreFirst = models.NewError(models.CodeConflict, "the account was deleted: restore it first")

// ChangeAccount changes an account by f, which may run several times, and returns it as it is then.
func (s *Accounts) ChangeAccount(ctx context.Context, id string, f func(*models.Account) error) (*models.Account, error) {
	var changed *models.Account
	err := s.write(ctx, func(tx *tx) error {
		a, err := one[models.Account](s.db, tx.Raw("SELECT "+accountColumns()+" FROM accounts WHERE id = ?"+s.dialect.lock(waitLocked), id), "account")
		if err != nil {
			return err
		}
		if a.DeletedAt != nil {
			return errRestoreFirst
		}
		if err := f(a); err != nil {
			return err
		}
		if err := tx.needPlan(a.Plan); err != nil {
			return err
		}
		if err := tx.record("account.change", resource{id, "account", id}, details{"state": string(a.State), "plan": a.Plan}); err != nil {
			return err
		}
		changed = a
		columns, values := limitColumns(&a.Limits)
		args := append([]any{cleanText(a.Name), a.Weight, a.State, a.Plan}, values...)
		err = tx.Exec(fmt.Sprintf("UPDATE accounts SET name = ?, weight = ?, state = ?, plan = nullif(?, ''), %s = ? WHERE id = ?",
			strings.Join(columns, " = ?, ")), append(args, id)...).Error
		if err == nil && a.State != models.AccountActive {
			_, err = tx.recall("job_queue.account_id = ?", id)
		}
		return err
	})
	return changed, err
}

// Standing is an account's state, and what its own limits and its plan's leave it.
func (s *Accounts) Standing(ctx context.Context, id string) (models.Standing, error) {
	columns, _ := limitColumns(&models.Limits{})
	for i, limit := range columns {
		columns[i] = effective(limit)
	}
	row, err := one[models.Standing](s.db, s.read(ctx).Table("accounts a").Joins("LEFT JOIN plans p ON p.name = a.plan").Where("a.id = ?", id).
		Select("a.state, "+strings.Join(columns, ", ")), "account")
	if err != nil {
		return models.Standing{}, err
	}
	return *row, nil
}

// effective is a limit of an account a with a plan p in SQL.
func effective(limit string) string { return "coalesce(a." + limit + ", p." + limit + ") AS " + limit }

// Busy counts the jobs of an account that are released or running, and those that wait, roughly up to most.
func (s *Accounts) Busy(ctx context.Context, id string, most int) (running, waiting int, err error) {
	err = s.read(ctx).Raw("SELECT count(*) FROM job_queue WHERE place = 'released' AND account_id = ?", id).Scan(&running).Error
	if err != nil {
		return 0, 0, s.wrap(err)
	}
	waiting, err = (&Jobs{db: s.db}).CountWaiting(ctx, id, most)
	return running, waiting, err
}
