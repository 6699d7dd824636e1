package httpapi

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.uber.org/zap"
)

// checkTimeout is how long a dependency may take to answer before it counts as down.
const checkTimeout = 2 * time.Second

// healthz says that the process lives. It asks nobody: restarting the process would not mend a database.
func (s *server) healthz(c *gin.Context) { c.JSON(http.StatusOK, Health{Status: "ok"}) }

// readyz says which dependencies are up. Why one is down is in the log, not in the answer, which is for everybody.
func (s *server) readyz(c *gin.Context) {
	ready := Readiness{Status: "ok", Checks: make([]ReadinessCheck, len(s.Checks))}
	ctx, cancel := context.WithTimeout(c.Request.Context(), checkTimeout)
	defer cancel()
	var all sync.WaitGroup
	for i, check := range s.Checks {
		all.Go(func() {
			start := time.Now()
			err := check.Ping(ctx)
			if err != nil {
				s.log.Warn("dependency is down", zap.String("dependency", check.Name), zap.Error(err))
			}
			ready.Checks[i] = ReadinessCheck{Name: check.Name, Up: err == nil, TookMs: time.Since(start).Milliseconds()}
		})
	}
	all.Wait()
	status := http.StatusOK
	for _, check := range ready.Checks {
		if !check.Up {
			status, ready.Status = http.StatusServiceUnavailable, "unavailable"
			c.Header("Retry-After", retryAfterSeconds)
		}
	}
	c.JSON(status, ready)
}

// metrics serves the metrics in Prometheus's format, or in OpenMetrics, which has exemplars.
func (s *server) metrics() gin.HandlerFunc {
	return gin.WrapH(promhttp.HandlerFor(s.Metrics, promhttp.HandlerOpts{EnableOpenMetrics: true}))
}
