package accounts

import (
	"context"
	"errors"
	"net/http"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/accounts"
	"github.com/spark-games/spark/internal/identity/auth"
)

// Holders tells whether a caller may go on with what a request has begun.
type Holders interface {
	Holds(ctx context.Context, id auth.Identity) error
}

// ExportAccount answers GET /v1/account/export.
func (a *Area) ExportAccount(ctx context.Context, r openapi.ExportAccountRequestObject) (openapi.ExportAccountResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	if req.Method == http.MethodHead {
		return &exported{account: account}, nil
	}
	export, err := a.Accounts.BeginExport(ctx, account, kernel.OrZero(r.Params.Artifacts))
	if err != nil {
		return nil, err
	}
	return &exported{ctx: ctx, account: account, export: export, allowed: func() error { return a.Holders.Holds(ctx, kernel.Identity(ctx)) }}, nil
}

// exported is an export that is written while it is sent.
type exported struct {
	ctx     context.Context
	account string
	export  *accounts.Export
	allowed func() error
}

// VisitExportAccountResponse implements openapi.ExportAccountResponseObject.
func (e *exported) VisitExportAccountResponse(w http.ResponseWriter) (err error) {
	e.header(w)
	if e.export == nil {
		return nil
	}
	defer func() { err = errors.Join(err, e.export.End(e.ctx)) }()
	return e.export.Write(e.ctx, w, e.allowed)
}

func (e *exported) header(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="account-`+e.account+`.zip"`)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
}
