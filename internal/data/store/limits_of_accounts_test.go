package store

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// waitingIn are the accounts with due jobs, by id.
func waitingIn(t *testing.T, s *Store) map[string]jobs.AccountLoad {
	t.Helper()
	all, err := s.Backlog.Waiting(t.Context(), buildQueue)
	require.NoError(t, err)
	byID := make(map[string]jobs.AccountLoad)
	for _, a := range all {
		byID[a.AccountID] = a
	}
	return byID
}

// A limit is the account's own, else its plan's, else the platform's.
func TestLimitsOfAccounts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		s.Backlog.Caps = jobs.Caps{Account: 3}
		_, err := s.Accounts.PutPlan(t.Context(), &models.Plan{Name: "small", Limits: models.Limits{MaxRunning: new(1), MaxRunningPerEndUser: new(2)}})
		require.NoError(t, err)
		byPlatform, byPlan, byItself, without := tenant(t, s), tenant(t, s), tenant(t, s), tenant(t, s)
		change := func(p *models.Project, f func(a *models.Account)) {
			_, err := s.Accounts.ChangeAccount(t.Context(), p.AccountID, func(a *models.Account) error { f(a); return nil })
			require.NoError(t, err)
		}
		change(byPlan, func(a *models.Account) { a.Plan = "small" })
		change(byItself, func(a *models.Account) { a.Plan, a.MaxRunning = "small", new(4) })
		change(without, func(a *models.Account) { a.MaxRunning = new(0) })
		want := map[*models.Project]jobs.Caps{byPlatform: {Account: 3}, byPlan: {Account: 1, EndUser: 2}, byItself: {Account: 4, EndUser: 2}, without: {}}
		for p := range want {
			submitFor(t, s, p, "", 6)
		}
		all := waitingIn(t, s)
		for p, caps := range want {
			require.Equal(t, caps, all[p.AccountID].Caps)
			require.False(t, all[p.AccountID].Held)
		}
		require.Equal(t, map[string]int{"": 3}, releaseFor(t, s, byPlatform, 10))
		require.Equal(t, map[string]int{"": 1}, releaseFor(t, s, byPlan, 10))
		require.Equal(t, map[string]int{"": 4}, releaseFor(t, s, byItself, 10))
		require.Equal(t, map[string]int{"": 5}, releaseFor(t, s, without, 5))
		all = waitingIn(t, s)
		for p := range want {
			require.Equal(t, p != without, all[p.AccountID].Held)
		}
		list, err := s.Backlog.Waiting(t.Context(), buildQueue)
		require.NoError(t, err)
		require.Equal(t, without.AccountID, list[0].AccountID, "those that are held are last")

		// A change applies to the next look.
		_, err = s.Accounts.PutPlan(t.Context(), &models.Plan{Name: "small", Limits: models.Limits{MaxRunning: new(2)}})
		require.NoError(t, err)
		require.Equal(t, map[string]int{"": 1}, releaseFor(t, s, byPlan, 10))
		standing, err := s.Accounts.Standing(t.Context(), byItself.AccountID)
		require.NoError(t, err)
		require.Equal(t, models.Standing{State: models.AccountActive, Limits: models.Limits{MaxRunning: new(4)}}, standing)
		require.Equal(t, models.CodeConflict, models.CodeOf(s.Accounts.DeletePlan(t.Context(), "small")))
	})
}

// The jobs of an account that is paused or suspended wait, and go on when it is active again.
func TestInactiveAccountsWait(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		submitFor(t, s, p, "", 1)
		for _, state := range []models.AccountState{models.AccountPaused, models.AccountSuspended, models.AccountActive} {
			_, err := s.Accounts.ChangeAccount(t.Context(), p.AccountID, func(a *models.Account) error { a.State = state; return nil })
			require.NoError(t, err)
			_, waits := waitingIn(t, s)[p.AccountID]
			require.Equal(t, state == models.AccountActive, waits)
		}
	})
}

func TestKeysOfAccounts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		make1 := func(account string, f ...func(*models.APIKey)) *models.APIKey {
			k := &models.APIKey{ID: models.NewID(), AccountID: account, Name: "k", Role: models.RoleOwner, Scopes: "jobs:read", Hash: []byte(models.NewID()), Prefix: "spark_abc"}
			for _, change := range f {
				change(k)
			}
			require.NoError(t, s.Accounts.CreateAPIKey(t.Context(), k))
			require.WithinDuration(t, time.Now(), k.CreatedAt, time.Minute)
			return k
		}
		mine, theirs := make1(p.AccountID), make1(other.AccountID)
		expired := make1(p.AccountID, func(k *models.APIKey) { k.ExpiresAt = new(time.Now().Add(-time.Second)) })
		later := make1(p.AccountID, func(k *models.APIKey) { k.ExpiresAt = new(time.Now().Add(time.Hour)) })
		ids := func(keys []models.APIKey) (ids []string) {
			for _, k := range keys {
				ids = append(ids, k.ID)
			}
			return ids
		}
		list, err := s.Accounts.KeysOf(t.Context(), p.AccountID, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Equal(t, []string{later.ID, mine.ID}, ids(list))
		found, err := s.Accounts.APIKeyByHash(t.Context(), mine.Hash)
		require.NoError(t, err)
		require.Equal(t, []any{mine.ID, "jobs:read", models.AccountActive}, []any{found.ID, found.Scopes, found.Account})
		for _, gone := range []*models.APIKey{expired} {
			_, err = s.Accounts.APIKeyByHash(t.Context(), gone.Hash)
			require.Equal(t, models.CodeNotFound, models.CodeOf(err))
			_, err = s.Accounts.APIKey(t.Context(), gone.ID)
			require.Equal(t, models.CodeNotFound, models.CodeOf(err))
			require.Equal(t, models.CodeNotFound, models.CodeOf(s.Accounts.RotateKey(t.Context(), gone.ID,
				&models.APIKey{ID: models.NewID(), AccountID: p.AccountID, Name: "x", Role: models.RoleUser, Hash: []byte("x")}, 0)))
		}
		_, err = s.Accounts.KeyOf(t.Context(), p.AccountID, theirs.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		require.Equal(t, models.CodeNotFound, models.CodeOf(s.Accounts.RevokeKeyOf(t.Context(), p.AccountID, theirs.ID)))

		require.NoError(t, s.Accounts.KeysUsed(t.Context(), []string{mine.ID, models.NewID()}))
		found, err = s.Accounts.KeyOf(t.Context(), p.AccountID, mine.ID)
		require.NoError(t, err)
		require.WithinDuration(t, time.Now(), *found.LastUsedAt, time.Minute)

		fresh := &models.APIKey{ID: models.NewID(), AccountID: p.AccountID, Name: "k", Role: models.RoleOwner, Hash: []byte("fresh")}
		require.NoError(t, s.Accounts.RotateKey(t.Context(), mine.ID, fresh, time.Hour))
		all, err := s.Accounts.KeysOf(t.Context(), p.AccountID, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Len(t, all, 3)
		require.True(t, slices.ContainsFunc(all, func(k models.APIKey) bool { return k.ID == mine.ID && k.ExpiresAt != nil }))
	})
}

// The configured master keys are the only ones that work, and come back when they are configured again.
func TestMasterKeys(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		key := func(hash string) *models.APIKey {
			return &models.APIKey{ID: models.NewID(), AccountID: models.SystemAccountID, Name: "master", Role: models.RoleMaster, Hash: []byte(hash), Prefix: "spark_abc"}
		}
		works := func(hash string) bool {
			_, err := s.Accounts.APIKeyByHash(t.Context(), []byte(hash))
			return err == nil
		}
		for _, step := range []struct {
			configured []string
			works      map[string]bool
		}{
			{[]string{"a"}, map[string]bool{"a": true, "b": false}},
			{[]string{"a", "b"}, map[string]bool{"a": true, "b": true}},
			{[]string{"b"}, map[string]bool{"a": false, "b": true}},
			{[]string{"a"}, map[string]bool{"a": true, "b": false}},
			{nil, map[string]bool{"a": false, "b": false}},
		} {
			var keys []*models.APIKey
			for _, hash := range step.configured {
				keys = append(keys, key(hash))
			}
			for range 2 { // of several processes
				require.NoError(t, s.Accounts.AdoptMasterKeys(t.Context(), keys))
			}
			for hash, want := range step.works {
				require.Equal(t, want, works(hash), "%v: %s", step.configured, hash)
			}
		}
		p := tenant(t, s)
		require.NoError(t, s.Accounts.CreateAPIKey(t.Context(), &models.APIKey{ID: models.NewID(), AccountID: p.AccountID, Name: "x", Role: models.RoleUser, Hash: []byte("user's")}))
		require.Equal(t, models.CodeConflict, models.CodeOf(s.Accounts.AdoptMasterKeys(t.Context(), []*models.APIKey{key("user's")})))
	})
}
