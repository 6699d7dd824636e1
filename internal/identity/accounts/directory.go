package accounts

import (
	"context"
	"time"

	"github.com/spark-games/spark/internal/identity/recent"
	"github.com/spark-games/spark/models"
)

// Directory knows what accounts may do, at most a second late. It is safe for concurrent use.
type Directory struct {
	tenants Tenants
	cache   *recent.Cache[string, models.Standing]
}

const (
	// lookedUpFor is half a second, since an entry may live twice as long.
	lookedUpFor = time.Second / 2
	// lookedUp limits how many accounts are remembered.
	lookedUp = 10_000
)

// NewDirectory makes a directory.
func NewDirectory(tenants Tenants) *Directory {
	return &Directory{tenants, recent.New[string, models.Standing](lookedUp, lookedUpFor)}
}

// Standing is an account's state, and the limits that it and its plan set. The platform's own account has none.
func (d *Directory) Standing(ctx context.Context, accountID string) (models.Standing, error) {
	if accountID == models.SystemAccountID {
		platforms := models.Standing{State: models.AccountActive}
		for _, f := range platforms.Fields() {
			*f.Value = new(int)
		}
		return platforms, nil
	}
	return d.cache.Load(accountID, func() (models.Standing, error) { return d.tenants.Standing(ctx, accountID) })
}
