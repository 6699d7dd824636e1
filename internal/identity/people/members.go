package people

import (
	"context"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// Members lists the members of an account.
func (s *Service) Members(ctx context.Context, accountID string, p models.Page) ([]models.Membership, error) {
	return s.Store.Members(ctx, accountID, p)
}

// Member reads a member of an account.
func (s *Service) Member(ctx context.Context, accountID, userID string) (*models.Membership, error) {
	return s.Store.Member(ctx, accountID, userID)
}

// ChangeMember gives a member another role. Only who has power over the account makes owners, and changes them.
func (s *Service) ChangeMember(ctx context.Context, by auth.Identity, accountID, userID string, role models.MemberRole) (*models.Membership, error) {
	if !role.Valid() {
		return nil, models.FieldError("/role", "the role is owner, admin, editor or viewer")
	}
	may := func(had models.MemberRole) error { return mayMake(by, had, role) }
	if err := s.Store.ChangeMember(ctx, accountID, userID, role, may); err != nil {
		return nil, err
	}
	return s.Store.Member(ctx, accountID, userID)
}

// RemoveMember ends a membership, and the member's keys.
func (s *Service) RemoveMember(ctx context.Context, by auth.Identity, accountID, userID string) error {
	return s.Store.RemoveMember(ctx, accountID, userID, func(had models.MemberRole) error { return mayMake(by, had) })
}

// Leave ends a user's own membership.
func (s *Service) Leave(ctx context.Context, userID, accountID string) error {
	return s.Store.RemoveMember(ctx, accountID, userID, func(models.MemberRole) error { return nil })
}

// mayMake is CodeForbidden if the caller may not give or take one of the roles: nobody gives more than they have, and owners are for owners.
func mayMake(by auth.Identity, roles ...models.MemberRole) error {
	for _, role := range roles {
		if !by.MayGrant(auth.MemberScopes(role)) {
			return models.NewError(models.CodeForbidden, "whoever makes, changes or removes a member with the role "+string(role)+" may do as much")
		}
	}
	return nil
}
