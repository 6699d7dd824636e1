package inbound

import "sync"

// Seats counts what is kept open for a client until something happens: event streams, and requests that wait. Each takes memory for as long
// as it lasts, and over HTTP/2 a connection carries many, so that counting connections does not bound them. A nil Seats has one for everybody.
type Seats struct {
	Total      int // 0 is no limit
	PerAccount int // 0 is no limit
	// Refused is told why there was none. It may be nil, and must not block.
	Refused func(Reason)

	mu        sync.Mutex
	taken     int
	byAccount map[string]int
}

// The reasons why there is no seat.
const (
	TooManyStreams          Reason = "streams"         // in all
	TooManyStreamsOfAccount Reason = "account_streams" // of the account
)

// Take takes a seat for an account. leave must be called once, at its end.
func (s *Seats) Take(account string) (leave func(), ok bool) {
	if s == nil {
		return func() {}, true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.Total > 0 && s.taken >= s.Total:
		s.refuse(TooManyStreams)
		return nil, false
	case s.PerAccount > 0 && s.byAccount[account] >= s.PerAccount:
		s.refuse(TooManyStreamsOfAccount)
		return nil, false
	}
	if s.byAccount == nil {
		s.byAccount = make(map[string]int)
	}
	s.taken++
	s.byAccount[account]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.taken--
		if s.byAccount[account]--; s.byAccount[account] <= 0 {
			delete(s.byAccount, account)
		}
	}, true
}

func (s *Seats) refuse(why Reason) {
	if s.Refused != nil {
		s.Refused(why)
	}
}
