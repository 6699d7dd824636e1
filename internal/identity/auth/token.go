package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// Token is what a browser token allows: for a short time, some of what its key may do, at one place of the key's account. Tokens are not
// stored. A token is
//
//	"sparkt_" base64url(JSON of the Token) "." base64url(HMAC-SHA256 of all before the dot)
//
// under a key that is derived from the platform's pepper. It ends at its time, and with the key that made it.
type Token struct {
	AccountID string        `json:"a"`
	KeyID     string        `json:"k"`
	Access    models.Access `json:"s"`
	Within    models.Place  `json:"w"`
	EndUser   string        `json:"u,omitempty"`
	Until     int64         `json:"x"` // Unix time in seconds
}

// accessScopes lists what each access of a token consists of. One that is not in the table allows nothing.
var accessScopes = map[models.Access][]Scope{
	models.AccessRead:     {ScopeProjectsRead, ScopeJobsRead, ScopeArtifactsRead},
	models.AccessPlay:     {ScopeArtifactsRead},
	models.AccessWebhooks: {ScopeWebhooksRead, ScopeWebhooksWrite},
	models.AccessEdit:     {ScopeProjectsRead, ScopeJobsRead, ScopeArtifactsRead, ScopeProjectsWrite, ScopeJobsWrite},
}

// AccessScopes are the scopes that an access consists of.
func AccessScopes(a models.Access) []Scope { return accessScopes[a] }

const tokenPrefix = "sparkt_"

// maxToken is longer than any token that Tokens makes.
const maxToken = 2048

// IsToken reports whether a credential has the form of a browser token instead of a key.
func IsToken(credential string) bool { return strings.HasPrefix(credential, tokenPrefix) }

// Tokens makes and checks browser tokens.
type Tokens struct {
	// Holders tells what the key may do that made a token.
	Holders interface {
		Holder(ctx context.Context, keyID string) (Identity, error)
	}
	// Accounts tells whether a key that acts for all accounts may still act for a token's.
	Accounts Accounts
	Peppers  *Peppers
}

// Make signs a token.
func (t *Tokens) Make(token Token) string {
	claims, err := json.Marshal(token)
	if err != nil {
		panic("auth: " + err.Error()) // there is nothing in a token that cannot be encoded
	}
	signed := tokenPrefix + base64.RawURLEncoding.EncodeToString(claims)
	return signed + "." + base64.RawURLEncoding.EncodeToString(sign(t.Peppers.Current(), signed))
}

func sign(pepper []byte, signed string) []byte {
	mac := hmac.New(sha256.New, Hash(pepper, "spark browser tokens 1"))
	mac.Write([]byte(signed))
	return mac.Sum(nil)
}

var (
	errBadToken  = models.NewError(models.CodeUnauthorized, "the token is not one of this platform")
	errOverToken = models.NewError(models.CodeUnauthorized, "the token has expired")
)

// Authenticate is who a token belongs to: its key, at the token's place and with what both may do. A token that is damaged or has expired, or
// whose key does not work any more, is CodeUnauthorized.
func (t *Tokens) Authenticate(ctx context.Context, text string) (Identity, error) {
	token, err := t.read(text)
	if err != nil {
		return Identity{}, err
	}
	until := time.Unix(token.Until, 0)
	if !time.Now().Before(until) {
		return Identity{}, errOverToken
	}
	id, err := t.Holders.Holder(ctx, token.KeyID)
	if err == nil {
		id, err = id.Act(ctx, t.Accounts, token.AccountID)
	}
	if err != nil {
		return Identity{}, err
	}
	if !id.Within.IsZero() && !id.Within.Holds(token.Within) { // its key was restricted since
		return Identity{}, errBadToken
	}
	var scopes []string
	for _, s := range AccessScopes(token.Access) {
		if id.Has(s) {
			scopes = append(scopes, string(s))
		}
	}
	if len(scopes) == 0 { // which would mean all
		return Identity{}, models.NewError(models.CodeForbidden, "the key that made the token may not do what the token is for")
	}
	id.Scopes, id.Within, id.EndUser, id.Token = strings.Join(scopes, " "), token.Within, token.EndUser, true
	if id.Until.IsZero() || id.Until.After(until) {
		id.Until = until
	}
	return id, nil
}

// signed reports whether a signature is one under any of the peppers.
func (t *Tokens) signed(signed string, mac []byte) bool {
	return slices.ContainsFunc(t.Peppers.All(), func(pepper []byte) bool { return hmac.Equal(mac, sign(pepper, signed)) })
}

func (t *Tokens) read(text string) (token Token, err error) {
	signed, mac, ok := strings.Cut(text, ".")
	given, err := base64.RawURLEncoding.Strict().DecodeString(mac)
	if !ok || err != nil || len(text) > maxToken || !IsToken(text) || !t.signed(signed, given) {
		return Token{}, errBadToken
	}
	claims, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(signed, tokenPrefix))
	if err == nil {
		err = json.Unmarshal(claims, &token)
	}
	if err != nil || token.Within.IsZero() || len(AccessScopes(token.Access)) == 0 {
		return Token{}, errBadToken
	}
	return token, nil
}
