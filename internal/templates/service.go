// Package templates administers the pipelines with names and parameters that accounts have, and those that every account has. What becomes of their
// parameters is in package jobs.
package templates

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Max is how many templates an account may have, besides those that every account has.
const Max = 200

// Finder finds the templates of accounts: *store.Templates.
type Finder interface {
	// Template is CodeNotFound if the account has none of the name.
	Template(ctx context.Context, accountID, name string) (*models.Template, error)
}

// Store keeps the templates of accounts. Lists are newest first.
type Store interface {
	Finder
	// Create refuses a name that the account's templates have with CodeConflict, and more of them than most with CodeLimitReached.
	Create(ctx context.Context, t *models.Template, most int) error
	Names(ctx context.Context, accountID string, names []string) (taken []string, err error)
	List(ctx context.Context, accountID string, p models.Page) ([]models.Template, error)
	Change(ctx context.Context, accountID, name string, f func(*models.Template) error) (*models.Template, error)
	// Delete refuses with CodeConflict what schedules name.
	Delete(ctx context.Context, accountID, name string, f func(*models.Template) error) error
}

// Directory finds what an account may use.
type Directory struct{ Store Finder }

var _ jobs.Templates = Directory{}

// Template is the account's own of a name, or else the one that every account has. An account may have one of a name that the platform has taken since:
// what is submitted by that name stays what it was.
func (d Directory) Template(ctx context.Context, accountID, name string) (*models.Template, error) {
	if !models.ValidTemplateName(name) { // which no database need look for
		return nil, models.NewError(models.CodeNotFound, "no such template")
	}
	own, err := d.Store.Template(ctx, accountID, name)
	if models.CodeOf(err) != models.CodeNotFound {
		return own, err
	}
	if t, ok := builtInOf(name); ok {
		return t, nil
	}
	return nil, err
}

// Checker refuses templates that cannot work: *jobs.Service.
type Checker interface {
	CheckTemplate(ctx context.Context, t *models.Template) error
}

// Service administers templates. All are required.
type Service struct {
	Store   Store
	Checker Checker
}

// Condition decides by a template's present tag whether a change may be made; nil makes it whatever that is.
type Condition func(tag string) bool

func (c Condition) check(t *models.Template) error {
	if c != nil && !c(t.Tag()) {
		return models.NewError(models.CodePreconditionFailed, "the template was changed: none of the tags of If-Match is its own")
	}
	return nil
}

// Change is what changes of a template; nil changes nothing.
type Change struct {
	Description *string
	Parameters  *models.Parameters
	Steps       *[]models.TemplateStep
}

// Create makes a template of an account. It fills in everything but what it is and what it does.
func (s *Service) Create(ctx context.Context, t *models.Template) error {
	t.ID, t.Version = models.NewID(), 1
	if t.Parameters == nil {
		t.Parameters = models.Parameters{}
	}
	if _, taken := builtInOf(t.Name); taken {
		return models.NewError(models.CodeConflict, "every account has a template of this name").At("/name")
	}
	if err := s.Checker.CheckTemplate(ctx, t); err != nil {
		return err
	}
	models.ClaimFrom(ctx).Making("template", t.ID)
	return s.Store.Create(ctx, t, Max)
}

// Template is one that the account may use.
func (s *Service) Template(ctx context.Context, accountID, name string) (*models.Template, error) {
	return Directory{s.Store}.Template(ctx, accountID, name)
}

// List lists what the account may use: its own templates, and then those that every account has.
func (s *Service) List(ctx context.Context, accountID string, p models.Page) ([]models.Template, error) {
	all, err := s.Store.List(ctx, accountID, p)
	if err != nil || len(all) >= p.Limit {
		return all, err
	}
	var shared []string
	for _, t := range builtIn {
		shared = append(shared, t.Name)
	}
	taken, err := s.Store.Names(ctx, accountID, shared)
	if err != nil {
		return nil, err
	}
	for _, t := range builtIn {
		if len(all) < p.Limit && (p.Before == "" || t.ID < p.Before) && !slices.Contains(taken, t.Name) {
			all = append(all, t)
		}
	}
	return all, nil
}

// changeTries is how often a change begins anew because the template was changed while it was checked.
const changeTries = 20

var errMoved = models.NewError(models.CodeConflict, "others change the template at the same time; try again")

// Change changes a template of an account, if the condition holds. What has been submitted stays as it is. What changes nothing makes no version.
func (s *Service) Change(ctx context.Context, accountID, name string, c Change, only Condition) (*models.Template, error) {
	for range changeTries {
		was, err := s.own(ctx, accountID, name)
		if err == nil {
			err = only.check(was)
		}
		if err != nil {
			return nil, err
		}
		next := *was
		set(&next.Description, c.Description)
		set(&next.Parameters, c.Parameters)
		set(&next.Steps, c.Steps)
		if string(models.ToJSON(next)) == string(models.ToJSON(was)) {
			return was, nil
		}
		if err := s.Checker.CheckTemplate(ctx, &next); err != nil {
			return nil, err
		}
		changed, err := s.Store.Change(ctx, accountID, name, func(t *models.Template) error {
			if t.Tag() != was.Tag() {
				return errMoved
			}
			t.Description, t.Parameters, t.Steps = next.Description, next.Parameters, next.Steps
			return nil
		})
		if !errors.Is(err, errMoved) {
			return changed, err
		}
	}
	return nil, errMoved
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

// Delete removes a template of an account, if the condition holds. What has been submitted stays.
func (s *Service) Delete(ctx context.Context, accountID, name string, only Condition) error {
	if _, err := s.own(ctx, accountID, name); err != nil {
		return err
	}
	return s.Store.Delete(ctx, accountID, name, only.check)
}

// own is a template of the account itself; those that every account has are refused.
func (s *Service) own(ctx context.Context, accountID, name string) (*models.Template, error) {
	t, err := s.Template(ctx, accountID, name)
	if err == nil && t.BuiltIn() {
		err = models.NewError(models.CodeConflict, fmt.Sprintf("every account has the template %s, and none changes it: make one with another name", name))
	}
	return t, err
}
