package accounts

import (
	"context"

	"github.com/spark-games/spark/models"
)

// EraseEndUser cancels the jobs of an end user, and erases what the account has of them: their id, and what they asked for. It may be repeated, and has to be
// while Open is not 0: then workers have not stopped yet.
func (s *Service) EraseEndUser(ctx context.Context, accountID, endUser string) (*models.ErasedEndUser, error) {
	models.ClaimFrom(ctx).Making("end_user", "")
	done, err := s.Erasure.StartEndUser(ctx, accountID, endUser)
	if err != nil {
		return nil, err
	}
	for {
		open, err := s.Erasure.OpenOfEndUser(ctx, accountID, endUser)
		if err != nil {
			return nil, err
		}
		if len(open) == 0 {
			break
		}
		for _, id := range open {
			if err := s.CancelJob(ctx, accountID, id); err != nil && models.CodeOf(err) != models.CodeConflict {
				return nil, err
			}
		}
	}
	return done, s.Erasure.FinishEndUser(ctx, accountID, endUser, done)
}
