package store

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

const day = 24 * time.Hour

// idOfAge is an id as it was made some time ago.
func idOfAge(age time.Duration) string {
	return models.FirstID(time.Now().Add(-age))[:14] + models.NewID()[14:]
}

// ended submits a job that has ended some time ago, alone or in a pipeline.
func ended(t *testing.T, s *Store, p *models.Project, kind models.Kind, pipeline string, age time.Duration) *models.Job {
	t.Helper()
	j := newJob(p, kind, models.StateQueued)
	j.ID, j.PipelineID = idOfAge(age), pipeline
	require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{j}}))
	_, _, err := s.Jobs.Cancel(t.Context(), j.AccountID, j.ID, "over")
	require.NoError(t, err)
	require.NoError(t, s.db.w.Exec("UPDATE jobs SET finished_at = "+s.db.dialect.nowPlus(micros(-age))+" WHERE id = ?", j.ID).Error)
	return j
}

// rolledUpTo sets how far usage is rolled up.
func rolledUpTo(t *testing.T, s *Store, age time.Duration) {
	t.Helper()
	require.NoError(t, s.Usage.SaveUsage(t.Context(), nil, time.Now().Add(-age)))
}

// count counts rows, which must be few.
func count(t *testing.T, s *Store, table, where string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, s.db.r.Raw("SELECT count(*) FROM "+table+" WHERE "+where, args...).Scan(&n).Error)
	return n
}

// all does the steps of a walk to its end.
func all(t *testing.T, step func(context.Context, time.Duration) (models.Pruning, error), keep time.Duration) map[string]int {
	t.Helper()
	removed := make(map[string]int)
	for {
		done, err := step(t.Context(), keep)
		require.NoError(t, err)
		for what, n := range done.Removed {
			removed[what] += n
		}
		if !done.More {
			return removed
		}
	}
}

func TestJobsGoWhenTheyAreOldAndCounted(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		old := ended(t, s, p, models.KindBuild, "", 10*day)
		young := ended(t, s, p, models.KindBuild, "", 3*day)
		rollup := ended(t, s, p, models.KindAnalytics, "", 10*day)
		running := newJob(p, models.KindBuild, models.StateQueued)
		running.ID = idOfAge(20 * day) // it has waited for long
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{running}}))

		require.Empty(t, all(t, s.Retention.Jobs, 5*day), "no usage has been rolled up")
		rolledUpTo(t, s, 10*day)
		require.Empty(t, all(t, s.Retention.Jobs, 5*day), "its day is not complete")
		rolledUpTo(t, s, 0)
		require.Equal(t, map[string]int{walkJobs: 1, "events": 2}, all(t, s.Retention.Jobs, 5*day))
		require.Empty(t, all(t, s.Retention.Jobs, 5*day))
		_, err := s.Jobs.Job(t.Context(), old.AccountID, old.ID)
		require.Error(t, err)
		for _, j := range []*models.Job{young, rollup, running} {
			require.Equal(t, j.ID, state(t, s, j).ID)
			history(t, s, j)
		}
		require.Equal(t, map[string]int{walkRollupJobs: 1, "events": 2}, all(t, s.Retention.RollupJobs, 5*day))
		require.Equal(t, 2, count(t, s, "jobs", "true"))

		done, err := s.Retention.Jobs(t.Context(), 5*day)
		require.NoError(t, err)
		require.WithinDuration(t, time.Now().Add(-3*day), done.Oldest, time.Minute, "how old what is left is")
	})
}

func TestAPipelineGoesWhole(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		rolledUpTo(t, s, 0)
		pipeline := func(ages ...time.Duration) (string, []*models.Job) {
			id := idOfAge(20 * day)
			require.NoError(t, s.db.w.Exec("INSERT INTO pipelines (id, account_id, project_id) VALUES (?, ?, ?)", id, p.AccountID, p.ID).Error)
			var steps []*models.Job
			for i, age := range ages {
				steps = append(steps, ended(t, s, p, models.KindBuild, id, age))
				if i > 0 {
					require.NoError(t, s.db.w.Exec("INSERT INTO job_dependencies (job_id, depends_on) VALUES (?, ?)", steps[i].ID, steps[i-1].ID).Error)
				}
			}
			return id, steps
		}
		old, _ := pipeline(12*day, 11*day, 10*day)
		mixed, steps := pipeline(12*day, 3*day)
		waits, open := pipeline(12*day, 11*day)
		_, _, err := s.Jobs.Retry(t.Context(), p.AccountID, open[0].ID)
		require.NoError(t, err)

		require.Equal(t, 3, count(t, s, "jobs", "pipeline_id = ?", old))
		require.Equal(t, map[string]int{walkJobs: 3, "events": 6, "pipelines": 1}, all(t, s.Retention.Jobs, 5*day))
		_, _, err = s.Jobs.Pipeline(t.Context(), p.AccountID, old)
		require.Error(t, err)
		for id, want := range map[string][]*models.Job{mixed: steps, waits: open} {
			_, got, err := s.Jobs.Pipeline(t.Context(), p.AccountID, id)
			require.NoError(t, err)
			require.Len(t, got, len(want))
		}
		require.Equal(t, map[string]int{walkJobs: 2, "events": 4, "pipelines": 1}, all(t, s.Retention.Jobs, 2*day), "the last of its jobs is old enough now")
		require.Equal(t, 2, count(t, s, "jobs", "pipeline_id = ?", waits))
		require.Equal(t, 1, count(t, s, "job_dependencies", "true"))
	})
}

func TestTheLastEventStaysWithItsJob(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		old, young := ended(t, s, p, models.KindBuild, "", 10*day), ended(t, s, p, models.KindBuild, "", 3*day)
		open := submit1(t, s, p)
		require.Equal(t, map[string]int{"events": 1}, all(t, s.Retention.Events, 5*day), "no rollup reads events")
		events, err := s.Jobs.Events(t.Context(), p.AccountID, old.ID, 0, 10)
		require.NoError(t, err)
		require.Len(t, events, 1)
		require.True(t, events[0].Type.Terminal())
		require.Equal(t, state(t, s, old).EventSeq, events[0].Seq)
		require.Len(t, history(t, s, young), 2)
		require.Len(t, history(t, s, open), 1)

		// A retry goes on where it was, and its new events go in their turn.
		_, _, err = s.Jobs.Retry(t.Context(), p.AccountID, old.ID)
		require.NoError(t, err)
		require.Equal(t, map[string]int{"events": 1}, all(t, s.Retention.Events, 2*day), "the other's first one: nothing of a job that runs again")
		events, err = s.Jobs.Events(t.Context(), p.AccountID, old.ID, 0, 10)
		require.NoError(t, err)
		require.Equal(t, []int64{2, 3}, []int64{events[0].Seq, events[1].Seq})
		_, _, err = s.Jobs.Cancel(t.Context(), p.AccountID, old.ID, "over")
		require.NoError(t, err)
		require.NoError(t, s.db.w.Exec("UPDATE jobs SET finished_at = "+s.db.dialect.nowPlus(micros(-day))+" WHERE id = ?", old.ID).Error)
		require.Equal(t, map[string]int{"events": 2}, all(t, s.Retention.Events, time.Hour))
	})
}

// Many jobs, several of which end at the same moment, go in steps, whichever schedulers take them.
func TestStepsAreSmallAndShared(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		rolledUpTo(t, s, 0)
		var batch []*models.Job
		for range 3*walkStep + 7 {
			batch = append(batch, newJob(p, models.KindBuild, models.StateQueued))
		}
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: batch[:walkStep]}))
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: batch[walkStep:]}))
		for i, j := range batch {
			require.NoError(t, s.db.w.Exec(fmt.Sprintf("UPDATE jobs SET state = 'succeeded', finished_at = %s WHERE id = ?",
				s.db.dialect.nowPlus(micros(-10*day+time.Duration(i/3)*time.Millisecond))), j.ID).Error)
		}
		first, err := s.Retention.Jobs(t.Context(), 5*day)
		require.NoError(t, err)
		require.True(t, first.More)
		require.InDelta(t, walkStep, first.Removed[walkJobs], 3)

		var mu sync.Mutex
		total := first.Removed[walkJobs]
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for count(t, s, "jobs", "true") > 0 {
					done, err := s.Retention.Jobs(t.Context(), 5*day)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					total += done.Removed[walkJobs]
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		require.Equal(t, len(batch), total, "each was removed once")
		require.Zero(t, count(t, s, "job_events", "true"))
	})
}

// A rollup that looks back farther than jobs are kept leaves the totals of what it does not see whole.
func TestUsageOutlivesItsJobs(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		now := time.Now().UTC()
		bucket := func(age time.Duration, kind models.Kind, jobs int64) models.Usage {
			return models.Usage{AccountID: p.AccountID, Kind: kind, Period: models.PeriodDay, Start: models.PeriodDay.Start(now.Add(-age)), Jobs: jobs}
		}
		ended(t, s, p, models.KindBuild, "", 10*day)
		require.NoError(t, s.Usage.SaveUsage(t.Context(), []models.Usage{bucket(10*day, models.KindBuild, 7), bucket(10*day, models.KindAnalytics, 7),
			bucket(3*day, models.KindBuild, 7)}, now))
		require.Equal(t, 1, all(t, s.Retention.Jobs, 5*day)[walkJobs])
		require.NoError(t, s.Usage.SaveUsage(t.Context(), []models.Usage{bucket(10*day, models.KindBuild, 1), bucket(10*day, models.KindAnalytics, 2),
			bucket(3*day, models.KindBuild, 3)}, now))
		got, err := s.Usage.Usage(t.Context(), p.AccountID, models.UsageFilter{})
		require.NoError(t, err)
		require.Equal(t, []models.Usage{bucket(3*day, models.KindBuild, 3), bucket(10*day, models.KindAnalytics, 2), bucket(10*day, models.KindBuild, 7)}, got)
	})
}

// What is as old as what has been removed may have been there: everybody gets the same answer, whether it was or not.
func TestOldIDsMayHaveBeenRemoved(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, other := tenant(t, s), tenant(t, s)
		rolledUpTo(t, s, 0)
		old, open := ended(t, s, p, models.KindBuild, "", 10*day), newJob(p, models.KindBuild, models.StateQueued)
		open.ID = idOfAge(20 * day)
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{open}}))
		asks := func(account, id string) (codes []models.Code) {
			_, job := s.Jobs.Job(t.Context(), account, id)
			_, _, cancel := s.Jobs.Cancel(t.Context(), account, id, "x")
			_, _, retry := s.Jobs.Retry(t.Context(), account, id)
			_, _, pipeline := s.Jobs.Pipeline(t.Context(), account, id)
			for _, err := range []error{job, cancel, retry, pipeline} {
				codes = append(codes, models.CodeOf(err))
			}
			return codes
		}
		never := []models.Code{models.CodeNotFound, models.CodeNotFound, models.CodeNotFound, models.CodeNotFound}
		pruned := []models.Code{models.CodePruned, models.CodePruned, models.CodePruned, models.CodePruned}
		require.Equal(t, never, asks(other.AccountID, old.ID), "nothing has been removed yet")
		all(t, s.Retention.Jobs, 5*day)
		for _, id := range []string{old.ID, idOfAge(10 * day), open.ID, idOfAge(6 * day)} {
			require.Equal(t, pruned, asks(other.AccountID, id))
		}
		require.Equal(t, pruned, asks(p.AccountID, old.ID))
		for _, id := range []string{idOfAge(4 * day), idOfAge(0), idOfAge(-day), "00000000-0000-4000-8000-000000000000", "x"} {
			require.Equal(t, never, asks(p.AccountID, id))
		}
		require.Equal(t, open.ID, state(t, s, open).ID, "what is still there is found, however old")
		_, err := s.Artifacts.Artifact(t.Context(), p.AccountID, idOfAge(10*day))
		require.Equal(t, models.CodeNotFound, models.CodeOf(err), "no artifact has been removed")
	})
}

// artifactOfAge stores what a job made some time ago.
func artifactOfAge(t *testing.T, s *Store, p *models.Project, kind models.ArtifactKind, mode string, age time.Duration, change func(*models.Artifact)) *models.Artifact {
	t.Helper()
	return finish(t, s, p, func(a *models.Artifact) {
		a.ID, a.Kind, a.Mode = idOfAge(age), kind, mode
		change(a)
	})
}

func asIs(*models.Artifact) {}

func TestBuildsGoAfterTheyWereReplaced(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p, idle := tenant(t, s), tenant(t, s)
		build := func(p *models.Project, mode string, age time.Duration) *models.Artifact {
			return artifactOfAge(t, s, p, models.ArtifactBuild, mode, age, asIs)
		}
		replaced, lately, newest := build(p, models.ModePreview, 20*day), build(p, models.ModePreview, 10*day), build(p, models.ModePreview, day)
		release, exported, last := build(p, models.ModeRelease, 20*day), build(p, models.ModeRelease, 19*day), build(p, models.ModeRelease, 10*day)
		export := artifactOfAge(t, s, p, models.ArtifactExport, models.ModeRelease, 18*day, func(a *models.Artifact) { a.ExportedFrom = exported.ID })
		only := build(idle, models.ModePreview, 30*day)

		kept := func(want ...*models.Artifact) {
			t.Helper()
			for _, a := range want {
				_, err := s.Artifacts.Artifact(t.Context(), a.AccountID, a.ID)
				require.NoError(t, err)
			}
			require.Equal(t, len(want), count(t, s, "artifacts", "true"))
		}
		require.Equal(t, map[string]int{walkPreviews: 1}, all(t, s.Retention.Previews, 5*day), "it was replaced ten days ago")
		kept(lately, newest, release, exported, last, export, only)
		require.Equal(t, map[string]int{walkReleases: 1}, all(t, s.Retention.Releases, 5*day), "an exported one is pinned")
		kept(lately, newest, exported, last, export, only)
		require.Empty(t, all(t, s.Retention.Releases, 2*day))
		require.Equal(t, map[string]int{walkPreviews: 1}, all(t, s.Retention.Previews, time.Hour))
		kept(newest, exported, last, export, only)

		_, err := s.Artifacts.PublicArtifact(t.Context(), replaced.ID)
		require.Equal(t, models.CodePruned, models.CodeOf(err))
		to, err := s.Retention.Replaced(t.Context())
		require.NoError(t, err)
		require.WithinDuration(t, time.Now().Add(-time.Hour), to, time.Minute)
	})
}

func TestProvenanceGoesWithItsArtifact(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		old := artifactOfAge(t, s, p, models.ArtifactBuild, models.ModeRelease, 20*day, asIs)
		artifactOfAge(t, s, p, models.ArtifactBuild, models.ModeRelease, 10*day, asIs)
		require.NoError(t, s.db.w.Exec("INSERT INTO attestations (artifact_id, envelope) VALUES (?, '{}')", old.ID).Error)
		require.Equal(t, map[string]int{walkReleases: 1}, all(t, s.Retention.Releases, 5*day))
		require.Zero(t, count(t, s, "attestations", "true"))
	})
}

// What a pipeline has made stays until the pipeline has ended: its next job may need it.
func TestWhatAPipelineNeedsStays(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		id := models.NewID()
		require.NoError(t, s.db.w.Exec("INSERT INTO pipelines (id, account_id, project_id) VALUES (?, ?, ?)", id, p.AccountID, p.ID).Error)
		j := newJob(p, models.KindBuild, models.StateQueued)
		j.PipelineID = id
		next := newJob(p, models.KindExport, models.StateQueued)
		next.PipelineID = id
		require.NoError(t, s.Jobs.Submit(t.Context(), jobs.Submission{Jobs: []*models.Job{j, next}}))
		r := claim(t, s, p, j)
		a := &models.Artifact{ID: idOfAge(20 * day), AccountID: p.AccountID, ProjectID: p.ID, JobID: r.ID, Kind: models.ArtifactBuild, Mode: models.ModeRelease}
		_, err := s.Ledger.Finish(t.Context(), r.Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{Artifact: a}})
		require.NoError(t, err)
		artifactOfAge(t, s, p, models.ArtifactBuild, models.ModeRelease, 10*day, asIs)
		require.Empty(t, all(t, s.Retention.Releases, 5*day))

		_, _, err = s.Jobs.Cancel(t.Context(), p.AccountID, next.ID, "over")
		require.NoError(t, err)
		artifactOfAge(t, s, p, models.ArtifactBuild, models.ModeRelease, 4*day, asIs)
		require.Equal(t, map[string]int{walkReleases: 2}, all(t, s.Retention.Releases, 3*day), "found again when the next is replaced")
	})
}

// revised commits a revision some time ago.
func revised(t *testing.T, s *Store, p *models.Project, age time.Duration, m models.Manifest) *models.Revision {
	t.Helper()
	rev, err := s.Projects.Commit(t.Context(), p.AccountID, p.ID, func(*models.Revision) (*models.Revision, error) {
		return &models.Revision{ID: idOfAge(age), AccountID: p.AccountID, ProjectID: p.ID, Manifest: m, Digest: m.Digest()}, nil
	})
	require.NoError(t, err)
	return rev
}

func TestRevisionsGoAndTheirTreesAfterThem(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		m := files(120) // in three folders, and one above each
		first := revised(t, s, p, 20*day, m)
		second := revised(t, s, p, 10*day, m[:60])
		current := revised(t, s, p, 30*day, m[60:]) // whatever its age
		trees := count(t, s, "trees", "true")
		require.Equal(t, map[string]int{walkRevisions: 1}, all(t, s.Retention.Revisions, 5*day))
		_, err := s.Projects.Revision(t.Context(), p.AccountID, first.ID)
		require.Equal(t, models.CodePruned, models.CodeOf(err))

		unused := func(grace time.Duration) int {
			n, err := s.Retention.Trees(t.Context(), grace)
			require.NoError(t, err)
			return n
		}
		require.Zero(t, unused(time.Hour), "they are young")
		require.NoError(t, s.db.w.Exec("UPDATE trees SET used_at = "+s.db.dialect.nowPlus(micros(-2*day))).Error)
		removed := unused(day)
		require.Positive(t, removed)
		require.Equal(t, trees-removed, count(t, s, "trees", "true"))
		require.Zero(t, unused(day))
		for _, rev := range []*models.Revision{second, current} {
			got, err := s.Projects.Revision(t.Context(), p.AccountID, rev.ID)
			require.NoError(t, err)
			require.Equal(t, rev.Manifest, got.Manifest)
		}
		require.NoError(t, s.db.w.Exec("DELETE FROM revisions").Error)
		unused(day)
		require.Zero(t, count(t, s, "trees", "true"), "folders in folders, too")
	})
}

// A revision that is stored with trees which nothing refers to any more, while they are swept, has them.
func TestTreesAreSweptBesideCommits(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		const rounds = 30
		swept := make(chan struct{})
		ctx, stop := context.WithCancel(t.Context())
		go func() {
			defer close(swept)
			for ctx.Err() == nil {
				if _, err := s.Retention.Trees(ctx, day); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		}()
		for i := range rounds {
			m := files(60)[:30+i%2*30]
			rev := revised(t, s, p, 0, m)
			got, err := s.Projects.Revision(t.Context(), p.AccountID, rev.ID)
			require.NoError(t, err)
			require.Equal(t, rev.Manifest, got.Manifest)
			// Another one, of other folders, is current, and nothing refers to those trees, which have become old.
			revised(t, s, p, 0, models.Manifest{{Path: fmt.Sprintf("other/%d", i), SHA256: sum, Size: 1, MediaType: models.MediaType("x")}})
			require.NoError(t, s.db.w.Exec("DELETE FROM revisions WHERE id = ?", rev.ID).Error)
			require.NoError(t, s.db.w.Exec("UPDATE trees SET used_at = "+s.db.dialect.nowPlus(micros(-2*day))).Error)
		}
		stop()
		<-swept
	})
}
