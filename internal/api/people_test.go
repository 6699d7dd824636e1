package api

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// person is a user with a session.
type person struct {
	id, subject, secret string
	session             *models.Session
}

// signIn signs somebody in, with roles in accounts as if the rules of their provider gave them.
func (a *testAPI) signIn(subject string, roles map[string]models.MemberRole) person {
	a.t.Helper()
	secret := rand.Text()
	session := &models.Session{ID: models.NewID(), Hash: auth.Hash(testPepper, secret), ExpiresAt: time.Now().Add(time.Hour), SID: "sid " + subject}
	user, err := a.store.People.SignIn(a.t.Context(), models.SignIn{Issuer: "https://login.example.com", Subject: subject, Email: subject + "@example.com",
		EmailVerified: true, Name: subject, Granted: roles, Session: session})
	require.NoError(a.t, err)
	return person{user.ID, subject, secret, session}
}

// as are the headers of a request from the person's browser, without a key.
func (p person) as(more ...string) []string {
	return append([]string{"Authorization: ", "X-API-Key: ", "Cookie: spark_user=" + p.secret, "Sec-Fetch-Site: same-origin"}, more...)
}

// Members of every role meet every operation: it passes if the role has the operation's scope, and only then. What is a person's own passes in any
// case.
func TestEveryMemberMeetsEveryOperation(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	account := a.newAccount()
	for _, role := range append(models.MemberRoles(), "") {
		roles := map[string]models.MemberRole{account: role}
		if role == "" {
			roles = nil // a member of nothing
		}
		may := auth.MemberScopes(role)
		for _, op := range a.doc.Operations() {
			p := a.signIn("somebody "+string(role), roles) // some operations end sessions
			got := a.do(op.Method, pathWith(op, "x"), "", p.as()...).status
			has := op.Scope == auth.ScopePublic || op.Scope == auth.ScopeMe
			for _, s := range may {
				has = has || s == op.Scope
			}
			if (got == http.StatusForbidden) == has || got == http.StatusUnauthorized || got >= 500 && op.Path != "/readyz" {
				t.Errorf("%s %s with %s, as %s: %d", op.Method, op.Path, op.Scope, role, got)
			}
		}
	}
}

// An admin of an account is none of the platform, and has no power over the account.
func TestWhatMembersMay(t *testing.T) {
	t.Parallel()
	for role, without := range map[models.MemberRole][]auth.Scope{
		models.MemberOwner:  {auth.ScopePlatformRead, auth.ScopePlatformAdmin, auth.ScopePlatformAct},
		models.MemberAdmin:  {auth.ScopeAccountWrite, auth.ScopePlatformRead, auth.ScopePlatformAdmin, auth.ScopePlatformAct},
		models.MemberEditor: {auth.ScopeKeysRead, auth.ScopeKeysWrite, auth.ScopeMembersRead, auth.ScopeMembersWrite, auth.ScopeAccountWrite},
		models.MemberViewer: {auth.ScopeJobsWrite, auth.ScopeProjectsWrite, auth.ScopeKeysRead, auth.ScopeMembersRead, auth.ScopeAccountWrite},
		"":                  {auth.ScopeAccountRead, auth.ScopeJobsRead},
	} {
		for _, s := range without {
			require.NotContains(t, auth.MemberScopes(role), s, role)
		}
	}
	require.Contains(t, auth.MemberScopes(models.MemberOwner), auth.ScopeAccountWrite)
	require.Contains(t, auth.MemberScopes(models.MemberAdmin), auth.ScopeMembersWrite)
}

// A request acts for the only account, or for the one that it names; nobody acts for an account of others.
func TestPersonChoosesTheAccount(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	one, two, theirs := a.newAccount(), a.newAccount(), a.newAccount()
	p := a.signIn("fox", map[string]models.MemberRole{one: models.MemberEditor})
	me := decodeAs[openapi.Me](a.do("GET", "/v1/me", "", p.as()...).want(200))
	require.Equal(t, p.id, me.User.ID)
	require.Equal(t, p.session.ID, me.SessionID)
	require.Len(t, me.Accounts, 1)
	require.Equal(t, models.MemberEditor, me.Accounts[0].Role)
	require.Equal(t, auth.MemberScopes(models.MemberEditor), me.Accounts[0].Scopes)
	made := decodeAs[openapi.Project](a.do("POST", "/v1/projects", `{"name":"Fox","engine":"phaser"}`, p.as()...).want(201))
	a.do("PUT", "/v1/projects/"+made.ID+"/files/main.js", "let fox", p.as()...).want(200)
	written := decodeAs[openapi.RevisionList](a.do("GET", "/v1/projects/"+made.ID+"/revisions", "", p.as()...).want(200)).Data[0]
	require.Equal(t, openapi.Author{Kind: "user", ID: p.id}, *written.Author)
	require.Equal(t, one, decodeAs[openapi.AccountOverview](a.do("GET", "/v1/account", "", p.as()...).want(200)).ID)

	p = a.signIn("fox", map[string]models.MemberRole{one: models.MemberEditor, two: models.MemberViewer})
	require.Contains(t, a.do("GET", "/v1/account", "", p.as()...).problem(403, models.CodeForbidden).Detail, "Spark-Account")
	require.Equal(t, two, decodeAs[openapi.AccountOverview](a.do("GET", "/v1/account", "", p.as("Spark-Account: "+two)...).want(200)).ID)
	a.do("POST", "/v1/projects", `{"name":"Fox","engine":"phaser"}`, p.as("Spark-Account: "+two)...).problem(403, models.CodeForbidden)
	for _, none := range []string{theirs, models.NewID(), models.SystemAccountID, "x"} {
		a.do("GET", "/v1/account", "", p.as("Spark-Account: "+none)...).problem(403, models.CodeForbidden)
	}
	a.do("GET", "/v1/me", "", p.as("Spark-Account: "+theirs)...).want(200)

	a.do("PATCH", "/v1/admin/accounts/"+two, `{"state":"suspended"}`, bearer(a.admin)).want(200)
	eventually(t, func() bool { return a.do("GET", "/v1/account", "", p.as("Spark-Account: "+two)...).status == 403 })
	a.do("GET", "/v1/account", "", p.as("Spark-Account: "+two)...).problem(403, models.CodeAccountSuspended)
	a.do("GET", "/v1/me", "", p.as()...).want(200)
}

// A cookie does not count beside a key, whatever becomes of the key.
func TestCookieDoesNotCountBesideAKey(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.signIn("fox", map[string]models.MemberRole{a.newAccount(): models.MemberOwner})
	cookie := "Cookie: spark_user=" + p.secret
	plain, _ := auth.NewKey()
	for _, header := range []string{bearer(plain), bearer("x"), "Authorization: Basic eDp5", "X-API-Key: " + plain} {
		a.do("GET", "/v1/members", "", "Authorization: ", header, cookie).problem(401, models.CodeUnauthorized)
	}
	require.Equal(t, a.account, decodeAs[openapi.AccountOverview](a.do("GET", "/v1/account", "", bearer(a.key), cookie).want(200)).ID)
	a.do("GET", "/v1/me", "", bearer(a.admin), cookie).problem(403, models.CodeForbidden)
	a.do("GET", "/v1/me", "", bearer(a.newMaster()), cookie).problem(403, models.CodeForbidden)
}

// Other sites, and other ports of this machine, change nothing with a person's cookie. Reading is up to the browser, which shows them nothing.
func TestOtherSitesChangeNothing(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.signIn("fox", map[string]models.MemberRole{a.newAccount(): models.MemberOwner})
	cookie := "Cookie: spark_user=" + p.secret
	stored := a.stored()
	for _, headers := range [][]string{
		{"Sec-Fetch-Site: cross-site", "Origin: https://evil.example"},
		{"Sec-Fetch-Site: cross-site", "Origin: null"}, // a game
		{"Sec-Fetch-Site: same-site", "Origin: http://127.0.0.1:1"},
		{"Origin: https://evil.example"},
		{"Origin: http://127.0.0.1:1"},
		{"Origin: null"},
	} {
		before := stored()
		all := append([]string{"Authorization: ", cookie}, headers...)
		for _, op := range a.doc.Operations() {
			if op.Method == http.MethodGet || op.Scope == auth.ScopePublic {
				continue
			}
			a.do(op.Method, pathWith(op, "x"), `{"name":"x","engine":"phaser"}`, all...).problem(403, models.CodeForbidden)
		}
		require.Equal(t, before, stored())
		r := a.do("GET", "/v1/me", "", all...).want(200)
		require.Empty(t, r.header.Get("Access-Control-Allow-Origin"))
	}
	for _, own := range []string{"Sec-Fetch-Site: same-origin", "Origin: " + a.url} {
		a.do("POST", "/v1/projects", `{"name":"Fox","engine":"phaser"}`, "Authorization: ", cookie, own).want(201)
	}
}

// Owners are made and removed by owners, nobody gives more than they have, and the last owner stays.
func TestMembersAreChanged(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	account := a.newAccount()
	member := func(name string, role models.MemberRole) person {
		return a.signIn(name, map[string]models.MemberRole{account: role})
	}
	owner, admin, editor, viewer := member("owner", models.MemberOwner), member("admin", models.MemberAdmin), member("editor", models.MemberEditor), member("viewer", models.MemberViewer)
	stranger := a.signIn("stranger", map[string]models.MemberRole{a.newAccount(): models.MemberOwner})
	list := decodeAs[openapi.MemberList](a.do("GET", "/v1/members?limit=3", "", admin.as()...).want(200))
	require.Len(t, list.Data, 3)
	rest := decodeAs[openapi.MemberList](a.do("GET", "/v1/members?limit=3&cursor="+*list.NextCursor, "", admin.as()...).want(200))
	require.Len(t, rest.Data, 1)
	require.Equal(t, owner.id, rest.Data[0].UserID)
	require.True(t, rest.Data[0].ByRule)
	limited := bearer(decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"x","role":"owner","scopes":["members:write","members:read"]}`, owner.as()...).want(201)).Key)

	stored := a.stored()
	for name, tt := range map[string]struct {
		method, of, body string
		by               []string
		status           int
	}{
		"an admin makes an owner":           {"PATCH", admin.id, `{"role":"owner"}`, admin.as(), 403},
		"an admin demotes an owner":         {"PATCH", owner.id, `{"role":"viewer"}`, admin.as(), 403},
		"an admin removes an owner":         {"DELETE", owner.id, ``, admin.as(), 403},
		"an editor changes a role":          {"PATCH", editor.id, `{"role":"admin"}`, editor.as(), 403},
		"a key of less makes an admin":      {"PATCH", viewer.id, `{"role":"admin"}`, []string{limited}, 403},
		"the last owner is demoted":         {"PATCH", owner.id, `{"role":"admin"}`, owner.as(), 409},
		"the last owner is removed":         {"DELETE", owner.id, ``, owner.as(), 409},
		"a stranger is made a member":       {"PATCH", stranger.id, `{"role":"viewer"}`, owner.as(), 404},
		"a stranger's owner removes one":    {"DELETE", viewer.id, ``, stranger.as(), 404},
		"a stranger reads one":              {"GET", viewer.id, ``, stranger.as(), 404},
		"a role is none":                    {"PATCH", viewer.id, `{"role":"master"}`, owner.as(), 400},
		"a member of another account's key": {"DELETE", viewer.id, ``, []string{bearer(a.admin)}, 404},
	} {
		before := stored()
		require.Equal(t, tt.status, a.do(tt.method, "/v1/members/"+tt.of, tt.body, tt.by...).status, name)
		require.Equal(t, before, stored(), name)
	}
	a.do("DELETE", "/v1/me/accounts/"+account, "", owner.as()...).problem(409, models.CodeConflict)
	require.Equal(t, models.MemberAdmin, decodeAs[openapi.Member](a.do("PATCH", "/v1/members/"+editor.id, `{"role":"admin"}`, admin.as()...).want(200)).Role)
	a.do("PATCH", "/v1/members/"+admin.id, `{"role":"owner"}`, owner.as()...).want(200)
	a.do("DELETE", "/v1/me/accounts/"+account, "", owner.as()...).want(204)
	eventually(t, func() bool { return a.do("GET", "/v1/members", "", owner.as()...).status == 403 })
	a.do("DELETE", "/v1/members/"+viewer.id, "", admin.as()...).want(204)
	eventually(t, func() bool { return a.do("GET", "/v1/jobs", "", viewer.as()...).status == 403 })
	// What was changed by hand, the rules leave alone; the others they take away.
	require.Equal(t, models.MemberAdmin, decodeAs[openapi.Me](a.do("GET", "/v1/me", "", a.signIn("editor", nil).as()...).want(200)).Accounts[0].Role)
	member("another", models.MemberViewer)
	require.Empty(t, decodeAs[openapi.Me](a.do("GET", "/v1/me", "", a.signIn("another", nil).as()...).want(200)).Accounts)
}

// What a session opened ends with it, however it ends, and it is refused within a second also where it was accepted a moment ago.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	account := a.newAccount()
	a.signIn("owner", map[string]models.MemberRole{account: models.MemberOwner})
	owner := bearer(a.newKey(account, models.RoleOwner))
	for name, end := range map[string]func(p person){
		"one":      func(p person) { a.do("DELETE", "/v1/sessions/"+p.session.ID, "", p.as()...).want(204) },
		"all":      func(p person) { a.do("DELETE", "/v1/sessions", "", p.as()...).want(204) },
		"disabled": func(p person) { a.do("PATCH", "/v1/admin/users/"+p.id, `{"disabled":true}`, bearer(a.admin)).want(200) },
		"removed":  func(p person) { a.do("DELETE", "/v1/members/"+p.id, "", owner).want(204) },
		"subject": func(p person) {
			require.NoError(t, a.store.People.EndSessionsAt(t.Context(), "https://login.example.com", p.subject, ""))
		},
		"sid": func(p person) {
			require.NoError(t, a.store.People.EndSessionsAt(t.Context(), "https://login.example.com", "", "sid "+p.subject))
		},
		"signed anew": func(p person) { a.replace(p) },
		"too old":     func(p person) { a.exec("UPDATE sessions SET expires_at = created_at WHERE id = ?", p.session.ID) },
		"idle": func(p person) {
			a.exec("UPDATE sessions SET seen_at = '2020-01-01 00:00:00.000+00:00' WHERE id = ?", p.session.ID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := a.signIn(name, map[string]models.MemberRole{account: models.MemberEditor})
			other := a.signIn("other "+name, map[string]models.MemberRole{account: models.MemberEditor})
			a.do("GET", "/v1/jobs", "", p.as()...).want(200)
			_, line := a.stream(t.Context(), "/v1/events", p.as()...)
			waitFor(t, line, "id: ")
			end(p)
			want := http.StatusUnauthorized
			if name == "removed" {
				want = http.StatusForbidden
			}
			began := time.Now()
			eventually(t, func() bool { return a.do("GET", "/v1/jobs", "", p.as()...).status == want })
			require.Less(t, time.Since(began), 3*time.Second)
			untilEnd(line)
			a.do("GET", "/v1/jobs", "", other.as()...).want(200)
		})
	}
}

// replace signs in anew in the browser of a person.
func (a *testAPI) replace(p person) {
	a.t.Helper()
	_, err := a.store.People.SignIn(a.t.Context(), models.SignIn{Issuer: "https://login.example.com", Subject: p.subject, Before: p.session.Hash,
		Session: &models.Session{ID: models.NewID(), Hash: auth.Hash(testPepper, rand.Text()), ExpiresAt: time.Now().Add(time.Hour)}})
	require.NoError(a.t, err)
}

// A person sees and ends their own sessions, and no others'.
func TestOwnSessions(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	here, there, stranger := a.signIn("fox", nil), a.signIn("fox", nil), a.signIn("stranger", nil)
	list := decodeAs[openapi.SessionList](a.do("GET", "/v1/sessions", "", here.as()...).want(200))
	require.Len(t, list.Data, 2)
	require.Equal(t, there.session.ID, list.Data[0].ID)
	require.False(t, list.Data[0].Current)
	require.True(t, list.Data[1].Current)
	a.do("DELETE", "/v1/sessions/"+here.session.ID, "", stranger.as()...).problem(404, models.CodeNotFound)
	a.do("DELETE", "/v1/sessions/"+there.session.ID, "", here.as()...).want(204)
	a.do("DELETE", "/v1/sessions/"+there.session.ID, "", here.as()...).problem(404, models.CodeNotFound)
	a.do("GET", "/v1/sessions", "", here.as()...).want(200)
}

// A change of what a person may do replaces their cookie at the next request. The old one works for requests that are on their way, and not longer.
func TestCookieIsReplacedWithPower(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	account := a.newAccount()
	p := a.signIn("fox", map[string]models.MemberRole{account: models.MemberViewer})
	a.do("PATCH", "/v1/members/"+p.id, `{"role":"admin"}`, bearer(a.newKey(account, models.RoleOwner))).want(200)
	fresh := ""
	for i := range 2 {
		r := a.do("GET", "/v1/members", "", p.as()...).want(200)
		for _, c := range (&http.Response{Header: r.header}).Cookies() {
			require.Zero(t, i, "twice")
			require.Equal(t, "spark_user", c.Name)
			require.True(t, c.HttpOnly)
			require.Equal(t, http.SameSiteLaxMode, c.SameSite)
			fresh = c.Value
		}
	}
	require.NotEmpty(t, fresh)
	require.NotEqual(t, p.secret, fresh)
	again := p
	again.secret = fresh
	a.do("GET", "/v1/members", "", again.as()...).want(200)
	a.exec("UPDATE sessions SET previous_until = created_at WHERE id = ?", p.session.ID)
	eventually(t, func() bool { return a.do("GET", "/v1/members", "", p.as()...).status == 401 })
	a.do("GET", "/v1/members", "", again.as()...).want(200)
}

// Administrators of the platform see all users, and let them in no more, or again.
func TestUsersAreDisabled(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.signIn("fox", nil)
	admin := bearer(a.admin)
	users := decodeAs[openapi.UserList](a.do("GET", "/v1/admin/users", "", bearer(a.auditor)).want(200))
	require.Equal(t, p.id, users.Data[0].ID)
	require.Nil(t, users.Data[0].DisabledAt)
	require.NotNil(t, decodeAs[openapi.User](a.do("PATCH", "/v1/admin/users/"+p.id, `{"disabled":true}`, admin).want(200)).DisabledAt)
	_, err := a.store.People.SignIn(t.Context(), models.SignIn{Issuer: "https://login.example.com", Subject: "fox",
		Session: &models.Session{ID: models.NewID(), Hash: []byte("x"), ExpiresAt: time.Now().Add(time.Hour)}})
	require.Equal(t, models.CodeForbidden, models.CodeOf(err))
	require.Nil(t, decodeAs[openapi.User](a.do("PATCH", "/v1/admin/users/"+p.id, `{"disabled":false}`, admin).want(200)).DisabledAt)
	a.do("GET", "/v1/me", "", p.as()...).problem(401, models.CodeUnauthorized)
	a.do("GET", "/v1/me", "", a.signIn("fox", nil).as()...).want(200)
	for _, unknown := range []string{models.NewID(), "x"} {
		a.do("GET", "/v1/admin/users/"+unknown, "", admin).problem(404, models.CodeNotFound)
		a.do("PATCH", "/v1/admin/users/"+unknown, `{"disabled":true}`, admin).problem(404, models.CodeNotFound)
	}
}

// exec changes the database as nothing in the product does, such as the age of a row.
func (a *testAPI) exec(query string, args ...any) {
	a.t.Helper()
	db := a.openDatabase()
	_, err := db.ExecContext(a.t.Context(), query, args...)
	require.NoError(a.t, err, fmt.Sprint(args...))
}
