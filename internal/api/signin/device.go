package signin

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/identity/people"
	"github.com/spark-games/spark/models"
)

// Devices are what programs ask people for (RFC 8628).
type Devices interface {
	StartDevice(ctx context.Context, n people.NewDevice) (*people.DeviceStart, error)
	Device(ctx context.Context, typed string) (*models.DeviceLogin, error)
	AnswerDevice(ctx context.Context, userID, typed, accountID string, approve bool) error
	TakeDevice(ctx context.Context, deviceCode string) (*people.Taken, error)
	RevokeText(ctx context.Context, plain string) error
}

// Limits are how often somebody may do something.
type Limits interface {
	// Client is the address that a request comes from.
	Client(r *http.Request) string
	// Take counts one of so many a minute, and says how long to wait if it is one too many.
	Take(ctx context.Context, who string, most int) (wait time.Duration)
}

// How often in a minute.
const (
	mostStarts  = 10 // by one address
	mostAnswers = 20 // codes that one person looks at or answers
	mostStrays  = 60 // codes that are none, and keys that are to be revoked, from one address
)

// deviceGrant is the type of grant of RFC 8628.
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// startDevice answers POST /auth/device: a program begins to ask for a person's key.
func (a *Area) startDevice(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		refuse(w, http.StatusBadRequest, "invalid_request", "the form cannot be read")
		return
	}
	from := a.Limits.Client(r)
	if a.tooOften(w, r, "device start:"+from, mostStarts) {
		return
	}
	begun, err := a.People.StartDevice(r.Context(), people.NewDevice{Name: r.PostFormValue("name"), AccountID: r.PostFormValue("account"), Address: from})
	if err != nil {
		a.refuseFor(w, r, err)
		return
	}
	tell(w, http.StatusOK, map[string]any{"device_code": begun.DeviceCode, "user_code": begun.UserCode, "verification_uri": begun.At,
		"verification_uri_complete": begun.Complete, "expires_in": int(people.DeviceLife.Seconds()), "interval": int(begun.Interval.Seconds())})
}

// deviceErrors are what a program is told that has no key yet, or gets none (RFC 8628, section 3.5, and RFC 6749, section 5.2).
var deviceErrors = map[models.DeviceState]string{
	models.DevicePending: "authorization_pending",
	models.DeviceHasty:   "slow_down",
	models.DeviceExpired: "expired_token",
	models.DeviceDenied:  "access_denied",
}

// takeDevice answers POST /auth/device/token: a program asks whether it has got its key.
func (a *Area) takeDevice(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		refuse(w, http.StatusBadRequest, "invalid_request", "the form cannot be read")
		return
	}
	if r.PostFormValue("grant_type") != deviceGrant {
		refuse(w, http.StatusBadRequest, "unsupported_grant_type", "the grant_type is "+deviceGrant)
		return
	}
	taken, err := a.People.TakeDevice(r.Context(), r.PostFormValue("device_code"))
	if err != nil {
		if models.CodeOf(err) != models.CodeNotFound {
			a.refuseFor(w, r, err)
		} else if !a.tooOften(w, r, "device stray:"+a.Limits.Client(r), mostStrays) {
			refuse(w, http.StatusBadRequest, "invalid_grant", "there is no such device_code")
		}
		return
	}
	if taken.Key != nil {
		tell(w, http.StatusOK, map[string]any{"access_token": taken.Plain, "token_type": "Bearer", "expires_in": int(people.PersonalKeyLife.Seconds()),
			"account": taken.Key.AccountID, "key_id": taken.Key.ID, "user": taken.User})
		return
	}
	code, known := deviceErrors[taken.State]
	if !known {
		code = "invalid_grant" // it has its key
	}
	refuse(w, http.StatusBadRequest, code, "")
}

// revoke answers POST /auth/revoke (RFC 7009): whoever has a person's key may end it.
func (a *Area) revoke(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.PostFormValue("token") == "" {
		refuse(w, http.StatusBadRequest, "invalid_request", "the form has no token")
		return
	}
	if a.tooOften(w, r, "device stray:"+a.Limits.Client(r), mostStrays) {
		return
	}
	if err := a.People.RevokeText(r.Context(), r.PostFormValue("token")); err != nil {
		a.refuseFor(w, r, err)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// askDevice shows a person what asks for a key of theirs, or where to enter its code.
func (a *Area) askDevice(w http.ResponseWriter, r *http.Request) {
	typed := r.URL.Query().Get("user_code")
	me, err := a.person(w, r)
	if models.CodeOf(err) == models.CodeUnauthorized && err != nil {
		back := people.DevicePath
		if code := people.ReadUserCode(typed); code != "" {
			back += "?user_code=" + people.ShowUserCode(code)
		}
		a.show(w, http.StatusOK, "devicesignin.html", struct{ Back string }{back})
		return
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	if typed == "" {
		a.show(w, http.StatusOK, "devicecode.html", struct{ Who string }{nameOf(me)})
		return
	}
	if a.answersTooOften(w, r, me.User.ID) {
		return
	}
	d, err := a.People.Device(r.Context(), typed)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	accounts := me.Memberships
	if d.Account != "" {
		accounts = nil
		for _, m := range me.Memberships {
			if m.AccountID == d.Account {
				accounts = append(accounts, m)
			}
		}
	}
	a.show(w, http.StatusOK, "device.html", struct {
		*models.DeviceLogin
		Who, Code string
		Accounts  []models.Membership
		Days      int
	}{d, nameOf(me), people.ShowUserCode(d.UserCode), accounts, int(people.PersonalKeyLife.Hours() / 24)})
}

// answerDevice answers POST /auth/device/answer: a person decides.
func (a *Area) answerDevice(w http.ResponseWriter, r *http.Request) {
	session, err := a.Sessions.Authenticate(w, r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	if a.answersTooOften(w, r, session.UserID) {
		return
	}
	approve := r.PostFormValue("answer") == "approve"
	if !approve && r.PostFormValue("answer") != "deny" {
		a.fail(w, r, models.NewError(models.CodeInvalidRequest, "approve or deny"))
		return
	}
	if err := a.People.AnswerDevice(by(r, session), session.UserID, r.PostFormValue("user_code"), r.PostFormValue("account"), approve); err != nil {
		a.fail(w, r, err)
		return
	}
	a.show(w, http.StatusOK, "devicedone.html", struct{ Approved bool }{approve})
}

// answersTooOften counts a code that a person has entered. It answers the request if it is one too many.
func (a *Area) answersTooOften(w http.ResponseWriter, r *http.Request, userID string) bool {
	wait := a.Limits.Take(r.Context(), "device answer:"+userID, mostAnswers)
	if wait > 0 {
		w.Header().Set("Retry-After", seconds(wait))
		a.fail(w, r, models.NewError(models.CodeRateLimited, "these were too many codes: try again in a minute"))
	}
	return wait > 0
}

// tooOften counts a request of a program. It answers the request if it is one too many.
func (a *Area) tooOften(w http.ResponseWriter, r *http.Request, who string, most int) bool {
	wait := a.Limits.Take(r.Context(), who, most)
	if wait > 0 {
		w.Header().Set("Retry-After", seconds(wait))
		refuse(w, http.StatusTooManyRequests, "slow_down", "too many requests")
	}
	return wait > 0
}

func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }

// refuseFor tells a program the safe part of an error, and logs the rest.
func (a *Area) refuseFor(w http.ResponseWriter, r *http.Request, err error) {
	e := models.AsError(err)
	status, code := statusOf(e.Code), "invalid_request"
	if status >= http.StatusInternalServerError {
		code = "server_error"
		if status == http.StatusServiceUnavailable {
			code = "temporarily_unavailable"
			w.Header().Set("Retry-After", "5")
		}
		a.Log.Error("a program was not answered", zap.String("path", r.URL.Path), zap.Error(err))
	}
	refuse(w, status, code, e.Message)
}

func refuse(w http.ResponseWriter, status int, code, why string) {
	answer := map[string]any{"error": code}
	if why != "" {
		answer["error_description"] = why
	}
	tell(w, status, answer)
}

func tell(w http.ResponseWriter, status int, answer map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // an error means that the client has gone
}
