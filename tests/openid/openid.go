// Package openid runs a real OpenID provider, npm's oidc-provider, for the tests of signing in.
package openid

import (
	"bufio"
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spark-games/spark/tests/npm"
)

// ClientID and ClientSecret are the platform's at the provider.
const (
	ClientID     = "spark"
	ClientSecret = "the secret of the client"
)

//go:embed provider.mjs package.json package-lock.json
var files embed.FS

// Provider is a running provider.
type Provider struct {
	URL string
	t   testing.TB
}

// installed is a folder with the provider's program and its packages, which all tests of a process share.
var installed = sync.OnceValues(func() (dir string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return npm.Install(context.Background(), filepath.Join(cache, "spark-test-openid"), files)
})

// Start runs a provider for a platform at an address, whose provider has the name "sso", until the test ends.
func Start(t testing.TB, platform string) *Provider {
	t.Helper()
	dir, err := installed()
	if err != nil {
		t.Fatalf("install the OpenID provider: %v", err)
	}
	program, err := files.ReadFile("provider.mjs")
	if err != nil {
		t.Fatal(err)
	}
	setup, err := json.Marshal(map[string]any{"redirects": []string{platform + "/auth/callback/sso"}, "logout": platform + "/auth/backchannel-logout/sso"})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "--input-type=module", "-e", string(program), "provider", string(setup))
	cmd.Dir = dir
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the OpenID provider did not start: %v\n%s", err, complaints.String())
	}
	return &Provider{URL: strings.TrimSpace(line), t: t}
}

// Control changes how the provider behaves, as provider.mjs has it, and returns what it says to it.
func (p *Provider) Control(change map[string]any) string {
	p.t.Helper()
	body, err := json.Marshal(change)
	if err != nil {
		p.t.Fatal(err)
	}
	res, err := http.Post(p.URL+"/control", "application/json", bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		p.t.Fatalf("%d %s %v", res.StatusCode, raw, err)
	}
	return string(raw)
}

// Browser keeps cookies and follows redirects, as a browser does.
type Browser struct {
	*http.Client
	t testing.TB
}

// NewBrowser is a browser without cookies.
func NewBrowser(t testing.TB) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &Browser{&http.Client{Jar: jar, Timeout: time.Minute, Transport: http.DefaultTransport.(*http.Transport).Clone()}, t}
	t.Cleanup(b.CloseIdleConnections)
	return b
}

// Page is what a browser has loaded.
type Page struct {
	Status int
	URL    *url.URL
	Header http.Header
	Text   string
}

func (b *Browser) load(res *http.Response, err error) Page {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return Page{res.StatusCode, res.Request.URL, res.Header, string(raw)}
}

// Open loads an address and what it redirects to.
func (b *Browser) Open(address string) Page {
	b.t.Helper()
	return b.load(b.Get(address))
}

var action = regexp.MustCompile(`action="([^"]+)"`)

// Submit sends the form of a page.
func (b *Browser) Submit(p Page, fields url.Values) Page {
	b.t.Helper()
	found := action.FindStringSubmatch(p.Text)
	if found == nil {
		b.t.Fatalf("%s has no form:\n%s", p.URL, p.Text)
	}
	to, err := p.URL.Parse(found[1])
	if err != nil {
		b.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, to.String(), strings.NewReader(fields.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", p.URL.Scheme+"://"+p.URL.Host)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.load(b.Do(req))
}

// SignIn opens a page of the platform that leads to the provider, signs in there under a name, and returns the page at which that ends.
func (b *Browser) SignIn(address, name string) Page {
	b.t.Helper()
	p := b.Open(address)
	if !strings.Contains(p.Text, `name="login"`) {
		return p // nobody was asked
	}
	return b.Submit(p, url.Values{"prompt": {"login"}, "login": {name}, "password": {"x"}})
}

// SignInUntilCallback is SignIn, which stops before the browser comes back to the platform: at the address that it would go to.
func (b *Browser) SignInUntilCallback(address, name string) *url.URL {
	b.t.Helper()
	follow := b.CheckRedirect
	defer func() { b.CheckRedirect = follow }()
	b.CheckRedirect = func(req *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(req.URL.Path, "/auth/callback/") {
			return http.ErrUseLastResponse
		}
		return nil
	}
	p := b.SignIn(address, name)
	to, err := p.URL.Parse(p.Header.Get("Location"))
	if err != nil || !strings.HasPrefix(to.Path, "/auth/callback/") {
		b.t.Fatalf("%s (%d) does not lead back: %v\n%s", p.URL, p.Status, err, p.Text)
	}
	return to
}
