package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// stranger is a client with a key of another account. The API does not create accounts yet, so the test adds one to the database
// of the running server.
func (d *dev) stranger(t *testing.T) client {
	t.Helper()
	pepper, err := os.ReadFile(filepath.Join(d.dir, "pepper"))
	require.NoError(t, err)
	s, err := store.Open(t.Context(), "sqlite://"+filepath.Join(d.dir, "spark.db"))
	require.NoError(t, err)
	defer s.Close()
	plain, prefix := auth.NewKey()
	account := &models.Account{ID: models.NewID(), Name: "somebody else", Weight: 1}
	require.NoError(t, s.Accounts.CreateAccount(t.Context(), account))
	require.NoError(t, s.Accounts.CreateAPIKey(t.Context(), &models.APIKey{ID: models.NewID(), AccountID: account.ID, Name: "a key",
		Role: models.RoleUser, Hash: auth.Hash([]byte(strings.TrimSpace(string(pepper))), plain), Prefix: prefix}))
	return client{url: d.url, key: plain}
}
