package store

import (
	"context"
	"time"

	"github.com/spark-games/spark/models"
)

// slowDown is how many seconds more a program has to wait that asks too often (RFC 8628, section 3.5).
const slowDown = 5

// StartDevice stores a program's wish for a key of a person. A user code that another one has is CodeConflict.
func (s *People) StartDevice(ctx context.Context, d *models.DeviceLogin) error {
	return s.write(ctx, func(tx *tx) error {
		err := tx.Exec("DELETE FROM device_logins WHERE id IN (SELECT id FROM device_logins WHERE expires_at < "+
			s.dialect.nowPlus(micros(-time.Hour))+" ORDER BY expires_at LIMIT ?)", endedStep).Error
		if err != nil {
			return err
		}
		return tx.Raw(`INSERT INTO device_logins (id, hash, user_code, name, address, account_id, interval_s, expires_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING created_at`, d.ID, d.Hash, d.UserCode, cleanText(d.Name), cleanText(d.Address), d.Account, d.IntervalS,
			s.dialect.timestamp(d.ExpiresAt)).Scan(&d.CreatedAt).Error
	})
}

// Device finds a wish that can be answered by its user code.
func (s *People) Device(ctx context.Context, userCode string) (*models.DeviceLogin, error) {
	return one[models.DeviceLogin](s.db, s.read(ctx).Raw("SELECT * FROM device_logins WHERE user_code = ? AND state = 'pending' AND expires_at > "+
		s.dialect.now(), userCode), "code")
}

// ApproveDevice stores that a person gives a program a key of theirs in an account, of which they are a member, or it is CodeForbidden. A code that was
// answered, or is too old, is CodeNotFound.
func (s *People) ApproveDevice(ctx context.Context, userCode, userID, accountID string) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		role, err := tx.memberNow(userID, accountID)
		if err != nil {
			return err
		}
		if err := tx.answerDevice(userCode, userID, accountID, role, models.DeviceApproved); err != nil {
			return err
		}
		return tx.record("device.approve", resource{accountID, "user", userID})
	})
}

// DenyDevice stores that a person gives a program nothing. A code that was answered, or is too old, is CodeNotFound.
func (s *People) DenyDevice(ctx context.Context, userCode, userID string) error {
	return s.write(ctx, func(tx *tx) error {
		if err := tx.answerDevice(userCode, userID, "", "", models.DeviceDenied); err != nil {
			return err
		}
		return tx.record("device.deny", resource{"", "user", userID})
	})
}

// answerDevice stores an answer, of which there is one.
func (tx *tx) answerDevice(userCode, userID, accountID string, role models.MemberRole, state models.DeviceState) error {
	res := tx.Exec("UPDATE device_logins SET state = ?, user_id = ?, account_id = ?, role = ? WHERE user_code = ? AND state = 'pending' AND expires_at > "+
		tx.dialect.now(), state, userID, accountID, role, userCode)
	if res.Error == nil && res.RowsAffected == 0 {
		return models.NewError(models.CodeNotFound, "this code is not known, was answered already, or is too old")
	}
	return res.Error
}

// memberNow is what a user may do in an account, whose membership is locked. Who is none, or disabled, is CodeForbidden.
func (tx *tx) memberNow(userID, accountID string) (models.MemberRole, error) {
	var let []string
	err := tx.Raw("SELECT id FROM users WHERE id = ? AND disabled_at IS NULL AND erased_at IS NULL"+tx.dialect.lock(waitLocked), userID).Scan(&let).Error
	if err != nil {
		return "", err
	}
	var roles []models.MemberRole
	if len(let) > 0 {
		err = tx.Raw("SELECT role FROM memberships WHERE user_id = ? AND account_id = ?"+tx.dialect.lock(waitLocked), userID, accountID).Scan(&roles).Error
	}
	if err == nil && len(roles) == 0 {
		return "", models.NewError(models.CodeForbidden, "you are not a member of this account")
	}
	if err != nil {
		return "", err
	}
	return roles[0], nil
}

// TakeDevice is what became of a program's wish: its state then, and, when it was approved, the key that make has made for it, which is stored
// with it: of any number that ask at the same time one gets a key. What is unknown is CodeNotFound.
func (s *People) TakeDevice(ctx context.Context, hash []byte, mk func(d *models.DeviceLogin, role models.MemberRole) *models.APIKey) (
	d *models.DeviceLogin, key *models.APIKey, err error) {
	err = s.write(ctx, func(tx *tx) error {
		d, key = nil, nil
		var found []struct {
			models.DeviceLogin
			Expired, Hasty bool
		}
		err := tx.Raw("SELECT *, expires_at <= "+s.dialect.now()+" AS expired, polled_at IS NOT NULL AND "+s.dialect.age("polled_at")+
			" < interval_s - 0.5 AS hasty FROM device_logins WHERE hash = ?"+s.dialect.lock(waitLocked), hash).Scan(&found).Error
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return models.NewError(models.CodeNotFound, "there is no such code")
		}
		d = &found[0].DeviceLogin
		switch {
		case found[0].Expired && d.State != models.DeviceTaken:
			d.State = models.DeviceExpired
			return nil
		case d.State == models.DevicePending && found[0].Hasty:
			d.State = models.DeviceHasty
			d.IntervalS += slowDown
		case d.State == models.DeviceApproved:
			key, err = tx.giveKey(d, mk)
		}
		if err != nil {
			return err
		}
		stored := d.State
		if stored == models.DeviceHasty {
			stored = models.DevicePending
		}
		return tx.Exec("UPDATE device_logins SET state = ?, interval_s = ?, polled_at = "+s.dialect.now()+" WHERE id = ?", stored, d.IntervalS, d.ID).Error
	})
	return d, key, err
}

// giveKey stores the key of a wish that was approved, with what its person could do then, unless they are not a member any more. It is their act.
func (tx *tx) giveKey(d *models.DeviceLogin, mk func(*models.DeviceLogin, models.MemberRole) *models.APIKey) (*models.APIKey, error) {
	role, err := tx.memberNow(*d.UserID, d.Account)
	switch {
	case err == nil:
		if d.Role != "" {
			role = d.Role
		}
		key := mk(d, role)
		key.AccountID, key.UserID, d.State = d.Account, d.UserID, models.DeviceTaken
		if err := tx.createKey(key); err != nil {
			return nil, err
		}
		by := models.Act{Actor: models.Actor{Kind: models.ActorSession, AccountID: d.Account, UserID: *d.UserID}}
		if tx.act != nil {
			by.Address, by.RequestID = tx.act.Address, tx.act.RequestID
		}
		return key, tx.recordOf(&by, "key.create", resource{key.AccountID, "key", key.ID}, keyDetails(key))
	case models.CodeOf(err) == models.CodeForbidden:
		d.State, err = models.DeviceDenied, nil
	}
	return nil, err
}

// PersonalKeys lists the keys of a user that work, of all accounts, newest first.
func (s *People) PersonalKeys(ctx context.Context, userID string, p models.Page) ([]models.APIKey, error) {
	if userID == "" {
		return nil, errNoUser
	}
	var keys []models.APIKey
	return keys, s.wrap(page(s.read(ctx), p).Where("user_id = ?", userID).Where((&Accounts{s.db}).works()).Find(&keys).Error)
}

// RevokePersonalKey revokes a key of a user for good.
func (s *People) RevokePersonalKey(ctx context.Context, userID, id string) error {
	if userID == "" {
		return errNoUser
	}
	return (&Accounts{s.db}).revoke(ctx, "id = ? AND user_id = ?", id, userID)
}

// errNoUser is a bug in the caller: the keys of nobody are an account's.
var errNoUser = models.NewError(models.CodeInternal, "no user was named")
