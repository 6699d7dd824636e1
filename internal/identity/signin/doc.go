// Package signin signs people in with OpenID Connect: the authorization code flow with PKCE (S256), a nonce and a state, of several providers.
//
// What a sign-in needs until the browser comes back is sealed in a cookie, so that a provider that is never come back from leaves nothing behind.
// The state binds the answer to the browser, and is spent once. Providers are discovered when they are first needed: one that is away stops
// nobody else's sign-in, and not the platform.
package signin

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// Spent remembers what may be presented once.
type Spent interface {
	// Spend notes a token by its hash until nobody accepts it any more. fresh is false if it was spent before.
	Spend(ctx context.Context, hash []byte, until time.Time) (fresh bool, err error)
}

// Issuer is a provider that people sign in with, as it is configured.
type Issuer struct {
	Name         string // in paths
	Title        string // for people
	URL          string
	ClientID     string
	ClientSecret models.Secret // none is a public client
	Scopes       []string      // besides openid
	GroupsClaim  string        // that lists the groups of a person
	Rules        []Rule
}

// Rule gives those of a domain, whose e-mail is verified, or of a group a role in an account.
type Rule struct {
	Domain, Group string // one of them
	AccountID     string
	Role          models.MemberRole
}

// Person is who has signed in, as the provider says.
type Person struct {
	Issuer, Subject, Email, Name string
	EmailVerified                bool
	SID                          string // the provider's id of its session; "" if it has none
	Granted                      map[string]models.MemberRole
}

// Party is this platform as the providers see it. It is safe for concurrent use.
type Party struct {
	// Now is the clock; change it before use.
	Now func() time.Time

	issuers []*provider
	base    *url.URL // of the platform
	seal    sealer
	spent   Spent
}

// validName is of an issuer.
var validName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$`)

// New makes a party at the address of the platform. The secret is one that all of its processes have. An error says what is misconfigured.
func New(issuers []Issuer, base *url.URL, secret []byte, spent Spent) (*Party, error) {
	p := &Party{Now: time.Now, base: base, seal: newSealer(secret), spent: spent}
	for _, i := range issuers {
		if err := i.check(); err != nil {
			return nil, fmt.Errorf("the sign-in provider %q: %w", i.Name, err)
		}
		if p.find(i.Name) != nil || slices.ContainsFunc(p.issuers, func(o *provider) bool { return o.URL == i.URL }) {
			return nil, fmt.Errorf("the sign-in provider %q is configured twice", i.Name)
		}
		p.issuers = append(p.issuers, newProvider(i, base.JoinPath("auth", "callback", i.Name).String()))
	}
	return p, nil
}

func (i Issuer) check() error {
	u, err := url.Parse(i.URL)
	switch {
	case !validName.MatchString(i.Name):
		return errors.New("its name is of small letters, digits and dashes")
	case err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http":
		return errors.New("its issuer is a URL such as https://login.example.com, as the provider writes it")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return errors.New("its issuer is an https:// URL, except on this machine")
	case i.ClientID == "":
		return errors.New("it has no client id")
	}
	for _, r := range i.Rules {
		switch {
		case (r.Domain == "") == (r.Group == ""):
			return errors.New("a rule is for a domain or for a group")
		case !r.Role.Valid() || r.Role == models.MemberOwner:
			return errors.New("a rule gives the role admin, editor or viewer: owners are made by hand")
		case !models.ValidID(r.AccountID):
			return fmt.Errorf("%q is not the id of an account", r.AccountID)
		case r.Domain != strings.ToLower(r.Domain) || strings.ContainsAny(r.Domain, "@ "):
			return fmt.Errorf("%q is not a domain such as example.com", r.Domain)
		}
	}
	return nil
}

// readsGroups reports whether groups decide anything.
func (i Issuer) readsGroups() bool {
	return slices.ContainsFunc(i.Rules, func(r Rule) bool { return r.Group != "" })
}

// Choice is a provider as people choose it.
type Choice struct{ Name, Title string }

// Choices lists the providers.
func (p *Party) Choices() []Choice {
	all := make([]Choice, len(p.issuers))
	for i, one := range p.issuers {
		all[i] = Choice{one.Name, one.Title}
		if one.Title == "" {
			all[i].Title = one.host()
		}
	}
	return all
}

// Accounts lists the accounts that rules name.
func (p *Party) Accounts() []string {
	var ids []string
	for _, one := range p.issuers {
		for _, r := range one.Rules {
			ids = append(ids, r.AccountID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (p *Party) find(name string) *provider {
	for _, one := range p.issuers {
		if one.Name == name {
			return one
		}
	}
	return nil
}

// errNoIssuer is for the name of a provider that is not configured.
var errNoIssuer = models.NewError(models.CodeNotFound, "there is no such sign-in provider")
