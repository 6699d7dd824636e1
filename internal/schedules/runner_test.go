package schedules_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/identity/accounts"
	"github.com/spark-games/spark/internal/schedules"
	"github.com/spark-games/spark/internal/templates"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/wire"
	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) {
	testenv.RunWithoutLeaks(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// platform is a store with an account that has a project, and a clock that stands still.
type platform struct {
	t *testing.T
	*schedules.Service
	store    *store.Store
	jobs     *jobs.Service
	project  *models.Project
	now      time.Time
	outcomes sync.Map
}

func (p *platform) ScheduleFired(o models.FiringOutcome) { p.outcomes.Store(o, true) }
func (p *platform) SchedulesFailed()                     { p.t.Error("a round failed") }

func on(t *testing.T, f func(p *platform)) {
	t.Helper()
	open := func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), url)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		p := &platform{t: t, store: s, now: time.Now().UTC().Truncate(time.Hour).Add(24 * time.Hour)}
		account := &models.Account{ID: models.NewID(), Name: "a"}
		require.NoError(t, s.Accounts.CreateAccount(t.Context(), account))
		p.project = &models.Project{ID: models.NewID(), AccountID: account.ID, Name: "game", Engine: "phaser"}
		require.NoError(t, s.Projects.CreateProject(t.Context(), p.project))
		p.jobs = &jobs.Service{Intake: struct {
			*store.Jobs
			*store.Projects
			*store.Artifacts
			*store.Spending
		}{s.Jobs, s.Projects, s.Artifacts, s.Spending}, Accounts: s.Accounts, Templates: templates.Directory{Store: s.Templates}, Ready: func() error { return nil }, Changed: func([]string, []models.Queue) {},
			CancelRunning: func(context.Context, string) {}}
		p.Service = &schedules.Service{Store: s.Schedules, Jobs: p.jobs, Accounts: accounts.NewDirectory(s.Accounts), Clock: p.clock}
		f(p)
	}
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); open(t, "sqlite://"+filepath.Join(t.TempDir(), "spark.db")) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); open(t, testenv.Postgres(t)) })
}

func (p *platform) clock(context.Context) (time.Time, error) { return p.now, nil }

func (p *platform) runner() *schedules.Runner {
	return &schedules.Runner{Store: p.store.Schedules, Jobs: p.jobs, Clock: p.clock, Every: time.Hour, Log: zap.NewNop(), Observer: p}
}

// at has runners look once, all at the same time, when the clock is at a time.
func (p *platform) at(now time.Time, runners int) {
	p.t.Helper()
	p.now = now
	var all sync.WaitGroup
	for range runners {
		all.Go(func() {
			if err := p.runner().Once(p.t.Context()); err != nil {
				p.t.Error(err)
			}
		})
	}
	all.Wait()
}

func (p *platform) make(c schedules.Change) *models.AccountSchedule {
	p.t.Helper()
	c.Name = new("x")
	if c.Target == nil {
		c.Target = &schedules.Target{Job: &wire.NewJob{Kind: models.KindBuild, ProjectID: p.project.ID}}
	}
	a, err := p.Create(p.t.Context(), p.project.AccountID, c)
	require.NoError(p.t, err)
	return a
}

func (p *platform) history(a *models.AccountSchedule) []models.Firing {
	p.t.Helper()
	all, err := p.Firings(p.t.Context(), a.AccountID, a.ID, models.Page{Limit: 100})
	require.NoError(p.t, err)
	return all
}

// finish ends all jobs of the account, as failed or not.
func (p *platform) finish(verdict jobs.Verdict) {
	p.t.Helper()
	queue := models.Queue{Kind: models.KindBuild, Priority: models.PriorityDefault}
	released, err := p.store.Backlog.Release(p.t.Context(), queue, []jobs.Share{{AccountID: p.project.AccountID, N: 100}})
	require.NoError(p.t, err)
	for _, d := range released[0] {
		job, err := p.store.Ledger.Claim(p.t.Context(), d.JobID, d.No, "w", time.Hour)
		require.NoError(p.t, err)
		_, err = p.store.Ledger.Finish(p.t.Context(), job.Fence(), jobs.Outcome{Verdict: verdict, Err: models.NewError(models.CodeBuildFailed, "no")})
		require.NoError(p.t, err)
	}
}

func (p *platform) count() int {
	p.t.Helper()
	all, err := p.store.Jobs.ListJobs(p.t.Context(), p.project.AccountID, models.JobFilter{}, models.Page{Limit: 1000})
	require.NoError(p.t, err)
	return len(all)
}

// However many look at the same time, each time counts once.
func TestManyRunnersFireOnce(t *testing.T) {
	t.Parallel()
	on(t, func(p *platform) {
		a := p.make(schedules.Change{Cron: new("0 * * * *"), Overlap: new(models.ConcurrencyQueue)})
		start := p.now
		p.at(start, 4)
		require.Empty(p.t, p.history(a), "not yet")
		for hour := range 3 {
			p.at(start.Add(time.Duration(hour+1)*time.Hour), 4)
		}
		require.Equal(p.t, 3, p.count())
		all := p.history(a)
		require.Len(p.t, all, 3)
		for i, f := range all {
			require.Equal(p.t, models.FiringSubmitted, f.Outcome)
			require.Equal(p.t, start.Add(time.Duration(3-i)*time.Hour), f.DueAt)
			require.NotEmpty(p.t, f.JobID)
		}
		now, err := p.Schedule(p.t.Context(), a.AccountID, a.ID)
		require.NoError(p.t, err)
		require.Equal(p.t, start.Add(4*time.Hour), now.NextRunAt)
	})
}

// A runner that dies before its transaction is committed leaves nothing, and the next one does it.
func TestFiringIsOneTransaction(t *testing.T) {
	t.Parallel()
	on(t, func(p *platform) {
		a := p.make(schedules.Change{Cron: new("0 * * * *")})
		p.now = p.now.Add(time.Hour)
		dies := p.runner()
		ctx, die := context.WithCancel(p.t.Context())
		dies.Jobs = dying{p.jobs, die}
		require.Error(p.t, dies.Once(ctx))
		require.Empty(p.t, p.history(a))
		require.Zero(p.t, p.count())
		p.at(p.now, 1)
		require.Len(p.t, p.history(a), 1)
		p.at(p.now, 1)
		require.Equal(p.t, 1, p.count())
	})
}

// dying ends its process when it has begun to submit.
type dying struct {
	*jobs.Service
	die func()
}

func (d dying) Submit(ctx context.Context, req jobs.JobRequest) (*models.Job, error) {
	d.die()
	return d.Service.Submit(ctx, req)
}

func TestOverlaps(t *testing.T) {
	t.Parallel()
	on(t, func(p *platform) {
		skip := p.make(schedules.Change{Cron: new("0 * * * *")})
		replace := p.make(schedules.Change{Cron: new("0 * * * *"), Overlap: new(models.ConcurrencyReplace)})
		start := p.now
		p.at(start.Add(time.Hour), 2)
		p.at(start.Add(2*time.Hour), 2)
		got := p.history(skip)
		require.Equal(p.t, []models.FiringOutcome{models.FiringSkipped, models.FiringSubmitted}, []models.FiringOutcome{got[0].Outcome, got[1].Outcome})
		require.Empty(p.t, got[0].JobID)
		require.Contains(p.t, got[0].Message, got[1].JobID)
		got = p.history(replace)
		replaced, err := p.store.Jobs.Job(p.t.Context(), replace.AccountID, got[1].JobID)
		require.NoError(p.t, err)
		require.Equal(p.t, models.StateCancelled, replaced.State)
	})
}

// What came while nothing ran is left out, or made up for once; never all of it.
func TestMisfires(t *testing.T) {
	t.Parallel()
	on(t, func(p *platform) {
		skip := p.make(schedules.Change{Cron: new("0 * * * *")})
		once := p.make(schedules.Change{Cron: new("0 * * * *"), Misfire: new(models.MisfireOnce)})
		every := p.make(schedules.Change{Cron: new("* * * * *"), Misfire: new(models.MisfireOnce)})
		start := p.now
		p.at(start.Add(5*time.Hour+30*time.Minute), 3)
		f := p.history(skip)
		require.Len(p.t, f, 1)
		require.Equal(p.t, []any{models.FiringMissed, start.Add(time.Hour), 5}, []any{f[0].Outcome, f[0].DueAt, f[0].Missed})
		f = p.history(once)
		require.Len(p.t, f, 1)
		require.Equal(p.t, []any{models.FiringSubmitted, start.Add(5 * time.Hour), 4}, []any{f[0].Outcome, f[0].DueAt, f[0].Missed})
		require.Len(p.t, p.history(every), 1)
		require.Equal(p.t, 2, p.count())
		p.at(start.Add(48*time.Hour), 3) // on time, after others that were missed
		f = p.history(skip)
		require.Equal(p.t, []any{models.FiringSubmitted, start.Add(48 * time.Hour), 42}, []any{f[0].Outcome, f[0].DueAt, f[0].Missed})
		require.Equal(p.t, models.MaxMissed, p.history(every)[0].Missed)
	})
}

// What the account is refused is noted, and the schedule goes on, however often it happens.
func TestRefusalsOfTheAccount(t *testing.T) {
	t.Parallel()
	on(t, func(p *platform) {
		a := p.make(schedules.Change{Cron: new("0 * * * *")})
		set := func(state models.AccountState, perDay int) {
			_, err := p.store.Accounts.ChangeAccount(p.t.Context(), a.AccountID, func(a *models.Account) error {
				a.State, a.JobsPerDay = state, &perDay
				return nil
			})
			require.NoError(p.t, err)
		}
		start := p.now
		set(models.AccountSuspended, 0)
		for hour := range 12 {
			p.at(start.Add(time.Duration(hour+1)*time.Hour), 1)
		}
		all := p.history(a)
		require.Len(p.t, all, 12)
		require.Equal(p.t, []any{models.FiringRefused, models.CodeAccountSuspended}, []any{all[0].Outcome, all[0].ErrorCode})
		set(models.AccountActive, 1)
		p.at(start.Add(13*time.Hour), 1)
		p.finish(jobs.Succeeded)
		p.at(start.Add(14*time.Hour), 1)
		all = p.history(a)
		require.Equal(p.t, []any{models.FiringRefused, models.CodeQuotaExceeded, models.FiringSubmitted}, []any{all[0].Outcome, all[0].ErrorCode, all[1].Outcome})
		now, err := p.Schedule(p.t.Context(), a.AccountID, a.ID)
		require.NoError(p.t, err)
		require.Nil(p.t, now.PausedAt)
	})
}

// Ten failures in a row pause a schedule, whether jobs fail or are refused; the account's stream says so once, and it goes on when it is resumed.
func TestFailuresPause(t *testing.T) {
	t.Parallel()
	on(t, func(p *platform) {
		failing := p.make(schedules.Change{Cron: new("0 * * * *"), Target: &schedules.Target{Pipeline: &schedules.Pipeline{ProjectID: p.project.ID, Steps: []wire.NewStep{{Kind: models.KindBuild}}}}})
		start := p.now
		hour := 0
		next := func(verdict jobs.Verdict) {
			hour++
			p.at(start.Add(time.Duration(hour)*time.Hour), 2)
			p.finish(verdict)
		}
		for range 9 {
			next(jobs.Failed)
		}
		next(jobs.Succeeded) // begins anew
		for range 10 {
			next(jobs.Failed)
		}
		require.Len(p.t, p.history(failing), 20)
		next(jobs.Failed)
		require.Len(p.t, p.history(failing), 20)
		now, err := p.Schedule(p.t.Context(), failing.AccountID, failing.ID)
		require.NoError(p.t, err)
		require.Equal(p.t, models.PauseFailures, now.PauseReason)
		require.Empty(p.t, schedules.NextRuns(now))
		events := p.events(models.EventSchedulePaused)
		require.Len(p.t, events, 1)
		require.Empty(p.t, events[0].JobID)
		require.Equal(p.t, p.project.ID, events[0].ProjectID)
		require.JSONEq(p.t, `{"schedule_id":"`+failing.ID+`","name":"x","reason":"failures","failures":10}`, string(events[0].Data))

		_, err = p.Change(p.t.Context(), failing.AccountID, failing.ID, schedules.Change{Paused: new(false)})
		require.NoError(p.t, err)
		next(jobs.Failed)
		require.Len(p.t, p.history(failing), 21)

		// Its project is gone: the tenth refusal pauses it.
		require.NoError(p.t, p.store.Projects.DeleteProject(p.t.Context(), p.project.AccountID, p.project.ID))
		for range 12 {
			next(jobs.Failed)
		}
		all := p.history(failing)
		require.Equal(p.t, []any{models.FiringRefused, models.CodeNotFound}, []any{all[0].Outcome, all[0].ErrorCode})
		require.Len(p.t, all, 30)
		require.Len(p.t, p.events(models.EventSchedulePaused), 2)
	})
}

// events are those of the account that have a type.
func (p *platform) events(is models.EventType) (found []models.StreamEvent) {
	p.t.Helper()
	for more := true; more; {
		var err error
		_, _, more, err = p.store.Stream.Sequence(p.t.Context(), 100)
		require.NoError(p.t, err)
	}
	all, err := p.store.Stream.After(p.t.Context(), p.project.AccountID, models.Place{}, 0, 1000)
	require.NoError(p.t, err)
	for i, e := range all {
		if i > 0 {
			require.Greater(p.t, e.Position, all[i-1].Position)
		}
		if e.Type == is {
			require.WithinDuration(p.t, time.Now(), e.CreatedAt, time.Minute)
			found = append(found, e)
		}
	}
	return found
}

// A change that reads the clock just before its schedule fires does not have it fire at the same time again.
func TestChangeWhileFiring(t *testing.T) {
	t.Parallel()
	on(t, func(p *platform) {
		a := p.make(schedules.Change{Cron: new("0 * * * *"), Overlap: new(models.ConcurrencyQueue)})
		start := p.now
		before := start.Add(time.Hour - time.Millisecond)
		var fired sync.Once
		p.Clock = func(context.Context) (time.Time, error) {
			read := p.now
			fired.Do(func() {
				read = before
				p.at(start.Add(time.Hour), 1)
			})
			return read, nil
		}
		changed, err := p.Change(p.t.Context(), a.AccountID, a.ID, schedules.Change{Cron: new("0 */1 * * *")})
		require.NoError(p.t, err)
		require.Equal(p.t, start.Add(2*time.Hour), changed.NextRunAt)
		p.at(start.Add(time.Hour+time.Second), 1)
		require.Len(p.t, p.history(a), 1)
		require.Equal(p.t, 1, p.count())
	})
}

// failingFor is a platform that fails with what an account submits.
type failingFor struct {
	*jobs.Service
	account string
	tried   int
}

func (f *failingFor) Submit(ctx context.Context, req jobs.JobRequest) (*models.Job, error) {
	if req.AccountID == f.account {
		f.tried++
		return nil, models.NewError(models.CodeUnavailable, "not now")
	}
	return f.Service.Submit(ctx, req)
}

// However many schedules of one account the platform fails with, those of others are on time; and what failed is tried again.
func TestFailuresOfOneAccountHoldUpNoOther(t *testing.T) {
	t.Parallel()
	on(t, func(p *platform) {
		other := &models.Account{ID: models.NewID(), Name: "other"}
		require.NoError(p.t, p.store.Accounts.CreateAccount(p.t.Context(), other))
		for range 210 {
			require.NoError(p.t, p.store.Schedules.Create(p.t.Context(), &models.AccountSchedule{ID: models.NewID(), AccountID: other.ID, Name: "x", Cron: "0 * * * *",
				TimeZone: "UTC", Target: models.ToJSON(schedules.Target{Job: &wire.NewJob{Kind: models.KindAnalytics}}), Overlap: models.ConcurrencyQueue,
				Misfire: models.MisfireOnce, NextRunAt: p.now, CountedFrom: p.now}, 0))
		}
		a := p.make(schedules.Change{Cron: new("0 * * * *")})
		p.now = p.now.Add(time.Hour)
		fails := &failingFor{Service: p.jobs, account: other.ID}
		r := p.runner()
		r.Jobs = fails
		require.Equal(p.t, models.CodeUnavailable, models.CodeOf(r.Once(p.t.Context())))
		require.Len(p.t, p.history(a), 1)
		require.Equal(p.t, 3, fails.tried, "of one account a round tries few that fail")
		require.Error(p.t, r.Once(p.t.Context()))
		require.Equal(p.t, 6, fails.tried, "others than before")
	})
}

// gone is an account without templates, as when a program has one no more that every account had.
type gone struct{}

func (gone) Template(context.Context, string, string) (*models.Template, error) {
	return nil, models.NewError(models.CodeNotFound, "no such template")
}

// A template is taken as it is when its schedule is due; one that does not fit any more, or is gone, is a failure like others.
func TestTemplatesOfSchedules(t *testing.T) {
	t.Parallel()
	on(t, func(p *platform) {
		ctx, account := p.t.Context(), p.project.AccountID
		template := &models.Template{ID: models.NewID(), AccountID: account, Name: "try", Parameters: models.Parameters{"mode": {Type: models.ParameterString}},
			Steps: []models.TemplateStep{{Kind: models.KindBuild, Input: []byte(`{"mode":"{{params.mode}}"}`)}}}
		require.NoError(p.t, p.store.Templates.Create(ctx, template, 10))
		a := p.make(schedules.Change{Cron: new("0 * * * *"), Overlap: new(models.ConcurrencyQueue), Target: &schedules.Target{Pipeline: &schedules.Pipeline{
			ProjectID: p.project.ID, Template: "try", Params: map[string]json.RawMessage{"mode": json.RawMessage(`"release"`)}}}})
		start := p.now
		p.at(start.Add(time.Hour), 3)
		submitted := p.history(a)[0]
		made, rows, err := p.store.Jobs.Pipeline(ctx, account, submitted.PipelineID)
		require.NoError(p.t, err)
		require.Equal(p.t, models.TemplateRef{ID: template.ID, Name: "try", Version: 1}, made.Template)
		require.JSONEq(p.t, `{"mode":"release"}`, string(rows[0].Input))
		change := func(params models.Parameters, input string) {
			_, err := p.store.Templates.Change(ctx, account, "try", func(t *models.Template) error {
				t.Parameters, t.Steps = params, []models.TemplateStep{{Kind: models.KindBuild, Input: []byte(input)}}
				return nil
			})
			require.NoError(p.t, err)
		}
		p.finish(jobs.Succeeded)
		change(models.Parameters{"mode": {Type: models.ParameterString}}, `{"mode":"{{params.mode}}","no_cache":true}`)
		p.at(start.Add(2*time.Hour), 3)
		made, rows, err = p.store.Jobs.Pipeline(ctx, account, p.history(a)[0].PipelineID)
		require.NoError(p.t, err)
		require.Equal(p.t, 2, made.Template.Version)
		require.JSONEq(p.t, `{"mode":"release","no_cache":true}`, string(rows[0].Input))
		p.finish(jobs.Succeeded)

		change(models.Parameters{}, `{}`)
		p.at(start.Add(3*time.Hour), 3)
		f := p.history(a)[0]
		require.Equal(p.t, []any{models.FiringRefused, models.CodeInvalidRequest}, []any{f.Outcome, f.ErrorCode})
		require.Contains(p.t, f.Message, "no such parameter")
		p.jobs.Templates = templates.Directory{Store: gone{}}
		for hour := 4; hour < 14; hour++ {
			p.at(start.Add(time.Duration(hour)*time.Hour), 3)
		}
		f = p.history(a)[0]
		require.Equal(p.t, []any{models.FiringRefused, models.CodeNotFound}, []any{f.Outcome, f.ErrorCode})
		now, err := p.Schedule(ctx, account, a.ID)
		require.NoError(p.t, err)
		require.Equal(p.t, models.PauseFailures, now.PauseReason)
	})
}
