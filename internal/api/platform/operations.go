package platform

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Operations is what administrators learn and change of the flow of work, of all accounts.
type Operations interface {
	// Flow learns what limits the flow of work; what it costs does not grow with the backlog.
	Flow(ctx context.Context) (*models.FlowFacts, error)
	// Stuck lists jobs that seem to be stuck for longer than age, of each reason at most limit; no reasons are all.
	Stuck(ctx context.Context, reasons []models.StuckReason, age time.Duration, limit int) ([]models.StuckJob, error)
	// PauseKind stops the release of a kind's jobs until ResumeKind.
	PauseKind(ctx context.Context, kind models.Kind, reason string) (models.PausedKind, error)
	ResumeKind(ctx context.Context, kind models.Kind) error
}

// Crew is the processes that run jobs.
type Crew interface {
	List(ctx context.Context) ([]models.Worker, error)
	// SetDrain asks a worker to take no more jobs, or to take some again. CodeNotFound if it is not there.
	SetDrain(ctx context.Context, id string, drain bool) (*models.Worker, error)
}

const (
	// askWithin limits how long is waited for the database when somebody wants to know whether it answers, and askRedisWithin for Redis, which knows
	// its answers without a disk.
	askWithin, askRedisWithin = 5 * time.Second, time.Second
	// stuckFor is for how long nothing must have happened to a job that seems to be stuck.
	stuckFor = 5 * time.Minute
)

// ListQueues answers GET /v1/admin/queues.
func (a *Area) ListQueues(ctx context.Context, _ openapi.ListQueuesRequestObject) (openapi.ListQueuesResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	f, err := a.Operations.Flow(ctx)
	if err != nil {
		return nil, err
	}
	asked, cancel := context.WithTimeout(ctx, askRedisWithin)
	defer cancel()
	transport, err := a.TransportPaused(asked)
	return openapi.ListQueues200JSONResponse{At: f.At.UTC(), Data: showQueues(f, transport, err == nil)}, nil
}

// PauseKind answers POST /v1/admin/queues/{kind}/pause.
func (a *Area) PauseKind(ctx context.Context, r openapi.PauseKindRequestObject) (openapi.PauseKindResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	kind, err := knownKind(r.Kind)
	if err != nil {
		return nil, err
	}
	reason := ""
	if r.Body != nil {
		if reason = kernel.OrZero(r.Body.Reason); utf8.RuneCountInString(reason) > 500 {
			return nil, models.FieldError("/reason", "a reason has at most 500 characters")
		}
	}
	models.ClaimFrom(ctx).Making("kind", r.Kind)
	p, err := a.Operations.PauseKind(ctx, kind, reason)
	if err != nil {
		return nil, err
	}
	return openapi.PauseKind200JSONResponse{Kind: p.Kind, Paused: true, PausedAt: &p.PausedAt, Reason: kernel.OrNull(p.Reason)}, nil
}

// ResumeKind answers POST /v1/admin/queues/{kind}/resume.
func (a *Area) ResumeKind(ctx context.Context, r openapi.ResumeKindRequestObject) (openapi.ResumeKindResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	kind, err := knownKind(r.Kind)
	if err != nil {
		return nil, err
	}
	models.ClaimFrom(ctx).Making("kind", r.Kind)
	if err := a.Operations.ResumeKind(ctx, kind); err != nil {
		return nil, err
	}
	var queues []models.Queue
	for _, p := range models.Priorities() {
		queues = append(queues, models.Queue{Kind: kind, Priority: p})
	}
	a.Due(queues...)
	return openapi.ResumeKind200JSONResponse{Kind: kind}, nil
}

// knownKind reads a kind in a path.
func knownKind(text string) (models.Kind, error) {
	if kind := models.Kind(text); kind.Valid() {
		return kind, nil
	}
	return "", models.NewError(models.CodeNotFound, "no such kind: it is generation, build, export or analytics")
}

// GetFlow answers GET /v1/admin/flow, also when the database or Redis do not.
func (a *Area) GetFlow(ctx context.Context, _ openapi.GetFlowRequestObject) (openapi.GetFlowResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	v := jobs.FlowView{At: time.Now()}
	for _, check := range a.Checks() {
		switch {
		case !check.Up:
			v.Down = append(v.Down, check.Name)
		case check.Name == "database":
			v.DatabaseTook = check.Took
		}
	}
	asked, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	began := time.Now()
	facts, err := a.Operations.Flow(asked)
	if err == nil {
		v.Facts, v.Down = facts, without(v.Down, "database")
	} else {
		v.DatabaseTook = max(v.DatabaseTook, time.Since(began))
		v.Down = append(without(v.Down, "database"), "database")
	}
	asked, cancel = context.WithTimeout(ctx, askRedisWithin)
	defer cancel()
	if v.TransportPaused, err = a.TransportPaused(asked); err != nil {
		v.Down = append(without(v.Down, "redis"), "redis")
	}
	if reports, err := a.Workers(asked); err == nil {
		for _, r := range reports {
			v.SandboxesMax += r.Pool.Max
			for _, e := range r.Engines {
				v.BuildsWaiting += e.Sandboxes.Waiting
				v.SandboxesTaken += e.Sandboxes.Leased + e.Sandboxes.Running
			}
		}
	}
	return openapi.GetFlow200JSONResponse(showFlow(jobs.JudgeFlow(v))), nil
}

func without(all []string, one string) (rest []string) {
	for _, s := range all {
		if s != one {
			rest = append(rest, s)
		}
	}
	return rest
}

// ListStuckJobs answers GET /v1/admin/jobs/stuck.
func (a *Area) ListStuckJobs(ctx context.Context, r openapi.ListStuckJobsRequestObject) (openapi.ListStuckJobsResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	p, err := kernel.Page(r.Params.Limit, nil)
	if err != nil {
		return nil, err
	}
	age := stuckFor
	if s := r.Params.OlderThan; s != nil {
		if *s < 10 || *s > 604800 {
			return nil, kernel.ParameterError("older_than", "it is 10 seconds to seven days")
		}
		age = time.Duration(*s) * time.Second
	}
	var reasons []models.StuckReason
	if r.Params.Reason != nil {
		if !slices.Contains(models.StuckReasons(), *r.Params.Reason) {
			return nil, kernel.ParameterError("reason", "there is no such reason")
		}
		reasons = append(reasons, *r.Params.Reason)
	}
	found, err := a.Operations.Stuck(ctx, reasons, age, p.Limit-1)
	if err != nil {
		return nil, err
	}
	data := make([]openapi.StuckJob, len(found))
	for i, j := range found {
		data[i] = openapi.StuckJob{ID: j.JobID, AccountID: j.AccountID, ProjectID: kernel.OrNull(j.ProjectID), PipelineID: kernel.OrNull(j.PipelineID),
			Kind: j.Kind, Priority: j.Priority, Reason: j.Reason, Since: j.Since.UTC(), Worker: kernel.OrNull(j.Worker), Attempt: j.Attempt,
			WorkerDeaths: j.WorkerDeaths, DeathsAlone: j.DeathsAlone, Stage: j.Stage, Progress: j.Progress}
	}
	return openapi.ListStuckJobs200JSONResponse{Data: data}, nil
}

// ListWorkers answers GET /v1/admin/workers.
func (a *Area) ListWorkers(ctx context.Context, _ openapi.ListWorkersRequestObject) (openapi.ListWorkersResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	all, err := a.Crew.List(ctx)
	if err != nil {
		return nil, err
	}
	sandboxes := a.sandboxes(ctx)
	data := make([]openapi.Worker, len(all))
	for i := range all {
		data[i] = showCrew(&all[i], sandboxes)
	}
	return openapi.ListWorkers200JSONResponse{Data: data}, nil
}

// sandboxes are those of workers that have reported them, by the worker's name.
func (a *Area) sandboxes(ctx context.Context) map[string][]openapi.PoolSandbox {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	reports, err := a.Workers(ctx)
	if err != nil {
		return nil // which the answer says
	}
	all := make(map[string][]openapi.PoolSandbox)
	for i := range reports {
		all[reports[i].Worker] = showWorker(&reports[i]).Sandboxes
	}
	return all
}

// DrainWorker answers POST /v1/admin/workers/{id}/drain.
func (a *Area) DrainWorker(ctx context.Context, r openapi.DrainWorkerRequestObject) (openapi.DrainWorkerResponseObject, error) {
	w, err := a.setDrain(ctx, r.ID, true)
	return openapi.DrainWorker200JSONResponse(w), err
}

// ResumeWorker answers POST /v1/admin/workers/{id}/resume.
func (a *Area) ResumeWorker(ctx context.Context, r openapi.ResumeWorkerRequestObject) (openapi.ResumeWorkerResponseObject, error) {
	w, err := a.setDrain(ctx, r.ID, false)
	return openapi.ResumeWorker200JSONResponse(w), err
}

func (a *Area) setDrain(ctx context.Context, id string, drain bool) (openapi.Worker, error) {
	ctx, _ = kernel.Caller(ctx)
	if err := kernel.KnownID(id, "worker"); err != nil {
		return openapi.Worker{}, err
	}
	models.ClaimFrom(ctx).Making("worker", id)
	w, err := a.Crew.SetDrain(ctx, id, drain)
	if err != nil {
		return openapi.Worker{}, err
	}
	return showCrew(w, a.sandboxes(ctx)), nil
}
