package store

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

func TestSurveyCountsWhatIsNotDone(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		light := tenant(t, s)
		heavy := &models.Project{ID: models.NewID(), AccountID: models.NewID(), Name: "game", Engine: "phaser"}
		require.NoError(t, s.Accounts.CreateAccount(t.Context(), &models.Account{ID: heavy.AccountID, Name: "heavy", Weight: 5}))
		require.NoError(t, s.Projects.CreateProject(t.Context(), heavy))

		var of []*models.Job // in every state of a backlog
		for range 2 {
			of = append(of, submit1(t, s, light), submit1(t, s, heavy))
		}
		running := claim(t, s, light, of[0]) // which releases of[2] too
		require.NotNil(t, running)
		blocked := newJob(heavy, models.KindExport, models.StateBlocked)
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{blocked},
			Dependencies: []models.Dependency{{JobID: blocked.ID, DependsOn: of[1].ID}}}))
		later := submit1(t, s, light)
		done := submit1(t, s, light)
		_, _, err := s.Jobs.Cancel(t.Context(), done.AccountID, done.ID, "over")
		require.NoError(t, err)
		back := func(j *models.Job, d time.Duration) {
			require.NoError(t, s.db.w.Exec("UPDATE job_queue SET run_at = "+s.db.dialect.nowPlus(micros(d))+" WHERE job_id = ?", j.ID).Error)
		}
		back(of[1], -2*time.Hour)
		back(of[3], -time.Hour)
		back(of[2], -3*time.Hour)
		back(later, time.Hour)

		b, err := s.Backlog.Survey(t.Context(), time.Minute)
		require.NoError(t, err)
		require.WithinDuration(t, time.Now(), b.TakenAt, time.Minute)
		type line struct {
			kind  models.Kind
			class models.AccountClass
			state models.BacklogState
			jobs  int
			hours time.Duration
		}
		var got []line
		for _, c := range b.Counts {
			require.Equal(t, models.PriorityDefault, c.Priority)
			got = append(got, line{c.Kind, c.Class, c.State, c.Jobs, c.Oldest.Round(time.Hour) / time.Hour})
		}
		require.ElementsMatch(t, []line{
			{models.KindBuild, "1", models.BacklogRunning, 1, 0},
			{models.KindBuild, "1", models.BacklogDispatched, 1, 3},
			{models.KindBuild, "1", models.BacklogScheduled, 1, 0},
			{models.KindBuild, "4-7", models.BacklogDue, 2, 2},
			{models.KindExport, "4-7", models.BacklogBlocked, 1, 0},
		}, got)
	})
}

// Suspects wait for a worker of their own: they are not due, however long they have waited, and are counted by themselves.
func TestSurveyCountsSuspectsByThemselves(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		j := submit1(t, s, p)
		incriminate(t, s, p, j)
		require.NoError(t, s.db.w.Exec("UPDATE job_queue SET run_at = "+s.db.dialect.nowPlus(micros(-time.Hour))).Error)
		b, err := s.Backlog.Survey(t.Context(), 0)
		require.NoError(t, err)
		suspect := models.BacklogCount{Kind: j.Kind, Priority: j.Priority, Class: "1", State: models.BacklogSuspect, Jobs: 1}
		require.Equal(t, []models.BacklogCount{suspect}, b.Counts)

		due := submit1(t, s, p)
		require.NoError(t, s.db.w.Exec("UPDATE job_queue SET run_at = "+s.db.dialect.nowPlus(micros(-time.Minute))+" WHERE job_id = ?", due.ID).Error)
		b, err = s.Backlog.Survey(t.Context(), 0)
		require.NoError(t, err)
		require.Len(t, b.Counts, 2)
		for _, c := range b.Counts {
			if c.State == models.BacklogDue {
				require.Equal(t, 1, c.Jobs)
				require.Less(t, c.Oldest, 30*time.Minute, "the suspect has waited longer")
				continue
			}
			require.Equal(t, suspect, c)
		}
	})
}

// However many schedulers ask, one of them counts, and the others see its result.
func TestSurveyIsTakenOnceInItsTime(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		submit1(t, s, p)
		first, err := s.Backlog.Survey(t.Context(), time.Hour)
		require.NoError(t, err)
		require.Len(t, first.Counts, 1)
		submit1(t, s, p)
		same, err := s.Backlog.Survey(t.Context(), time.Hour)
		require.NoError(t, err)
		require.Equal(t, first, same, "it is the stored one")
		next, err := s.Backlog.Survey(t.Context(), 0)
		require.NoError(t, err)
		require.Equal(t, 2, next.Counts[0].Jobs)
	})
}
