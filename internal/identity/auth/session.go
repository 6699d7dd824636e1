package auth

import (
	"context"
	"crypto/rand"
	"net/http"
	"time"

	"github.com/spark-games/spark/internal/identity/recent"
	"github.com/spark-games/spark/models"
)

// SessionStore keeps the sessions of people who are signed in. Those that have ended are CodeNotFound.
type SessionStore interface {
	// SessionByHash finds a session by the hash of its cookie, with its user's memberships, unless it was not used for the idle time.
	SessionByHash(ctx context.Context, hash []byte, idle time.Duration) (*models.Session, error)
	// RotateSession gives a session another cookie, if it is marked for it and has the old one.
	RotateSession(ctx context.Context, id string, old, fresh []byte) (rotated bool, err error)
}

// SessionLimits are how long a session may be unused, and how long it lasts at most.
type SessionLimits struct{ Idle, Life time.Duration }

// Sessions authenticates browsers by the cookie of a session. It is safe for concurrent use.
type Sessions struct {
	store   SessionStore
	peppers *Peppers
	cookies Cookies
	limits  SessionLimits
	cache   *recent.Cache[[32]byte, *models.Session]
	uses    *Uses
}

// NewSessions makes the sessions whose cookies were hashed with one of the peppers. Which are used is noted in uses, which may be nil. Like an
// Authenticator, it notices within a second that one has ended.
func NewSessions(store SessionStore, peppers *Peppers, cookies Cookies, limits SessionLimits, uses *Uses) *Sessions {
	return &Sessions{store: store, peppers: peppers, cookies: cookies, limits: limits,
		cache: recent.New[[32]byte, *models.Session](cacheKeys, cacheFor), uses: uses}
}

// errSignedOut is for every cookie that is no session's, whatever is wrong with it.
var errSignedOut = models.NewError(models.CodeUnauthorized, "this browser is not signed in, or not any more")

// Presented reports whether a request has the cookie of a session, and no key, beside which a cookie does not count.
func (s *Sessions) Presented(r *http.Request) bool {
	return s != nil && !PresentsKey(r) && s.cookies.Value(r) != ""
}

// Authenticate is the session of a request's cookie. A cookie that is to be replaced is, in the answer. Without one, or with one of a session that
// has ended, it is CodeUnauthorized; any other error means that the cookie could not be checked.
func (s *Sessions) Authenticate(w http.ResponseWriter, r *http.Request) (*models.Session, error) {
	secret := s.cookies.Value(r)
	if secret == "" {
		return nil, errSignedOut
	}
	err := error(errSignedOut)
	for _, pepper := range s.peppers.All() {
		var found *models.Session
		if found, err = s.under(w, r, Hash(pepper, secret)); models.CodeOf(err) != models.CodeUnauthorized {
			return found, err
		}
	}
	return nil, err
}

// under is the session of a cookie with a hash.
func (s *Sessions) under(w http.ResponseWriter, r *http.Request, hash []byte) (*models.Session, error) {
	if found, ok := s.cache.Get([32]byte(hash)); ok {
		return found, nil
	}
	found, err := s.store.SessionByHash(r.Context(), hash, s.limits.Idle)
	if models.CodeOf(err) == models.CodeNotFound {
		err = errSignedOut
	}
	if err != nil {
		return nil, err
	}
	if found.Rotate {
		fresh := rand.Text()
		rotated, err := s.store.RotateSession(r.Context(), found.ID, hash, Hash(s.peppers.Current(), fresh))
		if err != nil {
			return nil, err
		}
		if rotated {
			s.cookies.Set(w, fresh, found.ExpiresAt)
		}
	}
	s.cache.Put([32]byte(hash), found)
	s.uses.note(found.ID)
	return found, nil
}

// Hash is the stored form of a request's cookie under the current pepper, or nil if it has none.
func (s *Sessions) Hash(r *http.Request) []byte {
	if secret := s.cookies.Value(r); secret != "" {
		return Hash(s.peppers.Current(), secret)
	}
	return nil
}

// New makes a session without an owner, and the text of its cookie.
func (s *Sessions) New(r *http.Request) (secret string, session *models.Session) {
	const mostOfName = 300
	secret = rand.Text()
	browser := r.UserAgent()
	return secret, &models.Session{ID: models.NewID(), Hash: Hash(s.peppers.Current(), secret), Browser: browser[:min(len(browser), mostOfName)],
		ExpiresAt: time.Now().Add(s.limits.Life)}
}

// Forget ends the use of a request's cookie in this process at once.
func (s *Sessions) Forget(r *http.Request) {
	for _, pepper := range s.peppers.All() {
		s.cache.Forget([32]byte(Hash(pepper, s.cookies.Value(r))))
	}
}

// Cookies are the cookies of sessions.
type Cookies struct {
	// Secure tells that browsers reach the platform by https. It is false only on its own machine, where there may be no TLS.
	Secure bool
}

// name has the prefix with which browsers refuse the cookie from other hosts and without TLS, where there is TLS.
func (c Cookies) name() string {
	if c.Secure {
		return "__Host-spark_user"
	}
	return "spark_user"
}

// Value is the request's cookie, or "".
func (c Cookies) Value(r *http.Request) string {
	one, err := r.Cookie(c.name())
	if err != nil {
		return ""
	}
	return one.Value
}

// Set sends a cookie that lives as long as its session.
func (c Cookies) Set(w http.ResponseWriter, secret string, until time.Time) {
	c.send(w, secret, max(int(time.Until(until).Seconds()), 1))
}

// Clear removes the cookie from the browser.
func (c Cookies) Clear(w http.ResponseWriter) { c.send(w, "", -1) }

func (c Cookies) send(w http.ResponseWriter, value string, maxAge int) {
	//nolint:gosec // on its own machine, a platform may have no TLS
	http.SetCookie(w, &http.Cookie{Name: c.name(), Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: c.Secure,
		SameSite: http.SameSiteLaxMode})
}

// InSession is the identity of a session's user, who acts for an account: "" is the only one that they are a member of, or else none.
func InSession(s *models.Session, accountID string) (Identity, error) {
	id := Identity{UserID: s.UserID, SessionID: s.ID}
	if accountID == "" && len(s.Memberships) == 1 {
		accountID = s.Memberships[0].AccountID
	}
	if accountID == "" {
		return id, nil
	}
	for _, m := range s.Memberships {
		if m.AccountID != accountID {
			continue
		}
		if m.AccountState == models.AccountSuspended {
			return Identity{}, models.ErrSuspended
		}
		id.AccountID = accountID
		id.Role, id.Scopes = ActsAs(m.Role)
		return id, nil
	}
	return Identity{}, errNoAccount
}
