package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/rs/cors"
)

// preflightFor is how long a browser may remember what a page of another origin may do.
const preflightFor = 10 * time.Minute

// shared lets pages of other origins call the v1 API with a key or token (Fetch, "CORS protocol"). Cookies are never taken from them: whoever may
// read an answer has the credential in hand. Games and pages for people are not concerned.
func shared(origins []string, next http.Handler) http.Handler {
	if len(origins) == 0 {
		return next
	}
	policy := cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete},
		AllowedHeaders: []string{"Authorization", "X-API-Key", "Content-Type", "If-Match", "If-None-Match", "Range", "If-Range", "Prefer",
			"Idempotency-Key", "Last-Event-ID", "Spark-Account", "X-Request-Id", "Traceparent", "Tracestate", "Cache-Control",
			"Tus-Resumable", "Upload-Length", "Upload-Offset", "Upload-Defer-Length", "Upload-Metadata"},
		ExposedHeaders: []string{"ETag", "Location", "Retry-After", "X-Request-Id", "Idempotent-Replayed", "Preference-Applied", "Content-Range",
			"Content-Disposition", "RateLimit", "RateLimit-Policy", "Accept-Patch",
			"Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Upload-Length", "Upload-Offset", "Upload-Defer-Length", "Upload-Metadata",
			"Upload-Expires", "Spark-Asset-Id"},
		MaxAge: int(preflightFor.Seconds()),
	})
	open := policy.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/v1/") {
			open.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
