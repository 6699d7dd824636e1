package keyring_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/identity/keyring"
	"github.com/spark-games/spark/models"
)

// folder is a data folder with a database in it.
func folder(t *testing.T) *keyring.Keyring {
	t.Helper()
	dir := t.TempDir()
	return on(t, dir, filepath.Join(dir, "spark.db"))
}

func on(t *testing.T, dir, database string) *keyring.Keyring {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite://"+database)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return &keyring.Keyring{Store: db.Accounts, PepperFile: filepath.Join(dir, "pepper"), KeyFile: filepath.Join(dir, "api-key")}
}

// works reports whether the key in the folder is one of the platform's.
func works(t *testing.T, k *keyring.Keyring) bool {
	t.Helper()
	plain, err := keyring.ReadFile(k.KeyFile)
	require.NoError(t, err)
	pepper, made, err := k.Open(t.Context())
	require.NoError(t, err)
	require.False(t, made)
	_, err = auth.NewAuthenticator(k.Store, pepper, nil).Authenticate(t.Context(), plain)
	return err == nil
}

func TestFirstStart(t *testing.T) {
	t.Parallel()
	k := folder(t)
	pepper, made, err := k.Open(t.Context())
	require.NoError(t, err)
	require.True(t, made)
	again, made, err := k.Open(t.Context())
	require.NoError(t, err)
	require.False(t, made)
	require.Equal(t, pepper.All(), again.All())
	require.True(t, works(t, k))
	for _, file := range []string{k.KeyFile, k.PepperFile} {
		info, err := os.Stat(file)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), file)
	}
}

// A start that was killed between writing the file and the database continues with the key in the file.
func TestFirstStartKilled(t *testing.T) {
	t.Parallel()
	k := folder(t)
	plain, _ := auth.NewKey()
	require.NoError(t, keyring.WriteFile(k.KeyFile, plain))
	_, made, err := k.Open(t.Context())
	require.NoError(t, err)
	require.True(t, made)
	require.True(t, works(t, k))
}

// A pepper that is lost or different is never replaced silently: nothing changes until the operator asks for it.
func TestLostPepper(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		lose  func(k *keyring.Keyring) error
		force bool
		says  string
	}{
		"gone":         {func(k *keyring.Keyring) error { return os.Remove(k.PepperFile) }, false, "the pepper is gone"},
		"empty":        {func(k *keyring.Keyring) error { return os.WriteFile(k.PepperFile, nil, 0o600) }, false, "the pepper is gone"},
		"another file": {func(k *keyring.Keyring) error { return keyring.WriteFile(k.PepperFile, "another") }, true, "another one"},
		"another configured": {func(k *keyring.Keyring) error {
			k.Configured = "another"
			return nil
		}, true, "SPARK_KEY_PEPPER"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := folder(t)
			_, _, err := k.Open(t.Context())
			require.NoError(t, err)
			before, err := os.ReadFile(k.PepperFile)
			require.NoError(t, err)
			require.NoError(t, tt.lose(k))
			for range 2 {
				var lost *keyring.LostError
				_, _, err = k.Open(t.Context())
				require.ErrorAs(t, err, &lost)
				require.Contains(t, err.Error(), tt.says)
				require.Contains(t, err.Error(), "spark keys create --local")
			}
			if tt.force {
				_, err := k.Create(t.Context(), false)
				require.ErrorContains(t, err, "--force")
			}
			configured := k.Configured
			k.Configured = ""
			lostFile, err := os.ReadFile(k.PepperFile)
			if err != nil {
				require.ErrorIs(t, err, os.ErrNotExist)
			}
			require.NoError(t, os.WriteFile(k.PepperFile, before, 0o600))
			require.True(t, works(t, k), "the right pepper is back, and so are the keys")

			require.NoError(t, os.WriteFile(k.PepperFile, lostFile, 0o600))
			k.Configured = configured
			c, err := k.Create(t.Context(), tt.force)
			require.NoError(t, err)
			require.Equal(t, 1, c.Revoked)
			require.True(t, works(t, k))
			n, err := k.Store.Keys(t.Context())
			require.NoError(t, err)
			require.Equal(t, 1, n)
		})
	}
}

// The key file may be lost without the pepper: another key of the same account is made, and the existing ones stay valid.
func TestLostKey(t *testing.T) {
	t.Parallel()
	k := folder(t)
	pepper, _, err := k.Open(t.Context())
	require.NoError(t, err)
	first, err := k.Local(t.Context(), pepper)
	require.NoError(t, err)
	plain, err := keyring.ReadFile(k.KeyFile)
	require.NoError(t, err)
	require.NoError(t, os.Remove(k.KeyFile))

	_, made, err := k.Open(t.Context())
	require.NoError(t, err)
	require.False(t, made)
	require.NoFileExists(t, k.KeyFile, "a lost key is not replaced by an invalid one")
	_, err = k.Local(t.Context(), pepper)
	require.Equal(t, models.CodeNotFound, models.CodeOf(err))

	c, err := k.Create(t.Context(), false)
	require.NoError(t, err)
	require.Zero(t, c.Revoked)
	require.Equal(t, first.AccountID, c.Key.AccountID)
	require.Equal(t, models.RoleAdmin, c.Key.Role)
	require.True(t, works(t, k))
	_, err = k.Store.APIKeyByHash(t.Context(), auth.Hash(pepper.Current(), plain))
	require.NoError(t, err, "the first key still works")
}

// A pepper is replaced while its keys work: they are hashed again when they are used, and the old one may go when none is left.
func TestRotatedPepper(t *testing.T) {
	t.Parallel()
	k := folder(t)
	_, _, err := k.Open(t.Context())
	require.NoError(t, err)
	before, err := keyring.ReadFile(k.PepperFile)
	require.NoError(t, err)
	_, err = k.CreateFor(t.Context(), models.RoleAuditor, false)
	require.NoError(t, err)

	k.Configured, k.Accepted = "the new one", []string{before}
	require.True(t, works(t, k))
	uses, revoked, err := k.Uses(t.Context(), false)
	require.NoError(t, err)
	require.Zero(t, revoked)
	require.Equal(t, []keyring.PepperUse{{Pepper: "current", Keys: 1}, {Pepper: "accepted 1", Keys: 1}}, uses, "the auditor's key was not used yet")

	k.Accepted = nil
	var unused *keyring.UnusedError
	_, _, err = k.Open(t.Context())
	require.ErrorAs(t, err, &unused)
	require.ErrorContains(t, err, "1 API keys that work were hashed with a pepper that is not configured any more")
	_, err = k.Create(t.Context(), true)
	require.ErrorAs(t, err, &unused, "it is not lost: no key is revoked for it")
	uses, _, err = k.Uses(t.Context(), false)
	require.NoError(t, err)
	require.Equal(t, []keyring.PepperUse{{Pepper: "current", Keys: 1}, {Pepper: "missing", Keys: 1}}, uses)
	uses, revoked, err = k.Uses(t.Context(), true)
	require.NoError(t, err)
	require.Equal(t, 1, revoked)
	require.Equal(t, []keyring.PepperUse{{Pepper: "current", Keys: 1}}, uses)
	require.True(t, works(t, k))

	k.Configured = before
	var lost *keyring.LostError
	_, _, err = k.Open(t.Context())
	require.ErrorAs(t, err, &lost, "the old one alone is another pepper now")
}

// A platform from before the check value was stored keeps its pepper.
func TestOldDatabase(t *testing.T) {
	t.Parallel()
	k := folder(t)
	db := k.Store.(*store.Accounts)
	account := &models.Account{ID: models.NewID(), Name: "old"}
	require.NoError(t, db.CreateAccount(t.Context(), account))
	plain, prefix := auth.NewKey()
	require.NoError(t, db.CreateAPIKey(t.Context(), &models.APIKey{ID: models.NewID(), AccountID: account.ID, Name: "old", Role: models.RoleAdmin,
		Hash: auth.Hash([]byte("old pepper"), plain), Prefix: prefix}))
	require.NoError(t, keyring.WriteFile(k.PepperFile, "old pepper"))
	require.NoError(t, keyring.WriteFile(k.KeyFile, plain))
	require.True(t, works(t, k))
	require.NoError(t, keyring.WriteFile(k.PepperFile, "another"))
	_, _, err := k.Open(t.Context())
	require.ErrorContains(t, err, "another one")
}

// Of several processes with different folders that start concurrently on one new database, one makes the first key, and the
// others either have its pepper or are refused.
func TestStartsAtOnce(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "spark.db")
	rings := make([]*keyring.Keyring, 6)
	for i := range rings {
		rings[i] = on(t, t.TempDir(), database)
		if i%2 == 0 {
			rings[i].Configured = "one pepper"
		}
	}
	made := make([]bool, len(rings))
	errs := make([]error, len(rings))
	var wg sync.WaitGroup
	for i, k := range rings {
		wg.Go(func() { _, made[i], errs[i] = k.Open(context.WithoutCancel(t.Context())) })
	}
	wg.Wait()
	first := -1
	for i := range rings {
		if made[i] {
			require.Equal(t, -1, first, "one first key")
			first = i
			require.NoError(t, errs[i])
			require.True(t, works(t, rings[i]))
		}
	}
	require.GreaterOrEqual(t, first, 0)
	for i := range rings {
		if i == first {
			continue
		}
		require.NoFileExists(t, rings[i].KeyFile)
		if first%2 == 0 && i%2 == 0 {
			require.NoError(t, errs[i])
		} else {
			require.Error(t, errs[i])
		}
	}
}

// A key of another role is in a file of its own: the owner's stays as it was, and so does an earlier key of the role.
func TestCreateFor(t *testing.T) {
	t.Parallel()
	k := folder(t)
	pepper, _, err := k.Open(t.Context())
	require.NoError(t, err)
	keys := auth.NewAuthenticator(k.Store, pepper, nil)
	earlier := ""
	for i := range 2 {
		made, err := k.CreateFor(t.Context(), models.RoleAuditor, i > 0)
		require.NoError(t, err)
		plain, err := keyring.ReadFile(k.FileOf(models.RoleAuditor))
		require.NoError(t, err)
		require.NotEqual(t, earlier, plain)
		for _, key := range []string{plain, earlier} {
			if key == "" {
				continue
			}
			id, err := keys.Authenticate(t.Context(), key)
			require.NoError(t, err)
			require.Equal(t, models.RoleAuditor, id.Role)
			require.True(t, key != plain || id.KeyID == made.ID)
		}
		earlier = plain
		require.True(t, works(t, k))
	}
	require.NotEqual(t, k.KeyFile, k.FileOf(models.RoleAuditor))
	require.Equal(t, k.KeyFile, k.FileOf(models.RoleAdmin))

	require.NoError(t, os.Remove(k.PepperFile))
	_, err = k.CreateFor(t.Context(), models.RoleAuditor, true)
	require.ErrorAs(t, err, new(*keyring.LostError), "a lost pepper is the admin's to replace")
}

// The file of another's key is replaced without force only when the key in it does not work.
func TestCreateForKeepsWhatIsNotPassedOn(t *testing.T) {
	t.Parallel()
	k := folder(t)
	first, err := k.CreateFor(t.Context(), models.RoleUser, false)
	require.NoError(t, err)
	plain, err := keyring.ReadFile(k.FileOf(models.RoleUser))
	require.NoError(t, err)

	_, err = k.CreateFor(t.Context(), models.RoleUser, false)
	require.Equal(t, models.CodeConflict, models.CodeOf(err))
	require.ErrorContains(t, err, "spark keys revoke --local "+first.Prefix)
	still, err := keyring.ReadFile(k.FileOf(models.RoleUser))
	require.NoError(t, err)
	require.Equal(t, plain, still)
	n, err := k.Store.Keys(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, n)

	_, err = k.Revoke(t.Context(), first.Prefix)
	require.NoError(t, err)
	_, err = k.CreateFor(t.Context(), models.RoleUser, false)
	require.NoError(t, err)
}

// refusing is a database that stores no more keys.
type refusing struct{ keyring.Store }

func (refusing) CreateAPIKey(context.Context, *models.APIKey) error {
	return models.NewError(models.CodeUnavailable, "it is away")
}

// A key that cannot be written is not stored, and a file whose key cannot be stored is as it was.
func TestNoKeyWithoutItsFile(t *testing.T) {
	t.Parallel()
	for name, create := range map[string]func(k *keyring.Keyring) error{
		"admin": func(k *keyring.Keyring) error { _, err := k.Create(t.Context(), false); return err },
		"user":  func(k *keyring.Keyring) error { _, err := k.CreateFor(t.Context(), models.RoleUser, true); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := folder(t)
			_, _, err := k.Open(t.Context())
			require.NoError(t, err)
			file := k.FileOf(models.Role(name))
			db := k.Store
			k.Store = refusing{db}
			before, err := keyring.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, models.CodeUnavailable, models.CodeOf(create(k)))
			after, err := keyring.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, before, after)
			if before == "" {
				require.NoFileExists(t, file)
			}

			k.Store, k.KeyFile = db, filepath.Join(t.TempDir(), "gone", "api-key")
			require.Error(t, create(k))
			n, err := db.Keys(t.Context())
			require.NoError(t, err)
			require.Equal(t, 1, n)
		})
	}
}
