package signin

import (
	"context"
	"net/http"
	"strings"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/identity/people"
	"github.com/spark-games/spark/internal/identity/signin"
	"github.com/spark-games/spark/models"
)

// login sends the browser to the provider, or lets a person choose one of several.
func (a *Area) login(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if !strings.EqualFold(r.Host, a.Base.Host) && !q.Has("here") { // cookies are a host's own: the sign-in has to begin where it ends
		q.Set("here", "") // once, for proxies that ask under a name of their own
		redirect(w, r, a.at(Paths+"login?"+q.Encode()))
		return
	}
	returnTo, choices := signin.LocalPath(q.Get("return_to")), a.Party.Choices()
	name := q.Get("issuer")
	if name == "" && len(choices) == 1 {
		name = choices[0].Name
	}
	if name == "" {
		a.show(w, http.StatusOK, "login.html", struct {
			Choices  []signin.Choice
			ReturnTo string
		}{choices, returnTo})
		return
	}
	location, sealed, err := a.Party.Begin(r.Context(), name, returnTo)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.setFlow(w, sealed, int(signin.FlowFor.Seconds()))
	redirect(w, r, location)
}

// callback is where the provider sends the browser back to. Whoever was signed in before is not any more, and the
// session is a new one.
func (a *Area) callback(w http.ResponseWriter, r *http.Request) {
	sealed := ""
	if c, err := r.Cookie(a.flowName()); err == nil {
		sealed = c.Value
	}
	a.setFlow(w, "", -1)
	who, returnTo, err := a.Party.Finish(r.Context(), r.PathValue("issuer"), sealed, r.URL.Query())
	if err != nil {
		a.fail(w, r, err)
		return
	}
	secret, session := a.Sessions.New(r)
	if _, err := a.People.SignIn(r.Context(), who, session, a.Sessions.Hash(r)); err != nil {
		a.fail(w, r, err)
		return
	}
	a.Sessions.Forget(r)
	a.Cookies.Set(w, secret, session.ExpiresAt)
	redirect(w, r, a.at(returnTo))
}

// redirect sends the browser to an address of the platform or of a provider.
func redirect(w http.ResponseWriter, r *http.Request, to string) {
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // the host is never what a request says
}

// at is the address of a path of this platform.
func (a *Area) at(path string) string { return strings.TrimSuffix(a.Base.String(), "/") + path }

// flowName is the name of the cookie in which the browser keeps a sign-in.
func (a *Area) flowName() string {
	if a.Cookies.Secure {
		return "__Host-spark_flow"
	}
	return "spark_flow"
}

func (a *Area) setFlow(w http.ResponseWriter, value string, maxAge int) {
	//nolint:gosec // on its own machine, a platform may have no TLS
	http.SetCookie(w, &http.Cookie{Name: a.flowName(), Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: a.Cookies.Secure,
		SameSite: http.SameSiteLaxMode})
}

// by is the context of a request in which the person of a session acts.
func by(r *http.Request, s *models.Session) context.Context {
	return models.ActBy(r.Context(), auth.Identity{UserID: s.UserID, SessionID: s.ID}.Actor())
}

// person is who is signed in, or CodeUnauthorized.
func (a *Area) person(w http.ResponseWriter, r *http.Request) (*people.Me, error) {
	session, err := a.Sessions.Authenticate(w, r)
	if err != nil {
		return nil, err
	}
	return a.People.Me(r.Context(), session.UserID)
}
