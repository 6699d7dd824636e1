package models

import (
	"context"
	"sync/atomic"
	"time"
)

// Claim is what a request with an idempotency key leaves behind in the transaction of its effect, so that of several with the key one has
// an effect. The context carries it to the store.
type Claim struct {
	AccountID   string
	Key         string
	Operation   string // of the API
	Fingerprint string // of the request

	resource atomic.Pointer[string]
	stored   atomic.Bool
}

type claimKey struct{}

// WithClaim returns a context that carries a claim.
func WithClaim(ctx context.Context, c *Claim) context.Context {
	return context.WithValue(ctx, claimKey{}, c)
}

// ClaimFrom is the claim that a context carries, or nil.
func ClaimFrom(ctx context.Context) *Claim {
	c, _ := ctx.Value(claimKey{}).(*Claim)
	return c
}

// Making says what the request is about to make, by its kind and id. The claim may be nil.
func (c *Claim) Making(kind, id string) {
	if c != nil {
		resource := kind + " " + id
		c.resource.Store(&resource)
	}
}

// Resource is what the request makes, "kind id", or "".
func (c *Claim) Resource() string {
	if r := c.resource.Load(); r != nil {
		return *r
	}
	return ""
}

// SetStored says that the claim was committed.
func (c *Claim) SetStored() { c.stored.Store(true) }

// Stored reports whether the claim was committed.
func (c *Claim) Stored() bool { return c.stored.Load() }

// Answer is what a request with an idempotency key was answered. Without a status it has not been answered, as far as is known.
type Answer struct {
	AccountID   string
	Key         string
	Operation   string
	Fingerprint string
	Resource    string
	Status      int
	Location    string
	ETag        string `gorm:"column:etag"`
	Body        string
	CreatedAt   time.Time
	Age         float64 `gorm:"->"` // in seconds, by the database's clock
}

// ErrTwin is for a request whose idempotency key another one has, which has just been answered or is being.
var ErrTwin = NewError(CodeIdempotencyInFlight, "another request with this idempotency key is being answered; ask again in a moment")
