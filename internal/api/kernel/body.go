package kernel

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/internal/api/inbound"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// limitBody refuses bodies that are larger than the operation allows: immediately if their length says so, otherwise as soon as
// it is known. The caller handles errors of reading the body.
func (k *Kernel) limitBody(op *openapi.Operation) gin.HandlerFunc {
	return func(c *gin.Context) {
		encoded := func(e string) bool { return e != "" && !strings.EqualFold(e, "identity") }
		if slices.ContainsFunc(c.Request.Header.Values("Content-Encoding"), encoded) {
			c.Header("Accept-Encoding", "identity")
			k.Fail(c, models.NewError(CodeUnsupportedMediaType, "compressed bodies are not supported"))
			return
		}
		if c.Request.ContentLength > op.BodyLimit {
			k.Fail(c, tooLarge(op.BodyLimit))
			return
		}
		c.Request.Body = &limitedBody{http.MaxBytesReader(c.Writer, c.Request.Body, op.BodyLimit), c.Request.Context()}
	}
}

// limitedBody is a body whose errors are models.Errors.
type limitedBody struct {
	io.ReadCloser
	ctx context.Context
}

func (b *limitedBody) Read(p []byte) (int, error) {
	if b.ctx.Err() != nil {
		return 0, models.NewError(CodeRequestTimeout, "the body took too long")
	}
	n, err := b.ReadCloser.Read(p)
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		err = tooLarge(over.Limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = models.WrapError(CodeRequestTimeout, "the body came too slowly", err)
	case err != nil && !errors.Is(err, io.EOF):
		err = models.WrapError(models.CodeInvalidRequest, "the body broke off", err)
	}
	return n, err
}

func tooLarge(limit int64) error {
	return models.NewError(models.CodePayloadTooLarge, "the body is larger than "+showBytes(limit))
}

// checkBody reads a JSON body, validates it against the schema, and passes it to the generated code, which alone would accept
// unknown fields, trailing garbage and bodies of any size.
func (k *Kernel) checkBody(op *openapi.Operation) gin.HandlerFunc {
	return func(c *gin.Context) {
		if !op.BodyRequired && c.Request.ContentLength == 0 {
			return
		}
		raw, err := readJSON(c)
		if err == nil {
			err = checkJSON(op.JSON, raw)
		}
		if err != nil {
			k.Fail(c, err)
			return
		}
		c.Request.Body = io.NopCloser(bytes.NewReader(raw))
	}
}

func readJSON(c *gin.Context) ([]byte, error) {
	media, params, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if charset := params["charset"]; err != nil || media != "application/json" || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, models.NewError(CodeUnsupportedMediaType, "the body must be application/json in UTF-8")
	}
	return io.ReadAll(c.Request.Body)
}

func showBytes(n int64) string { return strconv.FormatInt(n>>20, 10) + " MiB" }

// NewBodies are the places of requests whose bodies are kept on a process's disk while they are answered. A body may come slowly for as long as it
// comes, so that no account may have all of them.
func NewBodies() *inbound.Seats { return &inbound.Seats{Total: 32, PerAccount: 8} }

// limitStreams refuses a request with a large body while too many are being answered.
func (k *Kernel) limitStreams(c *gin.Context) {
	if c.Request.ContentLength == 0 {
		return
	}
	leave, ok := k.Bodies.Take(Identity(c.Request.Context()).AccountID)
	if !ok {
		k.Fail(c, models.NewError(models.CodeUnavailable, "too many large bodies are being read; try again"))
		return
	}
	defer leave()
	c.Next()
}
