package jobs

import (
	"context"
	"slices"
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

// standings are accounts with limits of their own; the others are active and have none.
type standings map[string]models.Standing

func (a standings) Standing(_ context.Context, id string) (models.Standing, error) {
	if s, ok := a[id]; ok {
		return s, nil
	}
	return models.Standing{State: models.AccountActive}, nil
}

// An account's own limits come before the platform's, and say whether its jobs may be released as they are stored.
func TestAccountsHaveTheirOwnLimits(t *testing.T) {
	t.Parallel()
	limit := func(n int) *int { return &n }
	s := &Service{Intake: &counted{waiting: 5}, Defaults: models.Limits{MaxRunningPerEndUser: limit(3), MaxWaiting: limit(10)}, Accounts: standings{
		"more":      {State: models.AccountActive, Limits: models.Limits{MaxWaiting: limit(20)}},
		"unlimited": {State: models.AccountActive, Limits: models.Limits{MaxWaiting: limit(0), MaxRunningPerEndUser: limit(0)}},
		"capped":    {State: models.AccountActive, Limits: models.Limits{MaxRunning: limit(1), MaxRunningPerEndUser: limit(0)}},
		"paused":    {State: models.AccountPaused, Limits: models.Limits{MaxRunningPerEndUser: limit(0)}},
		"suspended": {State: models.AccountSuspended},
	}}
	for account, want := range map[string]struct {
		jobs int // that are asked for
		free bool
		code models.Code
	}{
		"another":   {jobs: 5},
		"too many":  {jobs: 6, code: models.CodeBacklogFull},
		"more":      {jobs: 15},
		"unlimited": {jobs: 1000, free: true},
		"capped":    {jobs: 1},
		"paused":    {jobs: 1},
		"suspended": {jobs: 1, code: models.CodeAccountSuspended},
	} {
		free, err := s.admit(t.Context(), account, "", slices.Repeat([]models.Kind{models.KindBuild}, want.jobs)...)
		if want.code != "" {
			require.Equal(t, want.code, models.CodeOf(err), account)
			continue
		}
		require.NoError(t, err, account)
		require.Equal(t, want.free, free, account)
	}
}

func TestBacklogIsLimited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in := &counted{waiting: 5}
		s := &Service{Intake: in, Accounts: standings{}, Defaults: models.Limits{MaxWaiting: new(10)}}
		admit := func(account string, n int) models.Code {
			if _, err := s.admit(t.Context(), account, "", slices.Repeat([]models.Kind{models.KindBuild}, n)...); err != nil {
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

		unlimited := &Service{Intake: in, Accounts: standings{}}
		_, err := unlimited.admit(t.Context(), "a", "", slices.Repeat([]models.Kind{models.KindBuild}, 1_000_000)...)
		require.NoError(t, err)
	})
}

// However many submit at the same time, no more are admitted than may wait.
func TestBacklogIsLimitedUnderLoad(t *testing.T) {
	t.Parallel()
	s := &Service{Intake: &counted{}, Accounts: standings{}, Defaults: models.Limits{MaxWaiting: new(100)}}
	var admitted sync.Map
	var all sync.WaitGroup
	for i := range 300 {
		all.Go(func() {
			if _, err := s.admit(t.Context(), "a", "", slices.Repeat([]models.Kind{models.KindBuild}, 1)...); err == nil {
				admitted.Store(i, true)
			}
		})
	}
	all.Wait()
	n := 0
	admitted.Range(func(any, any) bool { n++; return true })
	require.Equal(t, 100, n)
}
