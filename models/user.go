package models

import (
	"slices"
	"time"
)

// User is a person who signs in. A provider knows them by a subject, which never changes; the rest is what it said last.
type User struct {
	ID            string
	Issuer        string // URL of the provider
	Subject       string
	Email         string
	EmailVerified bool
	Name          string
	CreatedAt     time.Time
	SignedInAt    *time.Time // last
	DisabledAt    *time.Time // since when the platform's administrators let them in no more
}

// MemberRole is what a user may do in an account.
type MemberRole string

// The roles of members, from the most to the least.
const (
	// MemberOwner may do all within the account. An account with members has one at least.
	MemberOwner MemberRole = "owner"
	// MemberAdmin makes games, keys and members, but has no power over owners and over the account itself.
	MemberAdmin MemberRole = "admin"
	// MemberEditor makes games.
	MemberEditor MemberRole = "editor"
	// MemberViewer reads what the account has.
	MemberViewer MemberRole = "viewer"
)

// MemberRoles lists them from the most to the least.
func MemberRoles() []MemberRole {
	return []MemberRole{MemberOwner, MemberAdmin, MemberEditor, MemberViewer}
}

// Valid reports whether there is such a role.
func (r MemberRole) Valid() bool { return slices.Contains(MemberRoles(), r) }

// Above reports whether a role may do more than another. Every role is above none.
func (r MemberRole) Above(other MemberRole) bool {
	all := MemberRoles()
	return slices.Index(all, r) < slices.Index(all, other) || other == ""
}

// Membership ties a user to an account.
type Membership struct {
	AccountID string
	UserID    string
	Role      MemberRole
	// Source is the URL of the provider whose rules made it, and take it away again; "" is none.
	Source    string
	CreatedAt time.Time

	// Of the account, where it was read for the user.
	AccountName  string       `gorm:"->"`
	AccountState AccountState `gorm:"->"`
	// Of the user, where it was read for the account.
	Email         string     `gorm:"->"`
	EmailVerified bool       `gorm:"->"`
	Name          string     `gorm:"->"`
	SignedInAt    *time.Time `gorm:"->"`
}

// Session is a browser in which a user is signed in. Only the hash of its cookie is stored.
type Session struct {
	ID        string
	UserID    string
	Hash      []byte
	SID       string `gorm:"column:sid"` // the provider's id of its own session; "" if it has none
	Browser   string // as it names itself
	CreatedAt time.Time
	SeenAt    time.Time // to within a few minutes
	ExpiresAt time.Time
	// Rotate tells that the cookie is to be replaced at the next request.
	Rotate bool

	// Memberships are those of its user, where they were read with the session.
	Memberships []Membership `gorm:"-"`
}

// SignIn is what a provider says about who signs in, and where.
type SignIn struct {
	Issuer, Subject, Email, Name string
	EmailVerified                bool
	// Granted are the roles that the platform's rules for the provider give.
	Granted map[string]MemberRole // by account
	// Session is what is to be made; its user and its time come with it.
	Session *Session
	// Before is the hash of the session that the browser had; nil for none. It ends.
	Before []byte
}

// Invitation is a link by which one person becomes a member of an account.
type Invitation struct {
	ID        string
	AccountID string
	Role      MemberRole
	Email     string // whose it is, as the provider has verified it; "" is whoever has the link
	Hash      []byte // of the link's token
	CreatedAt time.Time
	ExpiresAt time.Time
}
