// Package accounts administers the tenants: their names, states, plans and limits, and their API keys.
//
// What an account may do is its own limit where it has one, else its plan's, else the platform's configuration. Changes apply without a
// restart: each process looks an account up at most once a second while the account works.
package accounts

import (
	"context"
	"time"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// Store keeps accounts, plans and keys.
type Store interface {
	Tenants
	Plans
	Keys
}

// Tenants keeps the accounts.
type Tenants interface {
	// CreateAccount stores a new account. Its plan must exist.
	CreateAccount(ctx context.Context, a *models.Account) error
	// Account reads an account, or is CodeNotFound.
	Account(ctx context.Context, id string) (*models.Account, error)
	// ListAccounts lists them newest first, without the platform's own.
	ListAccounts(ctx context.Context, p models.Page) ([]models.Account, error)
	// ChangeAccount changes an account by f, which may run several times.
	ChangeAccount(ctx context.Context, id string, f func(*models.Account) error) (*models.Account, error)
	// Standing is an account's state, and the limits that it and its plan set.
	Standing(ctx context.Context, id string) (models.Standing, error)
	// Busy counts an account's jobs that are released or running, and those that wait, roughly up to most.
	Busy(ctx context.Context, id string, most int) (running, waiting int, err error)
	// Spent is what an account has used today, or one of its end users if it is named.
	Spent(ctx context.Context, accountID, endUser string) (models.Spent, error)
}

// Plans keeps the plans.
type Plans interface {
	Plans(ctx context.Context) ([]models.Plan, error)
	Plan(ctx context.Context, name string) (*models.Plan, error)
	PutPlan(ctx context.Context, p *models.Plan) (created bool, err error)
	// DeletePlan removes a plan. It is CodeConflict while an account has it.
	DeletePlan(ctx context.Context, name string) error
}

// Keys keeps the keys of accounts. Those that are revoked or expired are CodeNotFound.
type Keys interface {
	CreateAPIKey(ctx context.Context, k *models.APIKey) error
	KeysOf(ctx context.Context, accountID string, p models.Page) ([]models.APIKey, error)
	KeyOf(ctx context.Context, accountID, id string) (*models.APIKey, error)
	RevokeKeyOf(ctx context.Context, accountID, id string) error
	// RotateKey stores a key in the place of another, which stops working after the overlap.
	RotateKey(ctx context.Context, id string, fresh *models.APIKey, overlap time.Duration) error
}

// Erasure erases what accounts and their end users have left.
type Erasure interface {
	// StartEndUser erases of an end user what is not about their jobs; OpenOfEndUser lists some of their jobs that are to be cancelled; FinishEndUser
	// erases what the jobs say of them that have ended.
	StartEndUser(ctx context.Context, accountID, endUser string) (*models.ErasedEndUser, error)
	OpenOfEndUser(ctx context.Context, accountID, endUser string) (ids []string, err error)
	FinishEndUser(ctx context.Context, accountID, endUser string, done *models.ErasedEndUser) error

	// DeleteAccount closes an account until RestoreAccount, or until it is removed; OpenOf lists some of its jobs that are to be cancelled.
	DeleteAccount(ctx context.Context, accountID string) (*models.Account, error)
	RestoreAccount(ctx context.Context, accountID string) (*models.Account, error)
	OpenOf(ctx context.Context, accountID string) (ids []string, err error)
}

// Service is what administrators and owners do with accounts. It is safe for concurrent use.
type Service struct {
	Store   Store
	Peppers *auth.Peppers
	// Defaults are the limits of the platform. Each is set.
	Defaults models.Limits
	Erasure  Erasure
	// CancelJob cancels a job of an account. One that has ended is CodeConflict.
	CancelJob func(ctx context.Context, accountID, jobID string) error
	Exports   Exports
	Contents  Contents
}
