package httpapi

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// adminPath is where the queues are watched. The handlers are made for this path.
const adminPath = "/admin/queues"

// adminPolicy allows the inline scripts and styles of the queues' page, and nothing from elsewhere.
const adminPolicy = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'self'; " +
	"form-action 'none'; frame-ancestors 'none'"

func (s *server) adminRoutes(engine *gin.Engine) {
	if s.Admin == nil || s.AdminReadOnly == nil {
		return
	}
	// Browsers send Basic credentials along with requests that other sites make, and a game's page is another site.
	crossOrigin := http.NewCrossOriginProtection()
	guard := func(c *gin.Context) {
		if err := crossOrigin.Check(c.Request); err != nil {
			s.fail(c, models.WrapError(models.CodeForbidden, "the request comes from another site", err))
		}
	}
	group := engine.Group(adminPath, guard, s.authenticateAdmin)
	group.Any("", s.admin)
	group.Any("/*path", s.admin)
}

// authenticateAdmin takes a key as the API does, or as the password of Basic authentication, which browsers ask for.
func (s *server) authenticateAdmin(c *gin.Context) {
	key := auth.FromRequest(c.Request)
	if _, password, ok := c.Request.BasicAuth(); ok {
		key = password
	}
	id, err := s.Keys.Authenticate(c.Request.Context(), key)
	if err != nil {
		c.Header("WWW-Authenticate", `Basic realm="spark", charset="UTF-8"`)
		s.fail(c, err)
		return
	}
	c.Request = c.Request.WithContext(auth.With(c.Request.Context(), id))
}

func (s *server) admin(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", adminPolicy)
	h.Set("X-Frame-Options", "DENY")
	handler := s.AdminReadOnly
	if id, _ := auth.From(c.Request.Context()); id.Role == models.RoleAdmin {
		handler = s.Admin
	}
	handler.ServeHTTP(c.Writer, c.Request)
}
