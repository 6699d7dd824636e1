package platform

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
)

// healthz says that the process lives. It asks nobody: restarting the process would not mend a database.
func (a *Area) healthz(c *gin.Context) { c.JSON(http.StatusOK, openapi.Health{Status: "ok"}) }

// readyz says which dependencies are up, from the latest results, so that requests cause no work. The reason why one is down is
// in the log and not in the response, which is public.
func (a *Area) readyz(c *gin.Context) {
	ready, status := Readiness(a.Checks(), time.Now())
	if i := a.Isolation(); i.Least != "" {
		ready.Builds = &openapi.ReadinessBuilds{Isolation: i.Least, Notices: i.Notices}
	}
	if status != http.StatusOK {
		c.Header("Retry-After", kernel.RetryAfterSeconds)
	}
	c.JSON(status, ready)
}

// Readiness is the body and the status of any process's readiness response.
func Readiness(checks []Check, now time.Time) (openapi.Readiness, int) {
	ready, status := openapi.Readiness{Status: "ok", Checks: make([]openapi.ReadinessCheck, len(checks))}, http.StatusOK
	for i, check := range checks {
		shown := openapi.ReadinessCheck{Name: check.Name, Up: check.Up, TookMs: check.Took.Milliseconds()}
		if !check.At.IsZero() {
			shown.AgeMs = new(now.Sub(check.At).Milliseconds())
		}
		if ready.Checks[i] = shown; !check.Up {
			ready.Status, status = "unavailable", http.StatusServiceUnavailable
		}
	}
	return ready, status
}
