package signin

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/spark-games/spark/models"
)

// claims are what a provider says about a person.
type claims struct {
	Subject           string    `json:"sub"`
	Email             string    `json:"email"`
	EmailVerified     looseBool `json:"email_verified"`
	Name              string    `json:"name"`
	PreferredUsername string    `json:"preferred_username"`
	SID               string    `json:"sid"`
	Authorized        string    `json:"azp"`
	groups            []string  // nil if it does not say
}

// looseBool is true also as the text "true", which some providers send.
type looseBool bool

// UnmarshalJSON implements json.Unmarshaler.
func (b *looseBool) UnmarshalJSON(raw []byte) error {
	*b = string(raw) == "true" || string(raw) == `"true"`
	return nil
}

// verify checks an ID token (OpenID Connect Core 1.0, section 3.1.3.7) and reads it.
func (p *Party) verify(ctx context.Context, i *provider, found *endpoints, raw, nonce string) (*claims, error) {
	keys := &keys{KeySet: found.keys}
	token, err := p.verifier(i, found, keys).Verify(ctx, raw)
	switch {
	case keys.away != nil:
		return nil, i.away(err)
	case err != nil:
		return nil, i.refused(err)
	}
	said, err := i.read(token.Claims)
	switch {
	case err != nil:
	case token.Nonce != nonce:
		err = errors.New("the nonce is another one")
	case said.Authorized != "" && said.Authorized != i.ClientID, said.Authorized == "" && len(token.Audience) > 1:
		err = errors.New("it was issued to another party")
	case token.IssuedAt.After(p.Now().Add(skew)):
		err = errors.New("it was issued in the future")
	case said.Subject == "" || len(said.Subject) > 255:
		err = errors.New("it names nobody")
	}
	if err != nil {
		return nil, i.refused(err)
	}
	return said, nil
}

// verifier accepts tokens for a little longer than they say, because clocks differ.
func (p *Party) verifier(i *provider, found *endpoints, keys *keys) *oidc.IDTokenVerifier {
	return oidc.NewVerifier(i.URL, keys, &oidc.Config{ClientID: i.ClientID, SupportedSigningAlgs: found.algs,
		Now: func() time.Time { return p.Now().Add(-skew) }})
}

// keys notes when a token could not be checked because the provider's keys could not be read.
type keys struct {
	oidc.KeySet
	away error
}

// VerifySignature implements oidc.KeySet.
func (k *keys) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := k.KeySet.VerifySignature(ctx, jwt)
	if _, ok := errors.AsType[*url.Error](err); ok {
		k.away = err
	}
	return payload, err
}

// refused is for a token that does not pass. What is wrong with it is for the log, and not for whoever brings it.
func (p *provider) refused(err error) error {
	return models.WrapError(models.CodeUnauthorized, "what "+p.host()+" says about you cannot be trusted; ask whoever runs this platform", err)
}

// read reads claims, and the groups in the claim that is configured.
func (p *provider) read(from func(v any) error) (*claims, error) {
	var said claims
	var all map[string]json.RawMessage
	if err := errors.Join(from(&said), from(&all)); err != nil {
		return nil, err
	}
	if raw, ok := all[p.GroupsClaim]; ok {
		var one string
		if json.Unmarshal(raw, &said.groups) != nil && json.Unmarshal(raw, &one) == nil {
			said.groups = []string{one}
		}
	}
	if said.Name == "" {
		said.Name = said.PreferredUsername
	}
	said.Email, said.Name = atMost(said.Email), atMost(said.Name)
	return &said, nil
}

// atMost cuts a text that nobody means.
func atMost(s string) string { return strings.ToValidUTF8(s[:min(len(s), 320)], "") }

// userInfo asks a provider that does not put all into its tokens. Without an endpoint for it, there is nothing to add.
func (p *provider) userInfo(ctx context.Context, found *endpoints, tokens oauth2.TokenSource, subject string) (*claims, error) {
	if found.UserInfoEndpoint() == "" {
		return &claims{}, nil
	}
	info, err := found.UserInfo(ctx, tokens)
	if err != nil {
		return nil, p.away(err)
	}
	said, err := p.read(info.Claims)
	if err == nil && said.Subject != subject { // OpenID Connect Core 1.0, section 5.3.2
		err = errors.New("the user info is somebody else's")
	}
	if err != nil {
		return nil, p.refused(err)
	}
	return said, nil
}

// add takes over what is not known yet. An e-mail and whether it is verified go together.
func (c *claims) add(more *claims) {
	if c.Email == "" {
		c.Email, c.EmailVerified = more.Email, more.EmailVerified
	}
	if c.Name == "" {
		c.Name = more.Name
	}
	if c.groups == nil {
		c.groups = more.groups
	}
}

func (c *claims) verified() bool { return bool(c.EmailVerified) && c.Email != "" }

// granted are the roles that the rules give, the highest in each account.
func (p *provider) granted(said *claims) map[string]models.MemberRole {
	domain := ""
	if at := strings.LastIndexByte(said.Email, '@'); at >= 0 && said.verified() {
		domain = strings.ToLower(said.Email[at+1:])
	}
	roles := make(map[string]models.MemberRole)
	for _, r := range p.Rules {
		applies := r.Domain != "" && r.Domain == domain || r.Group != "" && slices.Contains(said.groups, r.Group)
		if applies && r.Role.Above(roles[r.AccountID]) {
			roles[r.AccountID] = r.Role
		}
	}
	return roles
}
