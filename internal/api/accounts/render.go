package accounts

import (
	"encoding/json"
	"time"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/accounts"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

func showAccount(a *models.Account) openapi.Account {
	return openapi.Account{ID: a.ID, Name: a.Name, Weight: a.Weight, State: a.State, Plan: kernel.OrNull(a.Plan), Limits: showLimits(a.Limits),
		CreatedAt: a.CreatedAt.UTC(), DeletedAt: kernel.UTC(a.DeletedAt)}
}

func showOverview(o *accounts.Overview) openapi.AccountOverview {
	return openapi.AccountOverview{ID: o.ID, Name: o.Name, Weight: o.Weight, State: o.State, Plan: kernel.OrNull(o.Plan), Limits: showLimits(o.Limits),
		EffectiveLimits: convert[openapi.EffectiveLimits](o.Effective),
		Quotas:          showQuotas(o.Quotas), Running: o.Running, Waiting: o.Waiting, CreatedAt: o.CreatedAt.UTC()}
}

func showQuotas(all []models.Quota) []openapi.Quota {
	shown := make([]openapi.Quota, len(all))
	for i, q := range all {
		shown[i] = openapi.Quota{Name: q.Name, Limit: q.Limit, Used: q.Used, Left: max(q.Limit-q.Used, 0)}
		if q.Daily() {
			shown[i].ResetsAt = new(models.DayEnds(time.Now()))
		}
	}
	return shown
}

func showLimits(l models.Limits) openapi.Limits { return convert[openapi.Limits](l) }

// convert turns limits into another type whose fields have the same names in JSON.
func convert[T any](limits any) (same T) {
	raw, err := json.Marshal(limits)
	if err == nil {
		err = json.Unmarshal(raw, &same)
	}
	if err != nil {
		panic("accounts: limits that are none: " + err.Error()) // they are numbers
	}
	return same
}

func showPlan(p *models.Plan) openapi.Plan {
	return openapi.Plan{Name: p.Name, Limits: showLimits(p.Limits), CreatedAt: p.CreatedAt.UTC(), UpdatedAt: p.UpdatedAt.UTC()}
}

func showKey(k *models.APIKey) openapi.Key {
	return openapi.Key{ID: k.ID, Name: k.Name, ProjectID: kernel.OrNull(k.ProjectID), UserID: k.UserID, Prefix: k.Prefix, Role: k.Role,
		Scopes:    append([]auth.Scope{}, auth.Granted(k.Role, k.Scopes)...),
		CreatedAt: k.CreatedAt.UTC(), ExpiresAt: kernel.UTC(k.ExpiresAt), LastUsedAt: kernel.UTC(k.LastUsedAt)}
}

// showText shows a key with its text, once.
func showText(k *models.APIKey, plain string) openapi.KeyWithText {
	shown := showKey(k)
	return openapi.KeyWithText{ID: shown.ID, Name: shown.Name, ProjectID: shown.ProjectID, Prefix: shown.Prefix, Role: shown.Role, Scopes: shown.Scopes,
		CreatedAt: shown.CreatedAt, ExpiresAt: shown.ExpiresAt, LastUsedAt: shown.LastUsedAt, Key: plain}
}
