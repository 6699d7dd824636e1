package signin

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/spark-games/spark/models"
)

const (
	// answerWithin limits one request to a provider, and answerBytes its answer.
	answerWithin = 10 * time.Second
	answerBytes  = 1 << 20
	// retryAfter is how long a provider is left alone that could not be discovered.
	retryAfter = 5 * time.Second
)

// provider is an issuer and, once it has answered, where its endpoints are and how it signs.
type provider struct {
	Issuer
	redirect string
	client   *http.Client

	turn sync.Mutex // of who asks the provider
	mu   sync.Mutex
	// found is what the provider says of itself; until it has, failed is why not.
	found    *endpoints
	failed   error
	failedAt time.Time
}

func newProvider(i Issuer, redirect string) *provider {
	if i.Scopes == nil {
		i.Scopes = []string{"profile", "email"}
	}
	if i.GroupsClaim == "" {
		i.GroupsClaim = "groups"
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	return &provider{Issuer: i, redirect: redirect, client: &http.Client{Timeout: answerWithin, Transport: bounded{transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}} // a secret goes where it is meant for
}

func (p *provider) host() string {
	u, err := url.Parse(p.URL)
	if err != nil {
		return p.Name
	}
	return u.Host
}

// discover is what the provider says of itself, asked for once.
func (p *provider) discover(ctx context.Context) (*endpoints, error) {
	if found, err := p.known(); found != nil || err != nil {
		return found, err
	}
	p.turn.Lock()
	defer p.turn.Unlock()
	if found, err := p.known(); found != nil || err != nil { // from who had the turn before
		return found, err
	}
	// Whoever has the turn asks for all who wait, and does not take the answer along when they go.
	found, err := p.ask(p.with(context.WithoutCancel(ctx)))
	if err != nil {
		err = p.away(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.found, p.failed, p.failedAt = found, err, time.Now()
	return found, err
}

// known is what discover has learned.
func (p *provider) known() (*endpoints, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failed != nil && time.Since(p.failedAt) > retryAfter {
		return nil, nil //nolint:nilnil // nothing is known
	}
	return p.found, p.failed
}

// endpoints are where a provider is asked, and how it signs.
type endpoints struct {
	*oidc.Provider
	keys oidc.KeySet
	algs []string
}

// signatures are those that only the provider can make.
var signatures = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA}

func (p *provider) ask(ctx context.Context) (*endpoints, error) {
	found, err := oidc.NewProvider(ctx, p.URL)
	if err != nil {
		return nil, err
	}
	var said struct {
		Keys string   `json:"jwks_uri"`
		Algs []string `json:"id_token_signing_alg_values_supported"`
	}
	if err := found.Claims(&said); err != nil {
		return nil, err
	}
	algs := slices.DeleteFunc(said.Algs, func(alg string) bool { return !slices.Contains(signatures, alg) })
	return &endpoints{found, oidc.NewRemoteKeySet(ctx, said.Keys), algs}, nil
}

// with is a context with the client for the requests to the provider.
func (p *provider) with(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.client)
}

func (p *provider) oauth(found *endpoints) *oauth2.Config {
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: p.ClientSecret.Reveal(), Endpoint: found.Endpoint(), RedirectURL: p.redirect,
		Scopes: append([]string{oidc.ScopeOpenID}, p.Scopes...)}
}

// away is for a provider that does not answer, or not as it should.
func (p *provider) away(err error) error {
	return models.WrapError(models.CodeUnavailable, "the sign-in provider "+p.host()+" does not answer as it should; try again soon", err)
}

// bounded limits the size of answers.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(req)
	if err == nil {
		res.Body = &limitedBody{res.Body, answerBytes}
	}
	return res, err
}

type limitedBody struct {
	io.ReadCloser
	left int64
}

func (l *limitedBody) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, fmt.Errorf("the answer has more than %d bytes", answerBytes)
	}
	n, err := l.ReadCloser.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
