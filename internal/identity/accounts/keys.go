package accounts

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// NewKey is a key to be made.
type NewKey struct {
	AccountID string
	Name      string
	Role      models.Role  // "" is user
	Scopes    []auth.Scope // of the role's; none are all
	ProjectID string       // the only project that it is for; "" is none
	ExpiresAt *time.Time   // nil is never
}

// maxOverlap is how long a key that was replaced may go on working.
const maxOverlap = 30 * 24 * time.Hour

// CreateKey makes a key, whose text is returned once and stored nowhere. Nobody makes a key that may do more than the own one.
func (s *Service) CreateKey(ctx context.Context, by auth.Identity, n NewKey) (plain string, key *models.APIKey, err error) {
	if n.Role == "" {
		n.Role = models.RoleUser
	}
	switch {
	case !validName(n.Name):
		return "", nil, models.FieldError("/name", "a name is 1 to 200 printable characters")
	case !n.Role.Valid():
		return "", nil, models.FieldError("/role", "there is no such role")
	case n.Role == models.RoleMaster:
		return "", nil, models.NewError(models.CodeForbidden, "master keys are configured (SPARK_MASTER_KEY), not made")
	case n.ProjectID != "" && n.Role != models.RoleViewer && n.Role != models.RoleUser:
		return "", nil, models.FieldError("/role", "a key of one project is a viewer or a user")
	case !by.Until.IsZero() && (n.ExpiresAt == nil || n.ExpiresAt.After(by.Until)):
		return "", nil, models.NewError(models.CodeForbidden, "a key that ends cannot make one that outlives it: give it expires_at")
	case n.ExpiresAt != nil && !n.ExpiresAt.After(time.Now()):
		return "", nil, models.FieldError("/expires_at", "is not in the future")
	}
	scopes, err := scopesOf(n)
	if err != nil {
		return "", nil, err
	}
	if !by.MayGrant(auth.Granted(n.Role, scopes)) {
		return "", nil, models.NewError(models.CodeForbidden, "a key cannot make one that may do more than itself")
	}
	if n.ExpiresAt != nil {
		n.ExpiresAt = new(n.ExpiresAt.UTC().Truncate(time.Millisecond)) // as it is stored
	}
	plain, prefix := auth.NewKey()
	key = &models.APIKey{ID: models.NewID(), AccountID: n.AccountID, Name: n.Name, Role: n.Role, Scopes: scopes,
		ProjectID: n.ProjectID, ExpiresAt: n.ExpiresAt,
		Prefix: prefix}
	s.Peppers.Seal(key, plain)
	models.ClaimFrom(ctx).Making("key", key.ID)
	return plain, key, s.Store.CreateAPIKey(ctx, key)
}

// scopesOf are the scopes of a new key as they are stored.
func scopesOf(n NewKey) (string, error) {
	all := auth.Granted(n.Role, "")
	var some []string
	for _, one := range n.Scopes {
		if !slices.Contains(all, one) {
			return "", models.FieldError("/scopes", "the role "+string(n.Role)+" does not have the scope "+string(one))
		}
		some = append(some, string(one))
	}
	slices.Sort(some)
	return strings.Join(slices.Compact(some), " "), nil
}

// ListKeys lists an account's keys that work, newest first.
func (s *Service) ListKeys(ctx context.Context, accountID string, p models.Page) ([]models.APIKey, error) {
	return s.Store.KeysOf(ctx, accountID, p)
}

// Key reads a key of an account.
func (s *Service) Key(ctx context.Context, accountID, id string) (*models.APIKey, error) {
	return s.Store.KeyOf(ctx, accountID, id)
}

// RevokeKey revokes a key of an account. Nobody revokes one that may do more than the own one.
func (s *Service) RevokeKey(ctx context.Context, by auth.Identity, accountID, id string) error {
	if _, err := s.keyBelow(ctx, by, accountID, id); err != nil {
		return err
	}
	return s.Store.RevokeKeyOf(ctx, accountID, id)
}

// RotateKey makes a key in the place of another, with its name and what it may do, and the time that it was made for if it has an end, but none
// after that of the caller's own. The old one stops working after the overlap, or at its end.
func (s *Service) RotateKey(ctx context.Context, by auth.Identity, accountID, id string, overlap time.Duration) (plain string, key *models.APIKey, err error) {
	if overlap < 0 || overlap > maxOverlap {
		return "", nil, models.FieldError("/overlap_seconds", "the overlap is 0 to 2592000 seconds, which are 30 days")
	}
	old, err := s.keyBelow(ctx, by, accountID, id)
	if err != nil {
		return "", nil, err
	}
	if old.UserID != nil {
		return "", nil, models.NewError(models.CodeConflict, "the key is a person's, who gets another one by signing in with the program again")
	}
	if old.ReplacedAt != nil {
		return "", nil, models.NewError(models.CodeConflict, "the key was replaced already: replace the new one")
	}
	plain, prefix := auth.NewKey()
	key = &models.APIKey{ID: models.NewID(), AccountID: accountID, Name: old.Name, Role: old.Role, Scopes: old.Scopes, ProjectID: old.ProjectID,
		Prefix: prefix}
	s.Peppers.Seal(key, plain)
	if old.ExpiresAt != nil {
		until := time.Now().Add(old.ExpiresAt.Sub(old.CreatedAt)).UTC().Truncate(time.Millisecond)
		key.ExpiresAt = &until
	}
	if !by.Until.IsZero() && (key.ExpiresAt == nil || key.ExpiresAt.After(by.Until)) {
		key.ExpiresAt = &by.Until
	}
	models.ClaimFrom(ctx).Making("key", key.ID)
	return plain, key, s.Store.RotateKey(ctx, id, key, overlap)
}

// keyBelow reads a key that may do no more than the caller.
func (s *Service) keyBelow(ctx context.Context, by auth.Identity, accountID, id string) (*models.APIKey, error) {
	key, err := s.Store.KeyOf(ctx, accountID, id)
	if err == nil && !by.MayGrant(auth.Granted(key.Role, key.Scopes)) {
		err = models.NewError(models.CodeForbidden, "the key may do more than the one that the request was made with")
	}
	return key, err
}
