package builtin_test

import (
	"context"
	"errors"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/phaser"
	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/jobs/generation/builtin"
	"github.com/spark-games/spark/models"
)

func TestProviderReportsStagesAndIsHonest(t *testing.T) {
	t.Parallel()
	var stages []string
	last := 0.0
	resp, err := builtin.Provider{}.Generate(t.Context(), generation.Request{Prompt: "a fox platformer", Seed: 7, Engine: phaser.Engine{}},
		func(p generation.Progress) {
			if p.Fraction < last || p.Fraction > 1 {
				t.Errorf("progress went from %v to %v", last, p.Fraction)
			}
			last = p.Fraction
			stages = append(stages, p.Stage)
		})
	if err != nil {
		t.Fatal(err)
	}
	if len(stages) != 3 || stages[0] != "reading the prompt" || stages[1] != "designing the level" || stages[2] != "writing files" {
		t.Errorf("the stages are %q", stages)
	}
	if resp.Provider != "builtin" || resp.Model != "starter-1" || *resp.TokensIn != 0 || *resp.TokensOut != 0 {
		t.Errorf("it says it was %s %s with %d and %d tokens", resp.Provider, resp.Model, *resp.TokensIn, *resp.TokensOut)
	}
	if resp.Title == "" || resp.Summary == "" || models.CheckFiles(resp.Files) != nil {
		t.Errorf("the response is %+v", resp)
	}
}

func TestProviderStopsWithItsContext(t *testing.T) {
	t.Parallel()
	cause := errors.New("the player left")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	if _, err := (builtin.Provider{}).Generate(ctx, generation.Request{Engine: phaser.Engine{}}, nil); !errors.Is(err, cause) {
		t.Errorf("the error is %v", err)
	}
}

func TestProviderPassesOnAFailingStarter(t *testing.T) {
	t.Parallel()
	want := models.NewError(models.CodeInternal, "no starter")
	_, err := builtin.Provider{}.Generate(t.Context(), generation.Request{Engine: broken{err: want}}, nil)
	if !errors.Is(err, want) {
		t.Errorf("the error is %v", err)
	}
	if _, err := (builtin.Provider{}).Generate(t.Context(), generation.Request{}, nil); models.CodeOf(err) != models.CodeUnknownEngine {
		t.Errorf("without an engine the error is %v", err)
	}
}

type broken struct {
	phaser.Engine
	err error
}

func (b broken) Starter(engines.Design) ([]models.File, error) { return nil, b.err }
