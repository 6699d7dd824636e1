package config

import (
	"fmt"
	"net"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// Issuer is an OpenID Connect provider that people sign in with.
type Issuer struct {
	Name         string            `set:"name" help:"what the paths of the sign-in call it"`
	Title        string            `set:"title" help:"what people call it; without it, the host of the issuer"`
	URL          string            `set:"issuer" help:"URL of the provider, exactly as it writes it"`
	ClientID     string            `set:"client_id" help:"what the provider knows the platform by"`
	ClientSecret models.Secret     `set:"client_secret" help:"the secret of a confidential client"`
	Scopes       []string          `set:"scopes" default:"profile,email" help:"what is asked for besides openid"`
	GroupsClaim  string            `set:"groups_claim" default:"groups" help:"the claim that lists somebody's groups"`
	Domains      map[string]string `set:"domains" help:"who has a verified e-mail of a domain gets a role: example.com=ACCOUNT:viewer"`
	Groups       map[string]string `set:"groups" help:"who is in a group gets a role: staff=ACCOUNT:admin"`
}

// Session limits how long people stay signed in.
type Session struct {
	Idle time.Duration `set:"idle" default:"24h" help:"how long somebody stays signed in without use"`
	Life time.Duration `set:"life" default:"168h" help:"how long somebody stays signed in at most"`
}

// Grant is the account and the role that a rule of an issuer gives, "ACCOUNT:viewer".
func Grant(text string) (accountID string, role models.MemberRole) {
	accountID, name, _ := strings.Cut(text, ":")
	return accountID, models.MemberRole(name)
}

// SignInURL is the address at which browsers sign in: the public one, or that of an API which listens for its own machine alone. nil is no such
// address.
func (c *Config) SignInURL() *url.URL {
	if u, err := c.Public(); u != nil || err != nil {
		return u
	}
	host, port, err := net.SplitHostPort(c.HTTP.Addr)
	if err != nil || port == "0" || !loopback(host) {
		return nil
	}
	return &url.URL{Scheme: c.Scheme(), Host: c.HTTP.Addr}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// leastIdle is more than the time of a session's last use may be late.
const leastIdle = 5 * time.Minute

func (c *Config) checkSignIn(bad func(setting, why string)) {
	if c.Session.Idle < leastIdle {
		bad("session.idle", "is 5m at least")
	}
	if c.Session.Life < c.Session.Idle {
		bad("session.life", "is less than session.idle")
	}
	for i, issuer := range c.Issuers {
		at := path{name: "oidc.issuers"}.item(i, reflect.ValueOf(issuer)).name
		if issuer.URL == "" {
			bad(at+".issuer", "is required")
		}
		if issuer.ClientID == "" {
			bad(at+".client_id", "is required")
		}
		for setting, rules := range map[string]map[string]string{".domains": issuer.Domains, ".groups": issuer.Groups} {
			for of, grant := range rules {
				account, role := Grant(grant)
				if !models.ValidID(account) || !role.Valid() || role == models.MemberOwner {
					bad(at+setting, fmt.Sprintf(`%q gets %q, and not ACCOUNT:role, where the role is admin, editor or viewer`, short(of), short(grant)))
				}
			}
		}
	}
	if len(c.Issuers) == 0 {
		return
	}
	switch u := c.SignInURL(); {
	case u == nil:
		bad("http.public_url", "is required when people sign in: the provider sends browsers back to it")
	case u.Scheme != "https" && !loopback(u.Hostname()):
		bad("http.public_url", "is an https:// address when people sign in, except on this machine")
	}
}
