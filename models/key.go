package models

import (
	"slices"
	"time"
)

// Role determines what an API key may do.
type Role string

// The roles. Those within an account are viewer, user and owner; those of the platform are auditor, admin and master.
const (
	// RoleViewer reads what the account has.
	RoleViewer Role = "viewer"
	// RoleUser makes games.
	RoleUser Role = "user"
	// RoleOwner makes games, and the account's keys.
	RoleOwner Role = "owner"
	// RoleAuditor sees the platform, its queues and the jobs of all accounts, and changes nothing.
	RoleAuditor Role = "auditor"
	// RoleAdmin administers the platform, and is an owner of its own account.
	RoleAdmin Role = "admin"
	// RoleMaster administers the platform, and acts for any account.
	RoleMaster Role = "master"
)

// Roles lists the roles.
func Roles() []Role {
	return []Role{RoleViewer, RoleUser, RoleOwner, RoleAuditor, RoleAdmin, RoleMaster}
}

// Valid reports whether there is such a role.
func (r Role) Valid() bool {
	return slices.Contains(Roles(), r)
}

// PepperUse is how many keys that work were hashed with a pepper.
type PepperUse struct {
	CheckValue []byte
	Keys       int
}

// APIKey is a credential of an account. Only the hash of the key is stored.
type APIKey struct {
	ID        string
	AccountID string
	// UserID is the person whose key it is; nil if it is the account's alone. It ends with the person's membership.
	UserID *string
	Name   string
	Role   Role
	// Scopes are those of the role's scopes that the key has, with spaces between; "" are all of them.
	Scopes string
	// ProjectID is the only project that the key is for; "" is none: it is for all of the account.
	ProjectID  string
	Hash       []byte // HMAC-SHA256 of the whole key, under one of the platform's peppers
	Pepper     []byte // the check value of that pepper
	Prefix     string // the first characters, to recognize it by
	CreatedAt  time.Time
	ExpiresAt  *time.Time // when it stops working; nil is never
	LastUsedAt *time.Time // to within a few minutes; nil is never
	ReplacedAt *time.Time // by another one; it works until its end
	RevokedAt  *time.Time

	// Account is the state of the key's account, where it was read with the key.
	Account AccountState `gorm:"->"`
	// Member is the role in the account of the key's person, where it was read with the key; "" if it is nobody's.
	Member MemberRole `gorm:"->"`
}
