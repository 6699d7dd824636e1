package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/identity/keyring"
	"github.com/spark-games/spark/models"
)

func bearer(key string) string { return "Authorization: Bearer " + key }

// newMaster makes the platform's master key.
func (a *testAPI) newMaster() string {
	a.t.Helper()
	plain, _ := auth.NewKey()
	k := &keyring.Keyring{Store: a.store.Accounts}
	require.NoError(a.t, k.AdoptMaster(a.t.Context(), testPeppers, plain))
	return plain
}

// Every role meets every operation: it passes if the role has the operation's scope, and only then.
func TestEveryRoleMeetsEveryOperation(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	account := a.newAccount()
	for _, role := range models.Roles() {
		key := a.newKey(account, role)
		id := auth.Identity{Role: role}
		for _, op := range a.doc.Operations() {
			got := a.do(op.Method, pathWith(op, "x"), "", bearer(key)).status
			if (got == http.StatusForbidden) == id.Has(op.Scope) || got == http.StatusUnauthorized || got >= 500 && op.Path != "/readyz" {
				t.Errorf("%s %s with %s, as %s: %d", op.Method, op.Path, op.Scope, role, got)
			}
		}
	}
}

// A key with some of its role's scopes meets every operation as if it had no others.
func TestEveryScopeMeetsEveryOperation(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	for _, scope := range auth.Granted(models.RoleAdmin, "") {
		made := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", fmt.Sprintf(`{"name":"one scope","role":"admin","scopes":[%q]}`, scope), bearer(a.admin)).want(201))
		require.Equal(t, []auth.Scope{scope}, made.Scopes)
		for _, op := range a.doc.Operations() {
			got := a.do(op.Method, pathWith(op, "x"), "", bearer(made.Key)).status
			if (got == http.StatusForbidden) == (op.Scope == scope || op.Scope == auth.ScopePublic) || got == http.StatusUnauthorized {
				t.Errorf("%s %s with %s, by a key for %s: %d", op.Method, op.Path, op.Scope, scope, got)
			}
		}
	}
}

// An administrator makes a tenant, with a first key, which its owner makes others with.
func TestTenantIsMadeAndWorks(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	admin := bearer(a.admin)
	made := a.do("POST", "/v1/admin/accounts", `{"name":"Foxes","weight":3,"limits":{"max_running":2}}`, admin).want(201)
	account := decodeAs[openapi.Account](made)
	require.Equal(t, "/v1/admin/accounts/"+account.ID, made.header.Get("Location"))
	require.Equal(t, 3, account.Weight)
	require.Equal(t, 2, *account.Limits.MaxRunning)
	require.Nil(t, account.Limits.MaxWaiting)
	require.Equal(t, models.AccountActive, account.State)

	first := a.do("POST", "/v1/admin/accounts/"+account.ID+"/keys", `{"name":"the owner's","role":"owner"}`, admin).want(201)
	a.do("GET", first.header.Get("Location"), "", admin).want(200)
	owner := bearer(decodeAs[openapi.KeyWithText](first).Key)
	key := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"the game's server","scopes":["jobs:write","jobs:read"]}`, owner).want(201))
	require.Equal(t, []auth.Scope{"jobs:read", "jobs:write"}, key.Scopes)
	require.True(t, strings.HasPrefix(key.Key, key.Prefix))
	a.do("GET", "/v1/jobs", "", bearer(key.Key)).want(200)
	a.do("GET", "/v1/projects", "", bearer(key.Key)).problem(403, models.CodeForbidden)

	list := decodeAs[openapi.KeyList](a.do("GET", "/v1/keys", "", owner).want(200))
	require.Len(t, list.Data, 2)
	require.Equal(t, key.ID, list.Data[0].ID)
	require.NotContains(t, string(a.do("GET", "/v1/keys/"+key.ID, "", owner).want(200).body), key.Key)
	require.Equal(t, list, decodeAs[openapi.KeyList](a.do("GET", "/v1/admin/accounts/"+account.ID+"/keys", "", admin).want(200)))
	a.do("DELETE", "/v1/keys/"+key.ID, "", owner).want(204)
	a.do("GET", "/v1/keys/"+key.ID, "", owner).problem(404, models.CodeNotFound)
	a.do("DELETE", "/v1/keys/"+key.ID, "", owner).problem(404, models.CodeNotFound)

	o := decodeAs[openapi.AccountOverview](a.do("GET", "/v1/account", "", owner).want(200))
	require.NotNil(t, o.Caller)
	require.Contains(t, o.Caller.Scopes, auth.ScopeKeysWrite)
	o.Caller = nil // an administrator is not told who asked
	require.Equal(t, openapi.EffectiveLimits{MaxRunning: 2, MaxWaiting: 100}, o.EffectiveLimits)
	require.Equal(t, o, decodeAs[openapi.AccountOverview](a.do("GET", "/v1/admin/accounts/"+account.ID, "", admin).want(200)))
	accounts := decodeAs[openapi.AccountList](a.do("GET", "/v1/admin/accounts", "", admin).want(200))
	require.Equal(t, account, accounts.Data[0])
	for _, one := range accounts.Data {
		require.NotEqual(t, models.SystemAccountID, one.ID)
	}
}

// Nobody makes, replaces or revokes a key that may do more than the own one, nor one of another account.
func TestKeysDoNotGrow(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	owner := bearer(a.newKey(a.account, models.RoleOwner))
	admins := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"x","role":"admin"}`, bearer(a.admin)).want(201))
	strangers := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"x"}`, bearer(a.newKey(a.newAccount(), models.RoleOwner))).want(201))
	some := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"x","role":"owner","scopes":["keys:write","keys:read"]}`, owner).want(201))
	stored := a.stored()
	before := stored()
	for name, tt := range map[string]struct {
		method, path, body, key string
		status                  int
	}{
		"an owner makes an admin":          {"POST", "/v1/keys", `{"name":"x","role":"admin"}`, owner, 403},
		"an owner makes an auditor":        {"POST", "/v1/keys", `{"name":"x","role":"auditor"}`, owner, 403},
		"an admin makes a master":          {"POST", "/v1/keys", `{"name":"x","role":"master"}`, bearer(a.admin), 403},
		"some scopes make all":             {"POST", "/v1/keys", `{"name":"x","role":"owner"}`, bearer(some.Key), 403},
		"some scopes make others":          {"POST", "/v1/keys", `{"name":"x","scopes":["jobs:read"]}`, bearer(some.Key), 403},
		"an owner replaces an admin":       {"POST", "/v1/keys/" + admins.ID + "/rotate", ``, owner, 403},
		"an owner revokes an admin":        {"DELETE", "/v1/keys/" + admins.ID, ``, owner, 403},
		"an owner reads a stranger's":      {"GET", "/v1/keys/" + strangers.ID, ``, owner, 404},
		"an owner revokes a stranger's":    {"DELETE", "/v1/keys/" + strangers.ID, ``, owner, 404},
		"an owner replaces a stranger's":   {"POST", "/v1/keys/" + strangers.ID + "/rotate", ``, owner, 404},
		"an admin revokes it as the wrong": {"DELETE", "/v1/admin/accounts/" + a.account + "/keys/" + strangers.ID, ``, bearer(a.admin), 404},
	} {
		require.Equal(t, tt.status, a.do(tt.method, tt.path, tt.body, tt.key).status, name)
	}
	require.Equal(t, before, stored())
}

func TestAccountsAndKeysAreChecked(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	admin := bearer(a.admin)
	path := "/v1/admin/accounts/" + a.newAccount()
	a.do("PUT", "/v1/admin/plans/small", `{"limits":{"max_waiting":5}}`, admin).want(201)
	stored := a.stored()
	for _, tt := range []struct{ method, path, body, at string }{
		{"POST", "/v1/admin/accounts", `{"name":""}`, "/name"},
		{"POST", "/v1/admin/accounts", `{"name":"a\nb"}`, "/name"},
		{"POST", "/v1/admin/accounts", `{"name":"x","weight":0}`, "/weight"},
		{"POST", "/v1/admin/accounts", `{"name":"x","plan":"none"}`, "/plan"},
		{"POST", "/v1/admin/accounts", `{"name":"x","limits":{"max_running":-1}}`, "/limits/max_running"},
		{"POST", "/v1/admin/accounts", `{"name":"x","limits":{"max_walking":1}}`, "/limits/max_walking"},
		{"PATCH", path, `{}`, ""},
		{"PATCH", path, `{"state":"happy"}`, "/state"},
		{"PATCH", path, `{"plan":"none"}`, "/plan"},
		{"PATCH", path, `{"id":"x"}`, "/id"},
		{"PUT", "/v1/admin/plans/Large", `{"limits":{}}`, "?name"},
		{"PUT", "/v1/admin/plans/large", `{}`, "/limits"},
		{"POST", "/v1/keys", `{"name":"x","role":"king"}`, "/role"},
		{"POST", "/v1/keys", `{"name":"x","scopes":["everything"]}`, "/scopes/0"},
		{"POST", "/v1/keys", `{"name":"x","scopes":[]}`, "/scopes"},
		{"POST", "/v1/keys", `{"name":"x","scopes":["keys:write"]}`, "/scopes"},
		{"POST", "/v1/keys", `{"name":"x","expires_at":"2020-01-01T00:00:00Z"}`, "/expires_at"},
		{"POST", "/v1/keys", `{"name":"x","expires_at":"tomorrow"}`, "/expires_at"},
	} {
		before := stored()
		p := a.do(tt.method, tt.path, tt.body, admin).problem(400, models.CodeInvalidRequest)
		at := ""
		if p.Errors != nil {
			at = (*p.Errors)[0].Pointer
			if name := (*p.Errors)[0].Parameter; name != "" {
				at = "?" + name
			}
		}
		require.Equal(t, tt.at, at, "%s %s %s: %+v", tt.method, tt.path, tt.body, p)
		require.Equal(t, before, stored())
	}
	for _, unknown := range []string{models.NewID(), "x"} {
		for _, op := range []struct{ method, path, body string }{
			{"GET", "", ""}, {"PATCH", "", `{"weight":2}`}, {"GET", "/keys", ""}, {"POST", "/keys", `{"name":"x"}`}, {"DELETE", "/keys/" + models.NewID(), ""},
		} {
			a.do(op.method, "/v1/admin/accounts/"+unknown+op.path, op.body, admin).problem(404, models.CodeNotFound)
		}
	}
	a.do("PATCH", "/v1/admin/accounts/"+models.SystemAccountID, `{"state":"suspended"}`, admin).problem(403, models.CodeForbidden)
}

// A plan gives its accounts limits, which their own go before; one that is in use stays.
func TestPlans(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	admin := bearer(a.admin)
	path := "/v1/admin/accounts/" + a.account
	limits := func() openapi.EffectiveLimits {
		return decodeAs[openapi.AccountOverview](a.do("GET", path, "", admin).want(200)).EffectiveLimits
	}
	require.Equal(t, openapi.EffectiveLimits{MaxWaiting: 100}, limits())
	a.do("PUT", "/v1/admin/plans/free", `{"limits":{"max_running":1,"max_waiting":5}}`, admin).want(201)
	a.do("PATCH", path, `{"plan":"free"}`, admin).want(200)
	require.Equal(t, openapi.EffectiveLimits{MaxRunning: 1, MaxWaiting: 5}, limits())
	a.do("PATCH", path, `{"limits":{"max_waiting":0}}`, admin).want(200)
	require.Equal(t, openapi.EffectiveLimits{MaxRunning: 1}, limits())
	a.do("PUT", "/v1/admin/plans/free", `{"limits":{"max_running":2}}`, admin).want(200)
	require.Equal(t, openapi.EffectiveLimits{MaxRunning: 2}, limits())
	a.do("DELETE", "/v1/admin/plans/free", "", admin).problem(409, models.CodeConflict)
	a.do("PATCH", path, `{"plan":"","limits":{}}`, admin).want(200)
	require.Equal(t, openapi.EffectiveLimits{MaxWaiting: 100}, limits())
	a.do("GET", "/v1/admin/plans/free", "", admin).want(200)
	a.do("DELETE", "/v1/admin/plans/free", "", admin).want(204)
	a.do("GET", "/v1/admin/plans/free", "", admin).problem(404, models.CodeNotFound)
	require.Empty(t, decodeAs[openapi.PlanList](a.do("GET", "/v1/admin/plans", "", admin).want(200)).Data)
}

// A suspended account's keys are refused, within a second also where they were accepted a moment ago, and its streams end.
func TestSuspendedAccount(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	tenant := a.newAccount()
	key := a.newKey(tenant, models.RoleUser)
	a.do("GET", "/v1/jobs", "", bearer(key)).want(200)
	_, line := a.stream(t.Context(), "/v1/events", bearer(key))
	waitFor(t, line, "id: ")
	state := func(s models.AccountState) {
		a.do("PATCH", "/v1/admin/accounts/"+tenant, fmt.Sprintf(`{"state":%q}`, s), bearer(a.admin)).want(200)
	}
	state(models.AccountSuspended)
	eventually(t, func() bool { return a.do("GET", "/v1/jobs", "", bearer(key)).status == 403 })
	a.do("POST", "/v1/jobs", `{}`, bearer(key)).problem(403, models.CodeAccountSuspended)
	untilEnd(line)
	state(models.AccountPaused)
	eventually(t, func() bool { return a.do("GET", "/v1/jobs", "", bearer(key)).status == 200 })
}

// A key that was revoked, or has expired, is refused, and what it opened ends.
func TestRevokedAndExpiredKeys(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	owner := bearer(a.newKey(a.account, models.RoleOwner))
	waits := a.submit(models.KindBuild)
	for name, end := range map[string]func(id string){
		"revoked":  func(id string) { a.do("DELETE", "/v1/keys/"+id, "", owner).want(204) },
		"replaced": func(id string) { a.do("POST", "/v1/keys/"+id+"/rotate", `{"overlap_seconds":0}`, owner).want(201) },
		"expired":  func(string) {},
	} {
		body := `{"name":"x"}`
		if name == "expired" {
			soon, err := json.Marshal(time.Now().Add(2 * time.Second))
			require.NoError(t, err)
			body = `{"name":"x","expires_at":` + string(soon) + `}`
		}
		made := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", body, owner).want(201))
		_, line := a.stream(t.Context(), "/v1/events", bearer(made.Key))
		waitFor(t, line, "id: ")
		polled := make(chan answer, 1) // nothing happens to the job that it waits for
		go func() { polled <- a.do("GET", "/v1/jobs/"+waits.ID+"/history?after=1&wait=60", "", bearer(made.Key)) }()
		end(made.ID)
		untilEnd(line)
		require.Equal(t, 401, (<-polled).status)
		eventually(t, func() bool { return a.do("GET", "/v1/jobs", "", bearer(made.Key)).status == 401 })
	}
}

// A key that ends makes none that outlives it, and replacing a key does not prolong the old one.
func TestKeysDoNotOutlive(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	owner := bearer(a.newKey(a.account, models.RoleOwner))
	at := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(time.RFC3339) }
	ends := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"x","role":"owner","expires_at":"`+at(time.Hour)+`"}`, owner).want(201))
	by := bearer(ends.Key)
	a.do("POST", "/v1/keys", `{"name":"y"}`, by).problem(403, models.CodeForbidden)
	a.do("POST", "/v1/keys", `{"name":"y","expires_at":"`+at(2*time.Hour)+`"}`, by).problem(403, models.CodeForbidden)
	a.do("POST", "/v1/keys", `{"name":"y","expires_at":"`+at(time.Minute)+`"}`, by).want(201)
	fresh := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys/"+ends.ID+"/rotate", `{"overlap_seconds":2592000}`, by).want(201))
	require.WithinDuration(t, *ends.ExpiresAt, *fresh.ExpiresAt, time.Second)
	old := decodeAs[openapi.Key](a.do("GET", "/v1/keys/"+ends.ID, "", owner).want(200))
	require.WithinDuration(t, *ends.ExpiresAt, *old.ExpiresAt, time.Second)
}

// The old key works beside the new one for the overlap, and the new one may do the same.
func TestKeyIsReplaced(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	owner := bearer(a.newKey(a.account, models.RoleOwner))
	old := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"server","scopes":["jobs:read"]}`, owner).want(201))
	fresh := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys/"+old.ID+"/rotate", "", owner).want(201))
	require.NotEqual(t, old.Key, fresh.Key)
	require.Equal(t, old.Scopes, fresh.Scopes)
	require.Equal(t, old.Name, fresh.Name)
	require.Nil(t, fresh.ExpiresAt)
	for _, key := range []string{old.Key, fresh.Key} {
		a.do("GET", "/v1/jobs", "", bearer(key)).want(200)
		a.do("GET", "/v1/projects", "", bearer(key)).want(403)
	}
	a.do("POST", "/v1/keys/"+old.ID+"/rotate", "", owner).problem(409, models.CodeConflict)
	again := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys/"+fresh.ID+"/rotate", "", owner).want(201))
	require.Nil(t, again.ExpiresAt, "the overlap of the one before is not its life")
	shown := decodeAs[openapi.Key](a.do("GET", "/v1/keys/"+old.ID, "", owner).want(200))
	require.WithinDuration(t, time.Now().Add(24*time.Hour), *shown.ExpiresAt, time.Minute)
}

// A master key administers the platform, makes tenants, and works as the owner of any of them, and as nobody without a name.
func TestMasterActsForAccounts(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	master := bearer(a.newMaster())
	tenant := decodeAs[openapi.Account](a.do("POST", "/v1/admin/accounts", `{"name":"Tenant"}`, master).want(201)).ID
	as := "Spark-Account: " + tenant
	project := decodeAs[openapi.Project](a.do("POST", "/v1/projects", `{"name":"Fox","engine":"phaser"}`, master, as).want(201))
	require.Len(t, decodeAs[openapi.ProjectList](a.do("GET", "/v1/projects", "", master, as).want(200)).Data, 1)
	owner := bearer(decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"x","role":"owner"}`, master, as).want(201)).Key)
	a.do("GET", "/v1/projects/"+project.ID, "", owner).want(200)
	a.do("GET", "/v1/projects/"+project.ID, "", master, "Spark-Account: "+a.account).problem(404, models.CodeNotFound)
	require.Contains(t, a.do("GET", "/v1/projects", "", master).problem(403, models.CodeForbidden).Detail, "Spark-Account")
	a.do("GET", "/v1/projects", "", master, "Spark-Account: "+models.NewID()).problem(403, models.CodeForbidden)
	a.do("GET", "/v1/projects", "", master, "Spark-Account: "+models.SystemAccountID).problem(403, models.CodeForbidden)
	a.do("GET", "/v1/admin/accounts", "", master, as).want(200)
	a.do("POST", "/v1/admin/accounts/"+tenant+"/keys", `{"name":"x","role":"owner"}`, master).want(201)
	a.do("POST", "/v1/admin/accounts/"+tenant+"/keys", `{"name":"x","role":"master"}`, master).problem(403, models.CodeForbidden)
	a.do("POST", "/v1/admin/accounts/"+models.SystemAccountID+"/keys", `{"name":"x"}`, master).problem(403, models.CodeForbidden)

	a.do("GET", "/v1/projects", "", owner, as).want(200)
	a.do("GET", "/v1/projects", "", owner, "Spark-Account: "+a.account).problem(403, models.CodeForbidden)
	a.do("GET", "/v1/projects", "", bearer(a.admin), as).problem(403, models.CodeForbidden)
	_, line := a.stream(t.Context(), "/v1/events", master, as)
	waitFor(t, line, "id: ")

	// Another master key in the configuration takes its place.
	next := bearer(a.newMaster())
	untilEnd(line)
	eventually(t, func() bool { return a.do("GET", "/v1/admin/accounts", "", master).status == 401 })
	a.do("GET", "/v1/projects", "", next, as).want(200)
}
