package openapi

import (
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/spark-games/spark/internal/identity/auth"
)

// addCommon adds to an operation what its declaration implies, so that the document's text need not repeat it for each: the answers that
// any request may get, the header that names an account, and the headers of answers. patched says whether the same address takes a PATCH.
func addCommon(spec *openapi3.T, op *Operation, described *openapi3.Operation, patched bool) {
	responses := described.Responses
	status := func(code, component string) {
		if responses.Value(code) == nil {
			responses.Set(code, &openapi3.ResponseRef{Ref: "#/components/responses/" + component, Value: spec.Components.Responses[component].Value})
		}
	}
	if op.Scope != auth.ScopePublic {
		status("401", "Unauthorized")
		status("403", "Forbidden")
		if !strings.HasPrefix(string(op.Scope), "platform:") {
			described.Parameters = append(described.Parameters, &openapi3.ParameterRef{
				Ref: "#/components/parameters/ActFor", Value: spec.Components.Parameters["ActFor"].Value})
		}
	}
	status("429", "TooManyRequests")
	status("500", "Fault")
	status("503", "Unavailable")
	for code, r := range responses.Map() {
		if op.Idempotent == IdempotencyAnswer && strings.HasPrefix(code, "2") {
			addHeader(spec, r.Value, "Idempotent-Replayed", "IdempotentReplayed")
		}
		if patched && op.Method == http.MethodGet && strings.HasPrefix(code, "2") {
			addHeader(spec, r.Value, "Accept-Patch", "AcceptPatch")
		}
		addHeader(spec, r.Value, "X-Request-Id", "RequestId")
		if op.Rate > 0 {
			addHeader(spec, r.Value, "RateLimit", "RateLimit")
			addHeader(spec, r.Value, "RateLimit-Policy", "RateLimitPolicy")
		}
	}
}

func addHeader(spec *openapi3.T, r *openapi3.Response, name, component string) {
	if r.Headers == nil {
		r.Headers = make(openapi3.Headers)
	}
	r.Headers[name] = &openapi3.HeaderRef{Ref: "#/components/headers/" + component, Value: spec.Components.Headers[component].Value}
}
