package store

import (
	"context"
	"time"

	"github.com/spark-games/spark/models"
)

const (
	// cookieOverlap is how long a session's old cookie works after it was replaced: for the requests that were on their way.
	cookieOverlap = 10 * time.Second
	// mostSessions is how many sessions a user may have; the oldest end.
	mostSessions = 50
	// endedStep is how many ended sessions are removed when one begins.
	endedStep = 100
)

// newSession stores the session of who signs in, and ends the one that the browser had.
func (tx *tx) newSession(userID string, in models.SignIn) error {
	n := in.Session
	n.UserID = userID
	err := tx.endSessions("id IN (SELECT id FROM sessions WHERE expires_at < "+tx.dialect.now()+" LIMIT ?)", endedStep)
	if err == nil && in.Before != nil {
		err = tx.endSessions("hash = ? OR previous_hash = ?", in.Before, in.Before)
	}
	if err == nil {
		err = tx.endSessions("user_id = ? AND id NOT IN (SELECT id FROM sessions WHERE user_id = ? ORDER BY id DESC LIMIT ?)", userID, userID, mostSessions-1)
	}
	if err != nil {
		return err
	}
	return tx.Exec("INSERT INTO sessions (id, user_id, hash, sid, browser, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
		n.ID, userID, n.Hash, n.SID, cleanText(n.Browser), tx.dialect.timestamp(n.ExpiresAt)).Error
}

func (tx *tx) endSessions(which string, args ...any) error {
	return tx.Exec("DELETE FROM sessions WHERE "+which, args...).Error
}

// rotateSessions has the cookies of a user replaced.
func (tx *tx) rotateSessions(userID string) error {
	return tx.Exec("UPDATE sessions SET rotate = true WHERE user_id = ?", userID).Error
}

// lives is the condition of sessions that have not ended: within their time, and used within the idle time.
func (s *People) lives(idle time.Duration) string {
	return "s.expires_at > " + s.dialect.now() + " AND s.seen_at > " + s.dialect.nowPlus(micros(-idle))
}

// SessionByHash finds a session that lives by the hash of its cookie, with its user's memberships.
func (s *People) SessionByHash(ctx context.Context, hash []byte, idle time.Duration) (*models.Session, error) {
	found, err := s.session(ctx, idle, "(s.hash = ? OR (s.previous_hash = ? AND s.previous_until > "+s.dialect.now()+"))", hash, hash)
	if err == nil && string(found.Hash) != string(hash) {
		found.Rotate = false // it was
	}
	return found, err
}

// SessionByID finds a session that lives, with its user's memberships.
func (s *People) SessionByID(ctx context.Context, id string, idle time.Duration) (*models.Session, error) {
	return s.session(ctx, idle, "s.id = ?", id)
}

func (s *People) session(ctx context.Context, idle time.Duration, which string, args ...any) (*models.Session, error) {
	found, err := one[models.Session](s.db, s.read(ctx).Raw("SELECT s.* FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.disabled_at IS NULL AND "+
		s.lives(idle)+" AND "+which, args...), "session")
	if err != nil {
		return nil, err
	}
	found.Memberships, err = s.Memberships(ctx, found.UserID)
	return found, err
}

// Sessions lists the sessions of a user that live, newest first.
func (s *People) Sessions(ctx context.Context, userID string, idle time.Duration, p models.Page) ([]models.Session, error) {
	var all []models.Session
	return all, s.wrap(page(s.read(ctx).Table("sessions s").Where("s.user_id = ?", userID).Where(s.lives(idle)), p).Find(&all).Error)
}

// EndSession ends a session of a user.
func (s *People) EndSession(ctx context.Context, userID, id string) error {
	return s.write(ctx, func(tx *tx) error {
		res := tx.Exec("DELETE FROM sessions WHERE user_id = ? AND id = ?", userID, id)
		if res.Error == nil && res.RowsAffected == 0 {
			return models.NewError(models.CodeNotFound, "no such session")
		}
		if res.Error != nil {
			return res.Error
		}
		return tx.record("session.end", resource{"", "session", id}, details{"user_id": userID})
	})
}

// EndSessionsOf ends all sessions of a user.
func (s *People) EndSessionsOf(ctx context.Context, userID string) error {
	return s.write(ctx, func(tx *tx) error {
		if err := tx.endSessions("user_id = ?", userID); err != nil {
			return err
		}
		return tx.record("session.end_all", resource{"", "user", userID})
	})
}

// EndSessionsAt ends the sessions that a provider ended: those of a subject, of a session of the provider's, or, with both, of that subject in it.
func (s *People) EndSessionsAt(ctx context.Context, issuer, subject, sid string) error {
	which, args := "user_id IN (SELECT id FROM users WHERE issuer = ?", []any{issuer}
	if subject != "" {
		which, args = which+" AND subject = ?", append(args, subject)
	}
	which += ")"
	switch {
	case sid != "":
		which, args = which+" AND sid = ?", append(args, sid)
	case subject == "":
		return models.NewError(models.CodeInternal, "neither a subject nor a session was named")
	}
	return s.write(ctx, func(tx *tx) error {
		var ended []models.Session
		if err := tx.Raw("DELETE FROM sessions WHERE "+which+" RETURNING id, user_id", args...).Scan(&ended).Error; err != nil {
			return err
		}
		for _, one := range ended {
			if err := tx.record("session.end_by_provider", resource{"", "session", one.ID}, details{"user_id": one.UserID}); err != nil {
				return err
			}
		}
		return nil
	})
}

// RotateSession replaces the cookie of a session that is marked for it. rotated is false if another request has done it.
func (s *People) RotateSession(ctx context.Context, id string, old, fresh []byte) (rotated bool, err error) {
	err = s.write(ctx, func(tx *tx) error {
		res := tx.Exec("UPDATE sessions SET previous_hash = hash, previous_until = "+s.dialect.nowPlus(micros(cookieOverlap))+
			", hash = ?, rotate = false WHERE id = ? AND hash = ? AND rotate", fresh, id, old)
		rotated = res.RowsAffected == 1
		return res.Error
	})
	return rotated, err
}

// SessionsSeen notes that sessions were used.
func (s *People) SessionsSeen(ctx context.Context, ids []string) error {
	return s.write(ctx, func(tx *tx) error {
		return tx.Exec("UPDATE sessions SET seen_at = "+s.dialect.now()+" WHERE id IN ?", ids).Error
	})
}
