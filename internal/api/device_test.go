package api

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/openid"
)

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// form posts a form to a page as a program does, or a person from a page of the platform's.
func (a *testAPI) form(path string, fields url.Values, headers ...string) (int, string, http.Header) {
	a.t.Helper()
	req, err := http.NewRequestWithContext(a.t.Context(), http.MethodPost, a.url+path, strings.NewReader(fields.Encode()))
	require.NoError(a.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	res, err := a.client.Do(req)
	require.NoError(a.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(a.t, err)
	return res.StatusCode, string(raw), res.Header
}

// device is a program that asks for a key.
type device struct {
	DeviceCode string `json:"device_code"`
	UserCode   string `json:"user_code"`
	At         string `json:"verification_uri"`
	Complete   string `json:"verification_uri_complete"`
	ExpiresIn  int    `json:"expires_in"`
	Interval   int    `json:"interval"`
	a          *testAPI
}

func (a *testAPI) newDevice(fields url.Values) device {
	a.t.Helper()
	status, text, _ := a.form("/auth/device", fields)
	require.Equal(a.t, 200, status, text)
	d := device{a: a}
	require.NoError(a.t, json.Unmarshal([]byte(text), &d))
	return d
}

// take asks for the key; why is the error.
func (d device) take() (key, why string) {
	d.a.t.Helper()
	_, text, _ := d.a.form("/auth/device/token", url.Values{"grant_type": {deviceGrant}, "device_code": {d.DeviceCode}})
	var got struct {
		AccessToken string `json:"access_token"`
		Error       string `json:"error"`
	}
	require.NoError(d.a.t, json.Unmarshal([]byte(text), &got))
	return got.AccessToken, got.Error
}

// answer decides as a person; account is "" to deny.
func (d device) answer(p person, account string, headers ...string) (int, string) {
	d.a.t.Helper()
	what := "approve"
	if account == "" {
		what = "deny"
	}
	status, text, _ := d.a.form("/auth/device/answer", url.Values{"user_code": {d.UserCode}, "account": {account}, "answer": {what}}, p.as(headers...)...)
	return status, text
}

// later lets time pass between two questions of programs.
func (a *testAPI) later() {
	a.t.Helper()
	_, err := a.openDatabase().ExecContext(a.t.Context(), "UPDATE device_logins SET polled_at = NULL")
	require.NoError(a.t, err)
}

// withPages has the pages under /auth without a provider that answers.
func withPages(t *testing.T) *testAPI {
	a := newTestAPI(t)
	a.party("http://127.0.0.1:1")
	return a
}

// Somebody who has signed in with a real provider gives a program a key, which acts as them.
func TestDeviceLogin(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	a.withProvider()
	account := a.newAccount()
	d := a.newDevice(url.Values{"client_id": {"spark"}, "name": {"spark on <b>laptop</b>"}})
	require.Regexp(t, "^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$", d.UserCode)
	require.Equal(t, 600, d.ExpiresIn)
	require.Equal(t, 5, d.Interval)
	_, why := d.take()
	require.Equal(t, "authorization_pending", why)
	_, why = d.take()
	require.Equal(t, "slow_down", why)

	b := openid.NewBrowser(t)
	page := b.Open(d.Complete)
	require.NotContains(t, page.Text, "laptop", "who is not signed in sees nothing")
	require.Equal(t, 200, b.SignIn(a.url+"/auth/login?return_to="+url.QueryEscape("/auth/device?user_code="+d.UserCode), "fox@example.com").Status)
	require.Contains(t, b.Open(d.Complete).Text, "not a member of any account")
	me := a.me(b)
	_, err := a.openDatabase().ExecContext(t.Context(), "INSERT INTO memberships (account_id, user_id, role) VALUES (?, ?, 'editor')", account, me.User.ID)
	require.NoError(t, err)
	eventually(t, func() bool { return len(a.me(b).Accounts) == 1 })
	page = b.Open(d.Complete)
	for _, part := range []string{"spark on &lt;b&gt;laptop", d.UserCode, "fox@example.com", account, "as editor"} {
		require.Contains(t, page.Text, part)
	}
	require.Contains(t, page.Text, "from the address <strong>127.0.0.1")
	require.NotContains(t, page.Header.Get("Content-Security-Policy"), "script-src")
	req, err := http.NewRequest(http.MethodPost, a.url+"/auth/device/answer", strings.NewReader(url.Values{"user_code": {strings.ToLower(d.UserCode)}, "account": {account}, "answer": {"approve"}}.Encode()))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := b.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, 200, res.StatusCode)

	key, why := d.take()
	require.Empty(t, why)
	shown := decodeAs[openapi.AccountOverview](a.do("GET", "/v1/account", "", bearer(key)).want(200))
	require.Equal(t, account, shown.ID)
	require.Equal(t, me.User.ID, *shown.Caller.UserID)
	require.Equal(t, auth.MemberScopes(models.MemberEditor), shown.Caller.Scopes)
	a.do("POST", "/v1/projects", `{"name":"Fox","engine":"phaser"}`, bearer(key)).want(201)
	a.do("GET", "/v1/me", "", bearer(key)).problem(403, models.CodeForbidden)
	a.later()
	_, why = d.take()
	require.Equal(t, "invalid_grant", why, "once")
	status, _ := d.answer(a.signIn("owl", nil), "")
	require.Equal(t, 404, status, "it was answered")

	mine := decodeAs[openapi.MyKeyList](a.do("GET", "/v1/me/keys", "", a.cookiesOf(b)...).want(200)).Data
	require.Len(t, mine, 1)
	require.Equal(t, account, mine[0].AccountID)
	a.do("DELETE", "/v1/me/keys/"+mine[0].ID, "", a.signIn("owl", nil).as()...).problem(404, models.CodeNotFound)
	a.do("DELETE", "/v1/me/keys/"+mine[0].ID, "", a.cookiesOf(b)...).want(204)
	eventually(t, func() bool { return a.do("GET", "/v1/account", "", bearer(key)).status == 401 })
	for _, entry := range a.logs.All() {
		for name, value := range entry.ContextMap() {
			text, _ := value.(string)
			require.NotContains(t, text, d.DeviceCode, name)
			require.NotContains(t, text, key, name)
		}
	}
}

// A person's key does what the person may do, now, and no more than when it was given.
func TestPersonalKeyFollowsItsPerson(t *testing.T) {
	t.Parallel()
	a := withPages(t)
	account := a.newAccount()
	a.signIn("owner", map[string]models.MemberRole{account: models.MemberOwner})
	roles := map[string]models.MemberRole{account: models.MemberAdmin}
	p := a.signIn("fox", roles)
	key := a.personalKey(p, account)
	may := func(key string) (scopes []models.Scope) {
		r := a.do("GET", "/v1/account", "", bearer(key))
		if r.status != 200 {
			return nil
		}
		return decodeAs[openapi.AccountOverview](r).Caller.Scopes
	}
	require.ElementsMatch(t, auth.MemberScopes(models.MemberAdmin), may(key))
	roles[account] = models.MemberViewer
	a.signIn("fox", roles)
	eventually(t, func() bool { return len(may(key)) == len(auth.MemberScopes(models.MemberViewer)) })
	d := a.newDevice(nil)
	status, text := d.answer(p, account)
	require.Equal(t, 200, status, text)
	roles[account] = models.MemberOwner
	a.signIn("fox", roles)
	eventually(t, func() bool { return len(may(key)) == len(auth.MemberScopes(models.MemberAdmin)) })
	weak, why := d.take()
	require.Empty(t, why)
	require.ElementsMatch(t, auth.MemberScopes(models.MemberViewer), may(weak), "a viewer approved it")
	made, err := a.store.Audit.Entries(t.Context(), account, models.AuditFilter{Action: "key.create", Actor: p.id}, models.Page{Limit: 10})
	require.NoError(t, err)
	require.Len(t, made, 2)
	require.Equal(t, models.ActorSession, made[0].ActorKind, "it is the person's act")

	// Nobody takes it over, the account's administrators see and end it.
	listed := decodeAs[openapi.KeyList](a.do("GET", "/v1/keys", "", bearer(key)).want(200)).Data
	require.Len(t, listed, 2)
	require.Equal(t, p.id, *listed[0].UserID)
	a.do("POST", "/v1/keys/"+listed[0].ID+"/rotate", "{}", bearer(key)).problem(409, models.CodeConflict)
	a.do("DELETE", "/v1/keys/"+listed[0].ID, "", bearer(key)).want(204)
	eventually(t, func() bool { return may(weak) == nil })

	a.do("DELETE", "/v1/members/"+p.id, "", a.signIn("owner", map[string]models.MemberRole{account: models.MemberOwner}).as()...).want(204)
	eventually(t, func() bool { return may(key) == nil })
	roles[account] = models.MemberOwner
	_, err = a.openDatabase().ExecContext(t.Context(), "INSERT INTO memberships (account_id, user_id, role) VALUES (?, ?, 'owner')", account, p.id)
	require.NoError(t, err)
	a.do("GET", "/v1/account", "", bearer(key)).problem(401, models.CodeUnauthorized)

	again := a.personalKey(p, account)
	a.do("PATCH", "/v1/admin/users/"+p.id, `{"disabled":true}`, bearer(a.admin)).want(200)
	eventually(t, func() bool { return may(again) == nil })
}

// personalKey gives a program the key of a person.
func (a *testAPI) personalKey(p person, account string) string {
	a.t.Helper()
	d := a.newDevice(nil)
	status, text := d.answer(p, account)
	require.Equal(a.t, 200, status, text)
	key, why := d.take()
	require.Empty(a.t, why)
	return key
}

// Of any number that ask at the same time one gets a key, and of any answers one counts.
func TestDeviceRaces(t *testing.T) {
	t.Parallel()
	a := withPages(t)
	account := a.newAccount()
	p := a.signIn("fox", map[string]models.MemberRole{account: models.MemberEditor})
	for range 3 {
		d := a.newDevice(nil)
		var wg sync.WaitGroup
		statuses := make([]int, 4)
		for i := range statuses {
			wg.Go(func() { statuses[i], _ = d.answer(p, []string{account, ""}[i%2]) })
		}
		wg.Wait()
		counted := 0
		for _, s := range statuses {
			if s == 200 {
				counted++
			}
		}
		require.Equal(t, 1, counted, "%v", statuses)
	}
	d := a.newDevice(nil)
	status, text := d.answer(p, account)
	require.Equal(t, 200, status, text)
	var wg sync.WaitGroup
	keys, whys := make([]string, 6), make([]string, 6)
	for i := range keys {
		wg.Go(func() { keys[i], whys[i] = d.take() })
	}
	wg.Wait()
	got := 0
	for i := range keys {
		if keys[i] != "" {
			got++
		} else {
			require.Equal(t, "invalid_grant", whys[i])
		}
	}
	require.Equal(t, 1, got)
}

// Codes are not guessed, and work for ten minutes; other sites do not approve, and nobody approves for an account that they are no member of.
func TestDeviceIsHardened(t *testing.T) {
	t.Parallel()
	a := withPages(t)
	account, theirs := a.newAccount(), a.newAccount()
	p := a.signIn("fox", map[string]models.MemberRole{account: models.MemberEditor})
	d := a.newDevice(url.Values{"account": {account}})
	for _, headers := range [][]string{{"Sec-Fetch-Site: cross-site"}, {"Sec-Fetch-Site: same-site"}} {
		status, _ := d.answer(p, account, headers...)
		require.Equal(t, 403, status)
	}
	for _, other := range []string{theirs, models.NewID(), models.SystemAccountID} {
		status, _ := d.answer(p, other)
		require.Equal(t, 403, status)
	}
	status, _, _ := a.form("/auth/device/answer", url.Values{"user_code": {d.UserCode}, "account": {account}, "answer": {"approve"}}, "Sec-Fetch-Site: same-origin")
	require.Equal(t, 401, status)
	status, _, _ = a.form("/auth/device/answer", url.Values{"user_code": {d.UserCode}, "account": {account}}, p.as()...)
	require.Equal(t, 400, status)
	status, _ = d.answer(p, "")
	require.Equal(t, 200, status)
	_, why := d.take()
	require.Equal(t, "access_denied", why)
	status, _ = d.answer(p, account)
	require.Equal(t, 404, status)

	for _, bad := range []url.Values{nil, {"grant_type": {"password"}}, {"grant_type": {deviceGrant}}, {"grant_type": {deviceGrant}, "device_code": {"x"}}} {
		status, text, _ := a.form("/auth/device/token", bad)
		require.Equal(t, 400, status, text)
	}
	status, _, _ = a.form("/auth/device", url.Values{"account": {"x"}})
	require.Equal(t, 400, status)

	late := a.newDevice(nil)
	_, err := a.openDatabase().ExecContext(t.Context(), "UPDATE device_logins SET expires_at = '2020-01-01 00:00:00.000+00:00'")
	require.NoError(t, err)
	_, why = late.take()
	require.Equal(t, "expired_token", why)
	owl := a.signIn("owl", map[string]models.MemberRole{account: models.MemberEditor})
	status, _ = late.answer(owl, account)
	require.Equal(t, 404, status)
	last, tries := 0, 0
	for ; last != 429 && tries < 100; tries++ {
		last, _ = device{UserCode: "BBBB-BBBB", a: a}.answer(owl, account)
	}
	require.Less(t, tries, 30)
	live := a.newDevice(nil)
	status, _ = live.answer(owl, account)
	require.Equal(t, 429, status, "also for a code that there is")
	for tries = 0; last != 200 && tries < 2; tries++ {
		last, _ = live.answer(a.signIn("cat", map[string]models.MemberRole{account: models.MemberEditor}), account)
	}
	require.Equal(t, 200, last, "others may")
}

// Whoever was removed by hand does not come back by a rule, but by an invitation.
func TestRemovedMemberStaysOut(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	account := a.newAccount()
	rules := map[string]models.MemberRole{account: models.MemberEditor}
	owner := a.signIn("owner", map[string]models.MemberRole{account: models.MemberOwner})
	fox := a.signIn("fox", rules)
	a.do("DELETE", "/v1/members/"+fox.id, "", owner.as()...).want(204)
	fox = a.signIn("fox", rules)
	require.Empty(t, decodeAs[openapi.Me](a.do("GET", "/v1/me", "", fox.as()...).want(200)).Accounts)
	invited := decodeAs[openapi.InvitationWithLink](a.do("POST", "/v1/invitations", `{"role":"viewer"}`, owner.as()...).want(201))
	_, token, _ := strings.Cut(invited.Link, "#")
	a.do("POST", "/v1/me/invitations", `{"token":"`+token+`"}`, fox.as()...).want(200)
	fox = a.signIn("fox", rules)
	mine := decodeAs[openapi.Me](a.do("GET", "/v1/me", "", fox.as()...).want(200)).Accounts
	require.Len(t, mine, 1)
	require.Equal(t, models.MemberViewer, mine[0].Role)
	a.do("DELETE", "/v1/me/accounts/"+account, "", fox.as()...).want(204)
	fox = a.signIn("fox", rules)
	require.Empty(t, decodeAs[openapi.Me](a.do("GET", "/v1/me", "", fox.as()...).want(200)).Accounts, "nor whoever has left")
}
