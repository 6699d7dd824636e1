package store

import (
	"context"

	"github.com/spark-games/spark/models"
)

// needPlan is an error unless there is a plan of the name; "" is none.
func (tx *tx) needPlan(name string) error {
	if name == "" {
		return nil
	}
	_, err := tx.plan(name)
	if models.CodeOf(err) == models.CodeNotFound {
		return models.FieldError("/plan", "there is no such plan")
	}
	return err
}

func (tx *tx) plan(name string) (*models.Plan, error) {
	var plans []models.Plan
	err := tx.Raw("SELECT * FROM plans WHERE name = ?", name).Scan(&plans).Error
	if err == nil && len(plans) == 0 {
		err = errNoPlan
	}
	if err != nil {
		return nil, err
	}
	return &plans[0], nil
}

var errNoPlan = models.NewError(models.CodeNotFound, "no such plan")

// Plans lists the plans by name.
func (s *Accounts) Plans(ctx context.Context) (all []models.Plan, err error) {
	err = s.read(ctx).Order("name").Find(&all).Error
	return all, s.wrap(err)
}

// Plan reads a plan.
func (s *Accounts) Plan(ctx context.Context, name string) (*models.Plan, error) {
	return one[models.Plan](s.db, s.read(ctx).Where("name = ?", name), "plan")
}

// PutPlan stores a plan, in place of the one of its name if there is one.
func (s *Accounts) PutPlan(ctx context.Context, p *models.Plan) (created bool, err error) {
	err = s.write(ctx, func(tx *tx) error {
		_, err := tx.plan(p.Name)
		if created = models.CodeOf(err) == models.CodeNotFound; err != nil && !created {
			return err
		}
		return tx.Raw(`INSERT INTO plans (name, max_running, max_running_per_end_user, max_waiting) VALUES (?, ?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET max_running = excluded.max_running, max_running_per_end_user = excluded.max_running_per_end_user,
				max_waiting = excluded.max_waiting, updated_at = `+s.dialect.now()+` RETURNING *`,
			p.Name, p.MaxRunning, p.MaxRunningPerEndUser, p.MaxWaiting).Scan(p).Error
	})
	return created, err
}

// DeletePlan removes a plan that no account has; otherwise it is CodeConflict.
func (s *Accounts) DeletePlan(ctx context.Context, name string) error {
	return s.write(ctx, func(tx *tx) error {
		if _, err := tx.plan(name); err != nil {
			return err
		}
		var held bool
		if err := tx.Raw("SELECT count(*) > 0 FROM accounts WHERE plan = ?", name).Scan(&held).Error; err != nil {
			return err
		}
		if held {
			return models.NewError(models.CodeConflict, "accounts have this plan: give them another one first")
		}
		return tx.Exec("DELETE FROM plans WHERE name = ?", name).Error
	})
}
