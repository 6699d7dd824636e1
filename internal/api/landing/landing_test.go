package landing

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/identity/accounts"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/identity/keyring"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/internal/transport/bus"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) { testenv.RunWithoutLeaks(m) }

// site is the page over a real store, at a loopback address.
type site struct {
	t        *testing.T
	url, key string
	store    *store.Store
	sessions *Sessions
	id       auth.Identity
	database string
	hub      *bus.Hub
}

func newSite(t *testing.T, change ...func(*Options)) *site {
	t.Helper()
	dir := t.TempDir()
	db, err := store.Open(t.Context(), "sqlite://"+filepath.Join(dir, "spark.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	ring := &keyring.Keyring{Store: db.Accounts, PepperFile: filepath.Join(dir, "pepper"), KeyFile: filepath.Join(dir, "api-key")}
	pepper, _, err := ring.Open(t.Context())
	require.NoError(t, err)
	key, err := ring.Local(t.Context(), pepper)
	require.NoError(t, err)
	plain, err := keyring.ReadFile(ring.KeyFile)
	require.NoError(t, err)
	s := &site{t: t, database: filepath.Join(dir, "spark.db"), key: plain, store: db, hub: &bus.Hub{}, sessions: &Sessions{}, id: auth.Identity{AccountID: key.AccountID, KeyID: key.ID, Role: key.Role}}
	records := struct {
		*store.Jobs
		*store.Projects
		*store.Artifacts
		*store.Spending
	}{db.Jobs, db.Projects, db.Artifacts, db.Spending}
	engines := func(context.Context) []models.EngineStatus {
		return []models.EngineStatus{{Name: "phaser", Title: "Phaser", Default: true, Outputs: []string{"web"}, Available: true},
			{Name: "godot", Title: "Godot", Default: true, Outputs: []string{"linux"}}}
	}
	o := Options{
		Projects: &projects.Service{Store: db.Projects, Engines: engines}, Jobs: db.Jobs, Watcher: s.hub, Keys: auth.NewAuthenticator(db.Accounts, pepper, nil), Sessions: s.sessions,
		Holders: auth.NewHolders(db.Accounts, nil, 0), Limits: &limits{},
		Submitter: &jobs.Service{Intake: records, Accounts: accounts.NewDirectory(db.Accounts), Providers: func(string) bool { return true }, Ready: func() error { return nil },
			Changed: func([]string, []models.Queue) {}, CancelRunning: func(context.Context, string) {}},
		Engines: engines,
		Isolation: func() models.BuildIsolation {
			return models.BuildIsolation{Least: "confined", Notices: 1}
		},
		Log: zap.NewNop(), Version: "1.2.3", KeyFile: ring.KeyFile, Loopback: true, Stopping: t.Context().Done(),
		HTTPS: func(*http.Request) bool { return false },
	}
	for _, c := range change {
		c(&o)
	}
	srv := httptest.NewServer(New(o))
	t.Cleanup(srv.Close)
	s.url = srv.URL
	return s
}

// do sends a request as the page does, except for the given headers; "" omits one.
func (s *site) do(method, path, body string, headers ...string) answer {
	s.t.Helper()
	req, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	require.NoError(s.t, err)
	req.Header.Set("Origin", s.url)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Content-Type", "application/json")
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
		if value == "" {
			req.Header.Del(name)
		}
		if name == "Host" {
			req.Host = value
		}
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(s.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	return answer{res.StatusCode, res.Header, res.Cookies(), bytes.NewReader(raw)}
}

// answer is a response that was read to its end.
type answer struct {
	StatusCode int
	Header     http.Header
	Cookies    []*http.Cookie
	Body       io.Reader
}

func (s *site) signIn() (cookieHeader string) {
	s.t.Helper()
	res := s.do("POST", "/landing/session", `{"link":"`+s.sessions.Link(s.id)+`"}`)
	require.Equal(s.t, 204, res.StatusCode)
	return "Cookie: " + cookie + "=" + res.Cookies[0].Value
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	secret := s.sessions.Link(s.id)
	res := s.do("POST", "/landing/session", `{"link":"`+secret+`"}`)
	require.Equal(t, 204, res.StatusCode)
	c := res.Cookies[0]
	require.True(t, c.HttpOnly)
	require.Equal(t, http.SameSiteStrictMode, c.SameSite)
	require.Equal(t, "/landing/", c.Path, "neither the API nor a game gets it")
	require.NotContains(t, c.Value, secret)
	require.Equal(t, 401, s.do("POST", "/landing/session", `{"link":"`+secret+`"}`).StatusCode, "a link works once")

	withCookie := "Cookie: " + cookie + "=" + c.Value
	raw, err := io.ReadAll(s.do("GET", "/landing/status", "", withCookie).Body)
	require.NoError(t, err)
	require.Contains(t, string(raw), `"isolation":"confined"`, "what holds for every engine, though some are built in containers")
	require.NotContains(t, string(raw), "docker")
	require.Contains(t, string(raw), `"version":"1.2.3"`)
	require.NotContains(t, string(raw), s.key)

	require.Equal(t, 204, s.do("DELETE", "/landing/session", "", withCookie).StatusCode)
	raw, err = io.ReadAll(s.do("GET", "/landing/status", "", withCookie).Body)
	require.NoError(t, err)
	require.JSONEq(t, `{"signed_in": false, "may_sign_in": true}`, string(raw))
}

// Behind a proxy, the page is opened under the platform's public name, by https, and its cookie never goes without.
func TestPublicURL(t *testing.T) {
	t.Parallel()
	public := func(address string, https bool) func(*Options) {
		u, err := url.Parse(address)
		require.NoError(t, err)
		return func(o *Options) {
			o.HTTPS = func(*http.Request) bool { return https }
			if address != "" {
				o.PublicURL = u
			}
		}
	}
	const name = "games.example.com"
	for what, tt := range map[string]struct {
		site   func(*Options)
		host   string // that the proxy passes on; "" is that of this server
		origin string
		status int
		secure bool
	}{
		"not set":                   {public("", false), name, "https://" + name, 403, false},
		"the name, passed on":       {public("https://"+name, false), name, "https://" + name, 204, true},
		"the name, not passed on":   {public("https://"+name, false), "", "https://" + name, 204, true},
		"with a port":               {public("https://"+name+":8443", false), name + ":8443", "https://" + name + ":8443", 204, true},
		"another port, passed on":   {public("https://"+name, false), name + ":8443", "https://" + name + ":8443", 204, false},
		"without TLS":               {public("http://"+name, false), name, "http://" + name, 204, false},
		"without TLS in between":    {public("https://"+name, false), name, "http://" + name, 204, false},
		"a proxy that says https":   {public("http://"+name, true), name, "http://" + name, 204, true},
		"another name":              {public("https://"+name, true), "evil.example", "https://evil.example", 403, false},
		"another site":              {public("https://"+name, true), name, "https://evil.example", 403, false},
		"another site, as passed":   {public("https://"+name, true), "", "https://evil.example", 403, false},
		"a name below":              {public("https://"+name, false), "x." + name, "https://x." + name, 403, false},
		"on the machine itself":     {public("https://"+name, false), "", "", 204, false},
		"on the machine itself TLS": {public("", true), "", "", 204, true},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, tt.site)
			var headers []string
			if tt.host != "" {
				headers = append(headers, "Host: "+tt.host)
			}
			if tt.origin != "" {
				headers = append(headers, "Origin: "+tt.origin)
			}
			res := s.do("POST", "/landing/session", `{"link":"`+s.sessions.Link(s.id)+`"}`, headers...)
			require.Equal(t, tt.status, res.StatusCode)
			if tt.status == 204 {
				require.Equal(t, tt.secure, res.Cookies[0].Secure)
				res = s.do("DELETE", "/landing/session", "", append(headers, "Cookie: "+cookie+"="+res.Cookies[0].Value)...)
				require.Equal(t, tt.secure, res.Cookies[0].Secure)
			}
		})
	}
	refused, err := io.ReadAll(newSite(t).do("GET", "/", "", "Host: "+name).Body)
	require.NoError(t, err)
	require.Contains(t, string(refused), "SPARK_PUBLIC_URL", "what to do")
}

// A prompt that is refused leaves nothing behind, whatever refuses it.
func TestRefusedPromptLeavesNoProject(t *testing.T) {
	t.Parallel()
	down := models.NewError(models.CodeUnavailable, "redis is not available")
	for what, tt := range map[string]struct {
		body   string
		change func(*Options)
		status int
	}{
		"unknown engine": {`{"prompt":"a fox","engine":"none"}`, nil, 400},
		"empty":          {`{"prompt":" ","engine":"phaser"}`, nil, 400},
		"too long":       {`{"prompt":"` + strings.Repeat("x", 40_000) + `","engine":"phaser"}`, nil, 400},
		"not ready":      {`{"prompt":"a fox","engine":"phaser"}`, func(o *Options) { o.Submitter.(*jobs.Service).Ready = func() error { return down } }, 503},
		"not storable":   {`{"prompt":"a fox","engine":"phaser"}`, func(o *Options) { s := o.Submitter.(*jobs.Service); s.Intake = broken{s.Intake, down} }, 503},
		"nothing":        {`{"prompt":"a fox","engine":"phaser"}`, nil, 202},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, func(o *Options) {
				if tt.change != nil {
					tt.change(o)
				}
			})
			require.Equal(t, tt.status, s.do("POST", "/landing/games", tt.body, s.signIn()).StatusCode)
			left, err := s.store.Projects.ListProjects(t.Context(), s.id.AccountID, models.ProjectFilter{}, models.Page{Limit: 10})
			require.NoError(t, err)
			if tt.status != 202 {
				require.Empty(t, left)
				return
			}
			require.Len(t, left, 1)
			all, err := s.store.Jobs.ListJobs(t.Context(), s.id.AccountID, models.JobFilter{ProjectID: left[0].ID}, models.Page{Limit: 10})
			require.NoError(t, err)
			require.Len(t, all, 2)
		})
	}
}

// broken stores a submission whose last job belongs to nobody, which the database refuses.
type broken struct {
	jobs.Intake
	err error
}

func (b broken) Submit(ctx context.Context, sub jobs.Submission) error {
	nobody := *sub.Jobs[len(sub.Jobs)-1]
	nobody.AccountID = models.NewID()
	sub.Jobs[len(sub.Jobs)-1] = &nobody
	if b.Intake.Submit(ctx, sub) == nil {
		panic("the database takes a job of nobody")
	}
	return b.err
}

func TestLinksAreForKeys(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	require.Equal(t, 401, s.do("POST", "/landing/links", "").StatusCode)
	require.Equal(t, 401, s.do("POST", "/landing/links", "", s.signIn()).StatusCode, "a session makes no other")
	res := s.do("POST", "/landing/links", "", "Origin: ", "Sec-Fetch-Site: ", "Authorization: Bearer "+s.key)
	require.Equal(t, 201, res.StatusCode)
	var link struct{ Path string }
	require.NoError(t, json.NewDecoder(res.Body).Decode(&link))
	u, err := url.Parse(link.Path)
	require.NoError(t, err)
	require.Equal(t, "/", u.Path)
	secret := strings.TrimPrefix(u.Fragment, "sign-in=")
	require.Equal(t, 204, s.do("POST", "/landing/session", `{"link":"`+secret+`"}`).StatusCode)
}

// Requests from another site, another port of this machine, or a rebound host name are refused, even with a session.
func TestOnlyThePageAsks(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	session := s.signIn()
	host := strings.TrimPrefix(s.url, "http://")
	_, port, _ := strings.Cut(host, ":")
	game := `{"prompt":"a fox","engine":"phaser"}`
	for name, tt := range map[string]struct {
		method, path string
		headers      []string
		want         int
	}{
		"the page":                {"POST", "/landing/games", nil, 202},
		"by another name of it":   {"POST", "/landing/games", []string{"Host: localhost:" + port, "Origin: http://localhost:" + port}, 202},
		"another site":            {"POST", "/landing/games", []string{"Origin: https://evil.example"}, 403},
		"another port":            {"POST", "/landing/games", []string{"Origin: http://127.0.0.1:3000"}, 403},
		"a game":                  {"POST", "/landing/games", []string{"Origin: null"}, 403},
		"no origin":               {"POST", "/landing/games", []string{"Origin: "}, 403},
		"cross-site":              {"POST", "/landing/games", []string{"Sec-Fetch-Site: cross-site"}, 403},
		"same site, other port":   {"GET", "/landing/status", []string{"Origin: ", "Sec-Fetch-Site: same-site"}, 403},
		"a frame's status":        {"GET", "/landing/status", []string{"Origin: null", "Sec-Fetch-Site: cross-site"}, 403},
		"rebound name":            {"GET", "/", []string{"Host: evil.example"}, 403},
		"rebound name, its own":   {"POST", "/landing/games", []string{"Host: evil.example:" + port, "Origin: http://evil.example:" + port}, 403},
		"a name that looks alike": {"GET", "/", []string{"Host: localhost.evil.example"}, 403},
		"an address elsewhere":    {"GET", "/", []string{"Host: 192.0.2.1:" + port}, 403},
		"IPv6 loopback":           {"GET", "/", []string{"Host: [::1]:" + port}, 200},
		"a form":                  {"POST", "/landing/games", []string{"Content-Type: text/plain"}, 400},
		"no session":              {"POST", "/landing/games", []string{"Cookie: x=y"}, 401},
		"a made-up session":       {"POST", "/landing/games", []string{"Cookie: " + cookie + "=made-up"}, 401},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := game
			if tt.method == "GET" {
				body = ""
			}
			res := s.do(tt.method, tt.path, body, append([]string{session}, tt.headers...)...)
			require.Equal(t, tt.want, res.StatusCode)
			require.Empty(t, res.Header.Get("Access-Control-Allow-Origin"))
			require.Contains(t, res.Header.Get("Content-Security-Policy"), "default-src 'none'")
		})
	}
}

func TestGamesAreChecked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	session := s.signIn()
	for body, want := range map[string]int{
		`{"prompt":"","engine":"phaser"}`: 400, `{"prompt":"a fox","engine":"godot"}`: 400, `{"prompt":"a fox","engine":"none"}`: 400, `{`: 400, `[]`: 400,
		`{"prompt":"` + strings.Repeat("x", maxBody) + `","engine":"phaser"}`: 400,
	} {
		res := s.do("POST", "/landing/games", body, session)
		raw, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.Equal(t, want, res.StatusCode, body[:min(len(body), 60)])
		require.Contains(t, string(raw), `"detail":"`)
	}
}

// Only its own account can watch a game.
func TestWatch(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	session := s.signIn()
	res := s.do("POST", "/landing/games", `{"prompt":"  a fox  ","engine":"phaser"}`, session)
	require.Equal(t, 202, res.StatusCode)
	var made struct{ Events string }
	require.NoError(t, json.NewDecoder(res.Body).Decode(&made))
	stranger := &models.Account{ID: models.NewID(), Name: "stranger"}
	require.NoError(t, s.store.Accounts.CreateAccount(t.Context(), stranger))
	theirs := &models.APIKey{ID: models.NewID(), AccountID: stranger.ID, Role: models.RoleUser, Hash: []byte("theirs")}
	require.NoError(t, s.store.Accounts.CreateAPIKey(t.Context(), theirs))
	other := s.sessions.Link(auth.Identity{AccountID: stranger.ID, KeyID: theirs.ID, Role: theirs.Role})
	in := s.do("POST", "/landing/session", `{"link":"`+other+`"}`)
	require.Equal(t, 404, s.do("GET", made.Events, "", "Cookie: "+cookie+"="+in.Cookies[0].Value).StatusCode)
	require.Equal(t, 404, s.do("GET", "/landing/games/x/y", "", session).StatusCode)

	for id := range strings.SplitSeq(strings.TrimPrefix(made.Events, "/landing/games/"), "/") {
		_, _, err := s.store.Jobs.Cancel(t.Context(), s.id.AccountID, id, "test")
		require.NoError(t, err)
	}
	stream := s.do("GET", made.Events, "", session)
	require.Equal(t, 200, stream.StatusCode)
	require.Equal(t, "text/event-stream", stream.Header.Get("Content-Type"))
	raw, err := io.ReadAll(stream.Body)
	require.NoError(t, err)
	require.Contains(t, string(raw), "event: progress\ndata: {\"step\":\"generation\",\"state\":\"cancelled\"")
	require.Contains(t, string(raw), "event: failed\n")
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	s := &Sessions{now: func() time.Time { return now }}
	late := s.Link(auth.Identity{AccountID: "a"})
	now = now.Add(linkFor)
	_, ok := s.Redeem(late)
	require.False(t, ok, "too late")
	_, ok = s.Redeem("")
	require.False(t, ok)

	session, ok := s.Redeem(s.Link(auth.Identity{AccountID: "a"}))
	require.True(t, ok)
	id, ok := s.Identity(session)
	require.True(t, ok)
	require.Equal(t, "a", id.AccountID)
	now = now.Add(sessionFor)
	_, ok = s.Identity(session)
	require.False(t, ok)

	first := s.Link(auth.Identity{AccountID: "first"})
	for range mostLinks {
		now = now.Add(time.Second)
		s.Link(auth.Identity{})
	}
	require.Len(t, s.links, mostLinks)
	_, ok = s.Redeem(first)
	require.False(t, ok, "the oldest goes when there are too many")
}

// The page loads nothing from other sites, and has no script or style that its policy would block.
func TestPageIsSelfContained(t *testing.T) {
	t.Parallel()
	html, err := os.ReadFile("page/index.html")
	require.NoError(t, err)
	for _, m := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(string(html), -1) {
		if !strings.HasPrefix(m[0], `href="https://github.com/`) { // a link to read, not something that is loaded
			require.Regexp(t, `^[/#]`, m[1])
		}
	}
	require.NotRegexp(t, `<script(?:[^>]*)>[^<]`, string(html))
	require.NotRegexp(t, `\son[a-z]+=|\sstyle=|<style`, string(html))
	script, err := os.ReadFile("page/landing.js")
	require.NoError(t, err)
	require.NotRegexp(t, `innerHTML|outerHTML|insertAdjacent|document\.write|localStorage|sessionStorage|eval\(`, string(script))
}
