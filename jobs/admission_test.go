package jobs

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// counted is an intake that knows how many jobs wait.
type counted struct {
	Intake
	mu      sync.Mutex
	waiting int
	asked   int
}

func (c *counted) CountWaiting(_ context.Context, _ string, most int) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	return min(c.waiting, most), nil
}

func TestBacklogIsLimited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in := &counted{waiting: 5}
		s := &Service{Intake: in, MaxWaiting: 10}
		admit := func(account string, n int) models.Code {
			if err := s.admit(t.Context(), account, n); err != nil {
				return models.CodeOf(err)
			}
			return ""
		}
		const none, full models.Code = "", models.CodeBacklogFull
		require.Equal(t, none, admit("a", 3))
		require.Equal(t, full, admit("a", 3), "all or nothing")
		require.Equal(t, none, admit("a", 2))
		require.Equal(t, full, admit("a", 1))
		require.Equal(t, 1, in.asked, "not with each submission")
		require.Equal(t, none, admit("b", 5), "others have their own")
		time.Sleep(countedFor)
		in.waiting = 9 // one has started
		require.Equal(t, none, admit("a", 1))
		require.Equal(t, full, admit("a", 1))

		unlimited := &Service{Intake: in}
		require.NoError(t, unlimited.admit(t.Context(), "a", 1_000_000))
	})
}

// However many submit at the same time, no more are admitted than may wait.
func TestBacklogIsLimitedUnderLoad(t *testing.T) {
	t.Parallel()
	s := &Service{Intake: &counted{}, MaxWaiting: 100}
	var admitted sync.Map
	var all sync.WaitGroup
	for i := range 300 {
		all.Go(func() {
			if s.admit(t.Context(), "a", 1) == nil {
				admitted.Store(i, true)
			}
		})
	}
	all.Wait()
	n := 0
	admitted.Range(func(any, any) bool { n++; return true })
	require.Equal(t, 100, n)
}
