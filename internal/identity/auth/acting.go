package auth

import (
	"context"

	"github.com/spark-games/spark/models"
)

// Accounts tells what accounts may do.
type Accounts interface {
	// Standing is an account's state, or a *models.Error with CodeNotFound.
	Standing(ctx context.Context, accountID string) (models.Standing, error)
}

// Act is the identity with which a caller acts for an account: its own, or that of the account's owner if the caller may act for any.
func (i Identity) Act(ctx context.Context, accounts Accounts, accountID string) (Identity, error) {
	if accountID == i.AccountID && !i.Has(ScopePlatformAct) {
		return i, nil
	}
	if !i.Has(ScopePlatformAct) {
		return Identity{}, models.NewError(models.CodeForbidden, "the key may act for its own account only")
	}
	if !models.ValidID(accountID) || accountID == models.SystemAccountID {
		return Identity{}, errNoAccount
	}
	standing, err := accounts.Standing(ctx, accountID)
	switch {
	case models.CodeOf(err) == models.CodeNotFound && err != nil:
		return Identity{}, errNoAccount
	case err != nil:
		return Identity{}, err
	case standing.State == models.AccountSuspended:
		return Identity{}, models.ErrSuspended
	}
	return Identity{AccountID: accountID, KeyID: i.KeyID, Role: models.RoleOwner, Until: i.Until, Acting: true}, nil
}

var errNoAccount = models.NewError(models.CodeForbidden, "there is no such account to act for")
