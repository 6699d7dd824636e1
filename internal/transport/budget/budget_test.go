package budget

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// connect opens a real Redis.
func connect(t *testing.T) *redis.Client {
	t.Helper()
	o, err := redis.ParseURL(testenv.Redis(t))
	require.NoError(t, err)
	client := redis.NewClient(o)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

// However many processes ask at once, no more is spent than there is.
func TestNothingIsSpentTwice(t *testing.T) {
	t.Parallel()
	client := connect(t)
	caller := models.NewID()
	const most, cost = time.Hour, 6 * time.Minute // ten, and none comes back during the test
	granted := make(chan bool, 400)
	var g errgroup.Group
	for range 8 {
		l := New(client, "test:spent:")
		g.Go(func() error {
			for range 50 {
				spent, ok, err := l.Spend(t.Context(), []string{caller}, []time.Duration{cost}, most)
				if err != nil {
					return err
				}
				if ok && spent[0] <= 0 || spent[0] > most {
					t.Errorf("%s is spent", spent[0])
				}
				granted <- ok
			}
			return nil
		})
	}
	require.NoError(t, g.Wait())
	n := 0
	for range 400 {
		if <-granted {
			n++
		}
	}
	require.Equal(t, 10, n)
	ttl, err := client.PTTL(t.Context(), "test:spent:"+caller).Result()
	require.NoError(t, err)
	require.Greater(t, ttl, 50*time.Minute)
	require.LessOrEqual(t, ttl, most)
}

// If one caller may not, nothing is spent of the others.
func TestAllOrNothing(t *testing.T) {
	t.Parallel()
	l := New(connect(t), "test:spent:")
	wide, narrow := models.NewID(), models.NewID()
	costs := []time.Duration{time.Minute, time.Hour}
	spent, ok, err := l.Spend(t.Context(), []string{wide, narrow}, costs, time.Hour)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, costs, spent)
	spent, ok, err = l.Spend(t.Context(), []string{wide, narrow}, costs, time.Hour)
	require.NoError(t, err)
	require.False(t, ok)
	require.InDelta(t, time.Minute, spent[0], float64(30*time.Second))
	spent, _, err = l.Spend(t.Context(), []string{wide}, []time.Duration{0}, time.Hour)
	require.NoError(t, err)
	require.LessOrEqual(t, spent[0], time.Minute)
}
