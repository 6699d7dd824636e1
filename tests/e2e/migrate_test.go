package e2e

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/testenv"
)

// The programs do not migrate unless they are told to: they say what to do, and "spark migrate" does it.
func TestProgramsNeedAMigratedDatabase(t *testing.T) {
	t.Parallel()
	env := []string{"SPARK_DATABASE_URL=" + testenv.Postgres(t), "SPARK_REDIS_URL=" + testenv.Redis(t), "SPARK_BLOB_DIR=" + t.TempDir(),
		"SPARK_KEY_PEPPER=a pepper that all share", "SPARK_LOG_FORMAT=json", "SPARK_ADDR=127.0.0.1:0"}
	run := func(name string, args ...string) *program {
		return start(t, name, args, append(env, "SPARK_DATA_DIR="+t.TempDir()))
	}
	for _, name := range []string{"api", "worker", "scheduler"} {
		p := run(name)
		require.Equal(t, 1, p.exit(t, startWithin))
		require.Contains(t, p.said(), "the database is empty")
		require.Contains(t, p.said(), "spark migrate")
	}
	status := run("spark", "migrate", "--status")
	require.Equal(t, 0, status.exit(t, startWithin), status.said())
	require.Contains(t, status.printed(t), "The schema has version 0")
	require.Contains(t, status.printed(t), "Run spark migrate")

	migrate := run("spark", "migrate")
	require.Equal(t, 0, migrate.exit(t, startWithin), migrate.said())
	require.Contains(t, migrate.printed(t), "Migrations applied: 1, 2, ")
	again := run("spark", "migrate")
	require.Equal(t, 0, again.exit(t, startWithin), again.said())
	require.Equal(t, "The schema is up to date.\n", again.printed(t))
	scheduler := run("scheduler")
	_, err := scheduler.find(scheduler.stderr, startedRole, startWithin)
	require.NoError(t, err)
}

// With --migrate a program migrates by itself, also several at the same time.
func TestProgramsMigrateWhenTold(t *testing.T) {
	t.Parallel()
	env := []string{"SPARK_DATABASE_URL=" + testenv.Postgres(t), "SPARK_REDIS_URL=" + testenv.Redis(t), "SPARK_BLOB_DIR=" + t.TempDir(),
		"SPARK_LOG_FORMAT=json"}
	flag := start(t, "scheduler", []string{"--migrate"}, append(env, "SPARK_DATA_DIR="+t.TempDir()))
	setting := start(t, "scheduler", nil, append(env, "SPARK_MIGRATE=true", "SPARK_DATA_DIR="+t.TempDir()))
	for _, p := range []*program{flag, setting} {
		_, err := p.find(p.stderr, startedRole, startWithin)
		require.NoError(t, err)
	}
}

// The database in a data folder is migrated by the platform that owns it, or by "spark migrate"; asking for its status makes none.
func TestMigrateTheDatabaseOfADataFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	run := func(args ...string) *program { return start(t, "spark", append(args, "--data-dir", dir), nil) }
	require.Equal(t, 1, run("migrate", "--status").exit(t, startWithin))
	require.NoFileExists(t, filepath.Join(dir, "spark.db"))
	migrate := run("migrate")
	require.Equal(t, 0, migrate.exit(t, startWithin), migrate.said())
	status := run("migrate", "--status", "--json")
	require.Equal(t, 0, status.exit(t, startWithin), status.said())
	require.Contains(t, status.printed(t), `"pending": []`)
	startDev(t, dir).get(t, "/v1/projects").want(200)
}
