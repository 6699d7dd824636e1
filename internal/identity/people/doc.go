// Package people administers the users, who sign in, and their memberships of accounts. A member acts within an account by a role; what a role may
// do is in package auth.
package people

import (
	"context"
	"net/url"
	"time"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// Store keeps users, memberships and sessions.
type Store interface {
	Users
	Members
	Invitations
	Sessions
	Devices
}

// Users keeps the users.
type Users interface {
	SignIn(ctx context.Context, in models.SignIn) (*models.User, error)
	User(ctx context.Context, id string) (*models.User, error)
	Users(ctx context.Context, p models.Page) ([]models.User, error)
	Disable(ctx context.Context, userID string) (*models.User, error)
	Enable(ctx context.Context, userID string) (*models.User, error)
}

// Erasure erases people. An account's last owner is CodeConflict.
type Erasure interface {
	EraseUser(ctx context.Context, userID string) error
}

// Members keeps the memberships. Changes call may with the role that the member has, before anything is changed. An account's last owner stays:
// CodeConflict.
type Members interface {
	Memberships(ctx context.Context, userID string) ([]models.Membership, error)
	Members(ctx context.Context, accountID string, p models.Page) ([]models.Membership, error)
	Member(ctx context.Context, accountID, userID string) (*models.Membership, error)
	ChangeMember(ctx context.Context, accountID, userID string, role models.MemberRole, may func(had models.MemberRole) error) error
	RemoveMember(ctx context.Context, accountID, userID string, may func(had models.MemberRole) error) error
}

// Sessions keeps the sessions.
type Sessions interface {
	Sessions(ctx context.Context, userID string, idle time.Duration, p models.Page) ([]models.Session, error)
	EndSession(ctx context.Context, userID, id string) error
	EndSessionsOf(ctx context.Context, userID string) error
	EndSessionsAt(ctx context.Context, issuer, subject, sid string) error
}

// Service is what people, and who administers them, do. It is safe for concurrent use.
type Service struct {
	Store   Store
	Erasure Erasure
	// Idle is how long a session may be unused.
	Idle time.Duration
	// Base is the address at which people sign in; nil if nobody does.
	Base *url.URL
	// Peppers hash the keys of people.
	Peppers *auth.Peppers
	// Keys finds keys by their text.
	Keys auth.Keys
	// DeviceInterval is how long a program waits between two questions for a person's key; 0 is 5 seconds.
	DeviceInterval time.Duration
}
