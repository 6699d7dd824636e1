package httpapi

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/internal/identity/auth"
)

// authenticate lets requests with a valid key pass, and says in their context whose they are.
func (s *server) authenticate(c *gin.Context) {
	id, err := s.Keys.Authenticate(c.Request.Context(), auth.FromRequest(c.Request))
	if err != nil {
		s.fail(c, err)
		return
	}
	c.Request = c.Request.WithContext(auth.With(c.Request.Context(), id))
}

// caller returns the account that a request comes from, and the request's own context. The generated code passes gin's
// context, which is used again after the request and must not reach what may outlive it.
func caller(ctx context.Context) (context.Context, string) {
	if c, ok := ctx.(*gin.Context); ok {
		ctx = c.Request.Context()
	}
	id, ok := auth.From(ctx)
	if !ok {
		panic("httpapi: a route of the API lacks authentication")
	}
	return ctx, id.AccountID
}

// request returns the HTTP request behind a generated handler's context.
func request(ctx context.Context) *http.Request { return ctx.(*gin.Context).Request }
