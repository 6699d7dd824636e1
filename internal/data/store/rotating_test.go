package store

import (
	"context"
	"fmt"
	neturl "net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/testenv"
)

// A rotated user of the database is used by new connections, while those that are open stay: nothing has to be restarted.
func TestRotatingPassword(t *testing.T) {
	t.Parallel()
	admin := testenv.PostgresFrom(t, "store_"+schema(), migrated)
	db, err := pgx.Connect(t.Context(), admin)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close(context.Background())) })
	made := 0
	login := func() string {
		made++
		name := fmt.Sprintf("%s_%d", db.Config().Database[:20], made)
		_, err := db.Exec(t.Context(), fmt.Sprintf(`CREATE ROLE %s LOGIN SUPERUSER PASSWORD 'secret %d'`, name, made))
		require.NoError(t, err)
		t.Cleanup(func() {
			_, err := db.Exec(context.Background(), "DROP ROLE IF EXISTS "+name)
			require.NoError(t, err)
		})
		u, err := neturl.Parse(admin)
		require.NoError(t, err)
		u.User = neturl.UserPassword(name, fmt.Sprintf("secret %d", made))
		return u.String()
	}
	var now atomic.Value
	now.Store(login())
	s, err := OpenMigrated(t.Context(), now.Load().(string), Rotating(func() string { return now.Load().(string) }))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	users := func() map[string]bool {
		rows, err := db.Query(t.Context(), "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
		require.NoError(t, err)
		names, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		set := make(map[string]bool)
		for _, n := range names {
			set[n] = true
		}
		return set
	}
	first := users()
	require.Len(t, first, 1)
	now.Store(login())
	_, err = db.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	require.NoError(t, err)
	require.Eventually(t, func() bool { return s.Ping(t.Context()) == nil }, 20*time.Second, 20*time.Millisecond)
	second := users()
	require.Len(t, second, 1)
	require.NotEqual(t, first, second)
}
