package catalogue

import (
	"fmt"
	"net/textproto"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/spark-games/spark/models"
)

// Limits of an endpoint's own headers.
const (
	maxHeaders     = 20
	maxHeaderBytes = 4 << 10
)

// forbiddenHeaders belong to the request, the connection or the signature; forbiddenPrefixes begin the names of such.
var (
	forbiddenHeaders = []string{"Accept-Encoding", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Cookie", "Date", "Expect", "Forwarded",
		"Host", "Keep-Alive", "Te", "Traceparent", "Tracestate", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent", "Via"}
	forbiddenPrefixes = []string{"Webhook-", "Proxy-", "Sec-", "X-Forwarded-", "Access-Control-", "Spark-"}
)

// CheckHeaders checks the headers that an endpoint wants with each delivery, and returns them with the usual spelling of their names. Its
// error points at the header that is wrong, and does not quote its value.
func CheckHeaders(headers map[string]string) (map[string]string, error) {
	if len(headers) > maxHeaders {
		return nil, models.FieldError("", fmt.Sprintf("has at most %d entries", maxHeaders))
	}
	checked := make(map[string]string, len(headers))
	for given, value := range headers {
		name := textproto.CanonicalMIMEHeaderKey(given)
		at := "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(models.Shorten(given, 100))
		_, twice := checked[name]
		switch {
		case !httpguts.ValidHeaderFieldName(given) || len(given) > 100:
			return nil, models.FieldError(at, "is no name of a header")
		case slices.Contains(forbiddenHeaders, name) || slices.ContainsFunc(forbiddenPrefixes, func(p string) bool { return strings.HasPrefix(name, p) }):
			return nil, models.FieldError(at, "is a header that Spark or the connection sets")
		case twice:
			return nil, models.FieldError(at, "is there twice, in another case")
		case !httpguts.ValidHeaderFieldValue(value) || strings.Trim(value, " \t") != value || len(value) > maxHeaderBytes:
			return nil, models.FieldError(at, "has a value with line breaks, control characters, spaces around it or more than 4 KiB")
		}
		checked[name] = value
	}
	return checked, nil
}
