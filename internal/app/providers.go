package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/babylon"
	"github.com/spark-games/spark/engines/custom"
	"github.com/spark-games/spark/engines/ebitengine"
	"github.com/spark-games/spark/engines/godot"
	"github.com/spark-games/spark/engines/kaplay"
	"github.com/spark-games/spark/engines/love"
	"github.com/spark-games/spark/engines/phaser"
	"github.com/spark-games/spark/engines/pixi"
	"github.com/spark-games/spark/engines/playcanvas"
	"github.com/spark-games/spark/engines/three"
	"github.com/spark-games/spark/internal/ai"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/jobs/generation/builtin"
)

// builtinEngines is the list of engines. To add an engine, add a line here.
func builtinEngines() *engines.Registry {
	return engines.NewRegistry(
		babylon.Engine{},
		ebitengine.Engine{},
		godot.Engine{},
		kaplay.Engine{},
		love.Engine{},
		phaser.Engine{},
		phaser.Phaser3,
		pixi.Engine{},
		playcanvas.Engine{},
		three.Engine{},
	)
}

// EngineNames are the engines that come with the program. Those that are not the default of their name include the version.
func EngineNames() (names []string) {
	registry := builtinEngines()
	for _, e := range registry.List() {
		name := e.Info().Name
		if !registry.Default(e) {
			name = engines.Ref(e)
		}
		names = append(names, name)
	}
	return names
}

// allEngines are the engines that come with the program and those that files declare.
func allEngines(cfg *config.Config) (*engines.Registry, error) {
	registry := builtinEngines()
	if cfg.EnginesDir == "" {
		return registry, nil
	}
	own, err := custom.Load(cfg.EnginesDir, custom.Options{
		Longest: jobs.LongestBuild,
		Known:   registry.Has,
	})
	if err != nil {
		return nil, fmt.Errorf("custom engines:\n%w", err)
	}
	list := make([]engines.Engine, len(own))
	for i, e := range own {
		list[i] = e
	}
	return registry.With(list...)
}

// vendors are the providers of models, which hold connections.
type vendors []vendor

type vendor interface {
	generation.Provider
	Close() error
}

func (v vendors) close(context.Context) (err error) {
	for _, one := range v {
		err = errors.Join(err, one.Close())
	}
	return err
}

// providers makes the configured generation providers.
func (p *parts) providers() (map[string]generation.Provider, error) {
	all := map[string]generation.Provider{ai.Builtin: builtin.Provider{}}
	var open vendors
	defer func() { p.group.OnStop("providers", open.close) }()
	for _, m := range p.cfg.Models() {
		v, err := newVendor(m)
		if err != nil {
			return nil, err
		}
		all[m.Name] = v
		open = append(open, v)
	}
	return all, nil
}

func newVendor(m config.NamedProvider) (vendor, error) {
	c := ai.Config{Name: m.Name, Provider: m.Type, Model: m.Model.Model, BaseURL: m.BaseURL, APIKey: m.APIKey,
		MaxTokens: m.MaxTokens, Output: ai.OutputMode(m.Output), Timeout: m.Timeout, IdleTimeout: m.IdleTimeout}
	if m.Type == ai.Anthropic {
		return ai.NewAnthropic(c)
	}
	return ai.NewOpenAI(c)
}
