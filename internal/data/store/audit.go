package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"gorm.io/gorm"

	"github.com/spark-games/spark/models"
)

// Audit is who did what: entries that the transactions of changes write (tx.record), and refusals. Chain gives those that are committed
// their place in the chain of their account. See docs/decisions/0035-audit.md.
type Audit struct{ *db }

// resource is what an entry is about: its account, what kind of thing it is, and its id.
type resource struct{ account, kind, id string }

// details are more of an act, in words and ids that the platform made: never what somebody wrote.
type details map[string]string

// record writes that the transaction's act was done, in the transaction. The operation of the API says what it is called, or else action. An
// act of the API has one entry, the first: what follows are its effects.
func (tx *tx) record(action string, on resource, more ...details) error {
	switch act := tx.act; {
	case act == nil || act.Action == "":
		return tx.recordOf(act, action, on, more...)
	case act.Action == models.ActionSubmit || act.Stored() || tx.recorded:
		return nil
	default:
		tx.recorded = true
		return tx.recordOf(act, act.Action, on, more...)
	}
}

// recordOf writes that an action of an act was done; nil is the platform's own.
func (tx *tx) recordOf(act *models.Act, action string, on resource, more ...details) error {
	by := models.Actor{Kind: models.ActorSystem}
	if act != nil {
		by = act.Actor
	}
	e := models.AuditEntry{AccountID: on.account, Action: action, Outcome: models.OutcomeDone, ResourceKind: on.kind, ResourceID: on.id, Count: 1}
	if len(more) > 0 {
		text, err := json.Marshal(more[0].known())
		if err != nil {
			return fmt.Errorf("details of %s: %w", action, err)
		}
		e.Details = string(text)
	}
	return tx.insertAudit(by, &e)
}

// known is without what is empty.
func (d details) known() details {
	d = maps.Clone(d)
	maps.DeleteFunc(d, func(_, v string) bool { return v == "" })
	return d
}

// maxRequestID is as long as a request's id is.
const maxRequestID = 64

// insertAudit writes an entry of an actor.
func (tx *tx) insertAudit(a models.Actor, e *models.AuditEntry) error {
	if e.AccountID == "" {
		e.AccountID = models.SystemAccountID
	}
	e.ID, e.Salt = models.NewID(), rand.Text()
	e.ActorKind, e.ActorAccountID, e.KeyID, e.UserID = a.Kind, a.AccountID, a.KeyID, a.UserID
	e.RequestID = a.RequestID[:min(len(a.RequestID), maxRequestID)]
	e.EndUser, e.Address = cleanText(a.EndUser), a.Address
	if a.Kind == models.ActorKey && a.AccountID != e.AccountID && e.AccountID != models.SystemAccountID {
		e.Address = "" // where the platform's administrators are is none of the account's business
	}
	e.PersonalHash = e.HashPersonal()
	at := any(gorm.Expr(tx.dialect.now()))
	if !e.At.IsZero() {
		at = tx.dialect.timestamp(e.At)
	}
	return tx.Exec(`INSERT INTO audit_entries (id, account_id, at, action, outcome, code, resource_kind, resource_id, actor_kind, actor_account_id, key_id,
			user_id, request_id, end_user, address, salt, personal_hash, count, since, details)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, e.AccountID, at, e.Action, e.Outcome, e.Code, e.ResourceKind, e.ResourceID, e.ActorKind, e.ActorAccountID, e.KeyID,
		e.UserID, e.RequestID, e.EndUser, e.Address, e.Salt, e.PersonalHash, e.Count, tx.time(e.Since), e.Details).Error
}

// Record writes an entry for an act that changes nothing in the database, before it is done.
func (s *Audit) Record(ctx context.Context, accountID, kind, id string) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error { return tx.record("", resource{accountID, kind, id}) })
}

// Entries lists an account's entries, newest first.
func (s *Audit) Entries(ctx context.Context, accountID string, f models.AuditFilter, p models.Page) ([]models.AuditEntry, error) {
	return s.entries(page(s.of(ctx, accountID), p), f)
}

// AuditEntries lists the entries of all accounts, newest first.
func (s *Platform) AuditEntries(ctx context.Context, f models.AuditFilter, p models.Page) ([]models.AuditEntry, error) {
	q := page(s.read(ctx), p)
	if f.AccountID != "" {
		q = q.Where("account_id = ?", f.AccountID)
	}
	return s.entries(q, f)
}

func (s *db) entries(q *gorm.DB, f models.AuditFilter) ([]models.AuditEntry, error) {
	for column, value := range map[string]string{"action": f.Action, "resource_kind": f.ResourceKind, "resource_id": f.ResourceID,
		"end_user": f.EndUser, "outcome": string(f.Outcome)} {
		if value != "" {
			q = q.Where(column+" = ?", value)
		}
	}
	if f.Actor != "" {
		q = q.Where("(key_id = ? OR user_id = ?)", f.Actor, f.Actor)
	}
	if !f.From.IsZero() {
		q = q.Where("at >= ?", s.dialect.timestamp(f.From))
	}
	if !f.To.IsZero() {
		q = q.Where("at < ?", s.dialect.timestamp(f.To))
	}
	var all []models.AuditEntry
	err := q.Table("audit_entries").Find(&all).Error
	for i := range all {
		utcEntry(&all[i])
	}
	return all, s.wrap(err)
}

func utcEntry(e *models.AuditEntry) {
	e.At = e.At.UTC()
	if e.Since != nil {
		since := e.Since.UTC()
		e.Since = &since
	}
}

// ChainedAfter lists an account's chained entries after a number, in the order of the chain.
func (s *Audit) ChainedAfter(ctx context.Context, accountID string, sequence int64, limit int) (all []models.AuditEntry, err error) {
	err = s.of(ctx, accountID).Table("audit_entries").Where("sequence > ?", sequence).Order("sequence").Limit(limit).Find(&all).Error
	for i := range all {
		utcEntry(&all[i])
	}
	return all, s.wrap(err)
}

// Head is the newest entry of an account's chain; one without entries has the number 0.
func (s *Audit) Head(ctx context.Context, accountID string) (*models.ChainHead, error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	head, err := one[models.ChainHead](s.db, s.read(ctx).Table("audit_chains").Where("account_id = ?", accountID), "chain")
	if models.CodeOf(err) == models.CodeNotFound {
		return &models.ChainHead{AccountID: accountID, At: time.Now().UTC()}, nil
	}
	if err == nil {
		head.At = head.At.UTC()
	}
	return head, err
}

// Chains lists the accounts that have a chain.
func (s *Audit) Chains(ctx context.Context) (accounts []string, err error) {
	return accounts, s.wrap(s.read(ctx).Raw("SELECT account_id FROM audit_chains ORDER BY account_id").Scan(&accounts).Error)
}
