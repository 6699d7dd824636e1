package api

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/openapi"
	pages "github.com/spark-games/spark/internal/api/signin"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/identity/rates"
	"github.com/spark-games/spark/internal/identity/signin"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/openid"
)

// switchable is a handler that a test decides on when the server runs.
type switchable struct{ http.Handler }

// newSignIn makes the pages of an API whose provider is not known yet: withProvider names it.
func (a *testAPI) newSignIn(o Options) http.Handler {
	a.signInOptions = pages.Options{People: o.People, Sessions: o.Sessions, CrossOrigin: http.NewCrossOriginProtection(), Log: o.Log,
		Limits: ownLimits{&rates.Limiter{Shared: &rates.Own{}}}}
	a.signInPages = &switchable{http.NotFoundHandler()}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.signInPages.ServeHTTP(w, r) })
}

// ownLimits are those of one process.
type ownLimits struct{ *rates.Limiter }

func (l ownLimits) Client(r *http.Request) string {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	return host
}

func (l ownLimits) Take(ctx context.Context, who string, most int) time.Duration {
	return l.Limiter.Take(ctx, 1, rates.Limit{Name: "address", Caller: who, Most: most}).Wait
}

// withProvider starts a provider and has people sign in with it.
func (a *testAPI) withProvider(rules ...signin.Rule) *openid.Provider {
	a.t.Helper()
	p := openid.Start(a.t, a.url)
	a.party(p.URL, rules...)
	return p
}

func (a *testAPI) party(issuer string, rules ...signin.Rule) *signin.Party {
	a.t.Helper()
	base, err := url.Parse(a.url)
	require.NoError(a.t, err)
	party, err := signin.New([]signin.Issuer{{Name: "sso", URL: issuer, ClientID: openid.ClientID, ClientSecret: models.NewSecret(openid.ClientSecret), Rules: rules}},
		base, testPepper, a.store.People)
	require.NoError(a.t, err)
	o := a.signInOptions
	o.Party, o.Base = party, base
	a.signInPages.Handler = pages.New(o)
	return party
}

// me is the user of a browser.
func (a *testAPI) me(b *openid.Browser) openapi.Me {
	a.t.Helper()
	return decodeAs[openapi.Me](a.do("GET", "/v1/me", "", a.cookiesOf(b)...).want(200))
}

// cookiesOf are the headers of a request from a browser's page.
func (a *testAPI) cookiesOf(b *openid.Browser) []string {
	a.t.Helper()
	u, err := url.Parse(a.url)
	require.NoError(a.t, err)
	var cookies []string
	for _, c := range b.Jar.Cookies(u) {
		cookies = append(cookies, c.String())
	}
	return []string{"Authorization: ", "X-API-Key: ", "Sec-Fetch-Site: same-origin", "Cookie: " + strings.Join(cookies, "; ")}
}

// Somebody signs in with a real provider, and has the roles that the rules give to their domain and groups. Signing in again takes away what the
// rules do not give any more, and makes a new session.
func TestSignIn(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	one, two := a.newAccount(), a.newAccount()
	p := a.withProvider(signin.Rule{Domain: "example.com", AccountID: one, Role: models.MemberViewer},
		signin.Rule{Group: "people", AccountID: one, Role: models.MemberEditor}, signin.Rule{Group: "staff", AccountID: two, Role: models.MemberAdmin},
		signin.Rule{Domain: "example.org", AccountID: two, Role: models.MemberViewer})
	b := openid.NewBrowser(t)
	page := b.SignIn(a.url+"/auth/login?return_to=/v1/me", "staff@example.com")
	require.Equal(t, "/v1/me", page.URL.Path)
	require.Equal(t, 200, page.Status, page.Text)
	me := a.me(b)
	require.Equal(t, "staff@example.com", me.User.Email)
	require.True(t, me.User.EmailVerified)
	require.Equal(t, "staff", me.User.Name)
	roles := make(map[string]models.MemberRole)
	for _, m := range me.Accounts {
		roles[m.ID] = m.Role
	}
	require.Equal(t, map[string]models.MemberRole{one: models.MemberEditor, two: models.MemberAdmin}, roles)

	a.party(p.URL, signin.Rule{Domain: "example.com", AccountID: one, Role: models.MemberViewer})
	b.SignIn(a.url+"/auth/login", "staff@example.com")
	again := a.me(b)
	require.Equal(t, me.User.ID, again.User.ID)
	require.NotEqual(t, me.SessionID, again.SessionID)
	require.Len(t, again.Accounts, 1)
	require.Equal(t, models.MemberViewer, again.Accounts[0].Role)
	require.Len(t, decodeAs[openapi.SessionList](a.do("GET", "/v1/sessions", "", a.cookiesOf(b)...).want(200)).Data, 1, "the session before has ended")

	// Signing out asks first, and a link does not do it.
	ask := b.Open(a.url + "/auth/logout")
	require.Contains(t, ask.Text, "staff@example.com")
	require.Equal(t, "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'", ask.Header.Get("Content-Security-Policy"))
	before := a.cookiesOf(b)
	require.Contains(t, b.Submit(ask, nil).Text, "Signed out")
	a.do("GET", "/v1/me", "", a.cookiesOf(b)...).problem(401, models.CodeUnauthorized)
	a.do("GET", "/v1/me", "", before...).problem(401, models.CodeUnauthorized)
	for _, entry := range a.logs.All() {
		for name, value := range entry.ContextMap() {
			text, _ := value.(string)
			require.NotContains(t, text, "code=", name)
			require.NotContains(t, text, openid.ClientSecret, name)
		}
	}
}

// An e-mail that the provider has not verified gives nothing.
func TestUnverifiedEmail(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	a.withProvider(signin.Rule{Domain: "example.com", AccountID: a.newAccount(), Role: models.MemberViewer})
	b := openid.NewBrowser(t)
	b.SignIn(a.url+"/auth/login", "unverified@example.com")
	me := a.me(b)
	require.False(t, me.User.EmailVerified)
	require.Empty(t, me.Accounts)
}

// The state is of one browser, and works once. A session that was there before the sign-in is not the one after it.
func TestStateIsOfOneBrowserOnce(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	a.withProvider()
	victim, attacker := openid.NewBrowser(t), openid.NewBrowser(t)
	planted := a.signIn("attacker", nil)
	u, err := url.Parse(a.url)
	require.NoError(t, err)
	victim.Jar.SetCookies(u, []*http.Cookie{{Name: "spark_user", Value: planted.secret, Path: "/"}})

	victim.SignInUntilCallback(a.url+"/auth/login", "victim@example.com") // and stays at the provider
	theirs := attacker.SignInUntilCallback(a.url+"/auth/login", "attacker@example.com")
	foreign := victim.Open(theirs.String()) // the attacker sends the victim a link
	require.Equal(t, 401, foreign.Status, foreign.Text)
	require.Equal(t, planted.id, a.me(victim).User.ID)

	mine := victim.SignInUntilCallback(a.url+"/auth/login?return_to=/v1/me", "victim@example.com")
	flow := victim.Jar.Cookies(u)
	require.Equal(t, 200, victim.Open(mine.String()).Status)
	require.Equal(t, "victim@example.com", a.me(victim).User.Email)
	a.do("GET", "/v1/me", "", planted.as()...).problem(401, models.CodeUnauthorized)

	thief := openid.NewBrowser(t)
	thief.Jar.SetCookies(u, flow)
	replayed := thief.Open(mine.String())
	require.Equal(t, 401, replayed.Status, replayed.Text)
	a.do("GET", "/v1/me", "", a.cookiesOf(thief)...).problem(401, models.CodeUnauthorized)
	for _, q := range []string{"", "?code=x", "?code=x&state=", "?error=access_denied&state=x"} {
		require.Equal(t, 401, openid.NewBrowser(t).Open(a.url+"/auth/callback/sso"+q).Status)
	}
	require.Equal(t, 404, openid.NewBrowser(t).Open(a.url+"/auth/callback/other").Status)
}

// A token for another party, or for another sign-in, is refused.
func TestForeignTokens(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.withProvider()
	for fault, change := range map[string]map[string]any{"audience": {"audience": true}, "nonce": {"nonce": true, "audience": false}} {
		p.Control(change)
		b := openid.NewBrowser(t)
		page := b.SignIn(a.url+"/auth/login", "fox@example.com")
		require.Equal(t, 401, page.Status, fault)
		a.do("GET", "/v1/me", "", a.cookiesOf(b)...).problem(401, models.CodeUnauthorized)
	}
	p.Control(map[string]any{"audience": false, "nonce": false})
	require.Equal(t, 200, openid.NewBrowser(t).SignIn(a.url+"/auth/login?return_to=/v1/me", "fox@example.com").Status)
}

// The provider's keys change, its clock is wrong by a minute, and people sign in all the same. With one that is wrong by half an hour they do not.
func TestProviderChanges(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.withProvider()
	status := func() int {
		return openid.NewBrowser(t).SignIn(a.url+"/auth/login?return_to=/v1/me", "fox@example.com").Status
	}
	require.Equal(t, 200, status())
	p.Control(map[string]any{"rotate": true})
	require.Equal(t, 200, status())
	for skew, want := range map[int]int{60: 200, -60: 200, 1800: 401, -1800: 401} {
		p.Control(map[string]any{"skew": skew})
		require.Equal(t, want, status(), "a clock that is wrong by %d s", skew)
	}
}

// A provider that is away, or says nothing, is no harm to others, and is asked again when it is back.
func TestProviderIsAway(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.withProvider()
	p.Control(map[string]any{"away": true})
	page := openid.NewBrowser(t).Open(a.url + "/auth/login")
	require.Equal(t, 503, page.Status)
	require.NotEmpty(t, page.Header.Get("Retry-After"))
	a.do("GET", "/v1/jobs", "").want(200)
	p.Control(map[string]any{"away": false})
	eventually(t, func() bool { return openid.NewBrowser(t).Open(a.url+"/auth/login").Status == 200 })

	// Away in the middle: what was begun is lost, and beginning again works.
	b := openid.NewBrowser(t)
	back := b.SignInUntilCallback(a.url+"/auth/login", "fox@example.com")
	p.Control(map[string]any{"away": true})
	require.Equal(t, 503, b.Open(back.String()).Status)
	p.Control(map[string]any{"away": false})
	require.Equal(t, 200, b.SignIn(a.url+"/auth/login?return_to=/v1/me", "fox@example.com").Status)

	p.Control(map[string]any{"hang": true})
	a.party(p.URL)
	began := time.Now()
	require.Equal(t, 503, openid.NewBrowser(t).Open(a.url+"/auth/login").Status)
	require.Less(t, time.Since(began), 30*time.Second)
}

// After a sign-in the browser goes to a path of the platform, whatever a link says.
func TestNoOpenRedirect(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	a.withProvider()
	b := openid.NewBrowser(t)
	b.SignIn(a.url+"/auth/login", "fox@example.com")
	for _, to := range []string{"https://evil.example", "//evil.example", `/\evil.example`, `\\evil.example`, "/\t/evil.example", "javascript:alert(1)",
		"evil.example", "http:evil.example", "/%09/evil.example", "https:/evil.example", "///evil.example", "/\n//evil.example", "@evil.example", ".evil.example", "?x"} {
		page := b.SignIn(a.url+"/auth/login?return_to="+url.QueryEscape(to), "fox@example.com")
		require.True(t, strings.HasPrefix(page.URL.String(), a.url+"/"), "%q leads to %s", to, page.URL)
	}
	require.Equal(t, "/v1/jobs", b.SignIn(a.url+"/auth/login?return_to="+url.QueryEscape("/v1/jobs?limit=5"), "x").URL.Path)
	// Under another name of the machine, it begins where it ends.
	other := strings.Replace(a.url, "127.0.0.1", "localhost", 1)
	require.True(t, strings.HasPrefix(openid.NewBrowser(t).SignIn(other+"/auth/login", "fox@example.com").URL.String(), a.url+"/"))
}

// The provider ends sessions, with tokens that are its own, of the right form, for this platform, and new.
func TestBackChannelLogout(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.withProvider()
	post := func(token string) int {
		res, err := http.PostForm(a.url+"/auth/backchannel-logout/sso", url.Values{"logout_token": {token}})
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, "no-store", res.Header.Get("Cache-Control"))
		return res.StatusCode
	}
	token := func(change map[string]any) string { return p.Control(map[string]any{"token": change}) }
	fox, owl := openid.NewBrowser(t), openid.NewBrowser(t)
	fox.SignIn(a.url+"/auth/login", "fox@example.com")
	owl.SignIn(a.url+"/auth/login", "owl@example.com")
	in := func(b *openid.Browser) bool { return a.do("GET", "/v1/me", "", a.cookiesOf(b)...).status == 200 }
	const fox1 = "fox@example.com"
	for name, bad := range map[string]string{
		"none": "", "no token": "x.y.z",
		"for another":     token(map[string]any{"sub": fox1, "client": "other"}),
		"with a nonce":    token(map[string]any{"sub": fox1, "claims": map[string]any{"nonce": "x"}}),
		"without events":  token(map[string]any{"sub": fox1, "claims": map[string]any{"events": nil}}),
		"another event":   token(map[string]any{"sub": fox1, "claims": map[string]any{"events": map[string]any{"x": map[string]any{}}}}),
		"no object":       token(map[string]any{"sub": fox1, "claims": map[string]any{"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": "x"}}}),
		"without an id":   token(map[string]any{"sub": fox1, "claims": map[string]any{"jti": nil}}),
		"tampered with":   token(map[string]any{"sub": fox1}) + "x",
		"without a proof": "eyJhbGciOiJub25lIn0." + strings.Split(token(map[string]any{"sub": fox1}), ".")[1] + ".",
	} {
		require.Equal(t, 400, post(bad), name)
	}
	require.True(t, in(fox))
	good := token(map[string]any{"sub": fox1})
	require.Equal(t, 200, post(good))
	eventually(t, func() bool { return !in(fox) })
	require.True(t, in(owl))
	fox.SignIn(a.url+"/auth/login", fox1)
	require.Equal(t, 400, post(good), "it was presented before")
	require.True(t, in(fox))
	// By the provider's own session, and not by another one.
	sid := a.sidOf(a.me(fox).SessionID)
	require.NotEmpty(t, sid)
	require.Equal(t, 200, post(token(map[string]any{"sub": "owl@example.com", "sid": sid})))
	require.Equal(t, 200, post(token(map[string]any{"sub": fox1, "sid": "another"})))
	require.True(t, in(fox))
	require.True(t, in(owl))
	require.Equal(t, 200, post(token(map[string]any{"sub": fox1, "sid": sid})))
	eventually(t, func() bool { return !in(fox) })
}

func (a *testAPI) sidOf(session string) (sid string) {
	a.t.Helper()
	require.NoError(a.t, a.openDatabase().QueryRowContext(a.t.Context(), "SELECT sid FROM sessions WHERE id = ?", session).Scan(&sid))
	return sid
}

// Behind TLS, the cookies have the prefix with which browsers keep them to this host.
func TestCookiesBehindTLS(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := openid.Start(t, a.url)
	base, err := url.Parse("https://spark.example.com")
	require.NoError(t, err)
	party, err := signin.New([]signin.Issuer{{Name: "sso", URL: p.URL, ClientID: openid.ClientID}}, base, testPepper, a.store.People)
	require.NoError(t, err)
	o := a.signInOptions
	o.Party, o.Base, o.Cookies = party, base, auth.Cookies{Secure: true}
	o.Sessions = auth.NewSessions(a.store.People, testPeppers, o.Cookies, auth.SessionLimits{Idle: time.Hour, Life: time.Hour}, nil)
	o.Log = zap.NewNop()
	a.signInPages.Handler = pages.New(o)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.url+"/auth/login?here", nil)
	require.NoError(t, err)
	res, err := a.client.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	to, err := res.Location()
	require.NoError(t, err)
	require.Equal(t, "https://spark.example.com/auth/callback/sso", to.Query().Get("redirect_uri"))
	require.Equal(t, "S256", to.Query().Get("code_challenge_method"))
	require.NotEmpty(t, to.Query().Get("nonce"))
	for _, c := range res.Cookies() {
		require.True(t, strings.HasPrefix(c.Name, "__Host-"))
		require.True(t, c.Secure && c.HttpOnly && c.Path == "/" && c.Domain == "" && c.SameSite == http.SameSiteLaxMode, c.String())
		require.NotContains(t, c.Value, to.Query().Get("state"))
	}
	require.Len(t, res.Cookies(), 1)
}
