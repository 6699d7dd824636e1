// Package platform is the API's area of the platform itself: its engines, sandboxes and usage, its health and metrics, and the
// queues page for administrators.
package platform

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/models"
)

// Area answers the operations about the platform. All are required, but for the page of the queues.
type Area struct {
	Kernel *kernel.Kernel
	Usages Usages
	// Engines lists every version of every engine, by name, an engine's default first.
	Engines func(ctx context.Context) []models.EngineStatus
	// Workers are the reports of the workers that build.
	Workers func(ctx context.Context) ([]models.WorkerReport, error)
	// Isolation returns how builds are isolated, from memory.
	Isolation func() models.BuildIsolation
	// Checks are the last answers of what the platform depends on.
	Checks  func() []Check
	Metrics prometheus.Gatherer
	// Operations and Crew are for administrators: what limits the flow of work, and who does it.
	Operations Operations
	Crew       Crew
	// TransportPaused lists the queues that were paused on the page of the queues.
	TransportPaused func(ctx context.Context) ([]models.Queue, error)
	// Due is told which queues may have due jobs, when a kind is resumed.
	Due func(...models.Queue)
	// Record writes an entry of the audit for what changes the queues.
	Record func(ctx context.Context, accountID, kind, id string) error
	// Queues serves /admin/queues to those who may change them, and QueuesReadOnly to the others; nil serves nothing there.
	Queues, QueuesReadOnly http.Handler
}

// Usages reads what accounts used.
type Usages interface {
	// Usage lists buckets, newest first.
	Usage(ctx context.Context, accountID string, f models.UsageFilter) ([]models.Usage, error)
	// EachCount calls f for each row of a report, in its order, until f returns an error.
	EachCount(ctx context.Context, accountID string, q models.UsageQuestion, f func(*models.UsageCount) error) error
}

// Check is the latest result of one dependency.
type Check struct {
	Name string
	Up   bool
	Took time.Duration // until the answer
	At   time.Time     // of the answer; zero when there was none yet
}

// Register adds the routes beside the generated ones.
func (a *Area) Register(routes *kernel.Routes) {
	routes.GET("/healthz", a.healthz)
	routes.GET("/readyz", a.readyz)
	// Prometheus's format, or OpenMetrics, which has exemplars.
	routes.GET("/metrics", gin.WrapH(promhttp.HandlerFor(a.Metrics, promhttp.HandlerOpts{EnableOpenMetrics: true})))
	a.registerQueues(routes)
}
