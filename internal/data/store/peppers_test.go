package store

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func TestPeppers(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		first, second, third := []byte{1}, []byte{2}, []byte{3}
		account := &models.Account{ID: models.NewID(), Name: "a"}
		key := func(hash, pepper []byte) *models.APIKey {
			k := &models.APIKey{ID: models.NewID(), AccountID: account.ID, Role: models.RoleAdmin, Hash: hash, Pepper: pepper}
			if hash[0] > 10 {
				require.NoError(t, s.Accounts.CreateAPIKey(t.Context(), k))
			}
			return k
		}
		made, err := s.Accounts.CreateFirstKey(t.Context(), first, account, key([]byte{10}, first))
		require.NoError(t, err)
		require.True(t, made)
		old := key([]byte{11}, nil) // of an older program
		adopt := func(want []byte, lost int, checks ...[]byte) {
			t.Helper()
			inForce, n, err := s.Accounts.AdoptPeppers(t.Context(), checks)
			require.NoError(t, err)
			require.Equal(t, want, inForce)
			require.Equal(t, lost, n)
		}
		adopt(first, 0, second)
		adopt(first, 0, second, third)
		adopt(second, 0, second, first)
		adopt(second, 2, second)
		use := func() map[byte]int {
			uses, err := s.Accounts.PepperUse(t.Context())
			require.NoError(t, err)
			byPepper := make(map[byte]int)
			for _, u := range uses {
				byPepper[u.CheckValue[0]] = u.Keys
			}
			return byPepper
		}
		require.Equal(t, map[byte]int{1: 2}, use())
		fresh := *old
		fresh.Hash, fresh.Pepper = []byte{12}, second
		require.NoError(t, s.Accounts.Rehash(t.Context(), []byte{99}, &fresh), "another process was faster")
		require.Equal(t, map[byte]int{1: 2}, use())
		require.NoError(t, s.Accounts.Rehash(t.Context(), old.Hash, &fresh))
		require.Equal(t, map[byte]int{1: 1, 2: 1}, use())
		found, err := s.Accounts.APIKeyByHash(t.Context(), fresh.Hash)
		require.NoError(t, err)
		require.Equal(t, old.ID, found.ID)
		adopt(second, 1, second)
		revoked, err := s.Accounts.RevokeLost(t.Context(), [][]byte{second})
		require.NoError(t, err)
		require.Equal(t, 1, revoked)
		adopt(second, 0, second)
	})
}
