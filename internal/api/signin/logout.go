package signin

import (
	"encoding/json"
	"net/http"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/identity/people"
	"github.com/spark-games/spark/models"
)

// askLogout asks a person whether to sign out: a link on another site does not.
func (a *Area) askLogout(w http.ResponseWriter, r *http.Request) {
	me, err := a.person(w, r)
	switch {
	case models.CodeOf(err) == models.CodeUnauthorized:
		a.show(w, http.StatusOK, "signedout.html", nil)
	case err != nil:
		a.fail(w, r, err)
	default:
		a.show(w, http.StatusOK, "logout.html", struct{ Who string }{nameOf(me)})
	}
}

// logout ends the session of this browser.
func (a *Area) logout(w http.ResponseWriter, r *http.Request) {
	session, err := a.Sessions.Authenticate(w, r)
	if err == nil {
		err = a.People.EndSession(by(r, session), session.UserID, session.ID)
	}
	if code := models.CodeOf(err); err != nil && code != models.CodeUnauthorized && code != models.CodeNotFound {
		a.fail(w, r, err)
		return
	}
	a.Sessions.Forget(r)
	w.Header().Del("Set-Cookie") // of a session that was just to be replaced
	a.Cookies.Clear(w)
	a.show(w, http.StatusOK, "signedout.html", nil)
}

// backChannel takes the logout tokens of providers (OpenID Connect Back-Channel Logout 1.0).
func (a *Area) backChannel(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil { // before its turn: a body may come slowly
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	select {
	case a.logouts <- struct{}{}:
		defer func() { <-a.logouts }()
	case <-r.Context().Done():
		return
	}
	token, err := a.Party.LoggedOut(r.Context(), r.PathValue("issuer"), r.PostFormValue("logout_token"))
	if err == nil {
		err = a.People.LoggedOut(r.Context(), token)
	}
	if err == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	e := models.AsError(err)
	a.Log.Warn("a logout by the provider was refused", zap.String("issuer", r.PathValue("issuer")), zap.Error(err))
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(statusOf(e.Code))
	_ = json.NewEncoder(w).Encode(map[string]string{"error": "invalid_request", "error_description": e.Message})
}

// nameOf is what a person is called.
func nameOf(me *people.Me) string {
	for _, name := range []string{me.User.Email, me.User.Name} {
		if name != "" {
			return name
		}
	}
	return me.User.ID
}
