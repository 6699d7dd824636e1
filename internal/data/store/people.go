package store

import (
	"context"
	"time"

	"github.com/spark-games/spark/models"
)

// People is the users, their memberships of accounts, and their sessions.
type People struct{ *db }

// User reads a user.
func (s *People) User(ctx context.Context, id string) (*models.User, error) {
	return one[models.User](s.db, s.read(ctx).Where("id = ? AND erased_at IS NULL", id), "user")
}

// Users lists all users, newest first.
func (s *People) Users(ctx context.Context, p models.Page) ([]models.User, error) {
	var users []models.User
	return users, s.wrap(page(s.read(ctx).Where("erased_at IS NULL"), p).Find(&users).Error)
}

// SignIn stores who signs in and their session, in the place of the one that the browser had. Memberships that the provider's rules have made
// become what they give now. A user that is disabled is CodeForbidden.
func (s *People) SignIn(ctx context.Context, in models.SignIn) (*models.User, error) {
	var user *models.User
	err := s.write(ctx, func(tx *tx) error {
		var users []models.User
		// A name that stays as it is, so that the row is locked and returned whether it was there or not.
		err := tx.Raw(`INSERT INTO users (id, issuer, subject) VALUES (?, ?, ?)
			ON CONFLICT (issuer, subject) DO UPDATE SET subject = excluded.subject RETURNING *`, models.NewID(), in.Issuer, in.Subject).Scan(&users).Error
		if err != nil {
			return err
		}
		user = &users[0]
		if user.DisabledAt != nil {
			return errDisabled
		}
		user.Email, user.EmailVerified, user.Name = cleanText(in.Email), in.EmailVerified, cleanText(in.Name)
		err = tx.Exec("UPDATE users SET email = ?, email_verified = ?, name = ?, signed_in_at = "+s.dialect.now()+" WHERE id = ?",
			user.Email, user.EmailVerified, user.Name, user.ID).Error
		if err != nil {
			return err
		}
		if err := tx.grant(user.ID, in.Issuer, in.Granted); err != nil {
			return err
		}
		if err := tx.newSession(user.ID, in); err != nil {
			return err
		}
		act := models.ActFrom(models.ActBy(ctx, models.Actor{Kind: models.ActorSession, UserID: user.ID})) // who it is, is known only now
		return tx.recordOf(act, "session.create", resource{"", "session", in.Session.ID})
	})
	return user, err
}

var errDisabled = models.NewError(models.CodeForbidden, "this user is disabled; ask whoever runs this platform")

// grant makes a user's memberships by a provider's rules what the rules give now. It leaves those alone that were made or changed by hand, and
// rules for accounts that are gone or from which the user was removed by hand.
func (tx *tx) grant(userID, source string, granted map[string]models.MemberRole) error {
	var has []models.Membership
	if err := tx.Raw("SELECT * FROM memberships WHERE user_id = ?"+tx.dialect.lock(waitLocked), userID).Scan(&has).Error; err != nil {
		return err
	}
	for _, m := range has {
		role, still := granted[m.AccountID]
		var err error
		switch {
		case m.Source != source:
		case !still:
			if err = tx.endMembership(m.AccountID, userID); err == nil {
				err = tx.record("member.remove_by_provider", resource{m.AccountID, "member", userID}, details{"role": string(m.Role)})
			}
		case role != m.Role:
			if err = tx.setRole(m.AccountID, userID, role, source); err == nil {
				err = tx.record("member.change_by_provider", resource{m.AccountID, "member", userID}, details{"from": string(m.Role), "to": string(role)})
			}
		}
		if err != nil {
			return err
		}
	}
	for account, role := range granted { // of those that there are, nothing changes
		made := tx.Exec("INSERT INTO memberships (account_id, user_id, role, source) SELECT id, ?, ?, ? FROM accounts WHERE id = ? AND NOT EXISTS "+
			"(SELECT 1 FROM removed_members d WHERE d.account_id = accounts.id AND d.user_id = ?) ON CONFLICT DO NOTHING",
			userID, role, source, account, userID)
		if made.Error != nil {
			return made.Error
		}
		if made.RowsAffected > 0 {
			if err := tx.record("member.add_by_provider", resource{account, "member", userID}, details{"role": string(role)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Disable ends a user's sessions and keys, and lets them in no more. It is the same to disable one again.
func (s *People) Disable(ctx context.Context, userID string) (*models.User, error) {
	return s.changeUser(ctx, "user.disable", userID, func(tx *tx) error {
		err := tx.Exec("UPDATE users SET disabled_at = coalesce(disabled_at, "+s.dialect.now()+") WHERE id = ?", userID).Error
		if err == nil {
			err = tx.endSessions("user_id = ?", userID)
		}
		if err == nil {
			err = tx.endKeysOf("user_id = ?", userID)
		}
		return err
	})
}

// Enable lets a user in again.
func (s *People) Enable(ctx context.Context, userID string) (*models.User, error) {
	return s.changeUser(ctx, "user.enable", userID, func(tx *tx) error {
		return tx.Exec("UPDATE users SET disabled_at = NULL WHERE id = ?", userID).Error
	})
}

func (s *People) changeUser(ctx context.Context, action, id string, f func(tx *tx) error) (*models.User, error) {
	var user *models.User
	err := s.write(ctx, func(tx *tx) (err error) {
		if err = f(tx); err != nil {
			return err
		}
		if user, err = one[models.User](s.db, tx.Table("users").Where("id = ? AND erased_at IS NULL", id), "user"); err != nil {
			return err
		}
		return tx.record(action, resource{"", "user", id}, details{"change": action})
	})
	return user, err
}

// endKeysOf revokes the keys of people that a condition names.
func (tx *tx) endKeysOf(which string, args ...any) error {
	return tx.Exec("UPDATE api_keys SET revoked_at = "+tx.dialect.now()+" WHERE revoked_at IS NULL AND user_id IS NOT NULL AND "+which, args...).Error
}

// spentStep is how many old tokens are removed when one is spent.
const spentStep = 100

// Spend notes a token that may be presented once, by its hash, until nobody accepts it any more. fresh is false if it was spent before.
func (s *People) Spend(ctx context.Context, hash []byte, until time.Time) (fresh bool, err error) {
	err = s.write(ctx, func(tx *tx) error {
		gone := tx.Exec("DELETE FROM spent_tokens WHERE hash IN (SELECT hash FROM spent_tokens WHERE until < "+s.dialect.now()+" LIMIT ?)", spentStep)
		if gone.Error != nil {
			return gone.Error
		}
		// gorm takes bytes right after a parenthesis for a list.
		spent := tx.Exec("INSERT INTO spent_tokens (until, hash) VALUES (?, ?) ON CONFLICT DO NOTHING", s.dialect.timestamp(until), hash)
		fresh = spent.RowsAffected == 1
		return spent.Error
	})
	return fresh, err
}
