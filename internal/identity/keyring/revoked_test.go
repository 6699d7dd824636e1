package keyring_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/identity/keyring"
	"github.com/spark-games/spark/models"
)

// Once all keys are revoked, the next start and `spark keys create --local` make another one, of the same account; the
// revoked ones stay revoked.
func TestLastKeyRevoked(t *testing.T) {
	t.Parallel()
	for name, again := range map[string]func(t *testing.T, k *keyring.Keyring) error{
		"start": func(t *testing.T, k *keyring.Keyring) error {
			t.Helper()
			_, made, err := k.Open(t.Context())
			require.True(t, made)
			return err
		},
		"create": func(t *testing.T, k *keyring.Keyring) error {
			t.Helper()
			_, err := k.Create(t.Context(), false)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := folder(t)
			pepper, _, err := k.Open(t.Context())
			require.NoError(t, err)
			first, err := k.Local(t.Context(), pepper)
			require.NoError(t, err)
			revoked, err := keyring.ReadFile(k.KeyFile)
			require.NoError(t, err)
			for range 2 {
				plain, err := keyring.ReadFile(k.KeyFile)
				require.NoError(t, err)
				revokeAll(t, k)
				require.NoError(t, again(t, k))
				require.True(t, works(t, k))
				fresh, err := keyring.ReadFile(k.KeyFile)
				require.NoError(t, err)
				require.NotEqual(t, plain, fresh)
			}
			now, err := k.Local(t.Context(), pepper)
			require.NoError(t, err)
			require.Equal(t, first.AccountID, now.AccountID, "the games are still there")
			_, err = auth.NewAuthenticator(k.Store, pepper, nil).Authenticate(t.Context(), revoked)
			require.Equal(t, models.CodeUnauthorized, models.CodeOf(err))
		})
	}
}

// Once all admin keys are revoked, `spark keys create --local` makes another one of the same account, also when keys of users
// still work. A start makes none as long as any key works.
func TestLastAdminKeyRevoked(t *testing.T) {
	t.Parallel()
	k := folder(t)
	pepper, _, err := k.Open(t.Context())
	require.NoError(t, err)
	first, err := k.Local(t.Context(), pepper)
	require.NoError(t, err)
	plain, prefix := auth.NewKey()
	require.NoError(t, k.Store.CreateAPIKey(t.Context(), &models.APIKey{ID: models.NewID(), AccountID: first.AccountID, Name: "a user's",
		Role: models.RoleUser, Hash: auth.Hash(pepper.Current(), plain), Prefix: prefix}))
	revoke(t, k, "role = 'admin'")
	_, made, err := k.Open(t.Context())
	require.NoError(t, err)
	require.False(t, made)
	require.False(t, works(t, k))

	created, err := k.Create(t.Context(), false)
	require.NoError(t, err)
	require.Equal(t, first.AccountID, created.Key.AccountID)
	require.Zero(t, created.Revoked)
	require.True(t, works(t, k))
	id, err := auth.NewAuthenticator(k.Store, pepper, nil).Authenticate(t.Context(), plain)
	require.NoError(t, err, "the user's key works as before")
	require.Equal(t, models.RoleUser, id.Role)
}

// One key is revoked by its prefix, and the others work on. Keys of the same prefix are told apart by their ids.
func TestRevoke(t *testing.T) {
	t.Parallel()
	k := folder(t)
	pepper, _, err := k.Open(t.Context())
	require.NoError(t, err)
	user, err := k.CreateFor(t.Context(), models.RoleUser, false)
	require.NoError(t, err)
	plain, err := keyring.ReadFile(k.FileOf(models.RoleUser))
	require.NoError(t, err)
	twin := *user
	twin.ID, twin.Hash = models.NewID(), []byte("another hash")
	require.NoError(t, k.Store.CreateAPIKey(t.Context(), &twin))
	for _, which := range []string{"", "spark_", user.Prefix[:8], plain, "nonsense"} {
		_, err := k.Revoke(t.Context(), which)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err), which)
	}
	_, err = k.Revoke(t.Context(), user.Prefix)
	require.Equal(t, models.CodeConflict, models.CodeOf(err))
	list, err := k.Store.APIKeys(t.Context())
	require.NoError(t, err)
	require.Len(t, list, 3)

	for _, of := range []struct{ which, id string }{{twin.ID, twin.ID}, {user.Prefix, user.ID}} {
		revoked, err := k.Revoke(t.Context(), of.which)
		require.NoError(t, err)
		require.Equal(t, of.id, revoked.ID)
	}
	_, err = k.Revoke(t.Context(), user.Prefix)
	require.Equal(t, models.CodeNotFound, models.CodeOf(err))
	_, err = auth.NewAuthenticator(k.Store, pepper, nil).Authenticate(t.Context(), plain)
	require.Equal(t, models.CodeUnauthorized, models.CodeOf(err))
	list, err = k.Store.APIKeys(t.Context())
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.True(t, works(t, k))
}

// revokeAll revokes every key, as an operator does in the database.
func revokeAll(t *testing.T, k *keyring.Keyring) {
	t.Helper()
	revoke(t, k, "true")
}

func revoke(t *testing.T, k *keyring.Keyring, which string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(filepath.Dir(k.KeyFile), "spark.db")+"?_pragma=busy_timeout(10000)")
	require.NoError(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), "UPDATE api_keys SET revoked_at = CURRENT_TIMESTAMP WHERE revoked_at IS NULL AND "+which)
	require.NoError(t, err)
}
