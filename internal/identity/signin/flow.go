package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/spark-games/spark/models"
)

const (
	// FlowFor is how long a person may take at the provider.
	FlowFor = 10 * time.Minute
	// skew is how much the clocks of a provider and of this platform may differ.
	skew = 2 * time.Minute
)

// Begin starts a sign-in with a provider: the browser goes to the location, and keeps the flow until it comes back. Afterwards it goes on to
// returnTo, which is a path of this platform.
func (p *Party) Begin(ctx context.Context, name, returnTo string) (location, sealed string, err error) {
	i := p.find(name)
	if i == nil {
		return "", "", errNoIssuer
	}
	found, err := i.discover(ctx)
	if err != nil {
		return "", "", err
	}
	f := flow{Issuer: i.Name, State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), ReturnTo: LocalPath(returnTo),
		Until: p.Now().Add(FlowFor)}
	if sealed, err = p.seal.seal(f); err != nil {
		return "", "", err
	}
	return i.oauth(found).AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), sealed, nil
}

// Finish ends a sign-in with what the provider has sent the browser back with, and the flow that the browser kept.
func (p *Party) Finish(ctx context.Context, name, sealed string, answer url.Values) (who *Person, returnTo string, err error) {
	i := p.find(name)
	if i == nil {
		return nil, "", errNoIssuer
	}
	f, err := p.seal.open(sealed)
	switch {
	case err != nil, f.Issuer != i.Name, subtle.ConstantTimeCompare([]byte(f.State), []byte(answer.Get("state"))) != 1:
		return nil, "", errStrayed
	case !p.Now().Before(f.Until):
		return nil, "", models.NewError(models.CodeUnauthorized, "the sign-in took too long; begin again")
	case answer.Has("iss") && answer.Get("iss") != i.URL: // RFC 9207
		return nil, "", errStrayed
	}
	fresh, err := p.spent.Spend(ctx, digest("state", f.State), f.Until.Add(skew))
	switch {
	case err != nil:
		return nil, "", err
	case !fresh:
		return nil, "", errStrayed
	case answer.Get("error") == "access_denied":
		return nil, "", models.NewError(models.CodeForbidden, "the sign-in was cancelled, or refused, at "+i.host())
	case answer.Has("error"):
		return nil, "", models.WrapError(models.CodeForbidden, "the sign-in was refused at "+i.host(), errors.New(answer.Get("error")))
	case answer.Get("code") == "":
		return nil, "", errStrayed
	}
	who, err = p.exchange(ctx, i, f, answer.Get("code"))
	return who, f.ReturnTo, err
}

// errStrayed is for an answer that does not belong to what this browser has begun, whatever is wrong with it.
var errStrayed = models.NewError(models.CodeUnauthorized,
	"this answer does not belong to a sign-in that this browser has begun, or was used already; begin again")

// exchange turns the code into the person whom the provider means.
func (p *Party) exchange(ctx context.Context, i *provider, f flow, code string) (*Person, error) {
	found, err := i.discover(ctx)
	if err != nil {
		return nil, err
	}
	ctx = i.with(ctx)
	config := i.oauth(found)
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.Response.StatusCode < 500 {
			return nil, models.WrapError(models.CodeUnauthorized, i.host()+" did not accept the sign-in; begin again", err)
		}
		return nil, i.away(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return nil, i.away(errors.New("the token's answer has no id_token"))
	}
	said, err := p.verify(ctx, i, found, raw, f.Nonce)
	if err != nil {
		return nil, err
	}
	if said.Email == "" || said.groups == nil && i.readsGroups() {
		info, err := i.userInfo(ctx, found, config.TokenSource(ctx, token), said.Subject)
		if err != nil {
			return nil, err
		}
		said.add(info)
	}
	return &Person{Issuer: i.URL, Subject: said.Subject, Email: said.Email, EmailVerified: said.verified(), Name: said.Name, SID: said.SID,
		Granted: i.granted(said)}, nil
}

// LocalPath is a path of this platform's own to go to, with its query; "/" instead of anything else, such as another site's address.
func LocalPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") ||
		strings.ContainsFunc(to, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return "/"
	}
	return to
}

func digest(kind, token string) []byte {
	sum := sha256.Sum256([]byte(kind + "\x00" + token))
	return sum[:]
}
