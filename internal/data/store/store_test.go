package store

import (
	"context"
	"fmt"
	"hash/fnv"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) {
	testenv.RunWithoutLeaks(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// sum is a digest of something.
var sum = strings.Repeat("ab", 32)

const lease = 30 * time.Second

// onEach runs a test on both databases, each test in one of its own.
func onEach(t *testing.T, f func(t *testing.T, s *Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, open(t, "sqlite://"+filepath.Join(t.TempDir(), "spark ü.db")))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, open(t, testenv.PostgresFrom(t, "store_"+schema(), migrated)))
	})
}

// schema names the migrations, so that a Postgres which lives longer than a run has no template of an older schema.
var schema = sync.OnceValue(func() string {
	h := fnv.New64a()
	err := fs.WalkDir(migrations, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := migrations.ReadFile(path)
		fmt.Fprintf(h, "%s %d %s", path, len(data), data)
		return err
	})
	if err != nil {
		panic(err) // they are part of the program
	}
	return strconv.FormatUint(h.Sum64(), 16)
})

func migrated(ctx context.Context, url string) error {
	s, err := Open(ctx, url)
	if err != nil {
		return err
	}
	return s.Close()
}

func open(t testing.TB, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// tenant makes an account with a project.
func tenant(t *testing.T, s *Store) *models.Project {
	t.Helper()
	account := &models.Account{ID: models.NewID(), Name: t.Name()}
	require.NoError(t, s.Accounts.CreateAccount(t.Context(), account))
	p := &models.Project{ID: models.NewID(), AccountID: account.ID, Name: "game", Engine: "phaser"}
	require.NoError(t, s.Projects.CreateProject(t.Context(), p))
	require.WithinDuration(t, time.Now(), p.CreatedAt, time.Minute)
	return p
}

func newJob(p *models.Project, kind models.Kind, state models.State) *models.Job {
	return &models.Job{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, Kind: kind, Priority: models.PriorityDefault,
		State: state, Input: models.JSON(`{"prompt":"a \u0000 byte"}`), MaxFailures: 3, OnDependencyFailure: models.DependencyCancel}
}

func submit1(t *testing.T, s *Store, p *models.Project) *models.Job {
	t.Helper()
	j := newJob(p, models.KindBuild, models.StateQueued)
	require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{j}}))
	return j
}

// release dispatches all due builds of the project's account.
func release(t *testing.T, s *Store, p *models.Project) []jobs.Dispatch {
	t.Helper()
	ds, err := s.Backlog.Release(t.Context(), models.Queue{Kind: models.KindBuild, Priority: models.PriorityDefault},
		[]jobs.Share{{AccountID: p.AccountID, N: 100}})
	require.NoError(t, err)
	return ds[0]
}

// claim takes one job through dispatch and claim.
func claim(t *testing.T, s *Store, p *models.Project, j *models.Job) *models.Job {
	t.Helper()
	return claimOf(t, s, release(t, s, p), j)
}

// claimOf claims one of the released jobs.
func claimOf(t *testing.T, s *Store, released []jobs.Dispatch, j *models.Job) *models.Job {
	t.Helper()
	for _, d := range released {
		if d.JobID == j.ID {
			got, err := s.Ledger.Claim(t.Context(), d.JobID, d.No, "worker", lease)
			require.NoError(t, err)
			return got
		}
	}
	t.Fatalf("job %s was not released", j.ID)
	return nil
}

func state(t *testing.T, s *Store, j *models.Job) *models.Job {
	t.Helper()
	got, err := s.Jobs.Job(t.Context(), j.AccountID, j.ID)
	require.NoError(t, err)
	return got
}

// place is where a job stands in the queue.
func place(t *testing.T, s *Store, jobID string) (at string) {
	t.Helper()
	require.NoError(t, s.db.r.Raw("SELECT place FROM job_queue WHERE job_id = ?", jobID).Row().Scan(&at))
	return at
}

// history lists a job's events and checks that their ids have no gaps.
func history(t *testing.T, s *Store, j *models.Job) []models.EventType {
	t.Helper()
	events, err := s.Jobs.Events(t.Context(), j.AccountID, j.ID, 0, 1000)
	require.NoError(t, err)
	var types []models.EventType
	for i, e := range events {
		require.Equal(t, int64(i+1), e.Seq)
		types = append(types, e.Type)
	}
	require.Equal(t, int64(len(events)), state(t, s, j).EventSeq)
	return types
}
