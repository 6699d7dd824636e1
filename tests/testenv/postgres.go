package testenv

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// databaseTimeout limits each statement that creates or drops a database.
const databaseTimeout = time.Minute

// Postgres creates an empty database for the test and returns its URL. The database is dropped when the test ends, even if
// connections are open.
func Postgres(t testing.TB) string {
	t.Helper()
	return postgresFrom(t, "template0")
}

// PostgresFrom is Postgres with a database that already has a schema: a copy of a template that prepare fills once per run,
// whatever number of tests and packages ask for it. The key names the template's content, e.g. a digest of the migrations;
// prepare is given the template's URL and leaves no connection open.
func PostgresFrom(t testing.TB, key string, prepare func(ctx context.Context, url string) error) string {
	t.Helper()
	name := "template_" + sanitized(key)
	if err := ensureTemplate(t.Context(), lookup(t, envPostgres), name, prepare); err != nil {
		t.Fatalf("prepare the database template %s: %v", name, err)
	}
	return postgresFrom(t, name)
}

func postgresFrom(t testing.TB, template string) string {
	t.Helper()
	admin := lookup(t, envPostgres)
	name := "test_" + strings.ToLower(rand.Text())
	if err := execute(t.Context(), admin, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		t.Fatalf("make a database for the test: %v", err)
	}
	t.Cleanup(func() {
		// The test's own context is cancelled by now.
		if err := execute(context.Background(), admin, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return databaseURL(t, admin, name)
}

// ensureTemplate creates the template if it is missing. The advisory lock makes concurrent test processes wait for the first;
// the rename at the end makes a template either complete or absent.
func ensureTemplate(ctx context.Context, admin, name string, prepare func(context.Context, string) error) error {
	return connected(ctx, admin, func(ctx context.Context, conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", lockKey(name)); err != nil {
			return err
		}
		var there bool
		err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there)
		if err != nil || there {
			return err
		}
		draft := "draft_" + strings.ToLower(rand.Text())
		if _, err := conn.Exec(ctx, "CREATE DATABASE "+draft+" TEMPLATE template0"); err != nil {
			return err
		}
		u, err := withDatabase(admin, draft)
		if err != nil {
			return err
		}
		if err := prepare(ctx, u); err != nil {
			return err
		}
		_, err = conn.Exec(ctx, "ALTER DATABASE "+draft+" RENAME TO "+name)
		return err
	})
}

// execute runs a statement about databases. Postgres gives a database's sessions five seconds to end before it says that
// the database is in use, which is not enough when the machine is busy.
func execute(ctx context.Context, admin, statement string) error {
	return connected(ctx, admin, func(ctx context.Context, conn *pgx.Conn) error {
		for {
			_, err := conn.Exec(ctx, statement)
			if inUse := (*pgconn.PgError)(nil); !errors.As(err, &inUse) || inUse.Code != "55006" || ctx.Err() != nil {
				return err
			}
		}
	})
}

// connected runs f with a separate connection; closing it releases the locks that f took.
func connected(ctx context.Context, url string, f func(context.Context, *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, databaseTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	return errors.Join(f(ctx, conn), conn.Close(ctx))
}

func databaseURL(t testing.TB, admin, name string) string {
	t.Helper()
	u, err := withDatabase(admin, name)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func withDatabase(admin, name string) (string, error) {
	u, err := url.Parse(admin)
	if err != nil {
		return "", fmt.Errorf("%s: %w", envPostgres, err)
	}
	u.Path = "/" + name
	return u.String(), nil
}

// sanitized turns a key into an identifier that needs no quoting in SQL.
func sanitized(key string) string {
	return fmt.Sprintf("%016x", uint64(lockKey(key)))
}

func lockKey(name string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash never fails
	return int64(h.Sum64())
}
