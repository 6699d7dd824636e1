package signin

import (
	"net/http"

	"github.com/spark-games/spark/internal/identity/people"
	"github.com/spark-games/spark/models"
)

// invitationPolicy lets the page's script read the token, which browsers do not send.
const invitationPolicy = policy + "; script-src 'self'"

// invitation shows whom an invitation makes a member, or where to sign in before.
func (a *Area) invitation(w http.ResponseWriter, r *http.Request) {
	me, err := a.person(w, r)
	who := ""
	switch {
	case err == nil:
		who = nameOf(me)
	case models.CodeOf(err) != models.CodeUnauthorized:
		a.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Security-Policy", invitationPolicy)
	a.show(w, http.StatusOK, "invitation.html", struct{ Who, SignIn string }{who, Paths + "login?return_to=" + people.InvitationPath})
}

// accept makes who is signed in a member.
func (a *Area) accept(w http.ResponseWriter, r *http.Request) {
	session, err := a.Sessions.Authenticate(w, r)
	var made *models.Membership
	if err == nil {
		made, err = a.People.Accept(by(r, session), session.UserID, r.PostFormValue("token"))
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.Sessions.Forget(r)
	a.show(w, http.StatusOK, "accepted.html", made)
}

// script is what reads the token of an invitation's link.
func script(w http.ResponseWriter, _ *http.Request) {
	data, err := files.ReadFile("page/invitation.js")
	if err != nil {
		panic("signin: " + err.Error()) // it is part of the program
	}
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	_, _ = w.Write(data)
}
