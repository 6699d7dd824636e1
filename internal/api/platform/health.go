package platform

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
)

// checkTimeout is how long a dependency may take to answer before it counts as down.
const checkTimeout = 2 * time.Second

// healthz says that the process lives. It asks nobody: restarting the process would not mend a database.
func (a *Area) healthz(c *gin.Context) { c.JSON(http.StatusOK, openapi.Health{Status: "ok"}) }

// readyz says which dependencies are up. Why one is down is in the log, not in the answer, which is for everybody.
func (a *Area) readyz(c *gin.Context) {
	ready := openapi.Readiness{Status: "ok", Checks: make([]openapi.ReadinessCheck, len(a.Checks))}
	ctx, cancel := context.WithTimeout(c.Request.Context(), checkTimeout)
	defer cancel()
	var all sync.WaitGroup
	for i, check := range a.Checks {
		all.Go(func() {
			start := time.Now()
			err := check.Ping(ctx)
			if err != nil {
				a.Kernel.Log.Warn("dependency is down", zap.String("dependency", check.Name), zap.Error(err))
			}
			ready.Checks[i] = openapi.ReadinessCheck{Name: check.Name, Up: err == nil, TookMs: time.Since(start).Milliseconds()}
		})
	}
	all.Go(func() {
		if i := a.Isolation(ctx); i.Least != "" {
			ready.Builds = &openapi.ReadinessBuilds{Isolation: i.Least, Notices: i.Notices}
		}
	})
	all.Wait()
	status := http.StatusOK
	for _, check := range ready.Checks {
		if !check.Up {
			status, ready.Status = http.StatusServiceUnavailable, "unavailable"
			c.Header("Retry-After", kernel.RetryAfterSeconds)
		}
	}
	c.JSON(status, ready)
}
