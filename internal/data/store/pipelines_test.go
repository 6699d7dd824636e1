package store

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// chain submits a pipeline of builds, each of which waits for the one before, with the names a, b, c, …
func chain(t *testing.T, s *Store, p *models.Project, inputs ...string) (*models.Pipeline, []*models.Job) {
	t.Helper()
	sub := jobs.Submission{Pipeline: &models.Pipeline{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID, EndUser: "fox", Metadata: models.JSON(`{"a":1}`)}}
	for i, in := range inputs {
		j := newJob(p, models.KindBuild, models.StateQueued)
		j.PipelineID, j.Step, j.Input = sub.Pipeline.ID, string(rune('a'+i)), models.JSON(in)
		if i > 0 {
			j.State = models.StateBlocked
			sub.Dependencies = append(sub.Dependencies, models.Dependency{JobID: j.ID, DependsOn: sub.Jobs[i-1].ID})
		}
		sub.Jobs = append(sub.Jobs, j)
	}
	require.NoError(t, s.Jobs.Submit(t.Context(), sub))
	return sub.Pipeline, sub.Jobs
}

// A step that has nothing left to wait for gets what the others made in the place of its references, or fails if there is none.
func TestReferencesAreResolved(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		revision := models.NewID()
		_, js := chain(t, s, p, `{}`, `{"revision_id":"{{steps.a.output.revision_id}}"}`, `{"revision_id":"{{steps.b.output.revision_id}}"}`)
		finishWith := func(j *models.Job, out jobs.Outcome) jobs.Effects {
			t.Helper()
			effects, err := s.Ledger.Finish(t.Context(), claim(t, s, p, j).Fence(), out)
			require.NoError(t, err)
			return effects
		}
		succeed := func(output string) jobs.Outcome {
			return jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{Output: models.JSON(output)}}
		}
		finishWith(js[0], succeed(`{"revision_id":"`+revision+`"}`))
		second := state(t, s, js[1])
		require.Equal(t, models.StateQueued, second.State)
		require.JSONEq(t, `{"revision_id":"`+revision+`"}`, string(second.Input))
		require.Equal(t, "b", second.Step)

		effects := finishWith(js[1], succeed(`{"mode":"preview"}`)) // without a revision
		third := state(t, s, js[2])
		require.Equal(t, models.StateFailed, third.State)
		require.Equal(t, models.CodeReferenceUnresolved, third.ErrorCode)
		require.Contains(t, effects.Jobs, third.ID)
		require.Equal(t, []string{"blocked", "failed"}, eventTypes(t, s, third))

		// There is nothing to retry: it would fail again.
		_, _, err := s.Jobs.Retry(t.Context(), p.AccountID, third.ID)
		require.Equal(t, models.CodeConflict, models.CodeOf(err))
		_, err = s.Jobs.RetryPipeline(t.Context(), p.AccountID, third.PipelineID)
		require.Equal(t, models.CodeConflict, models.CodeOf(err))
	})
}

func eventTypes(t *testing.T, s *Store, j *models.Job) (types []string) {
	t.Helper()
	events, err := s.Jobs.Events(t.Context(), j.AccountID, j.ID, 0, 100)
	require.NoError(t, err)
	for _, e := range events {
		types = append(types, string(e.Type))
	}
	return types
}

// A step that was cancelled before its references were resolved gets them when it is retried.
func TestReferencesAreResolvedByARetry(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		revision := models.NewID()
		_, js := chain(t, s, p, `{}`, `{"revision_id":"{{steps.a.output.revision_id}}"}`)
		_, _, err := s.Jobs.Cancel(t.Context(), p.AccountID, js[1].ID, "x")
		require.NoError(t, err)
		out := jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{Output: models.JSON(`{"revision_id":"` + revision + `"}`)}}
		_, err = s.Ledger.Finish(t.Context(), claim(t, s, p, js[0]).Fence(), out)
		require.NoError(t, err)
		retried, _, err := s.Jobs.Retry(t.Context(), p.AccountID, js[1].ID)
		require.NoError(t, err)
		require.Equal(t, models.StateQueued, retried.State)
		require.JSONEq(t, `{"revision_id":"`+revision+`"}`, string(retried.Input))
	})
}

func TestPipelineIsCancelledAndRetriedAsAWhole(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		p, other := tenant(t, s), tenant(t, s)
		pipeline, js := chain(t, s, p, `{}`, `{}`, `{}`)
		states := func() (all []models.State) {
			_, rows, err := s.Jobs.Pipeline(ctx, p.AccountID, pipeline.ID)
			require.NoError(t, err)
			for _, j := range rows {
				all = append(all, j.State)
			}
			return all
		}
		_, err := s.Jobs.CancelPipeline(ctx, other.AccountID, pipeline.ID, "x")
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		_, err = s.Jobs.RetryPipeline(ctx, p.AccountID, pipeline.ID)
		require.Equal(t, models.CodeConflict, models.CodeOf(err), "nothing has failed")

		_, err = s.Ledger.Finish(ctx, claim(t, s, p, js[0]).Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{}})
		require.NoError(t, err)
		running := claim(t, s, p, js[1])
		effects, err := s.Jobs.CancelPipeline(ctx, p.AccountID, pipeline.ID, "x")
		require.NoError(t, err)
		require.Equal(t, []string{js[1].ID}, effects.Stopping)
		require.Equal(t, []models.State{"succeeded", "running", "cancelled"}, states())
		_, err = s.Ledger.Finish(ctx, running.Fence(), jobs.Outcome{Verdict: jobs.Cancelled})
		require.NoError(t, err)
		require.Equal(t, []models.State{"succeeded", "cancelled", "cancelled"}, states())
		_, err = s.Jobs.CancelPipeline(ctx, p.AccountID, pipeline.ID, "x")
		require.NoError(t, err, "twice is no error")

		effects, err = s.Jobs.RetryPipeline(ctx, p.AccountID, pipeline.ID)
		require.NoError(t, err)
		require.Equal(t, []models.State{"succeeded", "queued", "blocked"}, states(), "what has succeeded is not done again")
		require.ElementsMatch(t, []string{js[1].ID, js[2].ID}, effects.Jobs)
		for _, j := range js[1:] {
			_, err = s.Ledger.Finish(ctx, claim(t, s, p, j).Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{}})
			require.NoError(t, err)
		}
		_, err = s.Jobs.CancelPipeline(ctx, p.AccountID, pipeline.ID, "x")
		require.Equal(t, models.CodeConflict, models.CodeOf(err), "it has ended otherwise")
	})
}

func TestPipelinesAreListed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		p := tenant(t, s)
		first, js := chain(t, s, p, `{}`, `{}`)
		second, _ := chain(t, s, p, `{}`)
		chain(t, s, tenant(t, s), `{}`)
		claim(t, s, p, js[0])
		list := func(f models.PipelineFilter) (ids []string) {
			all, err := s.Jobs.ListPipelines(ctx, p.AccountID, f, models.Page{Limit: 10})
			require.NoError(t, err)
			for _, one := range all {
				ids = append(ids, one.ID)
			}
			return ids
		}
		all, err := s.Jobs.ListPipelines(ctx, p.AccountID, models.PipelineFilter{}, models.Page{Limit: 10})
		require.NoError(t, err)
		require.Len(t, all, 2)
		require.Equal(t, map[models.State]int{"queued": 1}, all[0].Jobs)
		require.Equal(t, map[models.State]int{"running": 1, "blocked": 1}, all[1].Jobs)
		require.JSONEq(t, `{"a":1}`, string(all[1].Metadata))
		both := []string{second.ID, first.ID}
		require.Equal(t, both, list(models.PipelineFilter{ProjectID: p.ID, EndUser: "fox"}))
		require.Empty(t, list(models.PipelineFilter{EndUser: "wolf"}))
		require.Empty(t, list(models.PipelineFilter{ProjectID: models.NewID()}))
		require.Equal(t, both, list(models.PipelineFilter{From: time.Now().Add(-time.Hour)}))
		require.Empty(t, list(models.PipelineFilter{To: time.Now().Add(-time.Hour)}))
		_, err = s.Jobs.ListPipelines(ctx, "", models.PipelineFilter{}, models.Page{Limit: 10})
		require.Error(t, err)
	})
}
