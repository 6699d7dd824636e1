package landing

import (
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"

	"github.com/spark-games/spark/internal/identity/auth"
)

// How long a link and a session are valid, and how many there may be: the page is for one person.
const (
	linkFor     = 10 * time.Minute
	sessionFor  = 12 * time.Hour
	mostLinks   = 16
	mostSession = 64
)

// Sessions holds who is signed in, in this process's memory: a restart signs everybody out. The zero value is ready. It is safe
// for concurrent use.
type Sessions struct {
	mu    sync.Mutex
	links tickets
	open  tickets
	now   func() time.Time // nil is time.Now
}

// tickets are secrets by their digest, so that a look-up leaks nothing by its timing.
type tickets map[[sha256.Size]byte]ticket

type ticket struct {
	id    auth.Identity
	until time.Time
}

// Link makes the secret of a link that signs in one browser, once.
func (s *Sessions) Link(id auth.Identity) (secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.links.add(id, s.clock(), linkFor, mostLinks)
}

// Redeem turns a link's secret into a session's.
func (s *Sessions) Redeem(link string) (session string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := sha256.Sum256([]byte(link))
	t, ok := s.links[key]
	delete(s.links, key)
	if !ok || !s.clock().Before(t.until) {
		return "", false
	}
	return s.open.add(t.id, s.clock(), sessionFor, mostSession), true
}

// Identity is the identity of a session.
func (s *Sessions) Identity(session string) (auth.Identity, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.open[sha256.Sum256([]byte(session))]
	if !ok || !s.clock().Before(t.until) {
		return auth.Identity{}, false
	}
	return t.id, true
}

// End ends a session.
func (s *Sessions) End(session string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, sha256.Sum256([]byte(session)))
}

func (s *Sessions) clock() time.Time {
	if s.now == nil {
		return time.Now()
	}
	return s.now()
}

// add makes a ticket; if there are too many, the one that would expire first is removed.
func (all *tickets) add(id auth.Identity, now time.Time, life time.Duration, most int) (secret string) {
	if *all == nil {
		*all = make(tickets)
	}
	if len(*all) >= most {
		var first [sha256.Size]byte
		until := time.Time{}
		for key, t := range *all {
			if until.IsZero() || t.until.Before(until) {
				first, until = key, t.until
			}
		}
		delete(*all, first)
	}
	secret = rand.Text()
	(*all)[sha256.Sum256([]byte(secret))] = ticket{id, now.Add(life)}
	return secret
}
