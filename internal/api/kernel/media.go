package kernel

import (
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// acceptPatchHeader names the media types of patches (RFC 5789, section 3.1).
const acceptPatchHeader = "Accept-Patch"

// acceptPatch tells which patches an address takes.
func acceptPatch(op *openapi.Operation) gin.HandlerFunc {
	types := strings.Join(op.Media, ", ")
	return func(c *gin.Context) { c.Header(acceptPatchHeader, types) }
}

// tellMedia says, with a refusal of a media type, which the operation takes (RFC 9110, section 15.5.16).
func tellMedia(c *gin.Context) {
	value, _ := c.Get(operationKey)
	op, ok := value.(*openapi.Operation)
	switch {
	case !ok || len(op.Media) == 0:
	case op.Method == http.MethodPatch:
		c.Header(acceptPatchHeader, strings.Join(op.Media, ", "))
	default:
		c.Header("Accept", strings.Join(op.Media, ", "))
	}
}

// checkMedia refuses a body whose media type is none of the operation's. It passes the type on as the document writes it, since the generated code
// compares letters and beginnings.
func (k *Kernel) checkMedia(op *openapi.Operation) gin.HandlerFunc {
	refusal := models.NewError(CodeUnsupportedMediaType, "the body is "+strings.Join(op.Media, " or "))
	return func(c *gin.Context) {
		given := c.GetHeader("Content-Type")
		media, _, err := mime.ParseMediaType(given)
		if err != nil || !slices.Contains(op.Media, media) {
			k.Fail(c, refusal)
			return
		}
		c.Request.Header.Set("Content-Type", media+strings.TrimLeft(given, " \t")[len(media):])
	}
}

// options answers OPTIONS for an address that takes patches; noMethod does for the others.
func (k *Kernel) options(path string) gin.HandlerFunc {
	allowed := []string{http.MethodOptions}
	for method := range k.Document.Spec.Paths.Value(path).Operations() {
		allowed = append(allowed, method)
		if method == http.MethodGet {
			allowed = append(allowed, http.MethodHead)
		}
	}
	slices.Sort(allowed)
	return func(c *gin.Context) {
		c.Header("Allow", strings.Join(allowed, ", "))
		c.Status(http.StatusNoContent)
		c.Writer.WriteHeaderNow()
	}
}
