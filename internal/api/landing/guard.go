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

// policy lets the page load its own files, connect to its own server and frame the server's games.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// cookie is the session's. It is sent only to the page's own paths: neither the API nor a game ever gets it.
const cookie = "spark_session"

// guard sets the headers of every response, and refuses foreign host names.
func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if s.Loopback && !IsLoopback(r.Host) && !s.isPublic(r.Host) {
			s.refuse(w, models.NewError(models.CodeForbidden, "this platform listens for its own machine only: open it as localhost or 127.0.0.1. "+
				"If it is meant to be reached by this name, through a proxy, set SPARK_PUBLIC_URL to the address that browsers use"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// IsLoopback reports whether a host, with or without a port, names this machine.
func IsLoopback(hostport string) bool {
	host := hostname(hostport)
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// hostname is a host without its port.
func hostname(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		return strings.Trim(hostport, "[]")
	}
	return host
}

// isPublic reports whether a host is that of the address that browsers are to use. Proxies may change its port.
func (s *server) isPublic(hostport string) bool {
	return s.PublicURL != nil && strings.EqualFold(hostname(hostport), s.PublicURL.Hostname())
}

// fromPage lets requests pass that come from this server's own page. Cookies are not enough: to them, every port of this machine
// is the same site. A browser says where a request comes from, in Origin for requests that change something and in
// Sec-Fetch-Site for the rest; a request without either is not from a browser.
func (s *server) fromPage(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
		switch {
		case origin != "" && !s.isOwn(origin, r.Host),
			origin == "" && r.Method != http.MethodGet,
			site != "" && site != "same-origin":
			s.refuse(w, models.NewError(models.CodeForbidden, "only the platform's own page may ask this"))
		default:
			next(w, r)
		}
	})
}

// isOwn reports whether an origin is this server's: at the host that was asked, or at the public address, which a proxy may not say.
func (s *server) isOwn(origin, host string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	return strings.EqualFold(u.Host, host) || s.fromPublic(u)
}

func (s *server) fromPublic(origin *url.URL) bool {
	return s.PublicURL != nil && origin.Scheme == s.PublicURL.Scheme && strings.EqualFold(origin.Host, s.PublicURL.Host)
}

// encrypted reports whether the page that asks was loaded by https, so that its cookie never needs to go without.
func (s *server) encrypted(r *http.Request) bool {
	origin, err := url.Parse(r.Header.Get("Origin"))
	return s.HTTPS(r) || err == nil && origin.Scheme == "https" && s.fromPublic(origin)
}

// signedIn lets requests with a session pass.
func (s *server) signedIn(next func(http.ResponseWriter, *http.Request, auth.Identity)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, err := s.identity(r)
		if err == nil {
			err = mayUse(id)
		}
		if err == nil {
			err = s.Limits.Take(r.Context(), id, cost(r))
		}
		if err != nil {
			s.refuse(w, s.counted(r, err))
			return
		}
		next(w, r.WithContext(models.ActBy(r.Context(), id.Actor())), id)
	}
}

// submission is what a request counts as that submits jobs, as in the API's document.
const submission = 5

// cost is what a request counts as under its caller's limits.
func cost(r *http.Request) int {
	if r.Method == http.MethodPost {
		return submission
	}
	return 1
}

// counted counts a request that was refused for its credential against its address: whoever guesses them is told to wait.
func (s *server) counted(r *http.Request, err error) error {
	if models.CodeOf(err) != models.CodeUnauthorized {
		return err
	}
	if tooMany := s.Limits.Refused(r); tooMany != nil {
		return tooMany
	}
	return err
}

// errSignedOut is for a browser without a session, and for one whose key was revoked: a session ends with its key.
var errSignedOut = models.NewError(models.CodeUnauthorized, "this browser is not signed in")

// identity is the identity of a request's session, with what its key allows now.
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

// mayUse refuses keys whose scopes do not allow what the page does.
func mayUse(id auth.Identity) error {
	if !id.Within.IsZero() {
		return models.NewError(models.CodeForbidden, "this key is for one project, and the page makes new ones")
	}
	for _, scope := range []auth.Scope{auth.ScopeProjectsWrite, auth.ScopeJobsWrite, auth.ScopeJobsRead} {
		if !id.Has(scope) {
			return models.NewError(models.CodeForbidden, "this key may not make games")
		}
	}
	return nil
}

// errNoSignIn is for a platform of several processes, which would not share sessions.
var errNoSignIn = models.NewError(models.CodeNotFound, "nobody signs in here: this platform is used with its API and a key")

// makeLink makes a link for the holder of a key.
func (s *server) makeLink(w http.ResponseWriter, r *http.Request) {
	id, err := s.Keys.Authenticate(r.Context(), auth.FromRequest(r))
	switch {
	case err != nil:
	case s.Sessions == nil:
		err = errNoSignIn
	default:
		if err = mayUse(id); err == nil {
			err = s.Limits.Take(r.Context(), id, 1)
		}
	}
	if err != nil {
		s.refuse(w, s.counted(r, err))
		return
	}
	writeJSON(w, http.StatusCreated, map[string]any{"path": SignInPath(s.Sessions.Link(id)), "expires_in_seconds": int(linkFor.Seconds())})
}

// SignInPath is the path of a link with its secret. The part after # is not sent to a server, so it appears in no log.
func SignInPath(secret string) string { return "/#sign-in=" + secret }

// signIn exchanges a link's secret for a session.
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
		s.refuse(w, s.counted(r, models.NewError(models.CodeUnauthorized, "this link was used already, or is too old")))
		return
	}
	id, _ := s.Sessions.Identity(session)
	if _, err := s.Holders.Holder(r.Context(), id.KeyID); err != nil {
		s.Sessions.End(session)
		s.refuse(w, err)
		return
	}
	s.setCookie(w, r, session, int(sessionFor.Seconds()))
	w.WriteHeader(http.StatusNoContent)
}

func (s *server) signOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(cookie); err == nil && s.Sessions != nil {
		s.Sessions.End(c.Value)
	}
	s.setCookie(w, r, "", -1)
	w.WriteHeader(http.StatusNoContent)
}

func (s *server) setCookie(w http.ResponseWriter, r *http.Request, value string, maxAge int) {
	//nolint:gosec // on its own machine, a platform may have no TLS
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: value, Path: Paths, MaxAge: maxAge, HttpOnly: true,
		SameSite: http.SameSiteStrictMode, Secure: s.encrypted(r)})
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
