package jobs

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRestEndsWithClaimsOrTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rest{enough: make(chan struct{}, 1)}
		rests := func() time.Duration {
			began := time.Now()
			r.wait(t.Context())
			return time.Since(began)
		}
		require.Zero(t, rests(), "there is nothing to rest from")

		r.until(r.claims(), 3, 1)
		require.Equal(t, restFor, rests(), "nobody claimed")
		require.Zero(t, rests(), "a rest is not repeated")

		r.until(r.claims(), 3, 1)
		go func() {
			for range 3 {
				time.Sleep(time.Millisecond)
				r.claimed()
			}
		}()
		require.Equal(t, 3*time.Millisecond, rests())

		seen := r.claims()
		r.claimed()
		r.claimed()
		r.until(seen, 2, 1)
		require.Zero(t, rests(), "they were claimed while the queue was looked at")

		r.until(r.claims(), 10, 5)
		r.claimed()
		r.claimed()
		require.Zero(t, rests(), "four others claimed as many, it seems")
	})
}
