package accounts

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/accounts"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// GetAccount answers GET /v1/account.
func (a *Area) GetAccount(ctx context.Context, r openapi.GetAccountRequestObject) (openapi.GetAccountResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	o, err := a.Accounts.Overview(ctx, account, kernel.OrZero(r.Params.EndUser))
	if err != nil {
		return nil, err
	}
	shown := showOverview(o)
	by := kernel.Identity(ctx)
	shown.Caller = &openapi.Caller{KeyID: kernel.OrNull(by.KeyID), UserID: kernel.OrNull(by.UserID),
		Scopes: append([]auth.Scope{}, auth.Granted(by.Role, by.Scopes)...)}
	return openapi.GetAccount200JSONResponse(shown), nil
}

// ListAccounts answers GET /v1/admin/accounts.
func (a *Area) ListAccounts(ctx context.Context, r openapi.ListAccountsRequestObject) (openapi.ListAccountsResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, err := a.Accounts.List(ctx, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(a *models.Account) string { return a.ID }, showAccount)
	return openapi.ListAccounts200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// CreateAccount answers POST /v1/admin/accounts.
func (a *Area) CreateAccount(ctx context.Context, r openapi.CreateAccountRequestObject) (openapi.CreateAccountResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	made, err := a.Accounts.Create(ctx, accounts.Change{Name: &r.Body.Name, Weight: r.Body.Weight, State: r.Body.State, Plan: r.Body.Plan,
		Limits: limits(r.Body.Limits)})
	if err != nil {
		return nil, err
	}
	return openapi.CreateAccount201JSONResponse{Body: showAccount(made),
		Headers: openapi.CreateAccount201ResponseHeaders{Location: "/v1/admin/accounts/" + made.ID}}, nil
}

// ReadAccount answers GET /v1/admin/accounts/{id}.
func (a *Area) ReadAccount(ctx context.Context, r openapi.ReadAccountRequestObject) (openapi.ReadAccountResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "account"); err != nil {
		return nil, err
	}
	o, err := a.Accounts.Overview(ctx, r.ID, "")
	if err != nil {
		return nil, err
	}
	return openapi.ReadAccount200JSONResponse(showOverview(o)), nil
}

// ChangeAccount answers PATCH /v1/admin/accounts/{id}.
func (a *Area) ChangeAccount(ctx context.Context, r openapi.ChangeAccountRequestObject) (openapi.ChangeAccountResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "account"); err != nil {
		return nil, err
	}
	changed, err := a.Accounts.Change(ctx, r.ID, accounts.Change{Name: r.Body.Name, Weight: r.Body.Weight, State: r.Body.State, Plan: r.Body.Plan,
		Limits: limits(r.Body.Limits)})
	if err != nil {
		return nil, err
	}
	return openapi.ChangeAccount200JSONResponse(showAccount(changed)), nil
}

// PauseAccount answers POST /v1/admin/accounts/{id}/pause.
func (a *Area) PauseAccount(ctx context.Context, r openapi.PauseAccountRequestObject) (openapi.PauseAccountResponseObject, error) {
	account, err := a.setPaused(ctx, r.ID, true)
	return openapi.PauseAccount200JSONResponse(account), err
}

// ResumeAccount answers POST /v1/admin/accounts/{id}/resume.
func (a *Area) ResumeAccount(ctx context.Context, r openapi.ResumeAccountRequestObject) (openapi.ResumeAccountResponseObject, error) {
	account, err := a.setPaused(ctx, r.ID, false)
	if err == nil {
		a.Due(models.Queues()...)
	}
	return openapi.ResumeAccount200JSONResponse(account), err
}

func (a *Area) setPaused(ctx context.Context, id string, paused bool) (openapi.Account, error) {
	ctx, _ = kernel.Caller(ctx)
	if err := kernel.KnownID(id, "account"); err != nil {
		return openapi.Account{}, err
	}
	changed, err := a.Accounts.SetPaused(ctx, id, paused)
	if err != nil {
		return openapi.Account{}, err
	}
	return showAccount(changed), nil
}

func limits(l *openapi.Limits) *models.Limits {
	if l == nil {
		return nil
	}
	return new(convert[models.Limits](l))
}

// ListPlans answers GET /v1/admin/plans.
func (a *Area) ListPlans(ctx context.Context, _ openapi.ListPlansRequestObject) (openapi.ListPlansResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	plans, err := a.Accounts.Plans(ctx)
	if err != nil {
		return nil, err
	}
	data := make([]openapi.Plan, len(plans))
	for i := range plans {
		data[i] = showPlan(&plans[i])
	}
	return openapi.ListPlans200JSONResponse{Data: data}, nil
}

// GetPlan answers GET /v1/admin/plans/{name}.
func (a *Area) GetPlan(ctx context.Context, r openapi.GetPlanRequestObject) (openapi.GetPlanResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	p, err := a.Accounts.Plan(ctx, r.Name)
	if err != nil {
		return nil, err
	}
	return openapi.GetPlan200JSONResponse(showPlan(p)), nil
}

// PutPlan answers PUT /v1/admin/plans/{name}.
func (a *Area) PutPlan(ctx context.Context, r openapi.PutPlanRequestObject) (openapi.PutPlanResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	p, created, err := a.Accounts.PutPlan(ctx, r.Name, *limits(&r.Body.Limits))
	switch {
	case err != nil:
		return nil, err
	case created:
		return openapi.PutPlan201JSONResponse(showPlan(p)), nil
	}
	return openapi.PutPlan200JSONResponse(showPlan(p)), nil
}

// DeletePlan answers DELETE /v1/admin/plans/{name}.
func (a *Area) DeletePlan(ctx context.Context, r openapi.DeletePlanRequestObject) (openapi.DeletePlanResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	if err := a.Accounts.DeletePlan(ctx, r.Name); err != nil {
		return nil, err
	}
	return openapi.DeletePlan204Response{}, nil
}
