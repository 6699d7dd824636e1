package people

import (
	"context"
	"crypto/rand"
	"math/big"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// Devices keeps what programs ask people for (RFC 8628), and the keys that come of it.
type Devices interface {
	StartDevice(ctx context.Context, d *models.DeviceLogin) error
	Device(ctx context.Context, userCode string) (*models.DeviceLogin, error)
	ApproveDevice(ctx context.Context, userCode, userID, accountID string) error
	DenyDevice(ctx context.Context, userCode, userID string) error
	TakeDevice(ctx context.Context, hash []byte, mk func(*models.DeviceLogin, models.MemberRole) *models.APIKey) (*models.DeviceLogin, *models.APIKey, error)
	PersonalKeys(ctx context.Context, userID string, p models.Page) ([]models.APIKey, error)
	RevokePersonalKey(ctx context.Context, userID, id string) error
}

const (
	// DeviceLife is how long a program's wish can be answered.
	DeviceLife = 10 * time.Minute
	// deviceInterval is how long a program waits between two questions.
	deviceInterval = 5 * time.Second
	// PersonalKeyLife is how long a person's key works.
	PersonalKeyLife = 90 * 24 * time.Hour
	mostOfName      = 100
	// userCodeChars have no vowels, so that no words come of them, and nothing that looks like something else (RFC 8628, section 6.1).
	userCodeChars  = "BCDFGHJKLMNPQRSTVWXZ"
	userCodeLength = 8
)

// DevicePath is where a person answers a program.
const DevicePath = "/auth/device"

// NewDevice is a program that asks for a person's key.
type NewDevice struct {
	Name      string // of the program and its machine
	Address   string // from which it asks
	AccountID string // "" leaves it to the person
}

// DeviceStart is what such a program is told.
type DeviceStart struct {
	DeviceCode, UserCode string
	// At is the page, and Complete the same with the code.
	At, Complete string
	Interval     time.Duration
}

// StartDevice begins the wish of a program.
func (s *Service) StartDevice(ctx context.Context, n NewDevice) (*DeviceStart, error) {
	if n.AccountID != "" && !models.ValidID(n.AccountID) {
		return nil, models.NewError(models.CodeInvalidRequest, "account is not an account's id")
	}
	n.Name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, n.Name))
	if runes := []rune(n.Name); len(runes) > mostOfName {
		n.Name = string(runes[:mostOfName])
	}
	interval := s.DeviceInterval
	if interval == 0 {
		interval = deviceInterval
	}
	for {
		secret, code := rand.Text(), newUserCode()
		err := s.Store.StartDevice(ctx, &models.DeviceLogin{ID: models.NewID(), Hash: hashOf(secret), UserCode: code, Name: n.Name, Address: n.Address,
			Account: n.AccountID, IntervalS: int(interval.Seconds()), ExpiresAt: time.Now().Add(DeviceLife)})
		if models.CodeOf(err) == models.CodeConflict && err != nil && ctx.Err() == nil {
			continue // somebody has the same code
		}
		if err != nil {
			return nil, err
		}
		at := s.Base.JoinPath(DevicePath).String()
		shown := ShowUserCode(code)
		return &DeviceStart{DeviceCode: secret, UserCode: shown, At: at, Complete: at + "?user_code=" + url.QueryEscape(shown), Interval: interval}, nil
	}
}

func newUserCode() string {
	code := make([]byte, userCodeLength)
	for i := range code {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(userCodeChars))))
		if err != nil {
			panic("people: the system has no randomness: " + err.Error()) // crypto/rand promises not to fail
		}
		code[i] = userCodeChars[n.Int64()]
	}
	return string(code)
}

// ReadUserCode is a code as somebody has typed it, in the form in which it is stored; "" if it cannot be one.
func ReadUserCode(typed string) string {
	if len(typed) > 4*userCodeLength {
		return ""
	}
	code := strings.Map(func(r rune) rune {
		if r == '-' || unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, typed)
	if len(code) != userCodeLength || strings.Trim(code, userCodeChars) != "" {
		return ""
	}
	return code
}

// ShowUserCode is a code as people read it.
func ShowUserCode(code string) string {
	return code[:userCodeLength/2] + "-" + code[userCodeLength/2:]
}

// errNoCode is for every code that cannot be answered, whatever is wrong with it.
var errNoCode = models.NewError(models.CodeNotFound, "this code is not known, was answered already, or is too old: begin again where it was shown to you")

// Device finds what asks with a code.
func (s *Service) Device(ctx context.Context, typed string) (*models.DeviceLogin, error) {
	code := ReadUserCode(typed)
	if code == "" {
		return nil, errNoCode
	}
	d, err := s.Store.Device(ctx, code)
	if err != nil && models.CodeOf(err) == models.CodeNotFound {
		err = errNoCode
	}
	return d, err
}

// AnswerDevice lets a program have a key of a user in an account, or not. Of several answers the first counts.
func (s *Service) AnswerDevice(ctx context.Context, userID, typed, accountID string, approve bool) error {
	code := ReadUserCode(typed)
	if code == "" {
		return errNoCode
	}
	var err error
	switch {
	case !approve:
		err = s.Store.DenyDevice(ctx, code, userID)
	case !models.ValidID(accountID):
		err = models.NewError(models.CodeInvalidRequest, "choose the account")
	default:
		err = s.Store.ApproveDevice(ctx, code, userID, accountID)
	}
	if err != nil && models.CodeOf(err) == models.CodeNotFound {
		err = errNoCode
	}
	return err
}

// Taken is what a program is answered: its key, if it was given one.
type Taken struct {
	*models.DeviceLogin
	Plain string
	Key   *models.APIKey
	User  string // whose it is, by name
}

// TakeDevice is what became of a program's wish. An unknown code is CodeNotFound.
func (s *Service) TakeDevice(ctx context.Context, deviceCode string) (*Taken, error) {
	var plain string
	d, key, err := s.Store.TakeDevice(ctx, hashOf(deviceCode), func(d *models.DeviceLogin, may models.MemberRole) *models.APIKey {
		var prefix string
		plain, prefix = auth.NewKey()
		role, scopes := auth.ActsAs(may)
		until := time.Now().Add(PersonalKeyLife).UTC().Truncate(time.Millisecond)
		key := &models.APIKey{ID: models.NewID(), Name: d.Name, Role: role, Scopes: scopes, Prefix: prefix, ExpiresAt: &until}
		s.Peppers.Seal(key, plain)
		return key
	})
	if err != nil {
		return nil, err
	}
	taken := &Taken{DeviceLogin: d}
	if key == nil {
		return taken, nil
	}
	taken.Plain, taken.Key = plain, key
	if m, err := s.Store.Member(ctx, key.AccountID, *key.UserID); err == nil { // names are a courtesy
		taken.User = m.Email
		if taken.User == "" {
			taken.User = m.Name
		}
	}
	return taken, nil
}

// PersonalKeys lists the keys of a user that work.
func (s *Service) PersonalKeys(ctx context.Context, userID string, p models.Page) ([]models.APIKey, error) {
	return s.Store.PersonalKeys(ctx, userID, p)
}

// RevokePersonalKey revokes a key of a user's own.
func (s *Service) RevokePersonalKey(ctx context.Context, userID, id string) error {
	return s.Store.RevokePersonalKey(ctx, userID, id)
}

// RevokeText revokes a person's key by its text (RFC 7009). Of what is none, or an account's, nothing becomes.
func (s *Service) RevokeText(ctx context.Context, plain string) error {
	if !auth.Valid(plain) {
		return nil
	}
	key, err := s.Peppers.Find(ctx, s.Keys, plain)
	if err == nil && key.UserID != nil {
		ctx = models.ActBy(ctx, models.Actor{Kind: models.ActorKey, AccountID: key.AccountID, KeyID: key.ID, UserID: *key.UserID})
		err = s.Store.RevokePersonalKey(ctx, *key.UserID, key.ID)
	}
	if models.CodeOf(err) == models.CodeNotFound {
		return nil
	}
	return err
}
