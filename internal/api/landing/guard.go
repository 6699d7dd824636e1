package landing

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// policy lets the page load its own files, speak to its own server and frame the server's games.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// cookie is the session's. It goes to the page's own paths only: neither the API nor a game ever sees it.
const cookie = "spark_session"

// guard sets what every answer has, and refuses names of other sites that were made to lead here.
func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if s.Loopback && !IsLoopback(r.Host) {
			s.refuse(w, models.NewError(models.CodeForbidden,
				"this platform listens for its own machine only: open it as localhost or 127.0.0.1"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// IsLoopback reports whether a host, with or without a port, names this machine.
func IsLoopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// fromPage lets requests pass that this server's own page makes. Cookies alone do not tell: for them, every port of this machine
// is the same site. A browser says where a request comes from, in Origin for all that change something and in Sec-Fetch-Site for
// the rest; what says nothing at all is no browser.
func (s *server) fromPage(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
		switch {
		case origin != "" && !sameHost(origin, r.Host),
			origin == "" && r.Method != http.MethodGet,
			site != "" && site != "same-origin":
			s.refuse(w, models.NewError(models.CodeForbidden, "only the platform's own page may ask this"))
		default:
			next(w, r)
		}
	})
}

func sameHost(origin, host string) bool {
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && strings.EqualFold(u.Host, host)
}

// signedIn lets requests with a session pass.
func (s *server) signedIn(next func(http.ResponseWriter, *http.Request, auth.Identity)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, err := s.identity(r)
		if err == nil {
			err = mayUse(id)
		}
		if err != nil {
			s.refuse(w, err)
			return
		}
		next(w, r, id)
	}
}

// errSignedOut is for a browser without a session, and for one whose key was revoked: a session ends with its key.
var errSignedOut = models.NewError(models.CodeUnauthorized, "this browser is not signed in")

// identity is who a request's session belongs to, with what its key allows now.
func (s *server) identity(r *http.Request) (auth.Identity, error) {
	c, err := r.Cookie(cookie)
	if err != nil || s.Sessions == nil {
		return auth.Identity{}, errSignedOut
	}
	id, ok := s.Sessions.Identity(c.Value)
	if !ok {
		return auth.Identity{}, errSignedOut
	}
	id, err = s.Holders.Holder(r.Context(), id.KeyID)
	if models.CodeOf(err) == models.CodeUnauthorized {
		err = errSignedOut
	}
	return id, err
}

// mayUse refuses keys that may not do by the API what the page does.
func mayUse(id auth.Identity) error {
	for _, scope := range []auth.Scope{auth.ScopeProjectsWrite, auth.ScopeJobsWrite, auth.ScopeJobsRead} {
		if !id.Has(scope) {
			return models.NewError(models.CodeForbidden, "this key may not make games")
		}
	}
	return nil
}

// errNoSignIn is for a platform of several processes, which would not know each other's sessions.
var errNoSignIn = models.NewError(models.CodeNotFound, "nobody signs in here: this platform is used with its API and a key")

// makeLink makes a link for who has a key.
func (s *server) makeLink(w http.ResponseWriter, r *http.Request) {
	id, err := s.Keys.Authenticate(r.Context(), auth.FromRequest(r))
	switch {
	case err != nil:
	case s.Sessions == nil:
		err = errNoSignIn
	default:
		err = mayUse(id)
	}
	if err != nil {
		s.refuse(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, map[string]any{"path": SignInPath(s.Sessions.Link(id)), "expires_in_seconds": int(linkFor.Seconds())})
}

// SignInPath is where a link's secret signs a browser in. The part after # never reaches a server by itself, nor its logs.
func SignInPath(secret string) string { return "/#sign-in=" + secret }

// signIn takes the secret of a link that was opened, and gives the browser a session.
func (s *server) signIn(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Link string `json:"link"`
	}
	if !s.read(w, r, &body) {
		return
	}
	if s.Sessions == nil {
		s.refuse(w, errNoSignIn)
		return
	}
	session, ok := s.Sessions.Redeem(body.Link)
	if !ok {
		s.refuse(w, models.NewError(models.CodeUnauthorized, "this link was used already, or is too old"))
		return
	}
	id, _ := s.Sessions.Identity(session)
	if _, err := s.Holders.Holder(r.Context(), id.KeyID); err != nil {
		s.Sessions.End(session)
		s.refuse(w, err)
		return
	}
	setCookie(w, r, session, int(sessionFor.Seconds()))
	w.WriteHeader(http.StatusNoContent)
}

func (s *server) signOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(cookie); err == nil && s.Sessions != nil {
		s.Sessions.End(c.Value)
	}
	setCookie(w, r, "", -1)
	w.WriteHeader(http.StatusNoContent)
}

func setCookie(w http.ResponseWriter, r *http.Request, value string, maxAge int) {
	//nolint:gosec // a platform on its own machine has no TLS
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: value, Path: Paths, MaxAge: maxAge, HttpOnly: true,
		SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil})
}

// maxBody bounds what the page sends.
const maxBody = 64 << 10

func (s *server) read(w http.ResponseWriter, r *http.Request, into any) bool {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		s.refuse(w, models.NewError(models.CodeInvalidRequest, "the body is JSON"))
		return false
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		s.refuse(w, models.NewError(models.CodeInvalidRequest, "the body cannot be read"))
	}
	return err == nil
}
