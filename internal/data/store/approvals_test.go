package store

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// approval submits a pipeline: a build, an approval, and two builds that wait for it under conditions.
func approval(t *testing.T, s *Store, p *models.Project, input string, conditions ...models.DependencyCondition) (*models.Pipeline, []*models.Job) {
	t.Helper()
	sub := jobs.Submission{Pipeline: &models.Pipeline{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID}}
	add := func(kind models.Kind, step, input string) *models.Job {
		j := newJob(p, kind, models.StateBlocked)
		j.PipelineID, j.Step, j.Input = sub.Pipeline.ID, step, models.JSON(input)
		sub.Jobs = append(sub.Jobs, j)
		return j
	}
	first := add(models.KindBuild, "try", `{}`)
	first.State = models.StateQueued
	ask := add(models.KindApproval, "ok", input)
	sub.Dependencies = append(sub.Dependencies, models.Dependency{JobID: ask.ID, DependsOn: first.ID})
	for _, c := range conditions {
		j := add(models.KindBuild, string(c), `{}`)
		sub.Dependencies = append(sub.Dependencies, models.Dependency{JobID: j.ID, DependsOn: ask.ID, RunIf: c})
	}
	require.NoError(t, s.Jobs.Submit(t.Context(), sub))
	return sub.Pipeline, sub.Jobs
}

func succeedWith(t *testing.T, s *Store, p *models.Project, j *models.Job) {
	t.Helper()
	_, err := s.Ledger.Finish(t.Context(), claim(t, s, p, j).Fence(), jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{}})
	require.NoError(t, err)
}

func decision(p *models.Pipeline, approve bool, who string) jobs.Decision {
	return jobs.Decision{AccountID: p.AccountID, PipelineID: p.ID, Step: "ok", Approve: approve, By: models.Decider{KeyID: "k", EndUser: who}, Comment: "by " + who}
}

func outputOf(t *testing.T, j *models.Job) (out models.ApprovalOutput) {
	t.Helper()
	require.NoError(t, json.Unmarshal(j.Output, &out))
	return out
}

func TestApprovalWaitsAndIsDecided(t *testing.T) {
	t.Parallel()
	all := []models.DependencyCondition{models.RunIfSucceeded, models.RunIfFailed, models.RunIfRejected, models.RunAlways}
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		p, other := tenant(t, s), tenant(t, s)
		for _, approve := range []bool{true, false} {
			pipeline, js := approval(t, s, p, `{"fields":{"style":{"type":"string","default":"dark"}},"approvers":["fox"]}`, all...)
			_, err := s.Jobs.Decide(ctx, decision(pipeline, approve, "fox"))
			require.Equal(t, models.CodeApprovalNotWaiting, models.CodeOf(err))
			succeedWith(t, s, p, js[0])
			asked := state(t, s, js[1])
			require.Equal(t, models.StateQueued, asked.State)
			require.Equal(t, stageApproval, asked.Stage)
			require.Equal(t, jobs.DefaultApprovalTime, asked.ExpiresAt.Sub(*asked.StartedAt))
			require.Equal(t, []string{"blocked", "queued", "approval_requested"}, eventTypes(t, s, asked))
			queues, err := s.Backlog.WaitingQueues(ctx)
			require.NoError(t, err)
			require.Empty(t, queues, "no worker is to take it")

			_, err = s.Jobs.Decide(ctx, jobs.Decision{AccountID: other.AccountID, PipelineID: pipeline.ID, Step: "ok"})
			require.Equal(t, models.CodeNotFound, models.CodeOf(err))
			_, err = s.Jobs.Decide(ctx, decision(pipeline, approve, "crow"))
			require.Equal(t, models.CodeForbidden, models.CodeOf(err))
			d := decision(pipeline, approve, "fox")
			if approve {
				d.Data = map[string]json.RawMessage{"style": json.RawMessage(`7`)}
				_, err = s.Jobs.Decide(ctx, d)
				require.Equal(t, "/data/style", models.AsError(err).Pointer)
				d.Data = nil
			}
			effects, err := s.Jobs.Decide(ctx, d)
			require.NoError(t, err)
			require.NotEmpty(t, effects.Queues)
			_, err = s.Jobs.Decide(ctx, decision(pipeline, !approve, "fox"))
			require.Equal(t, models.CodeApprovalDecided, models.CodeOf(err))

			done := state(t, s, js[1])
			out := outputOf(t, done)
			require.Equal(t, "fox", out.By.EndUser)
			require.Equal(t, "by fox", out.Comment)
			want := map[models.DependencyCondition]models.State{models.RunIfSucceeded: models.StateQueued, models.RunIfFailed: models.StateCancelled,
				models.RunIfRejected: models.StateCancelled, models.RunAlways: models.StateQueued}
			if approve {
				require.Equal(t, models.StateSucceeded, done.State)
				require.JSONEq(t, `"dark"`, string(out.Data["style"]))
			} else {
				require.Equal(t, models.CodeApprovalRejected, done.ErrorCode)
				want = map[models.DependencyCondition]models.State{models.RunIfSucceeded: models.StateCancelled, models.RunIfFailed: models.StateQueued,
					models.RunIfRejected: models.StateQueued, models.RunAlways: models.StateQueued}
			}
			codes := map[models.DependencyCondition]models.Code{}
			for i, c := range all {
				j := state(t, s, js[2+i])
				require.Equal(t, want[c], j.State, "%v: %s", approve, c)
				codes[c] = j.ErrorCode
			}
			if approve {
				require.Equal(t, models.CodeSkipped, codes[models.RunIfFailed])
				require.Equal(t, models.CodeSkipped, codes[models.RunIfRejected])
			} else {
				require.Equal(t, models.CodeDependencyFailed, codes[models.RunIfSucceeded])
			}
			released := release(t, s, p)
			for _, j := range js[2:] {
				if state(t, s, j).State == models.StateQueued {
					fence := claimOf(t, s, released, j).Fence()
					_, err := s.Ledger.Finish(ctx, fence, jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{}})
					require.NoError(t, err)
				}
			}
			list, err := s.Jobs.ListPipelines(ctx, p.AccountID, models.PipelineFilter{}, models.Page{Limit: 1})
			require.NoError(t, err)
			if approve {
				require.Equal(t, models.StateSucceeded, models.PipelineState(list[0].Jobs), "skipped steps do not matter")
				require.Equal(t, 2, list[0].Jobs[models.Skipped])
			} else {
				require.Equal(t, models.StateFailed, models.PipelineState(list[0].Jobs))
			}
		}
	})
}

// Of many who approve and reject at once, exactly one decides.
func TestOneDecides(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		pipeline, js := approval(t, s, p, `{}`, models.RunIfSucceeded, models.RunIfRejected)
		succeedWith(t, s, p, js[0])
		const twins = 8
		errs := make([]error, twins)
		var all sync.WaitGroup
		for i := range twins {
			all.Go(func() { _, errs[i] = s.Jobs.Decide(t.Context(), decision(pipeline, i%2 == 0, string(rune('a'+i)))) })
		}
		all.Wait()
		won := -1
		for i, err := range errs {
			if err == nil {
				require.Equal(t, -1, won, "two decided")
				won = i
				continue
			}
			require.Equal(t, models.CodeApprovalDecided, models.CodeOf(err))
		}
		require.GreaterOrEqual(t, won, 0)
		done := state(t, s, js[1])
		require.Equal(t, string(rune('a'+won)), outputOf(t, done).By.EndUser)
		require.Equal(t, won%2 == 0, done.State == models.StateSucceeded)
		require.Equal(t, won%2 == 0, state(t, s, js[2]).State == models.StateQueued)
		require.Equal(t, won%2 == 1, state(t, s, js[3]).State == models.StateQueued)
		require.Len(t, eventTypes(t, s, done), 4, "one event of the decision")
	})
}

// A decision about a step that has ended since it was read changes nothing, and says so.
func TestDecisionThatComesTooLate(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		for _, approve := range []bool{true, false} {
			pipeline, js := approval(t, s, p, `{}`, models.RunAlways)
			succeedWith(t, s, p, js[0])
			read := state(t, s, js[1])
			d := decision(pipeline, approve, "fox")
			var effects jobs.Effects
			err := s.db.write(t.Context(), func(tx *tx) error {
				if err := tx.Exec("UPDATE jobs SET state = 'cancelled' WHERE id = ?", read.ID).Error; err != nil {
					return err
				}
				return tx.decide(read, &d, s.db.decidable(), &effects)
			})
			require.ErrorIs(t, err, errDecided)
			require.Empty(t, effects.Jobs)
			require.Equal(t, models.StateBlocked, state(t, s, js[2]).State)
		}
	})
}

// overdue puts the end of an approval's time into the past.
func overdue(t *testing.T, s *Store, id string) {
	t.Helper()
	require.NoError(t, s.db.write(t.Context(), func(tx *tx) error {
		return tx.Exec("UPDATE job_queue SET decide_by = "+tx.dialect.nowPlus(micros(-time.Second))+" WHERE job_id = ?", id).Error
	}))
}

// An approval whose time is over decides itself once, however many schedulers look, and nobody decides after that.
func TestApprovalsExpire(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		p := tenant(t, s)
		for input, want := range map[string]models.State{`{}`: models.StateFailed, `{"on_expiry":"approve"}`: models.StateSucceeded} {
			pipeline, js := approval(t, s, p, input, models.RunAlways)
			succeedWith(t, s, p, js[0])
			effects, err := s.Backlog.Expire(t.Context(), 10)
			require.NoError(t, err)
			require.Empty(t, effects.Jobs, "its time is not over")
			overdue(t, s, js[1].ID)
			_, err = s.Jobs.Decide(t.Context(), decision(pipeline, true, "late"))
			require.Equal(t, models.CodeApprovalDecided, models.CodeOf(err), "it is over before a scheduler has looked")
			var schedulers sync.WaitGroup
			for range 4 {
				schedulers.Go(func() {
					_, err := s.Backlog.Expire(t.Context(), 10)
					require.NoError(t, err)
				})
			}
			schedulers.Wait()
			done := state(t, s, js[1])
			if !done.State.Terminal() { // all passed over what another one held, and it was rolled back
				_, err := s.Backlog.Expire(t.Context(), 10)
				require.NoError(t, err)
				done = state(t, s, js[1])
			}
			require.Equal(t, want, done.State)
			if want == models.StateFailed {
				require.Equal(t, models.CodeApprovalExpired, done.ErrorCode)
			}
			out := outputOf(t, done)
			require.True(t, out.Expired)
			require.Nil(t, out.By)
			require.Len(t, eventTypes(t, s, done), 4)
			require.Equal(t, models.StateQueued, state(t, s, js[2]).State)
		}
	})
}

// An approval that is the first step, one that is due later, and one that an older program has queued are asked for.
func TestApprovalsAreAskedFor(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		p := tenant(t, s)
		submit := func(due time.Time) *models.Job {
			j := newJob(p, models.KindApproval, models.StateQueued)
			pipeline := &models.Pipeline{ID: models.NewID(), AccountID: p.AccountID, ProjectID: p.ID}
			j.PipelineID, j.Step, j.Input, j.RunAt = pipeline.ID, "ok", models.JSON(`{}`), due
			require.NoError(t, s.Jobs.Submit(ctx, jobs.Submission{Pipeline: pipeline, Jobs: []*models.Job{j}}))
			return j
		}
		now := submit(time.Time{})
		require.NotNil(t, now.StartedAt, "whoever submits it sees it wait")
		require.Equal(t, stageApproval, state(t, s, now).Stage)
		later := submit(time.Now().Add(time.Hour))
		_, err := s.Backlog.Expire(ctx, 10)
		require.NoError(t, err)
		require.Empty(t, state(t, s, later).Stage)
		require.NoError(t, s.db.write(ctx, func(tx *tx) error {
			past := tx.dialect.nowPlus(micros(-time.Second))
			if err := tx.Exec("UPDATE jobs SET run_at = "+past+" WHERE id = ?", later.ID).Error; err != nil {
				return err
			}
			return tx.Exec("UPDATE job_queue SET run_at = "+past+" WHERE job_id = ?", later.ID).Error
		}))
		effects, err := s.Backlog.Expire(ctx, 10)
		require.NoError(t, err)
		require.Equal(t, []string{later.ID}, effects.Jobs)
		require.Equal(t, stageApproval, state(t, s, later).Stage)
		n, err := s.Jobs.CountWaiting(ctx, p.AccountID, 10)
		require.NoError(t, err)
		require.Equal(t, 2, n, "they are among what waits")
	})
}

// A pipeline is cancelled with the approval that it waits for; what was rejected asks again when it is retried.
func TestApprovalsAreCancelledAndRetried(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		p := tenant(t, s)
		pipeline, js := approval(t, s, p, `{}`, models.RunIfSucceeded, models.RunIfRejected)
		succeedWith(t, s, p, js[0])
		_, err := s.Jobs.CancelPipeline(ctx, p.AccountID, pipeline.ID, "x")
		require.NoError(t, err)
		_, err = s.Jobs.Decide(ctx, decision(pipeline, true, "fox"))
		require.Equal(t, models.CodeApprovalDecided, models.CodeOf(err))
		_, err = s.Jobs.RetryPipeline(ctx, p.AccountID, pipeline.ID)
		require.NoError(t, err)
		require.Equal(t, stageApproval, state(t, s, js[1]).Stage)
		_, err = s.Jobs.Decide(ctx, decision(pipeline, false, "fox"))
		require.NoError(t, err)
		require.Equal(t, models.StateCancelled, state(t, s, js[2]).State)
		_, err = s.Jobs.RetryPipeline(ctx, p.AccountID, pipeline.ID)
		require.NoError(t, err)
		require.Equal(t, stageApproval, state(t, s, js[1]).Stage)
		require.Equal(t, models.StateBlocked, state(t, s, js[2]).State)
		_, err = s.Jobs.Decide(ctx, decision(pipeline, true, "fox"))
		require.NoError(t, err)
		require.Equal(t, models.StateQueued, state(t, s, js[2]).State)
	})
}
