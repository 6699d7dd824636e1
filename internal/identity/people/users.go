package people

import (
	"context"

	"github.com/spark-games/spark/models"
)

// User reads a user.
func (s *Service) User(ctx context.Context, id string) (*models.User, error) {
	return s.Store.User(ctx, id)
}

// Users lists all users of the platform, newest first.
func (s *Service) Users(ctx context.Context, p models.Page) ([]models.User, error) {
	return s.Store.Users(ctx, p)
}

// SetDisabled lets a user in no more, which ends their sessions and keys, or again.
func (s *Service) SetDisabled(ctx context.Context, id string, disabled bool) (*models.User, error) {
	if disabled {
		return s.Store.Disable(ctx, id)
	}
	return s.Store.Enable(ctx, id)
}

// Erase erases a user, who gets in no more: a person who signs in as the same is another user.
func (s *Service) Erase(ctx context.Context, id string) error { return s.Erasure.EraseUser(ctx, id) }

// Me is a user with their memberships.
type Me struct {
	User        *models.User
	Memberships []models.Membership
}

// Me reads a user for themselves.
func (s *Service) Me(ctx context.Context, id string) (*Me, error) {
	user, err := s.Store.User(ctx, id)
	if err != nil {
		return nil, err
	}
	memberships, err := s.Store.Memberships(ctx, id)
	return &Me{user, memberships}, err
}
