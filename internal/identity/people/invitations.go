package people

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"net/mail"
	"time"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// Invitations keeps the invitations. Those that cannot be accepted any more are CodeNotFound.
type Invitations interface {
	CreateInvitation(ctx context.Context, i *models.Invitation) error
	Invitations(ctx context.Context, accountID string, p models.Page) ([]models.Invitation, error)
	Invitation(ctx context.Context, accountID, id string) (*models.Invitation, error)
	RevokeInvitation(ctx context.Context, accountID, id string) error
	AcceptInvitation(ctx context.Context, hash []byte, userID string) (*models.Membership, error)
}

// NewInvitation is an invitation to be made.
type NewInvitation struct {
	AccountID string
	Role      models.MemberRole
	Email     string        // "" is for whoever has the link
	Life      time.Duration // 0 is a week
}

const (
	invitationLife = 7 * 24 * time.Hour
	mostOfLife     = 30 * 24 * time.Hour
)

// InvitationPath is where an invitation is accepted. The token stands after a #, which browsers do not send, so that it is in no log.
const InvitationPath = "/auth/invitation"

// Invite makes an invitation and the link that accepts it, which is stored nowhere. Nobody invites to more than they may do.
func (s *Service) Invite(ctx context.Context, by auth.Identity, n NewInvitation) (link string, _ *models.Invitation, err error) {
	if n.Life == 0 {
		n.Life = invitationLife
	}
	switch {
	case s.Base == nil:
		return "", nil, models.NewError(models.CodeConflict, "nobody signs in at this platform: a sign-in provider has to be configured first")
	case !n.Role.Valid():
		return "", nil, models.FieldError("/role", "the role is owner, admin, editor or viewer")
	case n.Life < time.Minute || n.Life > mostOfLife:
		return "", nil, models.FieldError("/expires_in", "an invitation lasts from a minute to 30 days")
	}
	if n.Email != "" {
		if a, err := mail.ParseAddress(n.Email); err != nil || a.Address != n.Email {
			return "", nil, models.FieldError("/email", "is not an address such as fox@example.com")
		}
	}
	if err := mayMake(by, n.Role); err != nil {
		return "", nil, err
	}
	token := rand.Text()
	i := &models.Invitation{ID: models.NewID(), AccountID: n.AccountID, Role: n.Role, Email: n.Email, Hash: hashOf(token), ExpiresAt: time.Now().Add(n.Life)}
	models.ClaimFrom(ctx).Making("invitation", i.ID)
	return s.Base.JoinPath(InvitationPath).String() + "#" + token, i, s.Store.CreateInvitation(ctx, i)
}

// Invitations lists an account's open invitations.
func (s *Service) Invitations(ctx context.Context, accountID string, p models.Page) ([]models.Invitation, error) {
	return s.Store.Invitations(ctx, accountID, p)
}

// Invitation reads an open invitation of an account.
func (s *Service) Invitation(ctx context.Context, accountID, id string) (*models.Invitation, error) {
	return s.Store.Invitation(ctx, accountID, id)
}

// RevokeInvitation takes an invitation back. Nobody takes one back to more than they may do.
func (s *Service) RevokeInvitation(ctx context.Context, by auth.Identity, accountID, id string) error {
	i, err := s.Store.Invitation(ctx, accountID, id)
	if err == nil {
		err = mayMake(by, i.Role)
	}
	if err != nil {
		return err
	}
	return s.Store.RevokeInvitation(ctx, accountID, id)
}

// Accept makes a user a member by the token of an invitation's link.
func (s *Service) Accept(ctx context.Context, userID, token string) (*models.Membership, error) {
	return s.Store.AcceptInvitation(ctx, hashOf(token), userID)
}

// hashOf is the stored form of a token, which has 130 random bits.
func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
