// Package jobs is the API's area of jobs, pipelines and their events.
package jobs

import (
	"context"
	"time"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Area answers the operations about jobs. All ports are required.
type Area struct {
	Jobs      Reader
	Streams   Streams
	Projects  Projects
	Submitter Submitter
	Any       Any
	// Operations keeps what is done to many jobs.
	Operations Operations
	Watcher    Watcher
	Holders    Holders
	Rates      *kernel.Rates // nil limits nothing
	// Seat is asked before an event stream is opened or a request waits, for an account. It is not ok when too many do; leave must be called at its end.
	Seat func(account string) (leave func(), ok bool)
	// StreamOpened is called for every event stream, for metrics; closed must be called at its end.
	StreamOpened func() (closed func())
	// Heartbeat is the longest silence of an event stream.
	Heartbeat time.Duration
	// Stopping ends when the server begins to stop: event streams end, so that they do not delay it.
	Stopping context.Context
}

// Any reads a job of any account, for administrators.
type Any interface {
	Job(ctx context.Context, id string) (*models.Job, error)
}

// Reader reads jobs and their history. Another account's are CodeNotFound, as if they did not exist. Lists are newest first.
type Reader interface {
	Job(ctx context.Context, accountID, id string) (*models.Job, error)
	// FindJobs lists jobs, newest first, and says up to which it has looked; "" is all.
	FindJobs(ctx context.Context, accountID string, f models.JobFilter, p models.Page) (rows []models.Job, reached string, err error)
	// Events lists up to limit events with Seq > after, oldest first.
	Events(ctx context.Context, accountID, jobID string, after int64, limit int) ([]models.Event, error)
	ListPipelines(ctx context.Context, accountID string, f models.PipelineFilter, p models.Page) ([]models.PipelineSummary, error)
	// Pipeline returns a pipeline and its jobs in the order of the steps.
	Pipeline(ctx context.Context, accountID, id string) (*models.Pipeline, []models.Job, error)
}

// Submitter submits jobs: *jobs.Service.
type Submitter interface {
	Submit(ctx context.Context, req jobs.JobRequest) (*models.Job, error)
	SubmitPipeline(ctx context.Context, req jobs.PipelineRequest) (*models.Pipeline, []*models.Job, error)
	Cancel(ctx context.Context, accountID, jobID string) (*models.Job, error)
	Retry(ctx context.Context, accountID, jobID string) (*models.Job, error)
	CancelPipeline(ctx context.Context, accountID, id string) error
	RetryPipeline(ctx context.Context, accountID, id string) error
	Decide(ctx context.Context, d jobs.Decision) error
}

var _ Submitter = (*jobs.Service)(nil)

// Holders tells whether a caller may go on with what a request has begun. It is CodeUnauthorized when the key or session does not work any more,
// and CodeAccountSuspended when the account is suspended.
type Holders interface {
	Holds(ctx context.Context, id auth.Identity) error
}

// Watcher notifies when a job, or the stream of an account, a project or a pipeline, has new events.
type Watcher interface {
	// Watch returns a channel that receives after each change of what has the id from now on. Changes may share one receive. stop must be called.
	Watch(id string) (changed <-chan struct{}, stop func())
}
