package app

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/spark-games/spark/internal/api/inbound"
	signinpages "github.com/spark-games/spark/internal/api/signin"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/identity/people"
	"github.com/spark-games/spark/internal/identity/rates"
	"github.com/spark-games/spark/internal/identity/signin"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/models"
)

// signIn is what a process needs for people who sign in. Without a provider it has no sessions and no pages.
type signIn struct {
	people      *people.Service
	sessions    *auth.Sessions
	crossOrigin *http.CrossOriginProtection
	pages       http.Handler
}

func (a *api) newSignIn(ctx context.Context, limits signinpages.Limits) (*signIn, error) {
	idle := a.cfg.Session.Idle
	s := &signIn{people: &people.Service{Erasure: a.store.Erasure, Store: a.store.People, Idle: idle, Peppers: a.peppers, Keys: a.store.Accounts},
		crossOrigin: http.NewCrossOriginProtection()}
	issuers := a.cfg.Issuers
	if len(issuers) == 0 {
		return s, nil
	}
	base := a.cfg.SignInURL()
	s.people.Base = base
	if err := s.crossOrigin.AddTrustedOrigin(base.String()); err != nil {
		return nil, fmt.Errorf("http.public_url: %w", err)
	}
	party, err := signin.New(parties(issuers), base, a.peppers.Current(), a.store.People)
	if err != nil {
		return nil, err
	}
	for _, id := range party.Accounts() {
		if _, err := a.store.Accounts.Account(ctx, id); models.CodeOf(err) == models.CodeNotFound {
			return nil, fmt.Errorf("a rule of a sign-in provider is for the account %s, which does not exist", id)
		} else if err != nil {
			return nil, err
		}
	}
	uses := &auth.Uses{Write: a.store.People.SessionsSeen, Every: usesEvery, Log: a.log.Named("sessions")}
	a.group.Go("uses of sessions", uses.Run)
	cookies := auth.Cookies{Secure: base.Scheme == "https"}
	s.sessions = auth.NewSessions(a.store.People, a.peppers, cookies, auth.SessionLimits{Idle: idle, Life: a.cfg.Session.Life}, uses)
	s.pages = signinpages.New(signinpages.Options{Party: party, People: s.people, Sessions: s.sessions, Cookies: cookies,
		CrossOrigin: s.crossOrigin, Base: base, Limits: limits, Log: a.log.Named("signin")})
	return s, nil
}

// pageLimits are how often the pages under /auth may be used.
type pageLimits struct {
	gate    *inbound.Gate
	limiter *rates.Limiter
}

// Client implements signinpages.Limits.
func (l pageLimits) Client(r *http.Request) string { return l.gate.Client(r) }

// Take implements signinpages.Limits.
func (l pageLimits) Take(ctx context.Context, who string, most int) time.Duration {
	taken := l.limiter.Take(ctx, 1, rates.Limit{Name: "address", Caller: who, Most: most})
	if taken.OK {
		return 0
	}
	return taken.Wait
}

// parties are the issuers as they are configured.
func parties(configured []config.Issuer) []signin.Issuer {
	all := make([]signin.Issuer, len(configured))
	for i, c := range configured {
		all[i] = signin.Issuer{Name: c.Name, Title: c.Title, URL: c.URL, ClientID: c.ClientID, ClientSecret: c.ClientSecret, Scopes: c.Scopes,
			GroupsClaim: c.GroupsClaim}
		for domain, grant := range c.Domains {
			account, role := config.Grant(grant)
			all[i].Rules = append(all[i].Rules, signin.Rule{Domain: domain, AccountID: account, Role: role})
		}
		for group, grant := range c.Groups {
			account, role := config.Grant(grant)
			all[i].Rules = append(all[i].Rules, signin.Rule{Group: group, AccountID: account, Role: role})
		}
	}
	return all
}
