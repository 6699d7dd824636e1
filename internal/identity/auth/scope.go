package auth

import (
	"slices"

	"github.com/spark-games/spark/models"
)

// Scope is what a caller may do. Every operation of the API declares the one that it needs.
type Scope string

// The scopes. Their names are part of the API.
const (
	// ScopePublic is for everybody, without a key.
	ScopePublic Scope = "public"

	ScopeProjectsRead  Scope = "projects:read"
	ScopeProjectsWrite Scope = "projects:write"
	ScopeJobsRead      Scope = "jobs:read"
	ScopeJobsWrite     Scope = "jobs:write"
	ScopeArtifactsRead Scope = "artifacts:read"
	ScopeUsageRead     Scope = "usage:read"

	// The platform's scopes reach across accounts. Nothing within an account implies them.
	ScopePlatformRead  Scope = "platform:read"
	ScopePlatformAdmin Scope = "platform:admin"
)

// accountScopes are of everything within an account.
var accountScopes = []Scope{ScopePublic, ScopeProjectsRead, ScopeProjectsWrite, ScopeJobsRead, ScopeJobsWrite, ScopeArtifactsRead, ScopeUsageRead}

// platformScopes are of the platform itself.
var platformScopes = []Scope{ScopePlatformRead, ScopePlatformAdmin}

// roleScopes says what the role of a key allows. A key's role "admin" is the platform's administrator, who may do all of
// an account too; a role that is not in the table allows nothing.
var roleScopes = map[models.Role][]Scope{
	models.RoleUser:  accountScopes,
	models.RoleAdmin: slices.Concat(accountScopes, platformScopes),
}

// Valid tells whether there is such a scope.
func (s Scope) Valid() bool {
	return slices.Contains(accountScopes, s) || slices.Contains(platformScopes, s)
}

// Has tells whether the identity may do what needs the scope.
func (i Identity) Has(s Scope) bool {
	return s == ScopePublic || slices.Contains(roleScopes[i.Role], s)
}
