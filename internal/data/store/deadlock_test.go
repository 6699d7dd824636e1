package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// knot is a pipeline in which two jobs that end reach the same others by ways that cross: 0 → 2 → 5 and 1 → 3 → 4, where 4
// waits for 0 as well and 5 for 1. The last waits for all that run in the middle, whatever becomes of them.
var knot = [][]int{{}, {}, {0}, {1}, {0, 3}, {1, 2}, {4, 5}}

// Changes of one pipeline that reach the same jobs take turns: none waits for one that waits for it.
func TestChangesOfOnePipelineDoNotDeadlock(t *testing.T) {
	t.Parallel()
	url := testenv.PostgresFrom(t, "store_"+schema(), migrated)
	s, err := Open(t.Context(), url)
	require.NoError(t, err)
	p := tenant(t, s)
	t.Run("by pairs", func(t *testing.T) {
		for range 25 {
			all := pipeline(t, s, p, knot, models.DependencyCancel)
			running := make(map[string]models.Fence)
			for _, d := range release(t, s, p) {
				j, err := s.Ledger.Claim(t.Context(), d.JobID, d.No, "worker", lease)
				require.NoError(t, err)
				running[j.ID] = j.Fence()
			}
			fail := func(j *models.Job) func() error {
				return func() error {
					_, err := s.Ledger.Finish(t.Context(), running[j.ID], jobs.Outcome{Verdict: jobs.Failed, Err: models.NewError(models.CodeBuildFailed, "no")})
					return err
				}
			}
			cancel := func(j *models.Job) func() error {
				return func() error {
					_, _, err := s.Jobs.Cancel(t.Context(), p.AccountID, j.ID, "no need")
					return err
				}
			}
			retry := func(j *models.Job) func() error {
				return func() error {
					_, _, err := s.Jobs.Retry(t.Context(), p.AccountID, j.ID)
					return err
				}
			}
			atOnce(t, fail(all[0]), fail(all[1]))
			atOnce(t, retry(all[0]), retry(all[1]))
			atOnce(t, cancel(all[0]), cancel(all[1]), cancel(all[5]), cancel(all[4]))
		}
	})
	t.Run("at random", func(t *testing.T) {
		var ids []string
		for range 4 {
			for _, j := range pipeline(t, s, p, knot, models.DependencyCancel) {
				ids = append(ids, j.ID)
			}
		}
		var all []func() error
		for worker := range 8 {
			random := rand.New(rand.NewPCG(uint64(worker), 1))
			all = append(all, func() (err error) {
				for range 40 {
					err = errors.Join(err, changeAtRandom(t, s, p, random, fmt.Sprint("worker ", worker), ids))
				}
				return err
			})
		}
		atOnce(t, all...)
	})
	require.NoError(t, s.Close())
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(t.Context())
	var deadlocks int
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").Scan(&deadlocks))
	require.Zero(t, deadlocks)
}

// atOnce calls all that it is given at the same time. An error of the database fails the test; that a job is in another state
// by then does not.
func atOnce(t *testing.T, all ...func() error) {
	t.Helper()
	start := make(chan struct{})
	var calls sync.WaitGroup
	for _, f := range all {
		calls.Go(func() {
			<-start
			if err := f(); ofDatabase(err) {
				t.Error(err)
			}
		})
	}
	close(start)
	calls.Wait()
}

// ofDatabase says whether an error is not about the state that a job is in.
func ofDatabase(err error) bool {
	return models.CodeOf(err) == models.CodeUnavailable || errors.As(err, new(*pgconn.PgError))
}

// changeAtRandom does one of the things that processes of a platform do at once.
func changeAtRandom(t *testing.T, s *Store, p *models.Project, random *rand.Rand, owner string, ids []string) error {
	id := ids[random.IntN(len(ids))]
	var errs []error
	note := func(err error) {
		if ofDatabase(err) {
			errs = append(errs, err)
		}
	}
	switch random.IntN(8) {
	case 0:
		_, _, err := s.Jobs.Cancel(t.Context(), p.AccountID, id, "no need")
		note(err)
	case 1, 2:
		_, _, err := s.Jobs.Retry(t.Context(), p.AccountID, id)
		note(err)
	case 3:
		_, err := s.Backlog.ReapExpired(t.Context(), 5)
		note(err)
		note(s.Ledger.Drain(t.Context(), owner))
	default:
		released, err := s.Backlog.Release(t.Context(), models.Queue{Kind: models.KindBuild, Priority: models.PriorityDefault}, []jobs.Share{{AccountID: p.AccountID, N: 4}})
		note(err)
		ds := slices.Concat(released...)
		var held []models.Fence
		for i, d := range ds {
			if i == 0 {
				note(s.Backlog.Withdraw(t.Context(), ds[:1]))
				continue
			}
			// Some leases are lost at once.
			j, err := s.Ledger.Claim(t.Context(), d.JobID, d.No, owner, lease-time.Duration(random.Int64N(int64(2*lease))))
			if note(err); err == nil {
				held = append(held, j.Fence())
			}
		}
		if len(held) > 0 {
			_, err := s.Ledger.Renew(t.Context(), owner, held, lease)
			note(err)
		}
		for _, f := range held {
			verdicts := []jobs.Outcome{{Verdict: jobs.Succeeded}, {Verdict: jobs.Failed, Err: models.NewError(models.CodeBuildFailed, "no")},
				{Verdict: jobs.HandBack}}
			_, err := s.Ledger.Finish(t.Context(), f, verdicts[random.IntN(len(verdicts))])
			note(err)
		}
	}
	return errors.Join(errs...)
}
