package rates

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTake(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &Limiter{Shared: &Own{}}
		key := Limit{Name: "key", Caller: "a", Most: 60}
		take := func(n int, limits ...Limit) Taken { return l.Take(t.Context(), n, limits...) }
		for left := 59; left >= 0; left-- { // all at once
			got := take(1, key)
			require.True(t, got.OK)
			require.Equal(t, left, got.Left)
		}
		refused := take(1, key)
		require.False(t, refused.OK)
		require.Equal(t, Taken{Limit: key, Wait: time.Second, Full: time.Minute}, refused)
		time.Sleep(time.Second) // one has come back
		require.True(t, take(1, key).OK)
		require.False(t, take(1, key).OK)
		require.Equal(t, 5*time.Second, take(5, key).Wait)
		time.Sleep(5 * time.Second)
		require.True(t, take(5, key).OK)
		require.False(t, take(1, key).OK)
		time.Sleep(2 * time.Minute)
		require.Equal(t, 59, take(1, key).Left, "no more than a minute's worth comes back")
		require.True(t, take(1, Limit{Name: "key", Caller: "b", Most: 60}).OK, "others are not concerned")

		// More than there ever is counts as all there is.
		small := Limit{Name: "key", Caller: "c", Most: 2}
		require.True(t, take(5, small).OK)
		require.Equal(t, time.Minute, take(5, small).Wait)

		// Under several limits, nothing is taken of one if another refuses.
		wide, narrow := Limit{Name: "account", Caller: "d", Most: 100}, Limit{Name: "key", Caller: "e", Most: 1}
		require.Equal(t, "key", take(1, wide, narrow).Limit.Name)
		require.False(t, take(1, wide, narrow).OK)
		require.Equal(t, "key", take(1, wide, narrow).Limit.Name)
		require.Equal(t, 98, take(1, wide).Left)
	})
}

// away is a ledger that does not answer.
type away struct{ asked int }

func (a *away) Spend(ctx context.Context, _ []string, _ []time.Duration, _ time.Duration) ([]time.Duration, bool, error) {
	a.asked++
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	<-ctx.Done()
	return nil, false, ctx.Err()
}

// Without the shared ledger a process limits on its own, and does not let each request wait for it.
func TestLimitsWithoutTheSharedLedger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shared, told := &away{}, 0
		l := &Limiter{Shared: shared, Away: func(err error) { told++; require.Error(t, err) }}
		limit := Limit{Name: "key", Caller: "a", Most: 2}
		began := time.Now()
		require.True(t, l.Take(t.Context(), 1, limit).OK)
		require.Equal(t, patience, time.Since(began))
		require.True(t, l.Take(t.Context(), 1, limit).OK)
		require.False(t, l.Take(t.Context(), 1, limit).OK)
		require.Equal(t, patience, time.Since(began))
		require.Equal(t, 1, shared.asked)
		require.Equal(t, 1, told)
		time.Sleep(2 * pause)
		require.False(t, l.Take(t.Context(), 1, limit).OK)
		require.Equal(t, 2, shared.asked)

		// A client that has gone says nothing about the ledger.
		time.Sleep(2 * pause)
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		l.Take(gone, 1, limit)
		require.Equal(t, 2, told)
		l.Take(t.Context(), 1, limit)
		require.Equal(t, 4, shared.asked)
	})
}
