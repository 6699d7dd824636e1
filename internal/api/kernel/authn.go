package kernel

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// demandScope lets requests pass whose caller has the scope that the operation needs, and puts the identity into their context. The caller is who
// holds the request's key or, without one, who is signed in with its cookie.
func (k *Kernel) demandScope(op *openapi.Operation) gin.HandlerFunc {
	if op.Scope == auth.ScopePublic {
		return func(*gin.Context) {}
	}
	return func(c *gin.Context) {
		c.Set(operationKey, op)
		if name, twice := saidTwice(c.Request); twice {
			k.Fail(c, models.NewError(models.CodeInvalidRequest, "the header "+name+" is there twice"))
			return
		}
		find := k.byKey
		if k.Sessions.Presented(c.Request) {
			find = k.bySession
		}
		id, err := find(c, op)
		k.actAs(c, op, id)
		switch {
		case err != nil:
			if models.CodeOf(err) == models.CodeUnauthorized {
				if tooMany := k.refused(c); tooMany != nil {
					err = tooMany
				}
			}
			if op.Browser {
				c.Header("WWW-Authenticate", `Basic realm="spark", charset="UTF-8"`)
			}
			k.Fail(c, err)
		case !id.Has(op.Scope):
			k.Observer.AuthFailed("forbidden")
			k.Fail(c, lacks(id, op.Scope))
		default:
			c.Request = c.Request.WithContext(auth.With(c.Request.Context(), id))
		}
	}
}

// saidTwice finds a header that says who asks, or for whom, and is there more than once: of whatever stands before the API, one might look at the first
// and another at the last.
func saidTwice(r *http.Request) (name string, twice bool) {
	for _, name := range []string{"Authorization", "X-API-Key", actForHeader} {
		if len(r.Header.Values(name)) > 1 {
			return name, true
		}
	}
	return "", false
}

// operationKey has the operation of a request that needs a scope.
const operationKey = "spark.operation"

// actAs says in the request's context who does what, for the audit.
func (k *Kernel) actAs(c *gin.Context, op *openapi.Operation, id auth.Identity) {
	actor := id.Actor()
	if id.KeyID == "" && id.UserID == "" {
		actor.Kind = models.ActorNobody
	}
	ctx := models.ActBy(c.Request.Context(), actor)
	models.ActFrom(ctx).Action = op.Audit
	c.Request = c.Request.WithContext(ctx)
}

// tokenParameter is the query's, which has a browser token.
const tokenParameter = "token"

// credential is the key or browser token of a request. An EventSource cannot set headers: event streams take a token from the query, and
// only a token, since addresses end up in logs and histories.
func credential(r *http.Request, op *openapi.Operation) string {
	if op.Browser {
		if _, password, ok := r.BasicAuth(); ok {
			return password
		}
	}
	key := auth.FromRequest(r)
	if _, takes := op.Query[tokenParameter]; takes && key == "" {
		if token := r.URL.Query().Get(tokenParameter); auth.IsToken(token) {
			return token
		}
	}
	return key
}

// authenticate is who a key or browser token belongs to.
func (k *Kernel) authenticate(ctx context.Context, credential string) (auth.Identity, error) {
	if auth.IsToken(credential) {
		return k.Tokens.Authenticate(ctx, credential)
	}
	return k.Keys.Authenticate(ctx, credential)
}

// byKey is the identity of a request's key or browser token.
func (k *Kernel) byKey(c *gin.Context, op *openapi.Operation) (auth.Identity, error) {
	key := credential(c.Request, op)
	ctx := c.Request.Context()
	id, err := k.authenticate(ctx, key)
	if account := c.GetHeader(actForHeader); err == nil && account != "" && !isPlatforms(op.Scope) && !id.Token {
		var acting auth.Identity
		if acting, err = id.Act(ctx, k.Accounts, account); err == nil {
			id = acting
		}
	}
	if err != nil {
		k.authFailed(key, err)
	}
	return id, err
}

// bySession is the identity of a request's cookie. Browsers send cookies along with what other sites make them ask for, so a request that changes
// something must come from the platform's own pages.
func (k *Kernel) bySession(c *gin.Context, op *openapi.Operation) (auth.Identity, error) {
	if err := k.CrossOrigin.Check(c.Request); err != nil {
		k.Observer.AuthFailed("forbidden")
		return auth.Identity{}, models.WrapError(models.CodeForbidden, "only the platform's own pages may ask this with a cookie", err)
	}
	session, err := k.Sessions.Authenticate(c.Writer, c.Request)
	if err != nil {
		k.authFailed("a cookie", err)
		return auth.Identity{}, err
	}
	if op.Scope == auth.ScopeMe {
		return auth.Identity{UserID: session.UserID, SessionID: session.ID}, nil
	}
	id, err := auth.InSession(session, c.GetHeader(actForHeader))
	if err != nil {
		id = auth.Identity{UserID: session.UserID, SessionID: session.ID}
	}
	return id, err
}

// actForHeader names the account that a caller acts for.
const actForHeader = "Spark-Account"

func isPlatforms(s auth.Scope) bool { return strings.HasPrefix(string(s), "platform:") }

func lacks(id auth.Identity, s auth.Scope) error {
	if id.Has(auth.ScopePlatformAct) && !isPlatforms(s) {
		return models.NewError(models.CodeForbidden, "a master key acts for an account: name it by its id in the header "+actForHeader)
	}
	switch {
	case s == auth.ScopeMe:
		return models.NewError(models.CodeForbidden, "this is for a person who is signed in, and not for a key")
	case id.SessionID != "" && id.AccountID == "" && !isPlatforms(s):
		return models.NewError(models.CodeForbidden, "name the account to act for, of those that you are a member of, by its id in the header "+actForHeader)
	case id.SessionID != "":
		return models.NewError(models.CodeForbidden, "your role in the account does not have the scope "+string(s))
	}
	return models.NewError(models.CodeForbidden, "the key does not have the scope "+string(s))
}

// authFailed counts refused credentials, but not failures to check them.
func (k *Kernel) authFailed(key string, err error) {
	switch {
	case models.CodeOf(err) != models.CodeUnauthorized:
	case key == "":
		k.Observer.AuthFailed("missing")
	default:
		k.Observer.AuthFailed("invalid")
	}
}

// Caller returns the account of a request, and the request's own context. The generated code passes gin's context, which is
// reused after the request and must not be used by anything that may outlive it.
func Caller(ctx context.Context) (context.Context, string) {
	if c, ok := ctx.(*gin.Context); ok {
		ctx = c.Request.Context()
	}
	return ctx, Identity(ctx).AccountID
}

// Identity is the caller of a request, from the request's own context.
func Identity(ctx context.Context) auth.Identity {
	id, ok := auth.From(ctx)
	if !ok {
		panic("kernel: a public operation asks for its caller")
	}
	return id
}

// Note adds fields to the request's log line, such as the job that it submitted.
func Note(ctx context.Context, fields ...zap.Field) {
	if c, ok := ctx.(*gin.Context); ok {
		c.Set(notesKey, append(notes(c), fields...))
	}
}

func notes(c *gin.Context) []zap.Field {
	fields, _ := c.Get(notesKey)
	noted, _ := fields.([]zap.Field)
	return noted
}

const notesKey = "notes"

// Request returns the HTTP request behind a generated handler's context.
func Request(ctx context.Context) *http.Request { return ctx.(*gin.Context).Request }

// Header is the header of the answer to a generated handler's request, of what its document's answers do not have. Problems have it too.
func Header(ctx context.Context) http.Header { return ctx.(*gin.Context).Writer.Header() }
