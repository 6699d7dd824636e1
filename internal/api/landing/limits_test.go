package landing

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// limits are none until they are used up.
type limits struct {
	cost, refusals, streams atomic.Int64
	usedUp                  atomic.Bool
}

type tooMany struct{ error }

func (tooMany) RetryAfter() time.Duration { return 1500 * time.Millisecond }
func (t tooMany) Unwrap() error           { return t.error }

var errTooMany = tooMany{models.NewError(models.CodeRateLimited, "try again in 2 s")}

func (l *limits) Take(_ context.Context, _ auth.Identity, n int) error {
	l.cost.Add(int64(n))
	if l.usedUp.Load() {
		return errTooMany
	}
	return nil
}

func (l *limits) Refused(*http.Request) error {
	l.refusals.Add(1)
	if l.usedUp.Load() {
		return errTooMany
	}
	return nil
}

func (l *limits) Stream(string) (leave func(), ok bool) {
	l.streams.Add(1)
	return func() { l.streams.Add(-1) }, !l.usedUp.Load()
}

// What the page asks counts under the limits of the key that it was signed in with, and what is refused under those of its address.
func TestPageIsLimited(t *testing.T) {
	t.Parallel()
	l := &limits{}
	s := newSite(t, func(o *Options) { o.Limits = l })
	signedIn := s.signIn()
	require.Equal(t, 202, s.do("POST", "/landing/games", `{"prompt":"a fox","engine":"phaser"}`, signedIn).StatusCode)
	require.EqualValues(t, 5, l.cost.Load(), "as a submission to the API")
	require.Equal(t, 200, s.do("GET", "/landing/status", "", signedIn).StatusCode)
	require.EqualValues(t, 6, l.cost.Load())
	require.EqualValues(t, 0, l.refusals.Load())

	guesses := []func() answer{
		func() answer {
			return s.do("POST", "/landing/links", "", "Authorization: Bearer spark_"+strings.Repeat("x", 38))
		},
		func() answer { return s.do("POST", "/landing/session", `{"link":"guess"}`) },
		func() answer {
			return s.do("POST", "/landing/games", `{"prompt":"a fox","engine":"phaser"}`, "Cookie: "+cookie+"=guess")
		},
	}
	for i, guess := range guesses {
		require.Equal(t, 401, guess().StatusCode, i)
	}
	require.EqualValues(t, len(guesses), l.refusals.Load())

	l.usedUp.Store(true)
	game := "/landing/games/" + models.NewID() + "/" + models.NewID()
	for i, ask := range append(guesses,
		func() answer { return s.do("POST", "/landing/games", `{"prompt":"a fox","engine":"phaser"}`, signedIn) },
		func() answer { return s.do("GET", "/landing/status", "", signedIn) },
		func() answer { return s.do("POST", "/landing/links", "", "Authorization: Bearer "+s.key) },
		func() answer { return s.do("GET", game, "", signedIn) }) {
		res := ask()
		require.Equal(t, 429, res.StatusCode, i)
		require.Equal(t, "2", res.Header.Get("Retry-After"), i)
	}
	require.Equal(t, 204, s.do("DELETE", "/landing/session", "", signedIn).StatusCode, "whoever wants to leave may")
}

// fullHouse has room for everything but streams.
type fullHouse struct{ limits }

func (*fullHouse) Stream(string) (leave func(), ok bool) { return nil, false }

func TestTooManyGamesAreWatched(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(o *Options) { o.Limits = &fullHouse{} })
	res := s.do("GET", "/landing/games/"+models.NewID()+"/"+models.NewID(), "", s.signIn())
	require.Equal(t, 503, res.StatusCode)
	require.Equal(t, "5", res.Header.Get("Retry-After"))
}
