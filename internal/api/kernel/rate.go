package kernel

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/identity/rates"
	"github.com/spark-games/spark/models"
)

// Rates limits requests.
type Rates struct {
	Limiter *rates.Limiter
	// Accounts tells what accounts may do, and Defaults are the limits of those that have none of their own.
	Accounts auth.Accounts
	Defaults models.Limits
	// Refusals is how many requests without a valid credential an address may make in a minute; 0 is any number.
	Refusals int
}

// rateError refuses a request that is one too many.
type rateError struct{ taken rates.Taken }

func (e *rateError) Error() string { return e.Unwrap().Error() }

func (e *rateError) Unwrap() error {
	return models.NewError(models.CodeRateLimited, "the limit of "+strconv.Itoa(e.taken.Limit.Most)+" requests a minute of this "+e.taken.Limit.Name+
		" is reached: try again in "+strconv.Itoa(seconds(e.taken.Wait))+" s")
}

// RetryAfter is how long to wait.
func (e *rateError) RetryAfter() time.Duration { return e.taken.Wait }

// seconds rounds up: whoever waits for so long has waited long enough.
func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// limitRate limits how many requests an account, a key or user, and the end user of a browser token make, and tells what is left (IETF draft "RateLimit
// header fields for HTTP").
func (k *Kernel) limitRate(op *openapi.Operation) gin.HandlerFunc {
	return func(c *gin.Context) { k.takeRate(c, op.Rate) }
}

// limitRateWith counts a request as more if its body, which was checked, has what takes more.
func (k *Kernel) limitRateWith(op *openapi.Operation) gin.HandlerFunc {
	return func(c *gin.Context) {
		raw, err := io.ReadAll(c.Request.Body)
		if err != nil {
			k.Fail(c, err)
			return
		}
		c.Request.Body = io.NopCloser(bytes.NewReader(raw))
		most := op.Rate
		for pointer, n := range op.RateWith {
			if n > most && hasValue(raw, pointer) {
				most = n
			}
		}
		if most > op.Rate {
			k.takeRate(c, most-op.Rate)
		}
	}
}

// hasValue reports whether a JSON value has something other than null at a pointer.
func hasValue(raw []byte, pointer string) bool {
	var value any
	if json.Unmarshal(raw, &value) != nil {
		return false
	}
	for token := range jsontext.Pointer(pointer).Tokens() {
		object, _ := value.(map[string]any)
		value = object[token]
	}
	return value != nil
}

// takeRate counts a request as n more under the limits of its caller, and ends it if that is too many.
func (k *Kernel) takeRate(c *gin.Context, n int) {
	if k.Rates == nil {
		return
	}
	ctx := c.Request.Context()
	all, err := k.Rates.of(ctx, Identity(ctx))
	if err != nil {
		k.Fail(c, err)
		return
	}
	if len(all) == 0 {
		return
	}
	taken := k.Rates.Limiter.Take(ctx, n, all...)
	if !taken.OK {
		k.Fail(c, &rateError{taken})
		return
	}
	tellRate(c, taken)
}

// of are the limits of a caller's requests.
func (r *Rates) of(ctx context.Context, id auth.Identity) (all []rates.Limit, err error) {
	l, err := r.limits(ctx, id.AccountID)
	if err != nil {
		return nil, err
	}
	add := func(name, caller string, most *int) {
		if *most > 0 {
			all = append(all, rates.Limit{Name: name, Caller: name + ":" + id.AccountID + ":" + caller, Most: *most})
		}
	}
	if id.AccountID != "" {
		add("account", "", l.RequestsPerMinute)
	}
	if id.KeyID != "" {
		add("key", id.KeyID, l.RequestsPerMinutePerKey)
	} else { // somebody who is signed in
		add("user", id.UserID, l.RequestsPerMinutePerKey)
	}
	if id.EndUser != "" {
		add("end user", id.EndUser, l.RequestsPerMinutePerEndUser)
	}
	return all, nil
}

// Take counts a request that counts as n, of a page that is not an operation of the document, under the limits of its caller.
func (r *Rates) Take(ctx context.Context, id auth.Identity, n int) error {
	all, err := r.of(ctx, id)
	if err != nil || len(all) == 0 {
		return err
	}
	if taken := r.Limiter.Take(ctx, n, all...); !taken.OK {
		return &rateError{taken}
	}
	return nil
}

func tellRate(c *gin.Context, t rates.Taken) {
	name := strconv.Quote(t.Limit.Name)
	c.Header("RateLimit-Policy", name+";q="+strconv.Itoa(t.Limit.Most)+";w="+strconv.Itoa(int(rates.Window.Seconds())))
	c.Header("RateLimit", name+";r="+strconv.Itoa(t.Left)+";t="+strconv.Itoa(seconds(t.Full)))
}

func (r *Rates) limits(ctx context.Context, accountID string) (models.Limits, error) {
	if accountID == models.SystemAccountID || accountID == "" {
		return r.Defaults, nil
	}
	standing, err := r.Accounts.Standing(ctx, accountID)
	return standing.Or(r.Defaults), err
}

// EndUser limits submissions for an end user, which is known only when the body has been read. With a browser token of the end user the request
// was counted before.
func (r *Rates) EndUser(ctx context.Context, endUser string, n int) error {
	id := Identity(ctx)
	if r == nil || endUser == "" || id.EndUser != "" {
		return nil
	}
	l, err := r.limits(ctx, id.AccountID)
	if err != nil || *l.RequestsPerMinutePerEndUser == 0 {
		return err
	}
	taken := r.Limiter.Take(ctx, n, rates.Limit{Name: "end user", Caller: "end user:" + id.AccountID + ":" + endUser, Most: *l.RequestsPerMinutePerEndUser})
	if !taken.OK {
		return &rateError{taken}
	}
	return nil
}

// refused counts a request without a valid credential against its address, and reports whether it is one too many.
func (k *Kernel) refused(c *gin.Context) (tooMany error) {
	if k.Rates == nil {
		return nil
	}
	return k.Rates.Refused(c.Request.Context(), k.Gate.Client(c.Request))
}

// Refused counts a request without a valid credential against the address that it comes from, and is an error if it is one too many.
func (r *Rates) Refused(ctx context.Context, address string) error {
	if r.Refusals == 0 {
		return nil
	}
	taken := r.Limiter.Take(ctx, 1, rates.Limit{Name: "address", Caller: "address:" + address, Most: r.Refusals})
	if !taken.OK {
		return &rateError{taken}
	}
	return nil
}
