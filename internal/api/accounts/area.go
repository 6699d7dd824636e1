// Package accounts is the API's area of accounts, their plans and their keys: HTTP over internal/identity/accounts.
package accounts

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/identity/accounts"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// Area answers the operations about accounts. All are required.
type Area struct {
	Accounts *accounts.Service
	Tokens   *auth.Tokens
	Places   kernel.Places
	// Audit tells who did what in an account, and AllAudit in all of them.
	Audit    Audit
	AllAudit func(context.Context, models.AuditFilter, models.Page) ([]models.AuditEntry, error)
	// Holders tells whether a caller may go on with an export.
	Holders Holders
	// Due is told which queues may have due jobs, when an account is resumed.
	Due func(...models.Queue)
}
