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
	err = s.cancelAll(ctx, accountID, func() ([]string, error) { return s.Erasure.OpenOfEndUser(ctx, accountID, endUser) })
	if err != nil {
		return nil, err
	}
	return done, s.Erasure.FinishEndUser(ctx, accountID, endUser, done)
}

// cancelAll cancels jobs until none is left that can be.
func (s *Service) cancelAll(ctx context.Context, accountID string, open func() ([]string, error)) error {
	for {
		ids, err := open()
		if err != nil {
			return err
		}
		cancelled := 0
		for _, id := range ids {
			switch err := s.CancelJob(ctx, accountID, id); {
			case err == nil:
				cancelled++
			case models.CodeOf(err) != models.CodeConflict && models.CodeOf(err) != models.CodeNotFound: // it has ended meanwhile
				return err
			}
		}
		if cancelled == 0 {
			return nil
		}
	}
}

// Delete closes an account, within a second in every process, and cancels its jobs. It can be restored for a while. To delete it again cancels what an
// interrupted call has left.
func (s *Service) Delete(ctx context.Context, id string) (*models.Account, error) {
	deleted, err := s.Erasure.DeleteAccount(ctx, id)
	if err != nil {
		return nil, err
	}
	return deleted, s.cancelAll(ctx, id, func() ([]string, error) { return s.Erasure.OpenOf(ctx, id) })
}

// Restore takes a deletion back.
func (s *Service) Restore(ctx context.Context, id string) (*models.Account, error) {
	models.ClaimFrom(ctx).Making("account", id)
	return s.Erasure.RestoreAccount(ctx, id)
}
