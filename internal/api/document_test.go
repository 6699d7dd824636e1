package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// Every operation of the document is routed. (A route that is not in the document panics.)
func TestOperationsAreRouted(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	for _, op := range a.doc.Operations() {
		path := pathWith(op, "x")
		r := a.do(op.Method, path, "", "Authorization: Bearer "+a.admin)
		var p openapi.Problem
		if _ = json.Unmarshal(r.body, &p); p.Code == kernel.CodeMethodNotAllowed || p.Detail == "there is nothing at this path" && op.Scope != auth.ScopePublic {
			t.Errorf("%s %s is documented and not routed: %s", op.Method, op.Path, r.body)
		}
	}
}

// Scopes are enforced: no request passes without a key unless the operation is public, and no key without the scope.
func TestScopesAreDemanded(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	for _, op := range a.doc.Operations() {
		path := pathOf(op)
		if r := a.do(op.Method, path, "", "Authorization: "); (r.status == http.StatusUnauthorized) != (op.Scope != auth.ScopePublic) {
			t.Errorf("%s %s without a key: %d", op.Method, op.Path, r.status)
		}
		if r := a.do(op.Method, path, "", "Authorization: Bearer "+a.nobody); (r.status == http.StatusForbidden) != (op.Scope != auth.ScopePublic) {
			t.Errorf("%s %s with a key that may do nothing: %d", op.Method, op.Path, r.status)
		}
	}
}

// The documentation may be kept and is asked for again with its tag. Scripts of other sites may read the document, and no other answer.
func TestReferenceIsServed(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	for path, tt := range map[string]struct{ media, everyones string }{
		"/docs":               {"text/html; charset=utf-8", ""},
		"/docs/reference.css": {"text/css; charset=utf-8", ""},
		"/openapi.json":       {"application/json", "*"},
		"/openapi.yaml":       {"application/yaml", "*"},
	} {
		r := a.do("GET", path, "", "Authorization: ").want(200)
		tag := r.header.Get("ETag")
		if r.header.Get("Content-Type") != tt.media || tag == "" || len(r.body) == 0 || r.header.Get("Access-Control-Allow-Origin") != tt.everyones {
			t.Errorf("%s: %v", path, r.header)
		}
		policy := r.header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "script") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: %s", path, policy)
		}
		if again := a.do("GET", path, "", "Authorization: ", "If-None-Match: "+tag).want(304); len(again.body) != 0 || again.header.Get("ETag") != tag {
			t.Errorf("%s: %v", path, again.header)
		}
		a.do("GET", path, "", "Authorization: ", `If-None-Match: "other"`).want(200)
	}
}

// The type of a problem leads to the place of the reference that describes its code. (Each code of the document's table has such a place.)
func TestTypesOfProblemsAreDescribed(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	page := string(a.do("GET", "/docs", "").want(200).body)
	for path, code := range map[string]models.Code{"/v1/nothing": models.CodeNotFound, "/v1/jobs?limit=x": models.CodeInvalidRequest} {
		p := decodeAs[openapi.Problem](a.do("GET", path, ""))
		if p.Code != code || p.Type != "/docs#error-"+string(code) || !strings.Contains(page, `id="error-`+string(code)+`"`) {
			t.Errorf("the type of %s is %s", p.Code, p.Type)
		}
	}
}
