package accounts

import (
	"context"
	"regexp"
	"unicode"
	"unicode/utf8"

	"github.com/spark-games/spark/models"
)

const (
	maxName   = 200
	maxWeight = 1000
	maxLimit  = 1_000_000_000
)

// Change is what changes of an account, or what a new one has; nil changes nothing.
type Change struct {
	Name   *string
	Weight *int
	State  *models.AccountState
	Plan   *string        // "" is none
	Limits *models.Limits // all of them
}

func (c Change) apply(a *models.Account) error {
	set(&a.Name, c.Name)
	set(&a.Weight, c.Weight)
	set(&a.State, c.State)
	set(&a.Plan, c.Plan)
	set(&a.Limits, c.Limits)
	switch {
	case !validName(a.Name):
		return models.FieldError("/name", "a name is 1 to 200 printable characters")
	case a.Weight < 1 || a.Weight > maxWeight:
		return models.FieldError("/weight", "a weight is 1 to 1000")
	case a.Plan != "" && !planName.MatchString(a.Plan):
		return models.FieldError("/plan", "there is no such plan")
	case !a.State.Valid():
		return models.FieldError("/state", "the state is active, paused or suspended")
	}
	return checkLimits(a.Limits)
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

func validName(s string) bool {
	n := 0
	for _, r := range s {
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return false
		}
		n++
	}
	return n >= 1 && n <= maxName
}

func checkLimits(l models.Limits) error {
	for _, f := range l.Fields() {
		if n := *f.Value; n != nil && (*n < 0 || *n > maxLimit) {
			return models.FieldError("/limits/"+f.Name, "a limit is 0, which is none, to 1000000000")
		}
	}
	return nil
}

// Create makes an account.
func (s *Service) Create(ctx context.Context, c Change) (*models.Account, error) {
	a := &models.Account{ID: models.NewID(), Weight: 1, State: models.AccountActive}
	if err := c.apply(a); err != nil {
		return nil, err
	}
	models.ClaimFrom(ctx).Making("account", a.ID)
	return a, s.Store.CreateAccount(ctx, a)
}

// Change changes an account.
func (s *Service) Change(ctx context.Context, id string, c Change) (*models.Account, error) {
	if id == models.SystemAccountID {
		return nil, models.NewError(models.CodeForbidden, "the platform's own account cannot be changed")
	}
	return s.Store.ChangeAccount(ctx, id, c.apply)
}

// SetPaused pauses an account, or resumes it. One that is suspended is CodeConflict.
func (s *Service) SetPaused(ctx context.Context, id string, paused bool) (*models.Account, error) {
	if id == models.SystemAccountID {
		return nil, models.NewError(models.CodeForbidden, "the platform's own account cannot be paused")
	}
	models.ClaimFrom(ctx).Making("account", id)
	return s.Store.ChangeAccount(ctx, id, func(a *models.Account) error {
		if a.State == models.AccountSuspended {
			return models.NewError(models.CodeConflict, "the account is suspended, which is more than paused: make it active first")
		}
		if a.State = models.AccountActive; paused {
			a.State = models.AccountPaused
		}
		return nil
	})
}

// Account reads an account.
func (s *Service) Account(ctx context.Context, id string) (*models.Account, error) {
	return s.Store.Account(ctx, id)
}

// List lists the accounts, newest first.
func (s *Service) List(ctx context.Context, p models.Page) ([]models.Account, error) {
	return s.Store.ListAccounts(ctx, p)
}

// Overview is an account with what it has and what it may have.
type Overview struct {
	*models.Account
	Effective        models.Limits // each is set
	Running, Waiting int           // jobs; Waiting is roughly up to maxCounted
	Quotas           []models.Quota
}

// maxCounted limits how many waiting jobs are counted.
const maxCounted = 10_000

// Overview reads an account with what it has and what it may have, and what one of its end users has used if it is named.
func (s *Service) Overview(ctx context.Context, id, endUser string) (*Overview, error) {
	a, err := s.Store.Account(ctx, id)
	if err != nil {
		return nil, err
	}
	standing, err := s.Store.Standing(ctx, id)
	if err != nil {
		return nil, err
	}
	o := &Overview{Account: a, Effective: standing.Or(s.Defaults)}
	if o.Running, o.Waiting, err = s.Store.Busy(ctx, id, maxCounted); err != nil {
		return nil, err
	}
	account, err := s.Store.Spent(ctx, id, "")
	if err != nil {
		return nil, err
	}
	var theirs models.Spent
	if endUser != "" {
		if theirs, err = s.Store.Spent(ctx, id, endUser); err != nil {
			return nil, err
		}
	}
	for _, q := range o.Effective.Quotas(account, theirs) {
		if endUser != "" || !q.OfEndUser() {
			o.Quotas = append(o.Quotas, q)
		}
	}
	return o, nil
}

var planName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

var errNoPlan = models.NewError(models.CodeNotFound, "no such plan")

// PutPlan stores a plan, in place of the one of its name if there is one.
func (s *Service) PutPlan(ctx context.Context, name string, l models.Limits) (p *models.Plan, created bool, err error) {
	if !planName.MatchString(name) {
		return nil, false, models.FieldError("?name",
			"a plan's name is 1 to 64 small letters, digits, dots, dashes and underscores, and begins with a letter or digit")
	}
	if err := checkLimits(l); err != nil {
		return nil, false, err
	}
	p = &models.Plan{Name: name, Limits: l}
	created, err = s.Store.PutPlan(ctx, p)
	return p, created, err
}

// Plans lists the plans by name.
func (s *Service) Plans(ctx context.Context) ([]models.Plan, error) { return s.Store.Plans(ctx) }

// Plan reads a plan.
func (s *Service) Plan(ctx context.Context, name string) (*models.Plan, error) {
	if !planName.MatchString(name) {
		return nil, errNoPlan
	}
	return s.Store.Plan(ctx, name)
}

// DeletePlan removes a plan that no account has.
func (s *Service) DeletePlan(ctx context.Context, name string) error {
	if !planName.MatchString(name) {
		return errNoPlan
	}
	return s.Store.DeletePlan(ctx, name)
}
