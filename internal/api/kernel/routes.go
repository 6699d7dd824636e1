package kernel

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// Routes registers routes on an engine as the document declares them: the scope is checked before anything else in the request
// is read, the body is validated before it is decoded, {path} includes slashes, and HEAD works wherever GET does. It panics on a
// route that the document does not declare, which is a bug.
type Routes struct {
	gin.IRouter
	k *Kernel
}

// Routes returns the routes of an engine.
func (k *Kernel) Routes(engine *gin.Engine) *Routes { return &Routes{engine, k} }

func (r *Routes) handle(method, path string, handlers []gin.HandlerFunc) gin.IRoutes {
	op := r.k.Document.Operation(method, documentPath(path))
	if op == nil {
		panic("kernel: the document has no " + method + " " + path)
	}
	chain := append(r.k.demands(op), handlers...)
	documented := documentPath(path)
	if rest, ok := strings.CutSuffix(path, "/:path"); ok {
		path = rest + "/*path"
	}
	switch method {
	case http.MethodGet:
		if patch := r.k.Document.Operation(http.MethodPatch, documented); patch != nil {
			chain = append(gin.HandlersChain{acceptPatch(patch)}, chain...)
		}
		r.IRouter.Handle(http.MethodHead, path, chain...)
	case http.MethodPatch:
		if !slices.Contains(op.Media, "application/offset+octet-stream") { // of uploads by tus, whose area answers OPTIONS itself
			r.IRouter.Handle(http.MethodOptions, path, acceptPatch(op), r.k.options(documented))
		}
	}
	return r.IRouter.Handle(method, path, chain...)
}

// demands are the handlers that enforce an operation's declaration.
func (k *Kernel) demands(op *openapi.Operation) gin.HandlersChain {
	chain := gin.HandlersChain{k.demandScope(op)}
	if op.Rate > 0 {
		chain = append(chain, k.limitRate(op))
	}
	if op.Timeout > 0 {
		chain = append(chain, within(op.Timeout))
	}
	chain = append(chain, joinLists)
	if op.Query != nil {
		chain = append(chain, k.readQuery(op))
	}
	if len(op.Longest) > 0 {
		chain = append(chain, k.limitParameters(op))
	}
	if op.Item != nil {
		chain = append(chain, k.selectFields(op))
	}
	if op.BodyLimit > 0 {
		chain = append(chain, k.limitBody(op))
	}
	if op.JSON != nil {
		chain = append(chain, k.checkBody(op))
	}
	if op.RateWith != nil {
		chain = append(chain, k.limitRateWith(op))
	}
	if op.Scope != auth.ScopePublic {
		chain = append(chain, k.confine(op))
	}
	if len(op.Media) > 1 {
		chain = append(chain, k.checkMedia(op))
	}
	if op.Streamed() {
		chain = append(chain, k.limitStreams)
	}
	if op.Idempotent == openapi.IdempotencyAnswer || op.Idempotent == openapi.IdempotencySecret {
		chain = append(chain, k.idempotent(op))
	}
	return chain
}

// within limits the time of a request through its context.
func within(timeout time.Duration) gin.HandlerFunc {
	return func(c *gin.Context) {
		whole := c.Request
		ctx, cancel := context.WithTimeout(whole.Context(), timeout)
		defer func() { // also of a panic, which must not look as if the caller had hung up
			cancel()
			c.Request = whole
		}()
		c.Request = whole.WithContext(ctx)
		c.Next()
	}
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

// GET implements gin.IRoutes.
func (r *Routes) GET(path string, h ...gin.HandlerFunc) gin.IRoutes {
	return r.handle(http.MethodGet, path, h)
}

// POST implements gin.IRoutes.
func (r *Routes) POST(path string, h ...gin.HandlerFunc) gin.IRoutes {
	return r.handle(http.MethodPost, path, h)
}

// PUT implements gin.IRoutes.
func (r *Routes) PUT(path string, h ...gin.HandlerFunc) gin.IRoutes {
	return r.handle(http.MethodPut, path, h)
}

// PATCH implements gin.IRoutes.
func (r *Routes) PATCH(path string, h ...gin.HandlerFunc) gin.IRoutes {
	return r.handle(http.MethodPatch, path, h)
}

// DELETE implements gin.IRoutes.
func (r *Routes) DELETE(path string, h ...gin.HandlerFunc) gin.IRoutes {
	return r.handle(http.MethodDelete, path, h)
}

// Register binds the generated code's routes to their handlers.
func (r *Routes) Register(handlers openapi.StrictServerInterface) {
	strict := openapi.NewStrictHandlerWithOptions(handlers, nil, openapi.StrictGinServerOptions{
		RequestErrorHandlerFunc:  func(c *gin.Context, err error) { r.k.Fail(c, badBody(err)) },
		HandlerErrorFunc:         r.k.Fail,
		ResponseErrorHandlerFunc: r.k.Fail,
	})
	openapi.RegisterHandlersWithOptions(r, strict, openapi.GinServerOptions{
		ErrorHandler: func(c *gin.Context, err error, _ int) { r.k.Fail(c, badParameter(err)) },
	})
}

// FilePath is the {path} of a request, without the slash that gin leaves before it.
func FilePath(p string) string { return strings.TrimPrefix(p, "/") }

// NoRoute answers requests for unknown paths.
func (k *Kernel) NoRoute(c *gin.Context) {
	k.Fail(c, models.NewError(models.CodeNotFound, "there is nothing at this path"))
}

// noMethod answers unsupported methods; gin has set Allow. OPTIONS is answered for every path. What pages of other
// origins may do is decided before (api.Options.Origins).
func (k *Kernel) noMethod(c *gin.Context) {
	if c.Request.Method == http.MethodOptions {
		c.Writer.Header().Add("Allow", http.MethodOptions)
		c.Status(http.StatusNoContent)
		c.Writer.WriteHeaderNow()
		return
	}
	k.Fail(c, models.NewError(CodeMethodNotAllowed, "this path does not have the method"))
}

// badParameter names the parameter that the generated code could not read. Its errors carry the name in their text
// only, "Invalid format for parameter limit: …", which the generator's pinned version fixes.
func badParameter(err error) error {
	text := strings.TrimPrefix(err.Error(), "Invalid format for parameter ")
	text = strings.TrimPrefix(text, "Expected one value for ")
	name, _, _ := strings.Cut(strings.ReplaceAll(text, ",", ":"), ":")
	return ParameterError(name, "has the wrong format")
}

// badBody is for bodies that match the schema and still cannot be decoded, such as numbers out of range.
func badBody(err error) error {
	return models.WrapError(models.CodeInvalidRequest, "the body is not what the API expects", err)
}

// joinLists joins the lines of a list header, because the generated code takes one.
func joinLists(c *gin.Context) {
	for _, name := range []string{"If-Match", "If-None-Match"} {
		if lines := c.Request.Header.Values(name); len(lines) > 1 {
			c.Request.Header.Set(name, strings.Join(lines, ", "))
		}
	}
}

// readQuery treats ?state=&kind= like absent parameters, unless an empty one would be a mistake. It refuses a query that cannot be parsed and
// parameters that the operation does not have: they would be ignored silently, including filters.
func (k *Kernel) readQuery(op *openapi.Operation) gin.HandlerFunc {
	return func(c *gin.Context) {
		if c.Request.URL.RawQuery == "" {
			return
		}
		q, err := checkQuery(op, c.Request.URL.RawQuery)
		if err != nil {
			k.Fail(c, err)
			return
		}
		c.Request.URL.RawQuery = q.Encode()
	}
}

func checkQuery(op *openapi.Operation, raw string) (url.Values, error) {
	q, err := url.ParseQuery(raw)
	if err != nil {
		return nil, models.WrapError(models.CodeInvalidRequest, "the query cannot be read: it is not URL-encoded", err)
	}
	for name, values := range q {
		needed, known := op.Query[name]
		switch {
		case !known:
			return nil, ParameterError(name, "there is no such parameter")
		case slices.ContainsFunc(values, func(v string) bool { return !utf8.ValidString(v) || strings.ContainsRune(v, 0) }):
			return nil, ParameterError(name, "is not text")
		case len(values) == 1 && values[0] == "" && needed:
			return nil, ParameterError(name, "is empty; leave it out to get all")
		case len(values) == 1 && values[0] == "":
			q.Del(name)
		}
	}
	return q, nil
}

// limitParameters refuses parameters that are longer than the document allows.
func (k *Kernel) limitParameters(op *openapi.Operation) gin.HandlerFunc {
	return func(c *gin.Context) {
		var query url.Values
		if c.Request.URL.RawQuery != "" {
			query = c.Request.URL.Query()
		}
		for _, longest := range op.Longest {
			value := query.Get(longest.Name)
			if longest.In == openapi3.ParameterInHeader {
				value = c.GetHeader(longest.Name)
			}
			if len(value) > longest.Max && utf8.RuneCountInString(value) > longest.Max {
				k.Fail(c, ParameterError(longest.Name, "has more than "+strconv.Itoa(longest.Max)+" characters"))
				return
			}
		}
	}
}
