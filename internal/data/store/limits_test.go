package store

import (
	"context"
	"errors"
	neturl "net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// limited opens a Postgres database whose sessions have limits of the test's own.
func limited(t *testing.T, limits string) (s *Store, url string) {
	t.Helper()
	url = testenv.PostgresFrom(t, "store_"+schema(), migrated)
	with, err := neturl.Parse(url)
	require.NoError(t, err)
	query, err := neturl.ParseQuery(with.RawQuery + "&" + limits)
	require.NoError(t, err)
	with.RawQuery = query.Encode()
	return open(t, with.String()), url
}

// rowLock is another session's lock of a row, as a process has that hangs in the middle of a transaction.
type rowLock struct {
	conn *pgx.Conn
	tx   pgx.Tx
}

func lockRow(t *testing.T, url, table, id string) *rowLock {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close(context.Background())) })
	tx, err := conn.Begin(t.Context())
	require.NoError(t, err)
	key := "id"
	if table == "job_queue" {
		key = "job_id"
	}
	tag, err := tx.Exec(t.Context(), "SELECT 1 FROM "+table+" WHERE "+key+" = $1 FOR UPDATE", id)
	require.NoError(t, err)
	require.Equal(t, int64(1), tag.RowsAffected())
	return &rowLock{conn, tx}
}

func (l *rowLock) release(t *testing.T) {
	t.Helper()
	require.NoError(t, l.tx.Rollback(t.Context()))
}

func TestSessionsHaveLimits(t *testing.T) {
	t.Parallel()
	for of, c := range map[string]struct{ parameters, lock, statement, idle string }{
		"by default": {"", "5s", "30s", "30s"},
		"of the URL": {"lock_timeout=2s&statement_timeout=7s", "2s", "7s", "30s"},
	} {
		t.Run(of, func(t *testing.T) {
			t.Parallel()
			s, _ := limited(t, c.parameters)
			show := func(q *gorm.DB, name string) (value string) {
				require.NoError(t, q.Raw("SHOW "+name).Scan(&value).Error)
				return value
			}
			require.Equal(t, c.lock, show(s.db.w, "lock_timeout"))
			require.Equal(t, c.statement, show(s.db.w, "statement_timeout"))
			require.Equal(t, c.idle, show(s.db.w, "idle_in_transaction_session_timeout"))
			require.NoError(t, s.db.readLong(t.Context(), func(q *gorm.DB) error {
				require.Equal(t, "0", show(q, "statement_timeout"))
				return nil
			}))
			var migrating string
			require.NoError(t, s.db.migrations.QueryRowContext(t.Context(), "SHOW statement_timeout").Scan(&migrating))
			require.Equal(t, "0", migrating)
		})
	}
	s := open(t, "sqlite://"+filepath.Join(t.TempDir(), "spark.db"))
	require.NoError(t, s.db.readLong(t.Context(), func(q *gorm.DB) error { return q.Exec("SELECT 1").Error }))
}

// sqlState is the code of the database's error within another.
func sqlState(err error) string {
	if e := (*pgconn.PgError)(nil); errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func TestALockThatIsHeldIsAnErrorThatPasses(t *testing.T) {
	t.Parallel()
	s, url := limited(t, "lock_timeout=100ms")
	p := tenant(t, s)
	j, free := submit1(t, s, p), submit1(t, s, p)
	held := lockRow(t, url, "job_queue", j.ID)
	_, _, err := s.Jobs.Cancel(t.Context(), p.AccountID, j.ID, "no need")
	require.Equal(t, models.CodeUnavailable, models.CodeOf(err))
	require.Equal(t, lockNotAvailable, sqlState(err))
	_, _, err = s.Jobs.Cancel(t.Context(), p.AccountID, free.ID, "no need")
	require.NoError(t, err)
	held.release(t)
	_, _, err = s.Jobs.Cancel(t.Context(), p.AccountID, j.ID, "no need")
	require.NoError(t, err)
}

func TestAStatementThatTakesTooLongIsAnErrorThatPasses(t *testing.T) {
	t.Parallel()
	s, _ := limited(t, "")
	forever := func(q *gorm.DB) error { return q.Exec("SELECT pg_sleep(3600)").Error }
	err := s.db.write(t.Context(), func(tx *tx) error {
		require.NoError(t, tx.Exec("SET LOCAL statement_timeout = '100ms'").Error)
		return forever(tx.DB)
	})
	require.Equal(t, models.CodeUnavailable, models.CodeOf(err))
	require.Equal(t, "57014", sqlState(err))
	require.NoError(t, s.Ping(t.Context()))

	// What reads all of a table has only its caller's deadline.
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, s.db.readLong(ctx, forever), context.DeadlineExceeded)
}

// What reads all of a table tells a database that is away from a fault of its own, and leaves its caller's error alone.
func TestALongReadOfADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	s, _ := limited(t, "")
	own := errors.New("the caller's")
	require.Equal(t, own, s.db.readLong(t.Context(), func(*gorm.DB) error { return own }))
	require.NoError(t, s.db.close())
	err := s.db.readLong(t.Context(), func(*gorm.DB) error { return nil })
	require.Equal(t, models.CodeUnavailable, models.CodeOf(err))
}

// A process that hangs in the middle of a transaction loses its locks, and knows it when it goes on.
func TestAHangingTransactionLosesItsLocks(t *testing.T) {
	t.Parallel()
	s, url := limited(t, "")
	p := tenant(t, s)
	j := submit1(t, s, p)
	other := open(t, url)
	err := s.db.write(t.Context(), func(tx *tx) error {
		if _, err := tx.lockJob(p.AccountID, j.ID); err != nil {
			return err
		}
		require.NoError(t, tx.Exec("SET LOCAL idle_in_transaction_session_timeout = '100ms'").Error)
		_, _, err := other.Jobs.Cancel(t.Context(), p.AccountID, j.ID, "no need")
		require.NoError(t, err)
		_, err = tx.lockJob(p.AccountID, j.ID)
		return err
	})
	require.Equal(t, models.CodeUnavailable, models.CodeOf(err))
	require.NoError(t, s.Ping(t.Context()))
}

// One job's row that is held up costs neither its own worker its lease nor others theirs, and the repairers pass it by.
func TestAHeldRowDoesNotHoldUpOthers(t *testing.T) {
	t.Parallel()
	s, url := limited(t, "lock_timeout=1min")
	p := tenant(t, s)
	var held []models.Fence
	for range 3 {
		submit1(t, s, p)
	}
	dispatched := release(t, s, p)
	for _, d := range dispatched[:2] {
		j, err := s.Ledger.Claim(t.Context(), d.JobID, d.No, "worker", lease)
		require.NoError(t, err)
		held = append(held, j.Fence())
	}
	require.NoError(t, s.db.w.Exec("UPDATE job_queue SET lease_expires_at = now() WHERE "+leased).Error)
	running, waiting := lockRow(t, url, "job_queue", held[0].JobID), lockRow(t, url, "job_queue", dispatched[2].JobID)
	renewed, err := s.Ledger.Renew(t.Context(), "worker", held, lease)
	require.NoError(t, err)
	require.ElementsMatch(t, []jobs.Renewed{{Fence: held[0]}, {Fence: held[1]}}, renewed)
	renewed, err = s.Ledger.Renew(t.Context(), "another", held, lease)
	require.NoError(t, err)
	require.Empty(t, renewed)
	stale := held[0]
	stale.Attempt--
	renewed, err = s.Ledger.Renew(t.Context(), "worker", []models.Fence{stale}, lease)
	require.NoError(t, err)
	require.Empty(t, renewed)
	effects, err := s.Backlog.ReapExpired(t.Context(), 10)
	require.NoError(t, err)
	require.Empty(t, effects.Jobs)
	require.NoError(t, s.Backlog.Withdraw(t.Context(), dispatched[2:]))
	require.Equal(t, placeReleased, place(t, s, dispatched[2].JobID))

	running.release(t)
	waiting.release(t)
	require.NoError(t, s.Backlog.Withdraw(t.Context(), dispatched[2:]))
	require.Equal(t, placeWaiting, place(t, s, dispatched[2].JobID))
}

// The jobs of pipelines that somebody holds neither delay the reaping of younger jobs nor use up its limit.
func TestAHeldPipelineDoesNotHoldUpReaping(t *testing.T) {
	t.Parallel()
	s, url := limited(t, "lock_timeout=100ms")
	p := tenant(t, s)
	locks := make([]*rowLock, 0, 2)
	for range 3 {
		j := submit1(t, s, p)
		if len(locks) < cap(locks) {
			pipeline := models.NewID()
			require.NoError(t, s.db.w.Exec("INSERT INTO pipelines (id, account_id, project_id) VALUES (?, ?, ?)", pipeline, p.AccountID, p.ID).Error)
			require.NoError(t, s.db.w.Exec("UPDATE jobs SET pipeline_id = ? WHERE id = ?", pipeline, j.ID).Error)
			locks = append(locks, lockRow(t, url, "pipelines", pipeline))
		}
	}
	for i, d := range release(t, s, p) {
		_, err := s.Ledger.Claim(t.Context(), d.JobID, d.No, "worker", lease)
		require.NoError(t, err)
		require.NoError(t, s.db.w.Exec("UPDATE job_queue SET lease_expires_at = now() - interval '1 hour' + ? * interval '1 minute' WHERE job_id = ?", i, d.JobID).Error)
	}
	effects, err := s.Backlog.ReapExpired(t.Context(), 1)
	require.NoError(t, err)
	require.Len(t, effects.Jobs, 1)
	for _, l := range locks {
		l.release(t)
	}
	effects, err = s.Backlog.ReapExpired(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, effects.Jobs, 2)
}
