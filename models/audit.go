package models

import (
	"context"
	"sync/atomic"
	"time"
)

// ActorKind is how somebody who does something is known.
type ActorKind string

// The kinds of actors.
const (
	ActorKey     ActorKind = "key"     // an API key
	ActorToken   ActorKind = "token"   // a browser token of a key
	ActorMaster  ActorKind = "master"  // a master key that acts for an account, or a browser token of one
	ActorSession ActorKind = "session" // a person who is signed in
	ActorNobody  ActorKind = "nobody"  // a caller without a valid credential
	ActorLocal   ActorKind = "local"   // whoever runs the program beside the database
	ActorSystem  ActorKind = "system"  // the platform by itself
)

// Actor is who does something. Its ids are opaque; it has no names.
type Actor struct {
	Kind ActorKind
	// AccountID is the account that the actor acts in; "" is none.
	AccountID string
	KeyID     string
	UserID    string
	EndUser   string // whom a browser token speaks for, or the request names
	Address   string // of the client, as the limits know it
	RequestID string
}

// Act is one thing that somebody does. The context carries it to the store, which writes an entry of the audit in the transaction of
// the change: the first one that has one, since the others of a request are effects of the same.
type Act struct {
	Actor
	// Action is the name of what is done; with "" the store names it, and each transaction has an entry.
	Action string

	stored atomic.Bool
}

// ActionSubmit is the action of submissions of jobs, which have no entry: the jobs' own columns tell who submitted them.
const ActionSubmit = "job"

type actKey struct{}

// WithAct returns a context that carries an act.
func WithAct(ctx context.Context, a *Act) context.Context { return context.WithValue(ctx, actKey{}, a) }

// ActFrom is the act that a context carries, or nil: then it is the platform's own.
func ActFrom(ctx context.Context) *Act {
	a, _ := ctx.Value(actKey{}).(*Act)
	return a
}

// Locally returns a context whose changes are those of whoever runs the program beside the database.
func Locally(ctx context.Context) context.Context {
	return WithAct(ctx, &Act{Actor: Actor{Kind: ActorLocal}})
}

// ActBy returns a context in which somebody acts who was not known before: the request that the context is one of stays the same.
func ActBy(ctx context.Context, by Actor) context.Context {
	if a := ActFrom(ctx); a != nil {
		by.Address, by.RequestID = a.Address, a.RequestID
	}
	return WithAct(ctx, &Act{Actor: by})
}

// ActsForEndUser says for whom the act of a context is, which may be known only when the request was read; "" says nothing.
func ActsForEndUser(ctx context.Context, endUser string) {
	if a := ActFrom(ctx); a != nil && endUser != "" {
		a.EndUser = endUser
	}
}

// SetStored says that the entry was committed.
func (a *Act) SetStored() { a.stored.Store(true) }

// Stored reports whether the entry was committed.
func (a *Act) Stored() bool { return a.stored.Load() }

// Submitter is who submitted a job, for its row: nil is the platform itself.
type Submitter struct {
	Kind      ActorKind `json:"kind"`
	KeyID     string    `json:"key_id,omitempty"`
	UserID    string    `json:"user_id,omitempty"`
	EndUser   string    `json:"end_user,omitempty"`
	Address   string    `json:"address,omitempty"`
	RequestID string    `json:"request_id,omitempty"`
}

// SubmitterFrom is the submitter that a context names, as a job's row has it.
func SubmitterFrom(ctx context.Context) JSON {
	a := ActFrom(ctx)
	if a == nil {
		return nil
	}
	return ToJSON(Submitter{a.Kind, a.KeyID, a.UserID, a.EndUser, a.Address, a.RequestID})
}

// Outcome is what came of an act.
type Outcome string

// The outcomes.
const (
	OutcomeDone    Outcome = "done"
	OutcomeRefused Outcome = "refused" // it was not allowed, and Code says why
)

// AuditEntry tells who did what to which resource. Its times are the database's. It has neither secrets nor content: ids, and words
// that the platform made.
type AuditEntry struct {
	ID           string
	AccountID    string // whose chain it is in: that of the resource, or SystemAccountID for what is no account's
	At           time.Time
	Action       string // such as "project.delete"; of a refused reading, the operation's id
	Outcome      Outcome
	Code         Code // of a refusal
	ResourceKind string
	ResourceID   string

	ActorKind      ActorKind
	ActorAccountID string
	KeyID          string
	UserID         string
	RequestID      string

	// EndUser and Address are about people. They can be erased: the chain has their hash alone, which Salt makes useless for guessing.
	EndUser      string
	Address      string
	Salt         string
	PersonalHash string

	Count   int        // how many alike an entry of refusals stands for; else 1
	Since   *time.Time // the first of these, if there are several
	Details string     // a JSON object of strings; "" is none

	// Sequence is the entry's number in the account's chain, from 1; nil until it is chained.
	Sequence     *int64
	PreviousHash string // of the entry before; "" of the first
	Hash         string
}

// AuditFilter narrows a list of entries. Zero fields do not narrow.
type AuditFilter struct {
	AccountID    string // in the list of all accounts alone
	Action       string
	Actor        string // the id of a key or a user
	EndUser      string
	ResourceKind string
	ResourceID   string
	Outcome      Outcome
	From, To     time.Time
}

// ChainHead is the newest chained entry of an account, and what came before the oldest that is kept.
type ChainHead struct {
	AccountID string
	Sequence  int64
	Hash      string
	At        time.Time // when the entry was chained
	// PrunedSequence and PrunedHash are those of the last entry that was removed; 0 and "" if none was.
	PrunedSequence int64
	PrunedHash     string
	Checkpoint     string // the signed statement of that
}

// Refusal is a number of attempts, alike, that were refused.
type Refusal struct {
	Actor        Actor  // of the first; it has no request's id if there are several
	AccountID    string // whose chain it goes to
	Action       string
	Code         Code
	ResourceKind string
	ResourceID   string
	Count        int
	First, Last  time.Time
}
