package store

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func TestRevisionIsCommittedOnTopOfTheCurrentOne(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		commit := func(parent string) (*models.Revision, error) {
			return s.Projects.Commit(t.Context(), p.AccountID, p.ID, func(base *models.Revision) (*models.Revision, error) {
				if (base == nil) != (parent == "") || base != nil && base.ID != parent {
					return nil, models.NewError(models.CodePreconditionFailed, "another base")
				}
				return &models.Revision{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, Parents: models.IDsOf(parent), Manifest: models.Manifest{{Path: "x", SHA256: sum}}}, nil
			})
		}
		first, err := commit("")
		require.NoError(t, err)
		_, err = commit("")
		require.Equal(t, models.CodePreconditionFailed, models.CodeOf(err))
		second, err := commit(first.ID)
		require.NoError(t, err)
		same, err := s.Projects.Commit(t.Context(), p.AccountID, p.ID, func(base *models.Revision) (*models.Revision, error) { return base, nil })
		require.NoError(t, err)
		require.Equal(t, second.ID, same.ID)
		_, err = s.Projects.Commit(t.Context(), tenant(t, s).AccountID, p.ID, func(base *models.Revision) (*models.Revision, error) { return base, nil })
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		all, err := s.Projects.ListRevisions(t.Context(), p.AccountID, p.ID, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Equal(t, []string{second.ID, first.ID}, []string{all[0].ID, all[1].ID})
		_, err = s.Projects.Revision(t.Context(), tenant(t, s).AccountID, first.ID)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
	})
}

func TestProjectKeepsItsEnginesVersion(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		pinned := &models.Project{ID: models.NewID(), AccountID: p.AccountID, Name: "old", Engine: "phaser", EngineVersion: "3.90.0"}
		require.NoError(t, s.Projects.CreateProject(t.Context(), pinned))
		for id, want := range map[string]string{p.ID: "", pinned.ID: "3.90.0"} {
			got, err := s.Projects.Project(t.Context(), p.AccountID, id)
			require.NoError(t, err)
			require.Equal(t, want, got.EngineVersion)
		}
		all, err := s.Projects.ListProjects(t.Context(), p.AccountID, models.ProjectFilter{}, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Equal(t, "3.90.0", all[0].EngineVersion)
	})
}

// A database of the first release is brought up to date with what is in it.
func TestMigrationKeepsProjects(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		m, err := s.db.migrator()
		require.NoError(t, err)
		_, err = m.DownTo(t.Context(), 1)
		require.NoError(t, err)
		require.Error(t, s.Projects.CreateProject(t.Context(), &models.Project{ID: models.NewID(), AccountID: p.AccountID, Name: "x", Engine: "phaser"}))
		_, err = m.Up(t.Context())
		require.NoError(t, err)
		got, err := s.Projects.Project(t.Context(), p.AccountID, p.ID)
		require.NoError(t, err)
		require.Equal(t, []string{p.Name, p.Engine, ""}, []string{got.Name, got.Engine, got.EngineVersion})
	})
}

func TestFirstKeyIsMadeOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		made := 0
		for i := range 4 {
			wg.Go(func() {
				a := &models.Account{ID: models.NewID(), Name: "first"}
				created, err := s.Accounts.CreateFirstKey(t.Context(), []byte{byte(i)}, a, &models.APIKey{ID: models.NewID(), AccountID: a.ID, Role: models.RoleAdmin, Hash: []byte{byte(i)}})
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				if created {
					made++
				}
			})
		}
		wg.Wait()
		require.Equal(t, 1, made)
		_, err := s.Accounts.APIKeyByHash(t.Context(), []byte{99})
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		first, err := s.Accounts.FirstKey(t.Context())
		require.NoError(t, err)
		check, _, err := s.Accounts.AdoptPeppers(t.Context(), [][]byte{{99}})
		require.NoError(t, err)
		require.Equal(t, first.Hash, check, "the check value is that of the first key's pepper")

		next := &models.APIKey{ID: models.NewID(), AccountID: first.AccountID, Role: models.RoleAdmin, Hash: []byte{98}}
		revoked, err := s.Accounts.ReplacePepper(t.Context(), []byte{97}, next)
		require.NoError(t, err)
		require.Equal(t, 1, revoked)
		check, _, err = s.Accounts.AdoptPeppers(t.Context(), [][]byte{{99}})
		require.NoError(t, err)
		require.Equal(t, []byte{97}, check)
		n, err := s.Accounts.Keys(t.Context())
		require.NoError(t, err)
		require.Equal(t, 1, n)
		_, err = s.Accounts.APIKeyByHash(t.Context(), first.Hash)
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		got, err := s.Accounts.FirstKey(t.Context())
		require.NoError(t, err)
		require.Equal(t, next.ID, got.ID)
	})
}

func TestUsageIsReplacedAndItsMarkOnlyAdvances(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		j := submit1(t, s, p)
		claim(t, s, p, j)
		_, _, err := s.Jobs.Cancel(t.Context(), p.AccountID, j.ID, "x")
		require.NoError(t, err)
		done := submit1(t, s, p)
		_, _, err = s.Jobs.Cancel(t.Context(), p.AccountID, done.ID, "x")
		require.NoError(t, err)

		mark, now, err := s.Usage.RolledTo(t.Context())
		require.NoError(t, err)
		require.True(t, mark.IsZero())
		require.WithinDuration(t, time.Now(), now, time.Minute)
		var seen []*models.Job
		require.NoError(t, s.Usage.FinishedSince(t.Context(), p.AccountID, now.Add(-time.Hour), func(j *models.Job) error { seen = append(seen, j); return nil }))
		require.Len(t, seen, 1)
		require.Equal(t, p.AccountID, seen[0].AccountID)
		require.Nil(t, seen[0].StartedAt)
		n := 0
		count := func(*models.Job) error { n++; return nil }
		require.NoError(t, s.Usage.FinishedSince(t.Context(), models.NewID(), now.Add(-time.Hour), count))
		require.Equal(t, 0, n)
		require.NoError(t, s.Platform.AllFinishedSince(t.Context(), now.Add(-time.Hour), count))
		require.Equal(t, 1, n)

		u := models.Usage{AccountID: p.AccountID, Kind: models.KindBuild, Period: models.PeriodHour, Start: models.PeriodHour.Start(now), Jobs: 1}
		require.NoError(t, s.Usage.SaveUsage(t.Context(), []models.Usage{u}, now))
		u.Jobs = 2
		require.NoError(t, s.Usage.SaveUsage(t.Context(), []models.Usage{u}, now.Add(-time.Hour)))
		got, err := s.Usage.Usage(t.Context(), p.AccountID, models.UsageFilter{Period: models.PeriodHour, Kind: models.KindBuild, From: u.Start, To: u.Start.Add(time.Hour)})
		require.NoError(t, err)
		require.Equal(t, []models.Usage{u}, got)

		// An end user's is beside the account's.
		user := models.Usage{AccountID: p.AccountID, EndUser: "ann", Kind: models.KindBuild, Period: models.PeriodDay, Start: models.PeriodDay.Start(now), Jobs: 1}
		other := user
		other.EndUser, other.Jobs = "bob", 7
		require.NoError(t, s.Usage.SaveUsage(t.Context(), []models.Usage{user, other}, time.Time{}))
		user.Jobs = 3
		require.NoError(t, s.Usage.SaveUsage(t.Context(), []models.Usage{user}, time.Time{}))
		got, err = s.Usage.Usage(t.Context(), p.AccountID, models.UsageFilter{EndUser: "ann", Period: models.PeriodDay, From: user.Start, To: user.Start.Add(time.Hour)})
		require.NoError(t, err)
		require.Equal(t, []models.Usage{user}, got)
		got, err = s.Usage.Usage(t.Context(), tenant(t, s).AccountID, models.UsageFilter{EndUser: "ann"})
		require.NoError(t, err)
		require.Empty(t, got, "another account's end user of the same name")
		got, err = s.Usage.Usage(t.Context(), p.AccountID, models.UsageFilter{Period: models.PeriodDay})
		require.NoError(t, err)
		require.Empty(t, got)
		mark, _, err = s.Usage.RolledTo(t.Context())
		require.NoError(t, err)
		require.WithinDuration(t, now, mark, time.Millisecond)
	})
}

func TestScheduleFiresOnceForManySchedulers(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		due, now, err := s.Schedules.DueSchedules(t.Context())
		require.NoError(t, err)
		require.Len(t, due, 1, "the usage rollup is there from the start")
		var wg sync.WaitGroup
		wins := make(chan bool, 8)
		for range 8 {
			wg.Go(func() {
				j := newJob(&models.Project{AccountID: models.SystemAccountID}, models.KindAnalytics, models.StateQueued)
				won, err := s.Schedules.FireOwn(t.Context(), due[0], now.Add(time.Hour).Truncate(time.Minute), []*models.Job{j})
				if err != nil {
					t.Error(err)
				}
				wins <- won
			})
		}
		wg.Wait()
		close(wins)
		n := 0
		for won := range wins {
			if won {
				n++
			}
		}
		require.Equal(t, 1, n)
		all, err := s.Jobs.ListJobs(t.Context(), models.SystemAccountID, models.JobFilter{}, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Len(t, all, 1)
		due, _, err = s.Schedules.DueSchedules(t.Context())
		require.NoError(t, err)
		require.Empty(t, due)
	})
}

func TestMigrationsGoDownAndUpAgain(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, err := s.db.migrator()
		require.NoError(t, err)
		_, err = p.DownTo(t.Context(), 0)
		require.NoError(t, err)
		_, err = p.Up(t.Context())
		require.NoError(t, err)
		tenant(t, s)
	})
}
