// Package generation turns a prompt into the files of a game, with a provider that writes them.
package generation

import (
	"context"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Request asks a provider for a game.
type Request struct {
	// Prompt is what the player asks for, in their own words. It is data: it never carries instructions of Spark's.
	Prompt string
	// Seed makes a provider that can be deterministic so.
	Seed int64
	// Engine is the engine of the project.
	Engine engines.Engine
	// Files is the project's current revision; empty when there is none. Providers do not change it.
	Files []models.File
}

// Progress is the progress of a generation.
type Progress struct {
	Fraction float64 // 0 to 1, an estimate, never going back
	Stage    string  // a few words for people: "writing src/main.js"
}

// Response is a finished generation: the complete new revision, already validated.
type Response struct {
	Files          []models.File
	Title, Summary string
	// Genre is the kind of game, where the provider knows; Understood and Ignored tell in a few words each what of the
	// prompt the provider has acted upon and what it has not. Models do not say.
	Genre               string
	Understood, Ignored []string
	// Provider and Model name who wrote it, Model as the provider itself reports it.
	Provider, Model string
	// TokensIn and TokensOut are what the provider says it has counted; nil is unknown, which is not zero.
	TokensIn, TokensOut *int64
}

// Provider writes games. Implementations are safe for concurrent use, and make one attempt: retrying is the job's.
//
// Generate calls progress from one goroutine at a time and never after it has returned; progress may be nil.
//
// A failure of the provider is an error with a *models.Error in its chain (provider_*), whose message is safe to show,
// and usually a *Failure that says whether another attempt makes sense. When ctx ends first, the error is the context's cause,
// wrapped, without a provider code: whose fault that is, is the caller's to say.
//
// A non-nil Response may come beside an error. It then has no files, only who was asked and the tokens that were used,
// so that a failed attempt is accounted for too.
type Provider interface {
	Name() string
	Generate(ctx context.Context, req Request, progress func(Progress)) (*Response, error)
}

// Failure is a provider's error together with what the job should do about it. The executor finds its two methods
// through errors.As, as it does for any error that has them.
type Failure struct {
	Err   *models.Error
	Final bool          // another attempt would fail the same way
	After time.Duration // how long the provider asks to wait; zero if it did not say
}

func (f *Failure) Error() string { return f.Err.Error() }

func (f *Failure) Unwrap() error { return f.Err }

// Permanent reports whether retrying is useless.
func (f *Failure) Permanent() bool { return f.Final }

// RetryAfter is the shortest wait before the next attempt that the provider asked for.
func (f *Failure) RetryAfter() time.Duration { return f.After }

// Transient reports whether another attempt at the same request may succeed.
func Transient(err error) bool { return err != nil && !jobs.IsPermanent(err) }
