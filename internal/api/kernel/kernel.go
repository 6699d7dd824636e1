// Package kernel is what all areas of the API share: the middleware of every request, routes that enforce what the document
// declares, authentication, bodies, cursors, content with ranges, and errors as problems.
//
// A request passes the middleware (request id, metrics and access log, panic recovery, security headers); its operation's scope is
// demanded, its body is checked, and an area's handler answers. Errors become HTTP in problem.go and nowhere else.
package kernel

import (
	"context"
	"io"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/inbound"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
)

// Kernel serves what the document describes.
type Kernel struct {
	Document *openapi.Document
	Keys     *auth.Authenticator
	Tokens   *auth.Tokens
	Places   Places
	// Sessions are of the people who are signed in; nil if nobody can sign in.
	Sessions *auth.Sessions
	// CrossOrigin refuses what other sites make browsers ask for with the cookies of Sessions.
	CrossOrigin *http.CrossOriginProtection
	Accounts    auth.Accounts
	Answers     Answers
	Spool       Spool
	Rates       *Rates    // nil limits nothing
	Refusals    *Refusals // nil gathers none
	Log         *zap.Logger
	Observer    Observer
	// Gate admits requests that come through proxies; nil admits all.
	Gate *inbound.Gate
	// Bodies are the places of large bodies that are being answered; nil has one for everybody.
	Bodies *inbound.Seats
}

// Spool writes what r reads to a file that is gone when it is closed. More than limit bytes are refused with CodePayloadTooLarge.
type Spool func(ctx context.Context, r io.Reader, limit int64) (*os.File, error)

// Engine makes a web server without routes; its Routes adds them.
func (k *Kernel) Engine() *gin.Engine {
	gin.SetMode(gin.ReleaseMode) // its debug mode writes to stdout, which belongs to the program
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	engine.RedirectFixedPath = false
	engine.ForwardedByClientIP = false // addresses in headers are whatever the caller writes
	engine.Use(k.identify, k.observe, k.recoverPanic, secureHeaders, k.admit)
	engine.NoRoute(k.NoRoute)
	engine.NoMethod(k.noMethod)
	return engine
}
