package auth

import (
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// Scope is what a caller may do. Every operation of the API declares the one that it needs.
type Scope = models.Scope

// The scopes. Their names are part of the API.
const (
	// ScopePublic needs no key.
	ScopePublic Scope = "public"

	// ScopeMe is for what is a person's own, such as the sessions. Whoever is signed in has it, and no key.
	ScopeMe Scope = "me"

	ScopeAccountRead Scope = "account:read"
	// ScopeAccountWrite is for the account itself, and for its owners.
	ScopeAccountWrite  Scope = "account:write"
	ScopeMembersRead   Scope = "members:read"
	ScopeMembersWrite  Scope = "members:write"
	ScopeProjectsRead  Scope = "projects:read"
	ScopeProjectsWrite Scope = "projects:write"
	ScopeJobsRead      Scope = "jobs:read"
	ScopeJobsWrite     Scope = "jobs:write"
	ScopeSchedulesRead Scope = "schedules:read"
	// ScopeSchedulesWrite is for schedules; to say what they submit needs ScopeJobsWrite besides.
	ScopeSchedulesWrite Scope = "schedules:write"
	ScopeTemplatesRead  Scope = "templates:read"
	// ScopeTemplatesWrite is for templates; to say what they submit needs ScopeJobsWrite besides.
	ScopeTemplatesWrite Scope = "templates:write"
	ScopeWebhooksRead   Scope = "webhooks:read"
	// ScopeWebhooksWrite is for webhooks and their secrets.
	ScopeWebhooksWrite Scope = "webhooks:write"
	ScopeArtifactsRead Scope = "artifacts:read"
	ScopeUsageRead     Scope = "usage:read"
	ScopeTokensWrite   Scope = "tokens:write"
	ScopeKeysRead      Scope = "keys:read"
	ScopeKeysWrite     Scope = "keys:write"
	// ScopeAuditRead is for who did what in the account.
	ScopeAuditRead Scope = "audit:read"

	// The platform's scopes apply to all accounts. No scope within an account implies them.
	ScopePlatformRead  Scope = "platform:read"
	ScopePlatformAdmin Scope = "platform:admin"
	// ScopePlatformAct lets a caller act for any account.
	ScopePlatformAct Scope = "platform:act"
)

// The scopes of the roles within an account, and those of the platform.
var (
	viewerScopes = []Scope{ScopeAccountRead, ScopeProjectsRead, ScopeJobsRead, ScopeArtifactsRead, ScopeUsageRead, ScopeSchedulesRead, ScopeTemplatesRead,
		ScopeWebhooksRead}
	userScopes = append(slices.Clip(viewerScopes), ScopeProjectsWrite, ScopeJobsWrite, ScopeTokensWrite, ScopeSchedulesWrite, ScopeTemplatesWrite,
		ScopeWebhooksWrite)
	managerScopes  = append(slices.Clip(userScopes), ScopeKeysRead, ScopeKeysWrite, ScopeMembersRead, ScopeMembersWrite, ScopeAuditRead)
	ownerScopes    = append(slices.Clip(managerScopes), ScopeAccountWrite)
	platformScopes = []Scope{ScopePlatformRead, ScopePlatformAdmin, ScopePlatformAct}
)

// roleScopes lists what each role of a key allows. The role "admin" is the platform's administrator, who is an owner of its own account
// besides; the master acts for others. A role that is not in the table allows nothing.
var roleScopes = map[models.Role][]Scope{
	models.RoleViewer:  viewerScopes,
	models.RoleUser:    userScopes,
	models.RoleOwner:   ownerScopes,
	models.RoleAuditor: {ScopePlatformRead},
	models.RoleAdmin:   append(slices.Clip(ownerScopes), ScopePlatformRead, ScopePlatformAdmin),
	models.RoleMaster:  platformScopes,
}

// Known reports whether there is such a scope.
func Known(s Scope) bool {
	return s == ScopePublic || s == ScopeMe || slices.Contains(ownerScopes, s) || slices.Contains(platformScopes, s)
}

// Granted lists the scopes that a key with a role and scopes, as in models.APIKey, has. Scopes that the role does not have are not
// among them.
func Granted(role models.Role, scopes string) []Scope {
	all := roleScopes[role]
	if scopes == "" {
		return all
	}
	var some []Scope
	for one := range strings.FieldsSeq(scopes) {
		if slices.Contains(all, Scope(one)) {
			some = append(some, Scope(one))
		}
	}
	return some
}

// Has reports whether the identity has the scope.
func (i Identity) Has(s Scope) bool {
	switch s {
	case ScopePublic:
		return true
	case ScopeMe:
		return i.SessionID != ""
	}
	if !slices.Contains(roleScopes[i.Role], s) {
		return false
	}
	if i.Scopes == "" {
		return true
	}
	for one := range strings.FieldsSeq(i.Scopes) {
		if Scope(one) == s {
			return true
		}
	}
	return false
}

// MayGrant reports whether the identity may make a key with these scopes: it has all of them, or would have them where it may act.
func (i Identity) MayGrant(scopes []Scope) bool {
	acts := i.Has(ScopePlatformAct)
	return !slices.ContainsFunc(scopes, func(s Scope) bool { return !i.Has(s) && (!acts || !slices.Contains(ownerScopes, s)) })
}
