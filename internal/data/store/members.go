package store

import (
	"context"

	"github.com/spark-games/spark/models"
)

// ofMember reads memberships with what people see of the member.
const ofMember = "SELECT m.*, u.email, u.email_verified, u.name, u.signed_in_at FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.account_id = ?"

// Members lists the members of an account, newest users first.
func (s *People) Members(ctx context.Context, accountID string, p models.Page) ([]models.Membership, error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	query, args := ofMember, []any{accountID}
	if p.Before != "" {
		query, args = query+" AND m.user_id < ?", append(args, p.Before)
	}
	var members []models.Membership
	return members, s.wrap(s.read(ctx).Raw(query+" ORDER BY m.user_id DESC LIMIT ?", append(args, p.Limit)...).Scan(&members).Error)
}

// Member reads a member of an account.
func (s *People) Member(ctx context.Context, accountID, userID string) (*models.Membership, error) {
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	return one[models.Membership](s.db, s.read(ctx).Raw(ofMember+" AND m.user_id = ?", accountID, userID), "member")
}

// Memberships are those of a user, oldest first.
func (s *People) Memberships(ctx context.Context, userID string) ([]models.Membership, error) {
	var all []models.Membership
	return all, s.wrap(s.read(ctx).Raw(ofUser, userID).Scan(&all).Error)
}

const ofUser = `SELECT m.*, a.name AS account_name, a.state AS account_state FROM memberships m JOIN accounts a ON a.id = m.account_id
	WHERE m.user_id = ? ORDER BY m.created_at, m.account_id`

// ChangeMember gives a member of an account another role, if may allows it for the one that the member has. An account's last owner stays one:
// CodeConflict.
func (s *People) ChangeMember(ctx context.Context, accountID, userID string, role models.MemberRole, may func(had models.MemberRole) error) error {
	return s.memberOf(ctx, accountID, userID, may, func(tx *tx, m *models.Membership) error {
		if m.Role == models.MemberOwner && role != models.MemberOwner {
			if err := tx.needOtherOwner(accountID, userID); err != nil {
				return err
			}
		}
		if err := tx.setRole(accountID, userID, role, ""); err != nil { // the provider's rules do not take it back
			return err
		}
		return tx.record("member.change", resource{accountID, "member", userID}, details{"from": string(m.Role), "to": string(role)})
	})
}

// RemoveMember ends a membership and the member's keys of the account, if may allows it. An account's last owner stays: CodeConflict. A provider's rules
// do not bring back who was removed; an invitation does.
func (s *People) RemoveMember(ctx context.Context, accountID, userID string, may func(had models.MemberRole) error) error {
	return s.memberOf(ctx, accountID, userID, may, func(tx *tx, m *models.Membership) error {
		if m.Role == models.MemberOwner {
			if err := tx.needOtherOwner(accountID, userID); err != nil {
				return err
			}
		}
		err := tx.Exec("INSERT INTO removed_members (account_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING", accountID, userID).Error
		if err != nil {
			return err
		}
		if err := tx.endMembership(accountID, userID); err != nil {
			return err
		}
		return tx.record("member.remove", resource{accountID, "member", userID}, details{"role": string(m.Role)})
	})
}

// memberOf changes a membership by f. The account's row is locked, so that two owners do not remove one another at the same time.
func (s *People) memberOf(ctx context.Context, accountID, userID string, may func(models.MemberRole) error, f func(*tx, *models.Membership) error) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		if err := tx.lockAccount(accountID); err != nil {
			return err
		}
		m, err := one[models.Membership](s.db, tx.Raw("SELECT * FROM memberships WHERE account_id = ? AND user_id = ?", accountID, userID), "member")
		if err != nil {
			return err
		}
		if err := may(m.Role); err != nil {
			return err
		}
		return f(tx, m)
	})
}

func (tx *tx) lockAccount(id string) error {
	var found []string
	err := tx.Raw("SELECT id FROM accounts WHERE id = ?"+tx.dialect.lock(waitLocked), id).Scan(&found).Error
	if err == nil && len(found) == 0 {
		err = models.NewError(models.CodeNotFound, "no such account")
	}
	return err
}

// needOtherOwner is CodeConflict if an account has no owner but one, that can sign in.
func (tx *tx) needOtherOwner(accountID, userID string) error {
	var others int
	err := tx.Raw(`SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id
		WHERE m.account_id = ? AND m.user_id <> ? AND m.role = ? AND u.disabled_at IS NULL`, accountID, userID, models.MemberOwner).Scan(&others).Error
	if err == nil && others == 0 {
		err = models.NewError(models.CodeConflict, "the account would have no owner: make another one first")
	}
	return err
}

// setRole changes what a member may do. The cookies of the member are replaced, so that one that was stolen before gains nothing.
func (tx *tx) setRole(accountID, userID string, role models.MemberRole, source string) error {
	err := tx.Exec("UPDATE memberships SET role = ?, source = ? WHERE account_id = ? AND user_id = ?", role, source, accountID, userID).Error
	if err != nil {
		return err
	}
	return tx.rotateSessions(userID)
}

// endMembership removes a member, and the member's keys of the account.
func (tx *tx) endMembership(accountID, userID string) error {
	if err := tx.Exec("DELETE FROM memberships WHERE account_id = ? AND user_id = ?", accountID, userID).Error; err != nil {
		return err
	}
	return tx.endKeysOf("user_id = ? AND account_id = ?", userID, accountID)
}
