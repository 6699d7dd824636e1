package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spark-games/spark/models"
)

// Templates are those of accounts.
type Templates struct{ *db }

// Create stores a new template of an account, unless that has as many as most, or one of the same name.
func (s *Templates) Create(ctx context.Context, t *models.Template, most int) error {
	if err := needAccount(t.AccountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		if err := tx.lockAccount(t.AccountID); err != nil { // so that two count one another
			return err
		}
		var are struct{ Total, Same int }
		err := tx.Raw("SELECT count(*) AS total, count(CASE WHEN name = ? THEN 1 END) AS same FROM templates WHERE account_id = ?", t.Name,
			t.AccountID).Scan(&are).Error
		switch {
		case err != nil:
			return err
		case are.Same > 0:
			return models.NewError(models.CodeConflict, "the account has a template of this name").At("/name")
		case are.Total >= most:
			return models.NewError(models.CodeLimitReached, fmt.Sprintf("an account has at most %d templates", most))
		}
		t.Version = 1
		var made struct{ CreatedAt, UpdatedAt time.Time }
		err = tx.Raw(`INSERT INTO templates (id, account_id, name, description, parameters, steps) VALUES (?, ?, ?, ?, ?, ?)
			RETURNING created_at, updated_at`, t.ID, t.AccountID, t.Name, cleanText(t.Description), models.ToJSON(t.Parameters), models.ToJSON(t.Steps)).
			Scan(&made).Error
		if err != nil {
			return err
		}
		t.CreatedAt, t.UpdatedAt = made.CreatedAt.UTC(), made.UpdatedAt.UTC()
		return tx.record("template.create", resource{t.AccountID, "template", t.ID})
	})
}

// Template reads an account's template of a name.
func (s *Templates) Template(ctx context.Context, accountID, name string) (*models.Template, error) {
	t, err := one[models.Template](s.db, s.of(ctx, accountID).Where("name = ?", name), "template")
	if err != nil {
		return nil, err
	}
	utcTemplate(t)
	return t, nil
}

// Names are those of some names that templates of the account have.
func (s *Templates) Names(ctx context.Context, accountID string, names []string) (taken []string, err error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	err = s.read(ctx).Raw("SELECT name FROM templates WHERE account_id = ? AND name IN ?", accountID, names).Scan(&taken).Error
	return taken, s.wrap(err)
}

// List lists the templates of an account, newest first.
func (s *Templates) List(ctx context.Context, accountID string, p models.Page) ([]models.Template, error) {
	var all []models.Template
	err := page(s.of(ctx, accountID), p).Find(&all).Error
	for i := range all {
		utcTemplate(&all[i])
	}
	return all, s.wrap(err)
}

// Change changes a template by f, which may run several times, and returns it as it is then, a version later.
func (s *Templates) Change(ctx context.Context, accountID, name string, f func(*models.Template) error) (*models.Template, error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	var changed *models.Template
	err := s.write(ctx, func(tx *tx) error {
		t, err := s.lock(tx, accountID, name)
		if err == nil {
			err = f(t)
		}
		if err != nil {
			return err
		}
		t.Version++
		err = tx.Raw(fmt.Sprintf(`UPDATE templates SET description = ?, parameters = ?, steps = ?, version = ?, updated_at = %s WHERE id = ?
			RETURNING updated_at`, tx.dialect.now()), cleanText(t.Description), models.ToJSON(t.Parameters), models.ToJSON(t.Steps), t.Version, t.ID).
			Scan(&t.UpdatedAt).Error
		if err != nil {
			return err
		}
		utcTemplate(t)
		changed = t
		return tx.record("template.change", resource{accountID, "template", t.ID})
	})
	return changed, err
}

// Delete removes a template that f allows, unless schedules submit pipelines of it.
func (s *Templates) Delete(ctx context.Context, accountID, name string, f func(*models.Template) error) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		t, err := s.lock(tx, accountID, name)
		if err == nil {
			err = f(t)
		}
		if err != nil {
			return err
		}
		switch schedules, err := tx.schedulesOf(accountID, name); {
		case err != nil:
			return err
		case schedules > 0:
			return models.NewError(models.CodeConflict,
				fmt.Sprintf("schedules of the account submit pipelines of the template (%d): change or delete those first", schedules))
		}
		if err := tx.Exec("DELETE FROM templates WHERE id = ?", t.ID).Error; err != nil {
			return err
		}
		return tx.record("template.delete", resource{accountID, "template", t.ID})
	})
}

func (s *Templates) lock(tx *tx, accountID, name string) (*models.Template, error) {
	t, err := one[models.Template](s.db, tx.Raw("SELECT * FROM templates WHERE account_id = ? AND name = ?"+tx.dialect.lock(waitLocked), accountID, name),
		"template")
	if err == nil {
		utcTemplate(t)
	}
	return t, err
}

// schedulesOf counts the schedules of an account that submit pipelines of a template.
func (tx *tx) schedulesOf(accountID, template string) (n int, err error) {
	var targets []models.JSON
	// The text tells which may name it: the database cannot look into JSON with every character that this may have.
	err = tx.Raw("SELECT target FROM account_schedules WHERE account_id = ? AND CAST(target AS text) LIKE ?", accountID, `%"template":"`+template+`"%`).
		Scan(&targets).Error
	for _, raw := range targets {
		var target struct {
			Pipeline struct {
				Template string `json:"template"`
			} `json:"pipeline"`
		}
		if json.Unmarshal(raw, &target) == nil && target.Pipeline.Template == template {
			n++
		}
	}
	return n, err
}

// keepTemplate has a template of the account stay until the transaction ends, which then refers to it; without one there is nothing to keep.
func (tx *tx) keepTemplate(accountID, id string) error {
	if id == "" {
		return nil
	}
	var found []string
	err := tx.Raw("SELECT id FROM templates WHERE id = ? AND account_id = ?"+tx.dialect.lock(waitLocked), id, accountID).Scan(&found).Error
	if err == nil && len(found) == 0 {
		err = models.NewError(models.CodeNotFound, "no such template").At("/pipeline/template")
	}
	return err
}

func utcTemplate(t *models.Template) { t.CreatedAt, t.UpdatedAt = t.CreatedAt.UTC(), t.UpdatedAt.UTC() }
