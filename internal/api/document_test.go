package api

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
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
