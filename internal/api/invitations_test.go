package api

import (
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/openid"
)

// invite makes an invitation and returns it with the token of its link.
func (a *testAPI) invite(body string, by ...string) (openapi.InvitationWithLink, string) {
	a.t.Helper()
	i := decodeAs[openapi.InvitationWithLink](a.do("POST", "/v1/invitations", body, by...).want(201))
	_, token, ok := strings.Cut(i.Link, "#")
	require.True(a.t, ok)
	return i, token
}

func (a *testAPI) accept(p person, token string) answer {
	a.t.Helper()
	return a.do("POST", "/v1/me/invitations", `{"token":"`+token+`"}`, p.as()...)
}

// A key of an account makes its first owner, who invites others; each invitation works once, and nobody invites to more than they may do.
func TestInvitations(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	account := a.newAccount()
	key := bearer(a.newKey(account, models.RoleOwner))
	first, token := a.invite(`{"role":"owner"}`, key)
	require.True(t, strings.HasPrefix(first.Link, a.url+"/auth/invitation#"))
	fox, owl := a.signIn("fox", nil), a.signIn("owl", nil)
	mine := decodeAs[openapi.MyAccount](a.accept(fox, token).want(200))
	require.Equal(t, account, mine.ID)
	require.Equal(t, models.MemberOwner, mine.Role)
	a.accept(owl, token).problem(404, models.CodeNotFound)
	a.accept(owl, "x").problem(404, models.CodeNotFound)
	eventually(t, func() bool { return a.do("GET", "/v1/members", "", fox.as()...).status == 200 })

	invited, token := a.invite(`{"role":"admin","expires_in":3600}`, fox.as()...)
	stored := a.do("GET", "/v1/invitations/"+invited.ID, "", fox.as()...).want(200)
	require.NotContains(t, string(stored.body), token)
	require.Len(t, decodeAs[openapi.InvitationList](a.do("GET", "/v1/invitations", "", fox.as()...).want(200)).Data, 1)
	a.accept(owl, token).want(200)
	eventually(t, func() bool { return a.do("GET", "/v1/members", "", owl.as()...).status == 200 })
	a.do("POST", "/v1/invitations", `{"role":"owner"}`, owl.as()...).problem(403, models.CodeForbidden)
	_, again := a.invite(`{"role":"viewer"}`, fox.as()...)
	a.accept(owl, again).problem(409, models.CodeConflict)
	a.accept(a.signIn("cat", nil), again).want(200)

	owners, token := a.invite(`{"role":"owner"}`, fox.as()...)
	a.do("DELETE", "/v1/invitations/"+owners.ID, "", owl.as()...).problem(403, models.CodeForbidden)
	stranger := a.signIn("stranger", map[string]models.MemberRole{a.newAccount(): models.MemberOwner})
	a.do("DELETE", "/v1/invitations/"+owners.ID, "", stranger.as()...).problem(404, models.CodeNotFound)
	a.do("GET", "/v1/invitations/"+owners.ID, "", stranger.as()...).problem(404, models.CodeNotFound)
	a.do("DELETE", "/v1/invitations/"+owners.ID, "", fox.as()...).want(204)
	a.accept(stranger, token).problem(404, models.CodeNotFound)
	_, old := a.invite(`{"role":"viewer"}`, fox.as()...)
	a.exec("UPDATE invitations SET expires_at = created_at")
	a.accept(stranger, old).problem(404, models.CodeNotFound)
	for body, at := range map[string]string{`{"role":"king"}`: "/role", `{}`: "/role", `{"role":"viewer","email":"x y@z"}`: "/email",
		`{"role":"viewer","email":"Fox <fox@example.com>"}`: "/email", `{"role":"viewer","expires_in":1}`: "/expires_in"} {
		p := a.do("POST", "/v1/invitations", body, fox.as()...).problem(400, models.CodeInvalidRequest)
		require.Equal(t, at, (*p.Errors)[0].Pointer, body)
	}
}

// An invitation for an e-mail is for whom a provider has verified it, and stays there for them.
func TestInvitationOfAnEmail(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	account := a.newAccount()
	_, token := a.invite(`{"role":"viewer","email":"Fox@example.com"}`, bearer(a.newKey(account, models.RoleOwner)))
	a.accept(a.signIn("owl", nil), token).problem(403, models.CodeForbidden)
	fox := a.signIn("fox", nil)
	a.exec("UPDATE users SET email_verified = false WHERE id = ?", fox.id)
	a.accept(fox, token).problem(403, models.CodeForbidden)
	a.exec("UPDATE users SET email_verified = true WHERE id = ?", fox.id)
	a.accept(fox, token).want(200)
}

// Of many who accept an invitation at once, one becomes a member.
func TestInvitationIsAcceptedOnce(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	account := a.newAccount()
	owner := bearer(a.newKey(account, models.RoleOwner))
	_, token := a.invite(`{"role":"viewer"}`, owner)
	var all []person
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		all = append(all, a.signIn(name, nil))
	}
	var in atomic.Int32
	var wg sync.WaitGroup
	for _, p := range all {
		wg.Go(func() {
			if a.accept(p, token).status == 200 {
				in.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, in.Load())
	require.Len(t, decodeAs[openapi.MemberList](a.do("GET", "/v1/members", "", owner).want(200)).Data, 1)
}

// Somebody with a link signs in and accepts it at the page.
func TestInvitationPage(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	a.withProvider()
	account := a.newAccount()
	i, token := a.invite(`{"role":"editor"}`, bearer(a.newKey(account, models.RoleOwner)))
	b := openid.NewBrowser(t)
	page := b.Open(i.Link)
	require.Contains(t, page.Text, "/auth/login?return_to=/auth/invitation")
	require.Contains(t, page.Header.Get("Content-Security-Policy"), "script-src 'self'")
	require.Contains(t, b.Open(a.url+"/auth/invitation.js").Text, "sessionStorage")
	page = b.SignIn(a.url+"/auth/login?return_to=/auth/invitation", "fox@example.com")
	require.Contains(t, page.Text, "fox@example.com")
	require.Equal(t, 404, b.Submit(page, url.Values{"token": {"x"}}).Status)
	done := b.Submit(page, url.Values{"token": {token}})
	require.Contains(t, done.Text, "Welcome", done.Text)
	require.Equal(t, account, a.me(b).Accounts[0].ID)
	for _, entry := range a.logs.All() {
		for _, value := range entry.ContextMap() {
			text, _ := value.(string)
			require.NotContains(t, text, token)
		}
	}
}
