package httpapi

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/models"
)

// routes registers what the document describes, and its neighbours.
func (s *server) routes(engine *gin.Engine) {
	v1 := &documentedRoutes{IRouter: engine.Group("", s.authenticate, dropEmptyQuery), s: s}
	strict := NewStrictHandlerWithOptions(s, nil, StrictGinServerOptions{
		RequestErrorHandlerFunc:  func(c *gin.Context, err error) { s.fail(c, badBody(err)) },
		HandlerErrorFunc:         s.fail,
		ResponseErrorHandlerFunc: s.fail,
	})
	RegisterHandlersWithOptions(v1, strict, GinServerOptions{
		ErrorHandler: func(c *gin.Context, err error, _ int) { s.fail(c, badParameter(err)) },
	})

	open := &documentedRoutes{IRouter: engine, s: s}
	open.GET("/healthz", s.healthz)
	open.GET("/readyz", s.readyz)
	open.GET("/metrics", s.metrics())
	open.GET("/v1/signing-keys", s.signingKeys)
	open.GET("/openapi.yaml", s.serveDocument)
	open.GET("/openapi.json", s.serveDocumentJSON)
	open.GET("/play/:artifact", s.redirectToPlay)
	open.GET("/play/:artifact/:path", s.play)
	open.GET("/engine-modules/:sha256/:file", s.engineModule)
	s.adminRoutes(engine)
}

// documentedRoutes registers routes as the document means them: {path} takes slashes too, HEAD is answered wherever GET
// is, and bodies are checked before they are decoded.
type documentedRoutes struct {
	gin.IRouter
	s *server
}

func (r *documentedRoutes) handle(method, path string, handler gin.HandlerFunc) gin.IRoutes {
	chain := gin.HandlersChain{handler}
	if schema, ok := r.s.doc.bodySchema(method, documentPath(path)); ok {
		limit := int64(maxJSONBytes)
		if path == "/v1/projects/:id/files" {
			limit = maxFileSetBytes
		}
		chain = gin.HandlersChain{r.s.checkedJSON(schema, limit), handler}
	}
	if rest, ok := strings.CutSuffix(path, "/:path"); ok {
		path = rest + "/*path"
	}
	if method == http.MethodGet {
		r.IRouter.Handle(http.MethodHead, path, chain...)
	}
	return r.IRouter.Handle(method, path, chain...)
}

// documentPath turns gin's /a/:b into the document's /a/{b}.
func documentPath(path string) string {
	steps := strings.Split(path, "/")
	for i, step := range steps {
		if name, ok := strings.CutPrefix(step, ":"); ok {
			steps[i] = "{" + name + "}"
		}
	}
	return strings.Join(steps, "/")
}

func (r *documentedRoutes) GET(path string, h ...gin.HandlerFunc) gin.IRoutes {
	return r.handle(http.MethodGet, path, h[0])
}

func (r *documentedRoutes) POST(path string, h ...gin.HandlerFunc) gin.IRoutes {
	return r.handle(http.MethodPost, path, h[0])
}

func (r *documentedRoutes) PUT(path string, h ...gin.HandlerFunc) gin.IRoutes {
	return r.handle(http.MethodPut, path, h[0])
}

func (r *documentedRoutes) DELETE(path string, h ...gin.HandlerFunc) gin.IRoutes {
	return r.handle(http.MethodDelete, path, h[0])
}

// filePath is the {path} of a request, without the slash that gin leaves before it.
func filePath(p string) string { return strings.TrimPrefix(p, "/") }

func (s *server) noRoute(c *gin.Context) {
	s.fail(c, models.NewError(models.CodeNotFound, "there is nothing at this path"))
}

// noMethod answers methods that a path does not have; gin has set Allow. OPTIONS is answered for every path, without
// CORS, which is off: browsers on other sites cannot use the API.
func (s *server) noMethod(c *gin.Context) {
	if c.Request.Method == http.MethodOptions {
		c.Writer.Header().Add("Allow", http.MethodOptions)
		c.Status(http.StatusNoContent)
		c.Writer.WriteHeaderNow()
		return
	}
	s.fail(c, models.NewError(codeMethodNotAllowed, "this path does not have the method"))
}

// badParameter names the parameter that the generated code could not read. Its errors carry the name in their text
// only, "Invalid format for parameter limit: …", which the generator's pinned version fixes.
func badParameter(err error) error {
	text := strings.TrimPrefix(err.Error(), "Invalid format for parameter ")
	text = strings.TrimPrefix(text, "Expected one value for ")
	name, _, _ := strings.Cut(strings.ReplaceAll(text, ",", ":"), ":")
	return parameterError(name, "has the wrong format")
}

// badBody is for what passes the schema and still cannot be decoded, such as numbers out of range.
func badBody(err error) error {
	return models.WrapError(models.CodeInvalidRequest, "the body is not what the API expects", err)
}
