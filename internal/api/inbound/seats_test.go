package inbound

import (
	"slices"
	"testing"
)

func TestSeats(t *testing.T) {
	t.Parallel()
	var refused []Reason
	s := &Seats{Total: 3, PerAccount: 2, Refused: func(why Reason) { refused = append(refused, why) }}
	take := func(account string, want bool) func() {
		t.Helper()
		leave, ok := s.Take(account)
		if ok != want {
			t.Errorf("%s: %v", account, ok)
		}
		return leave
	}
	first := take("a", true)
	take("a", true)
	take("a", false)
	other := take("b", true)
	take("c", false)
	other()
	take("a", false) // what others leave is not for an account that has its share
	first()
	take("a", true)
	take("c", true)
	if want := []Reason{TooManyStreamsOfAccount, TooManyStreams, TooManyStreamsOfAccount}; !slices.Equal(refused, want) {
		t.Error(refused)
	}
	if len(s.byAccount) != 2 {
		t.Errorf("accounts that have none are remembered: %v", s.byAccount)
	}
	var none *Seats
	if leave, ok := none.Take("a"); !ok {
		t.Error("no limit refuses")
	} else {
		leave()
	}
}
