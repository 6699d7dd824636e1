package kernel

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// Answers keeps what requests with idempotency keys were answered.
type Answers interface {
	// Answer is what is known of the request of an account with a key, or a *models.Error with CodeNotFound.
	Answer(ctx context.Context, accountID, key string) (*models.Answer, error)
	// Keep stores the answer of a request whose claim was stored.
	Keep(ctx context.Context, a *models.Answer) error
}

const (
	idempotencyHeader = "Idempotency-Key"
	replayedHeader    = "Idempotent-Replayed"
	maxKey            = 255
	// maxKept limits an answer that is kept.
	maxKept = 4 << 20
	// keepWithin limits the storing of an answer, whatever becomes of its client.
	keepWithin = 5 * time.Second
	// lostAfter is how long after its effect a request without an answer counts as being answered. Its process has ended, else it had been.
	lostAfter = time.Minute
)

// idempotent makes a repetition of a request with an idempotency key get the answer of the first one (IETF draft "The Idempotency-Key
// HTTP Header Field"). The store notes the key in the transaction of the request's effect: of any number of requests at once with a key, one
// has an effect. A request that is refused leaves nothing behind.
func (k *Kernel) idempotent(op *openapi.Operation) gin.HandlerFunc {
	return func(c *gin.Context) {
		if len(c.Request.Header.Values(idempotencyHeader)) == 0 {
			return
		}
		key := c.GetHeader(idempotencyHeader)
		claim, err := k.newClaim(c, op, key)
		if file, ok := c.Request.Body.(*os.File); ok {
			defer file.Close() // it has no name: that removes it
		}
		if err == nil {
			var before *models.Answer
			before, err = k.Answers.Answer(c.Request.Context(), claim.AccountID, claim.Key)
			switch {
			case err == nil:
				k.replay(c, op, claim, before)
				return
			case models.CodeOf(err) == models.CodeNotFound:
				err = nil
			}
		}
		if err != nil {
			k.Fail(c, err)
			return
		}
		k.answerOnce(c, op, claim)
	}
}

func (k *Kernel) newClaim(c *gin.Context, op *openapi.Operation, key string) (*models.Claim, error) {
	if key == "" || len(key) > maxKey || strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' }) {
		return nil, ParameterError(idempotencyHeader, "is 1 to 255 printable ASCII characters")
	}
	var head strings.Builder
	fmt.Fprintf(&head, "%s %s\nIf-Match: %s\nIf-None-Match: %s\n", c.Request.Method, c.Request.URL.RequestURI(),
		c.GetHeader("If-Match"), c.GetHeader("If-None-Match"))
	for _, name := range []string{"Upload-Length", "Upload-Defer-Length", "Upload-Metadata"} { // what begins an upload is there
		if value := c.GetHeader(name); value != "" {
			fmt.Fprintf(&head, "%s: %s\n", name, value)
		}
	}
	hash := sha256.New()
	hash.Write([]byte(head.String()))
	switch {
	case op.Streamed():
		file, err := k.Spool(c.Request.Context(), io.TeeReader(c.Request.Body, hash), op.BodyLimit)
		if err != nil {
			return nil, err
		}
		c.Request.Body = file
		if parts := formDigest(c.GetHeader("Content-Type"), file); parts != nil {
			hash.Reset()
			hash.Write([]byte(head.String() + "form: "))
			hash.Write(parts)
		}
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return nil, fmt.Errorf("begin the body anew: %w", err)
		}
	case op.BodyLimit > 0:
		body, err := io.ReadAll(c.Request.Body)
		if err != nil {
			return nil, err
		}
		hash.Write(body)
		c.Request.Body = io.NopCloser(bytes.NewReader(body))
	}
	id, ok := auth.From(c.Request.Context())
	if !ok {
		panic("kernel: a public operation has an idempotency key")
	}
	if id.Token { // a page's keys are its own, and do not meet those of the account's server
		key += " of " + id.EndUser + " in " + id.Within.ProjectID + id.Within.PipelineID + id.Within.JobID
	}
	return &models.Claim{AccountID: id.AccountID, Key: key, Operation: op.ID, Fingerprint: hex.EncodeToString(hash.Sum(nil))}, nil
}

// answerOnce runs the handler, and stores its answer before it is sent.
func (k *Kernel) answerOnce(c *gin.Context, op *openapi.Operation, claim *models.Claim) {
	whole, out := c.Request, c.Writer
	held := &heldAnswer{ResponseWriter: out}
	c.Request, c.Writer = whole.WithContext(models.WithClaim(whole.Context(), claim)), held
	c.Set(keeperKey, func(a *models.Answer) { k.keep(c, claim, a) })
	func() {
		defer func() { c.Request, c.Writer = whole, out }() // also of a panic, whose answer is another
		c.Next()
	}()
	_, early := c.Get(keptKey)
	if status := out.Status(); !early && status < 300 && op.Idempotent == openapi.IdempotencyAnswer {
		h := out.Header()
		k.keep(c, claim, &models.Answer{Status: status, Location: h.Get("Location"), ETag: h.Get("ETag"), Body: held.body.String()})
	}
	if _, err := out.Write(held.body.Bytes()); err != nil {
		k.Log.Debug("the client closed the connection before the response", zap.String("request_id", requestID(c)), zap.Error(err))
	}
}

// keep stores the answer of a request whose claim was stored, whatever becomes of its client.
func (k *Kernel) keep(c *gin.Context, claim *models.Claim, a *models.Answer) {
	if !claim.Stored() || len(a.Body) > maxKept {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), keepWithin)
	defer cancel()
	a.AccountID, a.Key = claim.AccountID, claim.Key
	if err := k.Answers.Keep(ctx, a); err != nil {
		k.Log.Warn("the answer to a request with an idempotency key could not be kept", zap.String("request_id", requestID(c)), zap.Error(err))
	}
}

// replay answers a request whose key an earlier one had.
func (k *Kernel) replay(c *gin.Context, op *openapi.Operation, claim *models.Claim, before *models.Answer) {
	kind, id, _ := strings.Cut(before.Resource, " ")
	switch {
	case before.Fingerprint != claim.Fingerprint || before.Operation != claim.Operation:
		k.Fail(c, models.NewError(models.CodeIdempotencyMismatch, "another request had this idempotency key: a new request takes a new one"))
	case op.Idempotent == openapi.IdempotencySecret:
		k.Fail(c, &madeError{id, models.NewError(models.CodeSecretShown,
			"the answer has a secret and was given once; the "+kind+" exists: read it, or replace it")})
	case before.Status == 0 && before.Age < lostAfter.Seconds():
		k.Fail(c, models.ErrTwin)
	case before.Status == 0:
		k.Fail(c, &madeError{id, models.NewError(models.CodeAnswerLost, "the request had its effect, but the answer was lost; read the "+kind)})
	default:
		h := c.Writer.Header()
		h.Set(replayedHeader, "true")
		for name, value := range map[string]string{"Location": before.Location, "ETag": before.ETag} {
			if value != "" {
				h.Set(name, value)
			}
		}
		c.Data(before.Status, "application/json", []byte(before.Body))
		c.Abort()
	}
}

// madeError says what an earlier request has made.
type madeError struct {
	id  string
	err error
}

func (e *madeError) Error() string { return e.err.Error() }
func (e *madeError) Unwrap() error { return e.err }

// heldAnswer holds the body of an answer back.
type heldAnswer struct {
	gin.ResponseWriter
	body bytes.Buffer
}

func (w *heldAnswer) Write(p []byte) (int, error)       { return w.body.Write(p) }
func (w *heldAnswer) WriteString(s string) (int, error) { return w.body.WriteString(s) }
func (w *heldAnswer) WriteHeaderNow()                   {}
func (w *heldAnswer) Flush()                            {}
func (w *heldAnswer) Written() bool                     { return w.body.Len() > 0 }
func (w *heldAnswer) Size() int                         { return w.body.Len() }
func (w *heldAnswer) Unwrap() http.ResponseWriter       { return w.ResponseWriter }
