package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/spark-games/spark/models"
)

// Submission is what one submit commits together: jobs, what they wait for, and the pipeline that they belong to, if
// any.
type Submission struct {
	// Project is a new project that the jobs are of; nil if it exists.
	Project      *models.Project
	Pipeline     *models.Pipeline
	Jobs         []*models.Job
	Dependencies []models.Dependency
	// Policy is that of the jobs' concurrency key.
	Policy models.ConcurrencyPolicy
	// Targets are the URLs to which the ends of the jobs or of the pipeline are told.
	Targets []models.WebhookTarget
	// Direct stores the jobs that wait for none as released, under dispatch number 1.
	Direct bool
	// Claim is that of the request's idempotency key, or nil. It is stored with the jobs; if another has its key, nothing is, and the error
	// is models.ErrTwin.
	Claim *models.Claim
	// Act is what the submission is part of, for the entry of a new project in the audit; nil is the platform's own.
	Act *models.Act
	// Firing is that of the schedule that submits it, or nil. It is stored with the jobs, which have a concurrency key; if the schedule's time
	// has come already, or the schedule is gone, nothing is stored, and the error is ErrFired.
	Firing *models.Firing
}

// ErrFired is for what a schedule submits at a time for which it has submitted already, or when it is not to submit any more.
var ErrFired = errors.New("the schedule has fired already, or is gone")

// Records reads an account's jobs, and pipelines with theirs.
type Records interface {
	Job(ctx context.Context, accountID, id string) (*models.Job, error)
	Pipeline(ctx context.Context, accountID, id string) (*models.Pipeline, []models.Job, error)
}

// Pipelines changes pipelines as a whole, and their steps that wait for somebody.
type Pipelines interface {
	// CancelPipeline cancels all jobs of a pipeline that have not ended, in one step.
	CancelPipeline(ctx context.Context, accountID, id, reason string) (Effects, error)
	// RetryPipeline retries all jobs of a pipeline that failed or were cancelled.
	RetryPipeline(ctx context.Context, accountID, id string) (Effects, error)
	// Decide approves or rejects a step that waits for it, if nobody has and its time is not over: otherwise it is CodeApprovalDecided. Before it
	// waits it is CodeApprovalNotWaiting.
	Decide(ctx context.Context, d Decision) (Effects, error)
}

// Intake is what the service needs of the store.
type Intake interface {
	References
	Spending
	Records
	Pipelines
	// Submit commits the jobs with their first events. When it returns nil they are durable. It fills in the times. A job whose
	// project is not its account's is refused with ErrNoProject.
	Submit(ctx context.Context, s Submission) error
	// SubmitInTurn is Submit for jobs with a concurrency key, which is the same for all of them. It blocks those that have to wait for
	// it. With ConcurrencySkip the error is a *HeldError if the key is held. The effects are on the jobs that are replaced.
	SubmitInTurn(ctx context.Context, s Submission) (Effects, error)
	// CountWaiting counts an account's jobs that have not started and are not released, roughly up to most.
	CountWaiting(ctx context.Context, accountID string, most int) (int, error)
	// Cancel cancels a waiting job, or asks a running one to stop.
	Cancel(ctx context.Context, accountID, jobID, reason string) (*models.Job, Effects, error)
	// Retry queues a failed or cancelled job again, with those that were cancelled because of it.
	Retry(ctx context.Context, accountID, jobID string) (*models.Job, Effects, error)
}

// Service is how jobs are submitted: it validates, commits, and notifies the dispatcher.
type Service struct {
	Intake Intake
	// Providers reports whether a generation provider of that name is configured.
	Providers func(name string) bool
	// Outputs are what builds of an engine can make, "web" among them; none if it is not known. It may be nil.
	Outputs func(engine, version string) []string
	// Ready returns what the platform lacks to run jobs, as an unavailable error. A submission that is refused for that is not
	// stored.
	Ready func() error
	// Accounts tells what accounts may do.
	Accounts Accounts
	// Templates finds those that pipelines name.
	Templates Templates
	// Defaults are the limits of accounts that have none of their own.
	Defaults models.Limits
	// WebhookURL checks a URL that is to be told of an end; its error has the pointer.
	WebhookURL func(raw, pointer string) (string, error)
	// Changed notifies others of a commit.
	Changed func(jobs []string, queues []models.Queue)
	// Direct releases jobs of accounts without limits as they are stored; nil leaves all to the dispatcher's looks.
	Direct Direct
	// CancelRunning sends a cancel to the worker that runs the job.
	CancelRunning func(ctx context.Context, jobID string)

	admission admission
	spending  spending
}

// JobRequest asks for one job.
type JobRequest struct {
	AccountID string
	ProjectID string
	EndUser   string // an opaque id; "" is none
	Kind      models.Kind
	Priority  models.Priority // "" is default
	Input     []byte
	Metadata  []byte // a JSON object of the app's own; nil is nothing
	Timing    Timing
	// WebhookURL is where its end is told; "" is nowhere.
	WebhookURL string
}

// Submit accepts a job. When it returns without error the job is durable.
func (s *Service) Submit(ctx context.Context, req JobRequest) (*models.Job, error) {
	if err := s.Ready(); err != nil {
		return nil, err
	}
	job, err := s.New(ctx, req)
	if err != nil {
		return nil, err
	}
	targets, err := s.targets(req.WebhookURL, req.AccountID, job.ID)
	if err != nil {
		return nil, err
	}
	free, err := s.admit(ctx, req.AccountID, req.EndUser, job.Kind)
	if err != nil {
		return nil, err
	}
	direct := s.Direct != nil && free && req.Timing.immediate(time.Now()) && s.Direct.Reserve(job.Queue(), job.ID)
	effects, err := s.commit(ctx, Submission{Jobs: []*models.Job{job}, Direct: direct, Policy: req.Timing.ConcurrencyPolicy,
		Targets: targets})
	if err != nil {
		if direct {
			s.Direct.Forgo(job.ID)
		}
		s.spending.add(req.AccountID, req.EndUser, -1)
		return nil, err
	}
	if direct {
		s.Direct.HandOver(Dispatch{JobID: job.ID, No: 1, Queue: job.Queue()})
		return job, nil // nobody watches it yet, and the dispatcher need not look
	}
	s.submitted(ctx, effects, job)
	return job, nil
}

// targets is where the end of a job or a pipeline is told.
func (s *Service) targets(raw, accountID, holderID string) ([]models.WebhookTarget, error) {
	if raw == "" {
		return nil, nil
	}
	address, err := s.WebhookURL(raw, "/webhook_url")
	if err != nil {
		return nil, err
	}
	return []models.WebhookTarget{{HolderID: holderID, AccountID: accountID, URL: address}}, nil
}

func (s *Service) commit(ctx context.Context, sub Submission) (Effects, error) {
	sub.Claim, sub.Act, sub.Firing = models.ClaimFrom(ctx), models.ActFrom(ctx), models.FiringFrom(ctx)
	if sub.Pipeline != nil {
		sub.Claim.Making("pipeline", sub.Pipeline.ID)
	} else {
		sub.Claim.Making("job", sub.Jobs[0].ID)
	}
	sub.Firing.Submits(sub.Pipeline, sub.Jobs[0])
	if sub.Jobs[0].ConcurrencyKey != "" {
		return s.Intake.SubmitInTurn(ctx, sub)
	}
	return Effects{}, s.Intake.Submit(ctx, sub)
}

// submitted tells others of new jobs, and of those that they replaced.
func (s *Service) submitted(ctx context.Context, effects Effects, all ...*models.Job) {
	for _, j := range all {
		effects.Jobs = append(effects.Jobs, j.ID)
		if j.State == models.StateQueued {
			effects.Queues = append(effects.Queues, j.Queue())
		}
	}
	s.Changed(effects.Jobs, effects.Queues)
	for _, id := range effects.Stopping {
		s.CancelRunning(ctx, id)
	}
}

// New checks a request and makes its row, which is not stored yet. Every submitter of jobs, whether for a caller or a schedule,
// gets them here: with a valid input, an owner, and references that are the owner's. Whether the project is the owner's is
// found out when the job is stored, in the same statement.
func (s *Service) New(ctx context.Context, req JobRequest) (*models.Job, error) {
	if req.Kind == models.KindApproval {
		return nil, models.FieldError("/kind", "an approval is a step of a pipeline")
	}
	job, _, err := s.newJob(ctx, req)
	if err != nil {
		return nil, err
	}
	if req.ProjectID == "" {
		if req.Kind != models.KindAnalytics {
			return nil, models.FieldError("/project_id", "a "+string(req.Kind)+" job needs a project")
		}
	} else if !models.ValidID(req.ProjectID) {
		return nil, ErrNoProject
	}
	return job, nil
}

// Check refuses what Submit would refuse whatever the account has left.
func (s *Service) Check(ctx context.Context, req JobRequest) error {
	if _, err := s.New(ctx, req); err != nil || req.ProjectID == "" {
		return err
	}
	_, err := s.ownProject(ctx, req.AccountID, req.ProjectID)
	return err
}

// newJob is New without the project, which the steps of a pipeline share.
func (s *Service) newJob(ctx context.Context, req JobRequest) (*models.Job, Payload, error) {
	if req.AccountID == "" {
		return nil, nil, models.NewError(models.CodeInternal, "a job belongs to an account")
	}
	if !req.Kind.Known() {
		return nil, nil, unknownKind().At("/kind")
	}
	if req.Priority == "" {
		req.Priority = models.PriorityDefault
	}
	if !req.Priority.Valid() {
		return nil, nil, models.FieldError("/priority", "the priority is critical, default or low")
	}
	if err := req.Timing.check(time.Now()); err != nil {
		return nil, nil, err
	}
	if err := checkEndUser(req.EndUser); err != nil {
		return nil, nil, err
	}
	if err := checkMetadata(req.Metadata); err != nil {
		return nil, nil, err
	}
	payload, err := DecodePayload(req.Kind, req.Input)
	if err != nil {
		return nil, nil, models.AsError(err).At("/input")
	}
	if g, ok := payload.(GenerationInput); ok && g.Provider != "" && !s.Providers(g.Provider) {
		return nil, nil, models.FieldError("/input/provider", "no such provider is configured")
	}
	if err := s.ownInput(ctx, req, payload); err != nil {
		return nil, nil, err
	}
	job := &models.Job{
		ID:                  models.NewID(),
		AccountID:           req.AccountID,
		ProjectID:           req.ProjectID,
		EndUser:             req.EndUser,
		Traceparent:         traceparent(ctx),
		Kind:                req.Kind,
		Priority:            req.Priority,
		State:               models.StateQueued,
		Input:               models.ToJSON(payload),
		Metadata:            models.JSON(req.Metadata),
		Submitter:           models.SubmitterFrom(ctx),
		MaxFailures:         PolicyOf(req.Kind).MaxFailures,
		OnDependencyFailure: models.DependencyCancel,
	}
	req.Timing.apply(job)
	return job, payload, nil
}

// Cancel cancels a job: immediately while it waits, or as soon as its worker has stopped it. Cancelling a finished job is a
// conflict; cancelling twice is not.
func (s *Service) Cancel(ctx context.Context, accountID, jobID string) (*models.Job, error) {
	models.ClaimFrom(ctx).Making("job", jobID)
	job, effects, err := s.Intake.Cancel(ctx, accountID, jobID, "cancelled on request")
	if err != nil {
		return nil, err
	}
	s.Changed(effects.Jobs, effects.Queues)
	if job.State == models.StateRunning {
		s.CancelRunning(ctx, job.ID)
	}
	return job, nil
}

// Retry queues a failed or cancelled job again, with the jobs of its pipeline that were cancelled because of it.
func (s *Service) Retry(ctx context.Context, accountID, jobID string) (*models.Job, error) {
	if err := s.Ready(); err != nil {
		return nil, err
	}
	was, err := s.Intake.Job(ctx, accountID, jobID)
	if err == nil {
		err = s.admitRetry(ctx, accountID, *was)
	}
	if err != nil {
		return nil, err
	}
	models.ClaimFrom(ctx).Making("job", jobID)
	job, effects, err := s.Intake.Retry(ctx, accountID, jobID)
	if err != nil {
		return nil, err
	}
	s.Changed(effects.Jobs, effects.Queues)
	return job, nil
}
