package store

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

func idempotent(account, key string) *models.Claim {
	return &models.Claim{AccountID: account, Key: key, Operation: "submitJob", Fingerprint: "f"}
}

// Of submissions at once with one key, alone or in batches with others, one is stored, with its claim.
func TestOneOfTheTwinsIsStored(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		const pairs, each = 10, 6
		var mu sync.Mutex
		stored, refused := map[string]int{}, 0
		var all sync.WaitGroup
		for i := range pairs * each {
			key := string(rune('a' + i%pairs))
			all.Go(func() {
				claim := idempotent(p.AccountID, key)
				j := newJob(p, models.KindBuild, models.StateQueued)
				claim.Making("job", j.ID)
				err := s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{j}, Claim: claim})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil && claim.Stored():
					stored[key]++
				case models.CodeOf(err) == models.CodeIdempotencyInFlight && !claim.Stored():
					refused++
				default:
					t.Errorf("%v, stored %v", err, claim.Stored())
				}
			})
			all.Go(func() { // company without a key
				if err := s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{newJob(p, models.KindBuild, models.StateQueued)}}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		require.Len(t, stored, pairs)
		require.Equal(t, pairs*(each-1), refused)
		var n int
		require.NoError(t, s.db.r.Raw("SELECT count(*) FROM jobs").Scan(&n).Error)
		require.Equal(t, pairs+pairs*each, n)
		a, err := s.Answers.Answer(t.Context(), p.AccountID, "a")
		require.NoError(t, err)
		require.Contains(t, a.Resource, "job ")
		require.Zero(t, a.Status)
		require.NoError(t, s.Answers.Keep(t.Context(), &models.Answer{AccountID: p.AccountID, Key: "a", Status: 202, Location: "/x", Body: `{"a":"\"\\ü"}`}))
		a, err = s.Answers.Answer(t.Context(), p.AccountID, "a")
		require.NoError(t, err)
		require.Equal(t, `202 /x {"a":"\"\\ü"}`, string(rune('0'+a.Status/100))+"02 "+a.Location+" "+a.Body)
	})
}

// A submission that is refused for something else leaves no claim, also in a batch with others.
func TestRefusedSubmissionsLeaveNoClaim(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		j := newJob(p, models.KindBuild, models.StateQueued)
		j.ProjectID = other.ID
		for range 2 {
			claim := idempotent(p.AccountID, "k")
			err := s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{j}, Claim: claim})
			require.ErrorIs(t, err, jobs.ErrNoProject)
			require.False(t, claim.Stored())
		}
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{newJob(p, models.KindBuild, models.StateQueued)}, Claim: idempotent(p.AccountID, "k")}))
	})
}

// Nobody waits for a request with the same key that is under way: neither its twins, nor those who share their batch.
func TestTwinsWaitForNobody(t *testing.T) {
	t.Parallel()
	s, _ := limited(t, "lock_timeout=1min")
	p, other := tenant(t, s), tenant(t, s)
	begun, end := make(chan struct{}), make(chan struct{})
	slow := make(chan error, 1)
	go func() {
		slow <- s.db.write(models.WithClaim(t.Context(), idempotent(p.AccountID, "k")), func(*tx) error { close(begun); <-end; return nil })
	}()
	<-begun
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			err := s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{newJob(p, models.KindBuild, models.StateQueued)}, Claim: idempotent(p.AccountID, "k")})
			if models.CodeOf(err) != models.CodeIdempotencyInFlight {
				t.Error(err)
			}
		})
		all.Go(func() {
			twin := models.WithClaim(t.Context(), idempotent(p.AccountID, "k"))
			err := s.Projects.CreateProject(twin, &models.Project{ID: models.NewID(), AccountID: p.AccountID, Name: "x", Engine: "phaser"})
			if models.CodeOf(err) != models.CodeIdempotencyInFlight {
				t.Error(err)
			}
		})
		all.Go(func() {
			j := newJob(other, models.KindBuild, models.StateQueued)
			if err := s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{j}}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait() // while the first is still under way
	close(end)
	require.NoError(t, <-slow)
}

// A pipeline of a project that is gone is refused as a whole, also among others.
func TestAPipelineOfAGoneProjectIsRefused(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		require.NoError(t, s.Projects.DeleteProject(t.Context(), p.AccountID, p.ID))
		for n := 1; n <= 2; n++ {
			pipeline := &models.Pipeline{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID}
			sub := jobs.Submission{Pipeline: pipeline, Claim: idempotent(p.AccountID, "k")}
			for range n {
				j := newJob(p, models.KindBuild, models.StateQueued)
				j.PipelineID = pipeline.ID
				sub.Jobs = append(sub.Jobs, j)
			}
			if n == 2 {
				sub.Dependencies = []models.Dependency{{JobID: sub.Jobs[1].ID, DependsOn: sub.Jobs[0].ID}}
			}
			require.ErrorIs(t, s.Jobs.Submit(t.Context(), sub), jobs.ErrNoProject)
			require.False(t, sub.Claim.Stored())
			require.Zero(t, count(t, s, "pipelines", "true"))
		}
	})
}

// The transaction of a request's effect has its claim: both are stored, or neither.
func TestAClaimIsOfItsTransaction(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		claim := idempotent(p.AccountID, "k")
		ctx := models.WithClaim(t.Context(), claim)
		require.Error(t, s.Projects.CreateProject(ctx, p), "it is there already")
		require.False(t, claim.Stored())
		fresh := &models.Project{ID: models.NewID(), AccountID: p.AccountID, Name: "x", Engine: "phaser"}
		require.NoError(t, s.Projects.CreateProject(ctx, fresh))
		require.True(t, claim.Stored())
		twin := models.WithClaim(t.Context(), idempotent(p.AccountID, "k"))
		err := s.Projects.CreateProject(twin, &models.Project{ID: models.NewID(), AccountID: p.AccountID, Name: "x", Engine: "phaser"})
		require.ErrorIs(t, err, models.ErrTwin)
		_, _, err = s.Jobs.Cancel(ctx, p.AccountID, submit1(t, s, p).ID, "the request's second transaction")
		require.NoError(t, err)
	})
}

func TestAnswersAreRemoved(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		for _, key := range []string{"old", "young"} {
			require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{newJob(p, models.KindBuild, models.StateQueued)}, Claim: idempotent(p.AccountID, key)}))
		}
		require.NoError(t, s.db.w.Exec("UPDATE answers SET created_at = "+s.db.dialect.nowPlus(micros(-25*time.Hour))+" WHERE key = 'old'").Error)
		done, err := s.Retention.Answers(t.Context(), 24*time.Hour)
		require.NoError(t, err)
		require.Equal(t, 1, done.Removed["answers"])
		require.False(t, done.Oldest.IsZero())
		_, err = s.Answers.Answer(t.Context(), p.AccountID, "old")
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		_, err = s.Answers.Answer(t.Context(), p.AccountID, "young")
		require.NoError(t, err)
	})
}
