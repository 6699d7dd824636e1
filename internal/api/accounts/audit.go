package accounts

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/wire"
)

// Audit is who did what.
type Audit interface {
	// Record writes an entry for an act that changes nothing in the database, before it is done.
	Record(ctx context.Context, accountID, kind, id string) error
	// Entries lists entries, newest first.
	Entries(ctx context.Context, accountID string, f models.AuditFilter, p models.Page) ([]models.AuditEntry, error)
	// ChainedAfter lists entries in the order of the chain.
	ChainedAfter(ctx context.Context, accountID string, sequence int64, limit int) ([]models.AuditEntry, error)
	// Head is the newest place in the chain.
	Head(ctx context.Context, accountID string) (*models.ChainHead, error)
}

// ListAudit answers GET /v1/audit.
func (a *Area) ListAudit(ctx context.Context, r openapi.ListAuditRequestObject) (openapi.ListAuditResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	q := r.Params
	f := openapi.ListAllAuditParams{Action: q.Action, Actor: q.Actor, EndUser: q.EndUser, ResourceID: q.ResourceID, Outcome: q.Outcome, From: q.From,
		To: q.To, Limit: q.Limit, Cursor: q.Cursor}
	list, err := auditPage(f, func(f models.AuditFilter, p models.Page) ([]models.AuditEntry, error) {
		return a.Audit.Entries(ctx, account, f, p)
	})
	return openapi.ListAudit200JSONResponse(list), err
}

// ListAllAudit answers GET /v1/admin/audit.
func (a *Area) ListAllAudit(ctx context.Context, r openapi.ListAllAuditRequestObject) (openapi.ListAllAuditResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	list, err := auditPage(r.Params, func(f models.AuditFilter, p models.Page) ([]models.AuditEntry, error) { return a.AllAudit(ctx, f, p) })
	return openapi.ListAllAudit200JSONResponse(list), err
}

// auditPage is a page of the entries that a query asks for. That of one account has the same filters as that of all, but for the account.
func auditPage(q openapi.ListAllAuditParams, read func(models.AuditFilter, models.Page) ([]models.AuditEntry, error)) (openapi.AuditList, error) {
	p, err := kernel.Page(q.Limit, q.Cursor)
	if err != nil {
		return openapi.AuditList{}, err
	}
	outcome := kernel.OrZero(q.Outcome)
	if outcome != "" && outcome != models.OutcomeDone && outcome != models.OutcomeRefused {
		return openapi.AuditList{}, kernel.ParameterError("outcome", "it is done or refused")
	}
	rows, err := read(models.AuditFilter{AccountID: kernel.OrZero(q.AccountID), Action: kernel.OrZero(q.Action), Actor: kernel.OrZero(q.Actor),
		EndUser: kernel.OrZero(q.EndUser), ResourceID: kernel.OrZero(q.ResourceID), Outcome: outcome, From: kernel.OrZero(q.From), To: kernel.OrZero(q.To)}, p)
	if err != nil {
		return openapi.AuditList{}, err
	}
	data, more, next := kernel.Paginate(rows, p, func(e *models.AuditEntry) string { return e.ID }, wire.FromAudit)
	return openapi.AuditList{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetAuditAnchor answers GET /v1/audit/anchor.
func (a *Area) GetAuditAnchor(ctx context.Context, _ openapi.GetAuditAnchorRequestObject) (openapi.GetAuditAnchorResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	head, err := a.Audit.Head(ctx, account)
	if err != nil {
		return nil, err
	}
	return openapi.GetAuditAnchor200JSONResponse{AccountID: account, Sequence: head.Sequence, Hash: head.Hash,
		At: head.At.UTC().Truncate(time.Microsecond)}, nil
}

// ExportAudit answers GET /v1/audit/export.
func (a *Area) ExportAudit(ctx context.Context, r openapi.ExportAuditRequestObject) (openapi.ExportAuditResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	lines := &auditLines{ctx: ctx, audit: a.Audit, account: account}
	return lines, lines.begin(kernel.OrZero(r.Params.After))
}

// begin reads what follows an entry: first the checkpoint of what was removed, if it was after that.
func (l *auditLines) begin(after int64) error {
	for {
		head, err := l.audit.Head(l.ctx, l.account)
		if err != nil {
			return err
		}
		if l.batch, err = l.audit.ChainedAfter(l.ctx, l.account, max(after, head.PrunedSequence), exportBatch); err != nil {
			return err
		}
		again, err := l.audit.Head(l.ctx, l.account)
		if err != nil {
			return err
		}
		if again.PrunedSequence != head.PrunedSequence {
			continue // more was removed meanwhile
		}
		if head.PrunedSequence > after {
			l.checkpoint = json.RawMessage(head.Checkpoint)
		}
		return nil
	}
}

// exportBatch is how many entries an export reads at a time.
const exportBatch = 500

// auditLines are entries as lines of JSON, written while they are read.
type auditLines struct {
	ctx     context.Context
	audit   Audit
	account string
	batch   []models.AuditEntry
	// checkpoint is of what was removed before the first entry; nil if the entries follow what was asked for.
	checkpoint json.RawMessage
}

// VisitExportAuditResponse implements openapi.ExportAuditResponseObject.
func (l *auditLines) VisitExportAuditResponse(w http.ResponseWriter) (err error) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.Header().Set("Content-Disposition", `attachment; filename="audit.jsonl"`)
	w.WriteHeader(http.StatusOK)
	buffer := bufio.NewWriterSize(w, 32<<10)
	lines := json.NewEncoder(buffer)
	if l.checkpoint != nil {
		if err := lines.Encode(map[string]json.RawMessage{"checkpoint": l.checkpoint}); err != nil {
			return err
		}
	}
	for len(l.batch) > 0 {
		for i := range l.batch {
			if err := lines.Encode(wire.FromAudit(&l.batch[i])); err != nil {
				return err
			}
		}
		if len(l.batch) < exportBatch {
			break
		}
		if l.batch, err = l.audit.ChainedAfter(l.ctx, l.account, *l.batch[len(l.batch)-1].Sequence, exportBatch); err != nil {
			return err
		}
	}
	return buffer.Flush()
}
