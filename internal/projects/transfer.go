package projects

import (
	"context"

	"github.com/spark-games/spark/models"
)

// Transfer moves a project to another account, if that has room for it.
func (s *Service) Transfer(ctx context.Context, t models.Transfer) (*models.Project, error) {
	switch {
	case !models.ValidID(t.To):
		return nil, models.FieldError("/account_id", "there is no such account")
	case t.AccountID == t.To:
		return nil, models.FieldError("/account_id", "the project is in this account")
	}
	if _, err := s.Project(ctx, t.AccountID, t.ProjectID); err != nil {
		return nil, err
	}
	models.ClaimFrom(ctx).Making("project", t.ProjectID)
	if err := s.Store.MayTransfer(ctx, t); err != nil { // before anything is told of the other account, such as how full it is
		return nil, err
	}
	if s.RoomFor != nil {
		more, err := s.Store.ProjectBytes(ctx, t.To, t.ProjectID)
		if err == nil {
			err = s.RoomFor(ctx, t.To, more)
		}
		if err != nil {
			return nil, err
		}
	}
	return s.Store.TransferProject(ctx, t)
}
