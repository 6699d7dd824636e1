package cli

import (
	"bytes"
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	apiclient "github.com/spark-games/spark/client"
	pages "github.com/spark-games/spark/internal/api/signin"
	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/identity/people"
	"github.com/spark-games/spark/internal/identity/signin"
	"github.com/spark-games/spark/models"
)

// platform is a server at which people sign in: the real pages under /auth over a real store, and GET /v1/account.
type platform struct {
	*httptest.Server
	db      *store.Store
	account string
	cookie  string // of somebody who is signed in
}

type noLimits struct{}

func (noLimits) Client(*http.Request) string                            { return "192.0.2.1" }
func (noLimits) Take(context.Context, string, int) (wait time.Duration) { return 0 }

func newPlatform(t *testing.T) *platform {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "spark.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	p := &platform{db: db, account: models.NewID(), cookie: rand.Text()}
	require.NoError(t, db.Accounts.CreateAccount(t.Context(), &models.Account{ID: p.account, Name: "Foxes"}))
	peppers := auth.NewPeppers([]byte("pepper"))
	_, err = db.People.SignIn(t.Context(), models.SignIn{Issuer: "https://login.example.com", Subject: "fox", Email: "fox@example.com",
		Granted: map[string]models.MemberRole{p.account: models.MemberEditor},
		Session: &models.Session{ID: models.NewID(), Hash: auth.Hash(peppers.Current(), p.cookie), ExpiresAt: time.Now().Add(time.Hour)}})
	require.NoError(t, err)
	p.Server = httptest.NewUnstartedServer(nil)
	base := &url.URL{Scheme: "http", Host: p.Listener.Addr().String()}
	party, err := signin.New([]signin.Issuer{{Name: "sso", URL: "http://127.0.0.1:1", ClientID: "spark"}}, base, peppers.Current(), db.People)
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle(pages.Paths, pages.New(pages.Options{Party: party,
		People:   &people.Service{Store: db.People, Idle: time.Hour, Base: base, Peppers: peppers, Keys: db.Accounts, DeviceInterval: time.Second},
		Sessions: auth.NewSessions(db.People, peppers, auth.Cookies{}, auth.SessionLimits{Idle: time.Hour, Life: time.Hour}, nil), CrossOrigin: http.NewCrossOriginProtection(),
		Base: base, Limits: noLimits{}, Log: zap.NewNop()}))
	mux.HandleFunc("GET /v1/account", func(w http.ResponseWriter, r *http.Request) {
		id, err := auth.NewAuthenticator(db.Accounts, peppers, nil).Authenticate(r.Context(), auth.FromRequest(r))
		if err != nil {
			problem(w, 401, models.CodeUnauthorized, "no", "")
			return
		}
		answer(w, 200, apiclient.AccountOverview{ID: id.AccountID, Name: "Foxes", Caller: &apiclient.Caller{KeyID: &id.KeyID, UserID: &id.UserID}})
	})
	p.Config.Handler = mux
	p.Start()
	t.Cleanup(p.Close)
	return p
}

// decide answers what a program has shown, in the place of a person's browser.
func (p *platform) decide(t *testing.T, address, what string) {
	at, err := url.Parse(address)
	if err != nil {
		t.Error(err)
		return
	}
	form := url.Values{"user_code": {at.Query().Get("user_code")}, "account": {p.account}, "answer": {what}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL+"/auth/device/answer", strings.NewReader(form.Encode()))
	if err != nil {
		t.Error(err)
		return
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Cookie", "spark_user="+p.cookie)
	res, err := p.Client().Do(req)
	if err != nil {
		t.Error(err)
		return
	}
	if res.StatusCode != http.StatusOK {
		t.Error(res.Status)
	}
	_ = res.Body.Close()
}

// Somebody signs in at two servers, works with both, and signs out again.
func TestLogin(t *testing.T) {
	t.Parallel()
	one, two := newPlatform(t), newPlatform(t)
	dir := t.TempDir()
	what := "approve"
	var environment map[string]string
	run := func(args ...string) (code int, out string) {
		var b bytes.Buffer
		root := New(Deps{Getenv: func(name string) string { return environment[name] }, ConfigDir: dir, Hostname: "laptop", Browse: func(address string) error {
			for _, p := range []*platform{one, two} {
				if strings.HasPrefix(address, p.URL) {
					p.decide(t, address, what)
				}
			}
			return nil
		}})
		root.SetOut(&b)
		root.SetErr(&b)
		err := execute(t.Context(), root, args)
		if err != nil {
			b.WriteString(describe(err))
		}
		return ExitCode(err), b.String()
	}
	environment = map[string]string{"SPARK_DATA_DIR": t.TempDir()}
	code, out := run("whoami")
	require.Equal(t, ExitUsage, code, out)
	require.Contains(t, out, "spark login")
	for _, p := range []*platform{one, two} {
		code, out = run("login", "--server", p.URL)
		require.Zero(t, code, out)
		require.Contains(t, out, "Signed in at "+p.URL+" as fox@example.com, in the account "+p.account)
	}
	file := filepath.Join(dir, "spark", "credentials.json")
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, 2, bytes.Count(raw, []byte(`"key": "spark_`)))

	_, out = run("whoami")
	require.Equal(t, "fox@example.com, in the account Foxes ("+two.account+") at "+two.URL+"\n", out, "the last")
	_, out = run("whoami", "--server", one.URL+"/")
	require.Contains(t, out, one.account)
	_, out = run("whoami", "--account", one.account)
	require.Contains(t, out, one.URL)
	code, out = run("whoami", "--server", one.URL, "--key", "spark_x")
	require.Equal(t, ExitFailed, code, "what is named counts")
	require.Contains(t, out, "does not accept")
	environment["SPARK_KEY"] = "spark_x"
	code, _ = run("whoami")
	require.Equal(t, ExitUsage, code, "a key that is named does not go to a server that is not")
	delete(environment, "SPARK_KEY")

	// Signing in again replaces the key, signing out ends it.
	before, err := one.db.Accounts.KeysOf(t.Context(), one.account, models.Page{Limit: 10})
	require.NoError(t, err)
	code, out = run("login", "--server", one.URL)
	require.Zero(t, code, out)
	after, err := one.db.Accounts.KeysOf(t.Context(), one.account, models.Page{Limit: 10})
	require.NoError(t, err)
	require.Len(t, after, 1)
	require.NotEqual(t, before[0].ID, after[0].ID)
	require.Equal(t, "spark on laptop", after[0].Name)
	code, out = run("logout")
	require.Zero(t, code, out)
	after, err = one.db.Accounts.KeysOf(t.Context(), one.account, models.Page{Limit: 10})
	require.NoError(t, err)
	require.Empty(t, after)
	_, out = run("whoami")
	require.Contains(t, out, two.URL)

	what = "deny"
	code, out = run("login")
	require.Equal(t, ExitFailed, code)
	require.Contains(t, out, "access was denied")
	_, out = run("whoami")
	require.Contains(t, out, two.URL, "nothing has changed")
	require.NoError(t, os.WriteFile(file, []byte("{"), 0o600))
	code, out = run("whoami")
	require.Equal(t, ExitFailed, code)
	require.Contains(t, out, "cannot be read")
}
