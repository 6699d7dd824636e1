package store

import (
	"context"
	"encoding/json"

	"gorm.io/gorm"

	"github.com/spark-games/spark/models"
)

// EraseUser erases a person: sessions, keys and memberships end, and what the platform knows of them goes; the id stays, of nobody. An account's last owner is
// CodeConflict. To erase somebody again is the same. Whoever signs in as the same person is a new user.
func (s *Erasure) EraseUser(ctx context.Context, userID string) error {
	var accounts []string
	err := s.readLong(ctx, func(q *gorm.DB) error { // those that they were a member of, too
		return q.Raw(`SELECT account_id FROM memberships WHERE user_id = ? UNION
			SELECT account_id FROM audit_entries WHERE user_id = ? OR resource_kind = 'member' AND resource_id = ?`, userID, userID, userID).
			Scan(&accounts).Error
	})
	if err != nil {
		return s.wrap(err)
	}
	err = s.write(ctx, func(tx *tx) error {
		var found []struct {
			Email  string
			Erased bool
		}
		err := tx.Raw("SELECT email, erased_at IS NOT NULL AS erased FROM users WHERE id = ?"+tx.dialect.lock(waitLocked), userID).Scan(&found).Error
		switch {
		case err != nil:
			return err
		case len(found) == 0:
			return models.NewError(models.CodeNotFound, "no such user")
		case found[0].Erased:
			return nil
		}
		if err := tx.endMemberships(userID); err != nil {
			return err
		}
		if err := tx.record("user.erase", resource{"", "user", userID}); err != nil {
			return err
		}
		return tx.forget(userID, found[0].Email)
	})
	for _, account := range accounts {
		if err == nil {
			err = s.forgetSubmitter(ctx, account, userID)
		}
	}
	return err
}

// endMemberships ends those of a user, unless one of their accounts, which was not deleted, would have no owner.
func (tx *tx) endMemberships(userID string) error {
	var all []models.Membership
	if err := tx.Raw("SELECT account_id, role FROM memberships WHERE user_id = ? ORDER BY account_id", userID).Scan(&all).Error; err != nil {
		return err
	}
	for _, m := range all {
		var open []string
		err := tx.Raw("SELECT id FROM accounts WHERE id = ? AND "+notDeleted+tx.dialect.lock(waitLocked), m.AccountID).Scan(&open).Error
		if err == nil && len(open) > 0 && m.Role == models.MemberOwner {
			err = tx.needOtherOwner(m.AccountID, userID)
		}
		if err == nil {
			err = tx.endMembership(m.AccountID, userID)
		}
		if err == nil {
			err = tx.recordOf(tx.act, "member.erase", resource{m.AccountID, "member", userID}, details{"role": string(m.Role)})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// forget removes what tells who a user is.
func (tx *tx) forget(userID, email string) error {
	for _, one := range []struct {
		sql  string
		args []any
	}{
		{"DELETE FROM sessions WHERE user_id = ?", []any{userID}},
		{"DELETE FROM device_logins WHERE user_id = ?", []any{userID}},
		{"DELETE FROM removed_members WHERE user_id = ?", []any{userID}},
		{"DELETE FROM invitations WHERE email <> '' AND lower(email) = lower(?)", []any{email}},
		{"UPDATE api_keys SET name = '', revoked_at = coalesce(revoked_at, " + tx.dialect.now() + ") WHERE user_id = ?", []any{userID}},
		{"UPDATE audit_entries SET end_user = '', address = '', salt = '' WHERE user_id = ?", []any{userID}},
		// Disabled as well, for programs that do not know of erasure.
		{"UPDATE users SET issuer = '', subject = id, email = '', email_verified = false, name = '', signed_in_at = NULL, disabled_at = " + tx.dialect.now() +
			", erased_at = " + tx.dialect.now() + " WHERE id = ?", []any{userID}},
	} {
		if err := tx.Exec(one.sql, one.args...).Error; err != nil {
			return err
		}
	}
	return nil
}

// forgetSubmitter removes from an account's jobs the address from which a user submitted them.
func (s *Erasure) forgetSubmitter(ctx context.Context, accountID, userID string) error {
	by := "%" + likeText(`"`+userID+`"`) + "%"
	for after, more := "", true; more; {
		var some []models.Job
		err := s.readLong(ctx, func(q *gorm.DB) error {
			return q.Raw(`SELECT id, submitter FROM jobs WHERE account_id = ? AND id > ? AND CAST(submitter AS text) LIKE ? ESCAPE '\' ORDER BY id LIMIT ?`,
				accountID, after, by, eraseStep).Scan(&some).Error
		})
		if err != nil {
			return s.wrap(err)
		}
		err = s.write(ctx, func(tx *tx) error {
			for _, j := range some {
				var fields map[string]any
				if err := json.Unmarshal(j.Submitter, &fields); err != nil {
					return err
				}
				delete(fields, "address")
				if err := tx.Exec("UPDATE jobs SET submitter = ? WHERE id = ?", models.ToJSON(fields), j.ID).Error; err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if more = len(some) == eraseStep; more {
			after = some[len(some)-1].ID
		}
	}
	return nil
}
