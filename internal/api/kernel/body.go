package kernel

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// limitBody refuses bodies that are larger than the operation allows: at once when their length says so, else as soon as it
// is known. Errors of reading the body are for the caller.
func (k *Kernel) limitBody(op *openapi.Operation) gin.HandlerFunc {
	return func(c *gin.Context) {
		if e := c.GetHeader("Content-Encoding"); e != "" && e != "identity" {
			k.Fail(c, models.NewError(CodeUnsupportedMediaType, "compressed bodies are not understood"))
			return
		}
		if c.Request.ContentLength > op.BodyLimit {
			k.Fail(c, tooLarge(op.BodyLimit))
			return
		}
		// The server's own writer, which closes the connection after a body that was not read to its end.
		w := http.ResponseWriter(c.Writer)
		if u, ok := w.(interface{ Unwrap() http.ResponseWriter }); ok {
			w = u.Unwrap()
		}
		c.Request.Body = &limitedBody{http.MaxBytesReader(w, c.Request.Body, op.BodyLimit)}
	}
}

// limitedBody is a body whose errors are models.Errors.
type limitedBody struct{ io.ReadCloser }

func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		err = tooLarge(over.Limit)
	case err != nil && !errors.Is(err, io.EOF):
		err = models.WrapError(models.CodeInvalidRequest, "the body broke off", err)
	}
	return n, err
}

func tooLarge(limit int64) error {
	return models.NewError(models.CodePayloadTooLarge, "the body is larger than "+showBytes(limit))
}

// checkBody reads a JSON body, judges it by the document's schema, and hands it on to the generated code, which by itself
// would let unknown fields, trailing garbage and bodies of any size pass.
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

// checkJSON tells what is wrong with a body: FieldErrors when it is a JSON value that the schema refuses.
func checkJSON(schema *openapi3.Schema, raw []byte) error {
	if !utf8.Valid(raw) {
		return models.NewError(models.CodeInvalidRequest, "the body is not UTF-8")
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return models.NewError(models.CodeInvalidRequest, "a JSON body is required")
	}
	var value any
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(&value); err != nil {
		return models.NewError(models.CodeInvalidRequest, "the body is not JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return models.NewError(models.CodeInvalidRequest, "the body is more than one JSON value")
	}
	err := schema.VisitJSON(value, openapi3.MultiErrors(), openapi3.VisitAsRequest())
	if err == nil {
		return nil
	}
	fields := schemaErrors(err, nil)
	slices.SortStableFunc(fields, func(a, b *models.Error) int { return strings.Compare(a.Pointer, b.Pointer) })
	fields = slices.CompactFunc(fields, func(a, b *models.Error) bool { return a.Pointer == b.Pointer })
	if len(fields) > maxFieldErrors {
		fields = fields[:maxFieldErrors]
	}
	return fields
}

// maxFieldErrors bounds an answer: a body can have as many mistakes as fields.
const maxFieldErrors = 20

func schemaErrors(err error, fields FieldErrors) FieldErrors {
	var several openapi3.MultiError
	var one *openapi3.SchemaError
	switch {
	case errors.As(err, &several):
		for _, e := range several {
			fields = schemaErrors(e, fields)
		}
	case errors.As(err, &one):
		if inner := one.Origin; inner != nil { // of an allOf
			return schemaErrors(inner, fields)
		}
		if unknown := unknownFields(one); len(unknown) > 0 {
			return append(fields, unknown...)
		}
		fields = append(fields, &models.Error{Code: schemaCode(one), Pointer: pointer(one.JSONPointer()), Message: one.Reason})
	default:
		fields = append(fields, models.NewError(models.CodeInvalidRequest, "the body is not what the API expects"))
	}
	return fields
}

// unknownFields points at the members of an object that its schema does not have; the schema's error points at the
// object.
func unknownFields(e *openapi3.SchemaError) (fields FieldErrors) {
	object, ok := e.Value.(map[string]any)
	if !ok || e.SchemaField != "properties" || e.Schema == nil {
		return nil
	}
	for name := range object {
		if e.Schema.Properties[name] == nil {
			fields = append(fields, models.FieldError(pointer(append(e.JSONPointer(), name)), "unknown field"))
		}
	}
	return fields
}

// schemaCode is invalid_request, but for an unknown kind of job, which has a code of its own.
func schemaCode(e *openapi3.SchemaError) models.Code {
	if p := e.JSONPointer(); e.SchemaField == "enum" && len(p) > 0 && p[len(p)-1] == "kind" {
		return models.CodeUnknownKind
	}
	return models.CodeInvalidRequest
}

// pointer writes a JSON pointer (RFC 6901).
func pointer(path []string) string {
	var b strings.Builder
	for _, step := range path {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(step))
	}
	return b.String()
}
