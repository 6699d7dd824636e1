package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/tests/testenv"
)

// onEmpty runs a test on an empty database of each kind.
func onEmpty(t *testing.T, f func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); f(t, "sqlite://"+filepath.Join(t.TempDir(), "spark.db")) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); f(t, testenv.Postgres(t)) })
}

// with is the program's migrations and some more, "00901_x.sql", which are the same for both databases.
func with(t testing.TB, more map[string]string) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	require.NoError(t, fs.WalkDir(migrations, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := migrations.ReadFile(path)
		all[path] = &fstest.MapFile{Data: data}
		return err
	}))
	for name, text := range more {
		for _, folder := range []string{"postgres", "sqlite"} {
			all["migrations/"+folder+"/"+name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return all
}

// program is a store as a program with other migrations would open it.
func program(ctx context.Context, url string, known fs.FS, prepare func(*db) error) (*Store, error) {
	return openWith(ctx, url, nil, func(d *db) error {
		d.known = known
		return prepare(d)
	})
}

// migrateAs is Migrate of a program with other migrations.
func migrateAs(ctx context.Context, url string, known fs.FS) (applied []int64, err error) {
	err = withDB(url, func(d *db) error {
		d.known = known
		applied, err = d.migrate(ctx, whenStopped)
		return err
	})
	return applied, err
}

// openMigratedAs is OpenMigrated of a program with other migrations.
func openMigratedAs(t *testing.T, url string, known fs.FS) error {
	t.Helper()
	s, err := program(t.Context(), url, known, func(d *db) error {
		s, err := d.schema(t.Context())
		return errors.Join(err, s.current())
	})
	if err == nil {
		require.NoError(t, s.Close())
	}
	return err
}

// A program that does not migrate refuses a database that lacks something, says what to do, and leaves it as it is.
func TestOpenMigratedChangesNothing(t *testing.T) {
	t.Parallel()
	onEmpty(t, func(t *testing.T, url string) {
		own := schemaVersion()
		_, err := OpenMigrated(t.Context(), url)
		require.ErrorIs(t, err, ErrNotMigrated)
		require.ErrorContains(t, err, "the database is empty")
		require.ErrorContains(t, err, "spark migrate")
		status, err := SchemaOf(t.Context(), url)
		require.NoError(t, err)
		require.Zero(t, status.Version)
		require.Equal(t, own, status.Program)
		require.NotEmpty(t, status.Pending)

		applied, err := Migrate(t.Context(), url)
		require.NoError(t, err)
		require.Equal(t, status.Pending, applied)
		applied, err = Migrate(t.Context(), url)
		require.NoError(t, err)
		require.Empty(t, applied)
		s, err := OpenMigrated(t.Context(), url)
		require.NoError(t, err)
		require.NoError(t, s.Ping(t.Context()))
		require.NoError(t, s.Close())

		next := with(t, map[string]string{"00901_next.sql": "-- +goose Up\nCREATE TABLE next (id integer);\n"})
		err = openMigratedAs(t, url, next)
		require.ErrorIs(t, err, ErrNotMigrated)
		require.ErrorContains(t, err, fmt.Sprintf("has version %d, and this program needs version 901", own))
		status, err = SchemaOf(t.Context(), url)
		require.NoError(t, err)
		require.Equal(t, Schema{Version: own, Program: own}, status)
	})
}

// A program does not start on a database that a newer one has migrated, and names both versions.
func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	onEmpty(t, func(t *testing.T, url string) {
		own := schemaVersion()
		for _, newer := range []int64{own + 100, 11} { // numbers are given to branches: a lower one may be the newer
			s := open(t, url)
			require.NoError(t, s.db.w.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, true)", newer).Error)
			says := fmt.Sprintf("has version %d, and this program has version %d and does not know migration %d", max(newer, own), own, newer)
			_, err := Open(t.Context(), url)
			require.ErrorContains(t, err, says)
			_, err = OpenMigrated(t.Context(), url)
			require.ErrorContains(t, err, says)
			_, err = Migrate(t.Context(), url)
			require.ErrorContains(t, err, says)
			status, err := SchemaOf(t.Context(), url)
			require.NoError(t, err)
			require.Equal(t, []int64{newer}, status.Unfit)
			require.NoError(t, s.db.w.Exec("DELETE FROM goose_db_version WHERE version_id = ?", newer).Error)
		}
	})
}

// A newer program may migrate the database while this one waits for its turn: that is noticed, too. A trigger plays its part.
func TestNewerSchemaDuringTheMigrationIsRefused(t *testing.T) {
	t.Parallel()
	url := "sqlite://" + filepath.Join(t.TempDir(), "spark.db")
	s := open(t, url)
	m, err := s.db.migrator()
	require.NoError(t, err)
	own := schemaVersion()
	_, err = m.DownTo(t.Context(), own-1)
	require.NoError(t, err)
	require.NoError(t, s.db.w.Exec(fmt.Sprintf(`CREATE TRIGGER newer AFTER INSERT ON goose_db_version WHEN NEW.version_id = %d
		BEGIN INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, true); END`, own, own+100)).Error)
	_, err = s.db.migrate(t.Context(), whenStopped)
	require.ErrorContains(t, err, fmt.Sprintf("does not know migration %d", own+100))
}

// A migration that needs stopped processes is refused while a job has a lease, also the lease of a worker that is gone for now;
// others are applied.
func TestMigrationThatNeedsStoppedProcesses(t *testing.T) {
	t.Parallel()
	onEmpty(t, func(t *testing.T, url string) {
		rolling := map[string]string{"00901_rolling.sql": "-- +goose Up\nCREATE TABLE rolling (id integer);\n"}
		both := maps.Clone(rolling)
		both["00902_stop.sql"] = "-- +spark stopped\n-- +goose Up\nCREATE TABLE stop (id integer);\n"
		s := open(t, url)
		p := tenant(t, s)
		job := claim(t, s, p, submit1(t, s, p))
		applied, err := migrateAs(t.Context(), url, with(t, rolling))
		require.NoError(t, err)
		require.Equal(t, []int64{901}, applied)

		applied, err = migrateAs(t.Context(), url, with(t, both))
		require.ErrorIs(t, err, ErrNotStopped)
		require.ErrorContains(t, err, "1 running jobs have a lease")
		require.Empty(t, applied)
		_, err = s.Ledger.Finish(t.Context(), job.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{}})
		require.NoError(t, err)
		applied, err = migrateAs(t.Context(), url, with(t, both))
		require.NoError(t, err)
		require.Equal(t, []int64{902}, applied)
	})
}

// A platform that is alone with its database, after a crash, migrates it whatever leases its predecessor held.
func TestAloneLeasesDoNotMatter(t *testing.T) {
	t.Parallel()
	url := "sqlite://" + filepath.Join(t.TempDir(), "spark.db")
	s := open(t, url)
	p := tenant(t, s)
	claim(t, s, p, submit1(t, s, p))
	known := with(t, map[string]string{"00902_stop.sql": "-- +spark stopped\n-- +goose Up\nCREATE TABLE stop (id integer);\n"})
	require.NoError(t, withDB(url, func(d *db) error {
		d.known = known
		applied, err := d.migrate(t.Context(), anyway)
		require.Equal(t, []int64{902}, applied)
		return err
	}))
}

// A migration is done or not done: what fails in its middle is undone, what was applied before stays, and the next try goes on.
func TestFailedMigrationIsContinued(t *testing.T) {
	t.Parallel()
	onEmpty(t, func(t *testing.T, url string) {
		files := map[string]string{
			"00901_first.sql":  "-- +goose Up\nCREATE TABLE first (id integer);\n",
			"00902_second.sql": "-- +goose Up\nCREATE TABLE second (id integer);\nINSERT INTO second VALUES (1);\nINSERT INTO obstacle VALUES (1);\n",
		}
		s := open(t, url)
		applied, err := migrateAs(t.Context(), url, with(t, files))
		require.ErrorContains(t, err, "obstacle")
		require.Equal(t, []int64{901}, applied)
		require.Error(t, s.db.w.Exec("SELECT * FROM second").Error, "the first statement of the failed migration")
		require.NoError(t, s.db.w.Exec("CREATE TABLE obstacle (id integer)").Error)
		applied, err = migrateAs(t.Context(), url, with(t, files))
		require.NoError(t, err)
		require.Equal(t, []int64{902}, applied)
		var n int
		require.NoError(t, s.db.w.Raw("SELECT count(*) FROM second").Scan(&n).Error)
		require.Equal(t, 1, n)
	})
}

// A migration that is interrupted while it waits for a lock leaves nothing, not even its own lock.
func TestInterruptedMigrationIsContinued(t *testing.T) {
	t.Parallel()
	url := testenv.PostgresFrom(t, "store_"+schema(), migrated)
	s := open(t, url)
	known := with(t, map[string]string{"00901_wait.sql": "-- +goose Up\nCREATE TABLE waits (id integer);\nALTER TABLE projects ADD COLUMN waits integer;\n"})
	holder := s.db.w.Begin()
	require.NoError(t, holder.Exec("LOCK TABLE projects").Error)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := migrateAs(ctx, url, known)
		ended <- err
	}()
	for waiting := false; !waiting; {
		require.NoError(t, s.db.w.Raw("SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database b ON b.oid = l.database "+
			"WHERE b.datname = current_database() AND NOT l.granted AND l.relation = 'projects'::regclass)").Scan(&waiting).Error)
	}
	cancel()
	require.Error(t, <-ended)
	require.NoError(t, holder.Rollback().Error)
	require.Error(t, s.db.w.Exec("SELECT * FROM waits").Error)
	ctx, cancel = context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	applied, err := migrateAs(ctx, url, known)
	require.NoError(t, err)
	require.Equal(t, []int64{901}, applied)
}

// Every migration is a transaction, so that none can be half done.
func TestMigrationsAreTransactions(t *testing.T) {
	t.Parallel()
	require.NoError(t, fs.WalkDir(migrations, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := migrations.ReadFile(path)
		require.NotContains(t, string(text), "+goose NO TRANSACTION", path)
		_, nerr := goose.NumericComponent(e.Name())
		return errors.Join(err, nerr)
	}))
}
