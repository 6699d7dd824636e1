// Package signin is the pages under /auth: signing in with a provider, and out, accepting an invitation, and deciding about a program that asks for
// a key. They are small HTML, made from templates; the API knows who is signed in by the cookie that they set.
package signin

import (
	"context"
	"embed"
	"html/template"
	"net/http"
	"net/url"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/identity/people"
	"github.com/spark-games/spark/internal/identity/signin"
	"github.com/spark-games/spark/models"
)

// People keeps who has signed in.
type People interface {
	SignIn(ctx context.Context, who *signin.Person, session *models.Session, before []byte) (*models.User, error)
	EndSession(ctx context.Context, userID, id string) error
	LoggedOut(ctx context.Context, l *signin.Logout) error
	Me(ctx context.Context, id string) (*people.Me, error)
	Accept(ctx context.Context, userID, token string) (*models.Membership, error)
	Devices
}

// Options configure the pages. All are required.
type Options struct {
	Party       *signin.Party
	People      People
	Sessions    *auth.Sessions
	Cookies     auth.Cookies
	CrossOrigin *http.CrossOriginProtection
	// Base is the platform's address, as the providers know it.
	Base *url.URL
	// Limits keep people and programs from guessing codes.
	Limits Limits
	Log    *zap.Logger
}

// Area answers for the pages.
type Area struct {
	Options
	logouts chan struct{} // takes turns: their tokens come from anybody
}

// Paths begins every path of the pages.
const Paths = "/auth/"

//go:embed page
var files embed.FS

var pages = template.Must(template.ParseFS(files, "page/*.html"))

// mostLogouts is how many logout tokens are checked at a time: a bad one may cost a request to the provider.
const mostLogouts = 4

// New makes the handler of everything under Paths.
func New(o Options) http.Handler {
	a := &Area{Options: o, logouts: make(chan struct{}, mostLogouts)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Paths+"login", a.login)
	mux.HandleFunc("GET "+Paths+"callback/{issuer}", a.callback)
	mux.HandleFunc("GET "+Paths+"logout", a.askLogout)
	mux.Handle("POST "+Paths+"logout", a.ownOrigin(a.logout))
	mux.HandleFunc("GET "+people.InvitationPath, a.invitation)
	mux.HandleFunc("GET "+people.InvitationPath+".js", script)
	mux.Handle("POST "+people.InvitationPath, a.ownOrigin(a.accept))
	mux.HandleFunc("GET "+people.DevicePath, a.askDevice)
	mux.HandleFunc("POST "+people.DevicePath, a.startDevice)
	mux.HandleFunc("POST "+people.DevicePath+"/token", a.takeDevice)
	mux.Handle("POST "+people.DevicePath+"/answer", a.ownOrigin(a.answerDevice))
	mux.HandleFunc("POST "+Paths+"revoke", a.revoke)
	mux.HandleFunc("POST "+Paths+"backchannel-logout/{issuer}", a.backChannel)
	mux.HandleFunc(Paths, func(w http.ResponseWriter, r *http.Request) {
		a.fail(w, r, models.NewError(models.CodeNotFound, "there is nothing at this path"))
	})
	return headers(mux)
}

// policy lets a page load the style of the landing page and send its forms here.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		r.Body = http.MaxBytesReader(w, r.Body, mostOfForm)
		next.ServeHTTP(w, r)
	})
}

const mostOfForm = 64 << 10

// ownOrigin lets forms pass that come from the platform's own pages.
func (a *Area) ownOrigin(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := a.CrossOrigin.Check(r); err != nil {
			a.fail(w, r, models.WrapError(models.CodeForbidden, "only the platform's own pages may ask this", err))
			return
		}
		next(w, r)
	})
}
