// Package builtin is the offline provider of games. It is not a language model and does not pretend to be one: it finds the
// keywords of a prompt (genre, theme, colours, pace, characters, collectibles, enemies) and fills in the engine's starter. It
// needs no network and no key, and the same prompt and seed give the same files.
package builtin

import (
	"context"
	"fmt"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/models"
)

const (
	// Name is the provider's name in configuration and in job results.
	Name = "builtin"
	// Model is the version of the starters, in the place of a model name.
	Model = "starter-1"
)

// Provider implements generation.Provider. Its zero value is ready and safe for concurrent use.
type Provider struct{}

var _ generation.Provider = Provider{}

// Name implements generation.Provider.
func (Provider) Name() string { return Name }

// Generate implements generation.Provider. A project that has files is edited.
func (Provider) Generate(ctx context.Context, req generation.Request, progress func(generation.Progress)) (*generation.Response, error) {
	if req.Engine == nil {
		return nil, models.NewError(models.CodeUnknownEngine, "the project has no engine")
	}
	report := func(fraction float64, stage string) error {
		if ctx.Err() != nil {
			return fmt.Errorf("generate offline: %w", context.Cause(ctx))
		}
		if progress != nil {
			progress(generation.Progress{Fraction: fraction, Stage: stage})
		}
		return nil
	}
	if err := report(0.1, "reading the prompt"); err != nil {
		return nil, err
	}
	if len(req.Files) > 0 {
		return edit(req)
	}
	reading := Understand(req.Prompt, req.Seed)
	design := reading.Design
	if err := report(0.4, "designing the level"); err != nil {
		return nil, err
	}
	files, err := req.Engine.Starter(design)
	if err != nil {
		return nil, fmt.Errorf("write the starter: %w", err)
	}
	if err := report(0.8, "writing files"); err != nil {
		return nil, err
	}
	if err := models.CheckFiles(files); err != nil {
		return nil, fmt.Errorf("check the starter: %w", err)
	}
	var none int64 // known: there is no model that could count any
	return &generation.Response{
		Files: files, Title: design.Title, Summary: summary(design), Genre: string(design.Genre),
		Understood: reading.Understood, Ignored: reading.Ignored,
		Provider: Name, Model: Model, TokensIn: &none, TokensOut: &none,
	}, nil
}

func summary(d engines.Design) string {
	return fmt.Sprintf("A %s in the %s theme: the hero is %s, with %s to gather and %s to beware of. Written offline from the prompt's keywords.",
		d.Genre, d.Theme, engines.WithArticle(d.Hero), engines.Plural(d.Collect), engines.Plural(d.Enemy))
}
