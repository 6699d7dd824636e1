package platform

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// queuesPath is the path of the queues page, for which its handlers are made.
const queuesPath = "/admin/queues"

// queuesPolicy allows the inline scripts and styles of the queues' page, and nothing from elsewhere.
const queuesPolicy = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'self'; " +
	"form-action 'none'; frame-ancestors 'none'"

// mostOfPath is how much of what was changed an entry of the audit names.
const mostOfPath = 200

func (a *Area) registerQueues(routes *kernel.Routes) {
	if a.Queues == nil {
		return
	}
	// Browsers send Basic credentials with requests from other sites too, and a game's page is another site.
	crossOrigin := http.NewCrossOriginProtection()
	guard := func(c *gin.Context) {
		if err := crossOrigin.Check(c.Request); err != nil {
			a.Kernel.Fail(c, models.WrapError(models.CodeForbidden, "the request comes from another site", err))
		}
	}
	routes.GET(queuesPath, guard, a.queues)
	routes.GET(queuesPath+"/:path", guard, a.queues)
	routes.POST(queuesPath+"/:path", guard, a.queues)
	routes.DELETE(queuesPath+"/:path", guard, a.queues)
}

func (a *Area) queues(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", queuesPolicy)
	h.Set("X-Frame-Options", "DENY")
	if c.Request.Method == http.MethodPost || c.Request.Method == http.MethodDelete {
		what := c.Param("path")
		if err := a.Record(c.Request.Context(), models.SystemAccountID, "queue", what[:min(len(what), mostOfPath)]); err != nil {
			a.Kernel.Fail(c, err)
			return
		}
	}
	page := a.QueuesReadOnly
	if id, ok := auth.From(c.Request.Context()); ok && id.Has(auth.ScopePlatformAdmin) {
		page = a.Queues
	}
	page.ServeHTTP(c.Writer, c.Request)
}
