package store

import (
	"context"
	"strings"

	"github.com/spark-games/spark/models"
)

// open is the condition of invitations that can be accepted.
func (s *People) open() string { return "accepted_at IS NULL AND expires_at > " + s.dialect.now() }

// CreateInvitation stores an invitation.
func (s *People) CreateInvitation(ctx context.Context, i *models.Invitation) error {
	if err := needAccount(i.AccountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		err := tx.Raw("INSERT INTO invitations (id, account_id, role, email, hash, expires_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING created_at",
			i.ID, i.AccountID, i.Role, cleanText(i.Email), i.Hash, s.dialect.timestamp(i.ExpiresAt)).Scan(&i.CreatedAt).Error
		if err != nil {
			return err
		}
		return tx.record("invitation.create", resource{i.AccountID, "invitation", i.ID}, details{"role": string(i.Role)})
	})
}

// Invitations lists an account's invitations that can be accepted, newest first.
func (s *People) Invitations(ctx context.Context, accountID string, p models.Page) ([]models.Invitation, error) {
	var all []models.Invitation
	return all, s.wrap(page(s.of(ctx, accountID), p).Where(s.open()).Find(&all).Error)
}

// Invitation reads an invitation of an account that can be accepted.
func (s *People) Invitation(ctx context.Context, accountID, id string) (*models.Invitation, error) {
	return one[models.Invitation](s.db, s.of(ctx, accountID).Where("id = ?", id).Where(s.open()), "invitation")
}

// RevokeInvitation removes an invitation that can be accepted.
func (s *People) RevokeInvitation(ctx context.Context, accountID, id string) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		res := tx.Exec("DELETE FROM invitations WHERE account_id = ? AND id = ? AND "+s.open(), accountID, id)
		if res.Error == nil && res.RowsAffected == 0 {
			return models.NewError(models.CodeNotFound, "no such invitation")
		}
		if res.Error != nil {
			return res.Error
		}
		return tx.record("invitation.revoke", resource{accountID, "invitation", id})
	})
}

// AcceptInvitation makes a user a member by an invitation, once. One that was accepted or revoked, or is too old, is CodeNotFound; one for somebody
// else CodeForbidden; and one for a member who may do as much already CodeConflict. Those can be accepted afterwards, by whom they are for.
func (s *People) AcceptInvitation(ctx context.Context, hash []byte, userID string) (*models.Membership, error) {
	var made *models.Membership
	err := s.write(ctx, func(tx *tx) error {
		var taken []models.Invitation
		err := tx.Raw("UPDATE invitations SET accepted_at = "+s.dialect.now()+" WHERE hash = ? AND "+s.open()+" RETURNING *", hash).Scan(&taken).Error
		if err != nil {
			return err
		}
		if len(taken) == 0 {
			return models.NewError(models.CodeNotFound, "this invitation was used or revoked, or is too old: ask for another one")
		}
		i := taken[0]
		user, err := one[models.User](s.db, tx.Table("users").Where("id = ?", userID), "user")
		switch {
		case err != nil:
			return err
		case user.DisabledAt != nil:
			return errDisabled
		case i.Email != "" && (!user.EmailVerified || !strings.EqualFold(i.Email, user.Email)):
			return models.NewError(models.CodeForbidden, "this invitation is for somebody with another e-mail, or your provider has not verified yours")
		}
		if err := tx.join(&i, userID); err != nil {
			return err
		}
		if err := tx.record("invitation.accept", resource{i.AccountID, "invitation", i.ID}, details{"user_id": userID, "role": string(i.Role)}); err != nil {
			return err
		}
		made, err = one[models.Membership](s.db, tx.Raw("SELECT m.*, a.name AS account_name, a.state AS account_state "+
			"FROM memberships m JOIN accounts a ON a.id = m.account_id WHERE m.account_id = ? AND m.user_id = ?", i.AccountID, userID), "member")
		return err
	})
	return made, err
}

// join makes a member, or gives one more to do.
func (tx *tx) join(i *models.Invitation, userID string) error {
	if err := tx.lockAccount(i.AccountID); err != nil {
		return err
	}
	var has []models.MemberRole
	err := tx.Raw("SELECT role FROM memberships WHERE account_id = ? AND user_id = ?", i.AccountID, userID).Scan(&has).Error
	switch {
	case err != nil:
		return err
	case len(has) > 0 && !i.Role.Above(has[0]):
		return models.NewError(models.CodeConflict, "you are a member of this account already, and may do as much")
	case len(has) > 0:
		return tx.setRole(i.AccountID, userID, i.Role, "")
	}
	err = tx.Exec("INSERT INTO memberships (account_id, user_id, role) VALUES (?, ?, ?)", i.AccountID, userID, i.Role).Error
	if err == nil {
		err = tx.Exec("DELETE FROM removed_members WHERE account_id = ? AND user_id = ?", i.AccountID, userID).Error
	}
	if err == nil {
		err = tx.rotateSessions(userID)
	}
	return err
}
