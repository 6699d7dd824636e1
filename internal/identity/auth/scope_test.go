package auth

import (
	"strings"
	"testing"

	"github.com/spark-games/spark/models"
)

func TestRolesHaveTheirScopes(t *testing.T) {
	t.Parallel()
	user, admin, unknown := Identity{Role: models.RoleUser}, Identity{Role: models.RoleAdmin}, Identity{Role: "owner"}
	for _, s := range append(append([]Scope{}, accountScopes...), platformScopes...) {
		ofPlatform := strings.HasPrefix(string(s), "platform:")
		if !s.Valid() || !admin.Has(s) || user.Has(s) == ofPlatform || unknown.Has(s) != (s == ScopePublic) {
			t.Errorf("%s: user %v, admin %v, unknown role %v", s, user.Has(s), admin.Has(s), unknown.Has(s))
		}
	}
	auditor := Identity{Role: models.RoleAuditor}
	for _, s := range append(append([]Scope{}, accountScopes...), platformScopes...) {
		if want := s == ScopePublic || s == ScopePlatformRead; auditor.Has(s) != want {
			t.Errorf("%s: auditor %v", s, !want)
		}
	}
	if Scope("everything").Valid() || admin.Has("everything") || (Identity{}).Has(ScopeJobsRead) {
		t.Error("a scope that does not exist, or nobody, is allowed")
	}
}
