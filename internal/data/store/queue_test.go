package store

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// What the dispatcher asks of a queue costs the same however many jobs wait in it.
func TestLooksDoNotGrowWithTheBacklog(t *testing.T) {
	t.Parallel()
	s := open(t, testenv.PostgresFrom(t, "store_"+schema(), migrated))
	q := models.Queue{Kind: models.KindBuild, Priority: models.PriorityLow}
	const accounts = 40
	var ids []string
	for range accounts {
		ids = append(ids, tenant(t, s).AccountID)
	}
	grow := func(from, to int) {
		for _, id := range ids {
			require.NoError(t, s.db.w.Exec(`INSERT INTO job_queue (job_id, account_id, kind, priority, place, run_at)
				SELECT 'job ' || n || ' of ' || ?, ?, ?, ?, 'waiting', now() - n * interval '1 second' FROM generate_series(?::int, ?) n`,
				id, id, q.Kind, q.Priority, from+1, to).Error)
		}
	}
	look := func() map[string]int {
		seen := &statements{Interface: logger.Discard}
		b := &Backlog{db: s.db.queue().logged(seen)}
		_, err := b.WaitingQueues(t.Context())
		require.NoError(t, err)
		_, err = b.Released(t.Context(), q)
		require.NoError(t, err)
		due, err := b.Waiting(t.Context(), q)
		require.NoError(t, err)
		require.Len(t, due, accounts)
		ds, err := b.Release(t.Context(), q, []jobs.Share{{AccountID: ids[0], N: 10}})
		require.NoError(t, err)
		require.NoError(t, s.Backlog.Withdraw(t.Context(), ds[0]))
		return seen.pages(t, s.db.fast)
	}
	grow(0, 100)
	shallow := look()
	grow(100, 3000)
	deep := look()
	require.Len(t, deep, 4)
	for query, pages := range deep {
		// Thirty times as much waits. An index may get a level deeper, and have pages with entries of rows that are gone.
		require.LessOrEqual(t, pages, 4*shallow[query]+50, query)
	}
}

// logged is the same database with a logger.
func (d *db) logged(l logger.Interface) *db {
	other := *d
	other.r = d.r.Session(&gorm.Session{Logger: l})
	other.w = other.r
	return &other
}

// statements records what gorm runs.
type statements struct {
	logger.Interface
	mu  sync.Mutex
	all []string
}

// LogMode implements logger.Interface.
func (s *statements) LogMode(logger.LogLevel) logger.Interface { return s }

// Trace implements logger.Interface.
func (s *statements) Trace(_ context.Context, _ time.Time, fc func() (string, int64), _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sql, _ := fc()
	s.all = append(s.all, sql)
}

var (
	pagesHit   = regexp.MustCompile(`Buffers: shared hit=(\d+)`)
	literals   = regexp.MustCompile(`'[^']*'`)
	sequential = regexp.MustCompile(`Seq Scan on (job_queue|jobs)`)
)

// pages asks Postgres how many pages each of the statements reads, and does not change anything.
func (s *statements) pages(t *testing.T, db *gorm.DB) map[string]int {
	t.Helper()
	read := make(map[string]int)
	for _, sql := range s.all {
		err := db.Transaction(func(tx *gorm.DB) error {
			var plan []string
			require.NoError(t, tx.Raw("EXPLAIN (ANALYZE, BUFFERS) "+sql).Scan(&plan).Error)
			text := strings.Join(plan, "\n")
			require.NotRegexp(t, sequential, text)
			hit := pagesHit.FindStringSubmatch(text)
			require.NotNil(t, hit, text)
			n, err := strconv.Atoi(hit[1])
			require.NoError(t, err)
			read[literals.ReplaceAllString(sql, "'…'")] = n
			return gorm.ErrInvalidTransaction // to roll back
		})
		require.ErrorIs(t, err, gorm.ErrInvalidTransaction)
	}
	return read
}

// A claim, a renewal and progress change no column that an index of Postgres mentions: they write a new version of the row and nothing
// else.
func TestHotUpdatesTouchNoIndex(t *testing.T) {
	t.Parallel()
	s := open(t, testenv.PostgresFrom(t, "store_"+schema(), migrated))
	for table, columns := range map[string][]string{
		"jobs":      {"state", "attempt", "started_at", "progress", "stage", "event_seq", "run_at", "output", "log_tail"},
		"job_queue": {"attempt", "lease_owner", "lease_expires_at", "alone", "draining", "cancelling", "dispatched_at", "dispatch_no"},
	} {
		var indexed []string
		require.NoError(t, s.db.r.Raw(`SELECT DISTINCT a.attname FROM pg_depend d
			JOIN pg_class i ON i.oid = d.objid AND i.relkind = 'i'
			JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
			WHERE d.classid = 'pg_class'::regclass AND d.refobjid = ?::regclass`, table).Scan(&indexed).Error)
		require.Contains(t, indexed, "account_id")
		for _, c := range columns {
			require.NotContains(t, indexed, c, table)
		}
	}
}

// A task of a dispatch from before a retry can be redelivered after it.
func TestRetryGoesOnCountingDispatches(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		j := submit1(t, s, p)
		old := release(t, s, p)[0]
		running, err := s.Ledger.Claim(t.Context(), old.JobID, old.No, "worker", lease)
		require.NoError(t, err)
		_, err = s.Ledger.Finish(t.Context(), running.Fence(), jobs.Outcome{Verdict: jobs.Failed, Err: models.NewError(models.CodeInternal, "no")})
		require.NoError(t, err)
		_, _, err = s.Jobs.Retry(t.Context(), p.AccountID, j.ID)
		require.NoError(t, err)
		again := release(t, s, p)[0]
		require.Greater(t, again.No, old.No)
		_, err = s.Ledger.Claim(t.Context(), old.JobID, old.No, "worker", lease)
		require.ErrorIs(t, err, jobs.ErrNotClaimable)
		running, err = s.Ledger.Claim(t.Context(), again.JobID, again.No, "worker", lease)
		require.NoError(t, err)
		require.Equal(t, 2, running.Attempt)
	})
}

// The queue holds the jobs that have not ended, and no others.
func TestEndedJobsLeaveTheQueue(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		done, failed, cancelled, waiting := submit1(t, s, p), submit1(t, s, p), submit1(t, s, p), submit1(t, s, p)
		_, _, err := s.Jobs.Cancel(t.Context(), p.AccountID, cancelled.ID, "over")
		require.NoError(t, err)
		for _, d := range release(t, s, p) {
			if d.JobID == waiting.ID {
				continue
			}
			r, err := s.Ledger.Claim(t.Context(), d.JobID, d.No, "worker", lease)
			require.NoError(t, err)
			out := jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{}}
			if d.JobID == failed.ID {
				out = jobs.Outcome{Verdict: jobs.Failed, Err: models.NewError(models.CodeInternal, "no")}
			}
			_, err = s.Ledger.Finish(t.Context(), r.Fence(), out)
			require.NoError(t, err)
		}
		require.Equal(t, models.StateSucceeded, state(t, s, done).State)
		var left []string
		require.NoError(t, s.db.r.Raw("SELECT job_id FROM job_queue WHERE account_id = ?", p.AccountID).Scan(&left).Error)
		require.Equal(t, []string{waiting.ID}, left)
	})
}
