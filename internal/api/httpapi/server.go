package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// Options are what the API is made of. All ports are required.
type Options struct {
	Projects  Projects
	Jobs      Jobs
	Artifacts Artifacts
	// Provenance is of the artifacts.
	Provenance Provenance
	Usages     Usages
	Blobs      Blobs
	Watcher    Watcher
	Submitter  Submitter
	Modules    EngineModules
	Keys       *auth.Authenticator

	// Engines lists every version of every engine, by name, an engine's default first.
	Engines func(ctx context.Context) []models.EngineStatus
	// Workers are the reports of the workers that build.
	Workers func(ctx context.Context) ([]models.WorkerReport, error)
	Checks  []Check
	Metrics prometheus.Gatherer
	Log     *zap.Logger

	// Admin and AdminReadOnly serve /admin/queues, to admins and to other keys. nil serves nothing there.
	Admin, AdminReadOnly http.Handler

	// Stopping ends when the server begins to stop: event streams end, so that they do not hold it up.
	Stopping context.Context
	// FrameAncestors says which pages may embed games, as in the Content-Security-Policy; "" is all ("*").
	FrameAncestors string
	// Heartbeat is the longest silence of an event stream; 0 is 15 seconds.
	Heartbeat time.Duration
}

// server implements the generated StrictServerInterface, and the routes beside it.
type server struct {
	Options
	log *zap.Logger
	doc *document
}

var _ StrictServerInterface = (*server)(nil)

// New makes the API's handler. It panics when its document cannot be read, which is part of the program.
func New(o Options) http.Handler {
	doc, err := loadDocument()
	if err != nil {
		panic("httpapi: " + err.Error())
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 15 * time.Second
	}
	if o.FrameAncestors == "" {
		o.FrameAncestors = "*"
	}
	if o.Stopping == nil {
		o.Stopping = context.Background()
	}
	s := &server{Options: o, log: o.Log, doc: doc}

	gin.SetMode(gin.ReleaseMode) // its debug mode writes to stdout, which belongs to the program
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	engine.RedirectFixedPath = false
	engine.ForwardedByClientIP = false // addresses in headers are whatever the caller writes
	engine.Use(s.identify, s.logAccess, s.recoverPanic, secureHeaders)
	engine.NoRoute(s.noRoute)
	engine.NoMethod(s.noMethod)
	s.routes(engine)
	return engine
}
