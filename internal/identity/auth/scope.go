package auth

import (
	"slices"

	"github.com/spark-games/spark/models"
)

// Scope is what a caller may do. Every operation of the API declares the one that it needs.
type Scope string

// The scopes. Their names are part of the API.
const (
	// ScopePublic needs no key.
	ScopePublic Scope = "public"

	ScopeProjectsRead  Scope = "projects:read"
	ScopeProjectsWrite Scope = "projects:write"
	ScopeJobsRead      Scope = "jobs:read"
	ScopeJobsWrite     Scope = "jobs:write"
	ScopeArtifactsRead Scope = "artifacts:read"
	ScopeUsageRead     Scope = "usage:read"

	// The platform's scopes apply to all accounts. No scope within an account implies them.
	ScopePlatformRead  Scope = "platform:read"
	ScopePlatformAdmin Scope = "platform:admin"
)

// accountScopes are the scopes within an account.
var accountScopes = []Scope{ScopePublic, ScopeProjectsRead, ScopeProjectsWrite, ScopeJobsRead, ScopeJobsWrite, ScopeArtifactsRead, ScopeUsageRead}

// platformScopes are the scopes of the platform itself.
var platformScopes = []Scope{ScopePlatformRead, ScopePlatformAdmin}

// roleScopes lists what each role of a key allows. The role "admin" is the platform's administrator, who may also do
// everything within an account; a role that is not in the table allows nothing.
var roleScopes = map[models.Role][]Scope{
	models.RoleUser:    accountScopes,
	models.RoleAdmin:   slices.Concat(accountScopes, platformScopes),
	models.RoleAuditor: {ScopePublic, ScopePlatformRead},
}

// Valid reports whether there is such a scope.
func (s Scope) Valid() bool {
	return slices.Contains(accountScopes, s) || slices.Contains(platformScopes, s)
}

// Has reports whether the identity has the scope.
func (i Identity) Has(s Scope) bool {
	return s == ScopePublic || slices.Contains(roleScopes[i.Role], s)
}
