// Package api is Spark's HTTP interface: the v1 API, the games under /play, and the pages for administrators. It assembles the
// areas over their kernel; the document in package openapi describes the operations.
package api

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/accounts"
	"github.com/spark-games/spark/internal/api/artifacts"
	"github.com/spark-games/spark/internal/api/assets"
	"github.com/spark-games/spark/internal/api/console"
	"github.com/spark-games/spark/internal/api/inbound"
	"github.com/spark-games/spark/internal/api/jobs"
	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/landing"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/api/people"
	"github.com/spark-games/spark/internal/api/platform"
	"github.com/spark-games/spark/internal/api/play"
	"github.com/spark-games/spark/internal/api/projects"
	"github.com/spark-games/spark/internal/api/reference"
	"github.com/spark-games/spark/internal/api/schedules"
	"github.com/spark-games/spark/internal/api/signin"
	"github.com/spark-games/spark/internal/api/templates"
	"github.com/spark-games/spark/internal/api/webhooks"
	uploads "github.com/spark-games/spark/internal/assets"
	identities "github.com/spark-games/spark/internal/identity/accounts"
	"github.com/spark-games/spark/internal/identity/auth"
	persons "github.com/spark-games/spark/internal/identity/people"
	domain "github.com/spark-games/spark/internal/projects"
	timetables "github.com/spark-games/spark/internal/schedules"
	forms "github.com/spark-games/spark/internal/templates"
	notices "github.com/spark-games/spark/internal/webhooks"
	"github.com/spark-games/spark/models"
)

// Options configure the API. All ports are required.
type Options struct {
	Projects   *domain.Service
	Jobs       jobs.Reader
	Streams    jobs.Streams
	Artifacts  artifacts.Reader
	Games      play.Artifacts
	Provenance artifacts.Provenance
	Usages     platform.Usages
	Blobs      kernel.Blobs
	Watcher    jobs.Watcher
	Submitter  jobs.Submitter
	Modules    play.EngineModules
	Keys       *auth.Authenticator
	Tokens     *auth.Tokens
	Places     kernel.Places
	// Standings tells what accounts may do, and Accounts administers them.
	Standings auth.Accounts
	Accounts  *identities.Service
	Schedules *timetables.Service
	Templates *forms.Service
	Uploads   *uploads.Uploads
	Webhooks  *notices.Service
	// Rates limits requests; nil limits nothing.
	Rates *kernel.Rates
	// Refusals gathers what was refused, for the audit; nil gathers nothing.
	Refusals *kernel.Refusals
	// People administers who signs in.
	People *persons.Service
	// Sessions are theirs; nil if nobody signs in.
	Sessions *auth.Sessions
	// CrossOrigin refuses what other sites make browsers ask for with a session's cookie; nil trusts the origin that is asked alone.
	CrossOrigin *http.CrossOriginProtection
	// SignIn serves the pages under /auth; nil serves nothing there.
	SignIn http.Handler
	// Answers keeps what requests with idempotency keys were answered.
	Answers kernel.Answers
	// Spool keeps large bodies on the disk while they are read.
	Spool kernel.Spool
	// Holders tells whether the key or session still works that a stream was opened with.
	Holders jobs.Holders

	// Engines lists every version of every engine, by name, an engine's default first.
	Engines func(ctx context.Context) []models.EngineStatus
	// Isolation returns how builds are isolated, from memory.
	Isolation func() models.BuildIsolation
	// Workers are the reports of the workers that build.
	Workers func(ctx context.Context) ([]models.WorkerReport, error)
	// Checks are the latest results of the dependency checks.
	Checks  func() []platform.Check
	Metrics prometheus.Gatherer
	// Operations and Crew are for administrators: what limits the flow of work, and who does it.
	Operations platform.Operations
	Crew       platform.Crew
	// TransportPaused lists the queues that were paused on the page of the queues.
	TransportPaused func(ctx context.Context) ([]models.Queue, error)
	// Due is told which queues may have due jobs, when something is resumed.
	Due func(...models.Queue)
	// Observer receives requests, for metrics.
	Observer kernel.Observer
	Log      *zap.Logger

	// Bulk keeps what is done to many jobs.
	Bulk jobs.Operations
	// Audit keeps who did what.
	Audit accounts.Audit
	// AllAudit lists the audit of all accounts.
	AllAudit func(context.Context, models.AuditFilter, models.Page) ([]models.AuditEntry, error)
	// Console reads the jobs of all accounts, for /admin/jobs.
	Console console.Jobs
	// Queues serves /admin/queues to those who may change them, and QueuesReadOnly to the others; nil serves nothing there.
	Queues, QueuesReadOnly http.Handler

	// Landing serves "/" and what it needs; nil serves nothing there.
	Landing http.Handler

	// Stopping ends when the server begins to stop: event streams end, so that they do not delay it.
	Stopping context.Context
	// FrameAncestors says which pages may embed games, as in the Content-Security-Policy; "" is all ("*").
	FrameAncestors string
	// Origins are those of the pages that may call the v1 API from a browser: "https://app.example.com", "https://*.example.com" or "*".
	Origins []string
	// Seats limits how many event streams are open; nil limits nothing.
	Seats *inbound.Seats
	// Gate admits requests that come through proxies; nil admits all.
	Gate *inbound.Gate
	// Pace is the minimum progress that clients must make; 0 is 20 seconds without progress.
	Pace inbound.Pace
	// Heartbeat is the longest silence of an event stream; 0 is 15 seconds.
	Heartbeat time.Duration
}

// handlers are the areas that implement the generated interface.
type (
	projectArea  = projects.Area
	jobArea      = jobs.Area
	artifactArea = artifacts.Area
	platformArea = platform.Area
	accountArea  = accounts.Area
	peopleArea   = people.Area
	scheduleArea = schedules.Area
	templateArea = templates.Area
	assetArea    = assets.Area
	webhookArea  = webhooks.Area

	handlers struct {
		*projectArea
		*jobArea
		*artifactArea
		*platformArea
		*accountArea
		*peopleArea
		*scheduleArea
		*templateArea
		*assetArea
		*webhookArea
	}
)

var _ openapi.StrictServerInterface = handlers{}

// New makes the handler of the API. It panics if the document, which is part of the program, is invalid.
func New(o Options) http.Handler {
	document, err := openapi.Load()
	if err != nil {
		panic("api: " + err.Error())
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 15 * time.Second
	}
	if o.Pace == (inbound.Pace{}) {
		o.Pace = inbound.Pace{Patience: 20 * time.Second, Rate: inbound.DefaultRate}
	}
	if o.FrameAncestors == "" {
		o.FrameAncestors = "*"
	}
	if o.CrossOrigin == nil {
		o.CrossOrigin = http.NewCrossOriginProtection()
	}
	if o.Stopping == nil {
		o.Stopping = context.Background()
	}
	k := &kernel.Kernel{Document: document, Bodies: kernel.NewBodies(),
		Keys: o.Keys, Tokens: o.Tokens, Sessions: o.Sessions, CrossOrigin: o.CrossOrigin, Places: o.Places,
		Accounts: o.Standings, Answers: o.Answers, Spool: o.Spool, Rates: o.Rates, Refusals: o.Refusals, Log: o.Log, Observer: o.Observer,
		Gate: o.Gate}
	h := handlers{
		&projects.Area{Projects: o.Projects, Blobs: o.Blobs},
		&jobs.Area{Jobs: o.Jobs, Streams: jobs.Shared(o.Streams), Projects: o.Projects, Submitter: o.Submitter, Any: o.Console,
			Operations: o.Bulk, Watcher: o.Watcher,
			Holders: o.Holders, Rates: o.Rates, Seat: o.Seats.Take, StreamOpened: o.Observer.StreamOpened, Heartbeat: o.Heartbeat, Stopping: o.Stopping},
		&artifacts.Area{Kernel: k, Artifacts: o.Artifacts, Provenance: o.Provenance, Blobs: o.Blobs},
		&platform.Area{Kernel: k, Usages: o.Usages, Engines: o.Engines, Workers: o.Workers, Isolation: o.Isolation,
			Checks: o.Checks, Metrics: o.Metrics, Operations: o.Operations, Crew: o.Crew,
			TransportPaused: o.TransportPaused, Due: o.Due, Record: o.Audit.Record, Queues: o.Queues, QueuesReadOnly: o.QueuesReadOnly},
		&accounts.Area{Accounts: o.Accounts, Holders: o.Holders, Tokens: o.Tokens, Places: o.Places, Due: o.Due, Audit: o.Audit, AllAudit: o.AllAudit},
		&people.Area{People: o.People},
		&schedules.Area{Schedules: o.Schedules},
		&templates.Area{Templates: o.Templates},
		assets.New(o.Uploads, o.Blobs),
		&webhooks.Area{Webhooks: o.Webhooks},
	}
	h.projectArea.Start = h.jobArea.Start
	games := &play.Area{Kernel: k, Artifacts: o.Games, Blobs: o.Blobs, Modules: o.Modules, FrameAncestors: o.FrameAncestors}

	engine := k.Engine()
	routes := k.Routes(engine)
	routes.Register(h)
	h.artifactArea.Register(routes)
	h.platformArea.Register(routes)
	h.assetArea.Register(routes)
	games.Register(routes)
	(&reference.Area{Document: document}).Register(routes)
	(&console.Area{Kernel: k, Jobs: o.Console, Events: o.Jobs}).Register(routes)
	if o.Landing != nil {
		page := gin.WrapH(o.Landing)
		engine.GET("/", page)
		engine.HEAD("/", page)
		engine.Any(landing.Paths+"*path", k.RefusedPages("studio.sign_in"), page)
	}
	if o.SignIn != nil {
		engine.Any(signin.Paths+"*path", k.RefusedPages("session.start"), gin.WrapH(o.SignIn))
	}
	return o.Pace.Handler(shared(o.Origins, compressed(engine)))
}
