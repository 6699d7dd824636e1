package accounts

import (
	"context"
)

// Audit is who did what.
type Audit interface {
	// Record writes an entry for an act that changes nothing in the database, before it is done.
	Record(ctx context.Context, accountID, kind, id string) error
}
