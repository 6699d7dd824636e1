package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/spark-games/spark/models"
)

// needPlan is an error unless there is a plan of the name; "" is none.
func (tx *tx) needPlan(name string) error {
	if name == "" {
		return nil
	}
	known, err := tx.hasPlan(name)
	if err == nil && !known {
		err = models.FieldError("/plan", "there is no such plan")
	}
	return err
}

func (tx *tx) hasPlan(name string) (known bool, err error) {
	err = tx.Raw("SELECT count(*) > 0 FROM plans WHERE name = ?", name).Scan(&known).Error
	return known, err
}

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
		known, err := tx.hasPlan(p.Name)
		if created = !known; err != nil {
			return err
		}
		columns, values := limitColumns(&p.Limits)
		var set []string
		for _, c := range columns {
			set = append(set, c+" = excluded."+c)
		}
		if err := tx.record("plan.put", resource{"", "plan", p.Name}); err != nil {
			return err
		}
		return tx.Raw(fmt.Sprintf("INSERT INTO plans (name, %s) VALUES (?%s) ON CONFLICT (name) DO UPDATE SET %s, updated_at = %s RETURNING *",
			strings.Join(columns, ", "), strings.Repeat(", ?", len(columns)), strings.Join(set, ", "), s.dialect.now()),
			append([]any{p.Name}, values...)...).Scan(p).Error
	})
	return created, err
}

// DeletePlan removes a plan that no account has; otherwise it is CodeConflict.
func (s *Accounts) DeletePlan(ctx context.Context, name string) error {
	return s.write(ctx, func(tx *tx) error {
		known, err := tx.hasPlan(name)
		if err == nil && !known {
			err = models.NewError(models.CodeNotFound, "no such plan")
		}
		if err != nil {
			return err
		}
		var held bool
		if err := tx.Raw("SELECT count(*) > 0 FROM accounts WHERE plan = ?", name).Scan(&held).Error; err != nil {
			return err
		}
		if held {
			return models.NewError(models.CodeConflict, "accounts have this plan: give them another one first")
		}
		if err := tx.Exec("DELETE FROM plans WHERE name = ?", name).Error; err != nil {
			return err
		}
		return tx.record("plan.delete", resource{"", "plan", name})
	})
}

// limitColumns are the columns of limits in plans and accounts, and what is in them.
func limitColumns(l *models.Limits) (columns []string, values []any) {
	for _, f := range l.Fields() {
		columns, values = append(columns, f.Name), append(values, *f.Value)
	}
	return columns, values
}
