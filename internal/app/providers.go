package app

import (
	"context"
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

// hasProvider reports whether a generation may name the provider.
func (p *parts) hasProvider(name string) bool {
	switch name {
	case ai.Builtin:
		return true
	case ai.OpenAI:
		return p.cfg.OpenAI.Model != ""
	case ai.Anthropic:
		return p.cfg.Anthropic.Model != ""
	}
	return false
}

// providers makes the configured generation providers.
func (p *parts) providers() (map[string]generation.Provider, error) {
	all := map[string]generation.Provider{ai.Builtin: builtin.Provider{}}
	if p.hasProvider(ai.OpenAI) {
		vendor, err := ai.NewOpenAI(providerConfig(ai.OpenAI, p.cfg.OpenAI))
		if err != nil {
			return nil, err
		}
		all[ai.OpenAI] = vendor
		p.group.OnStop("openai", func(context.Context) error { return vendor.Close() })
	}
	if p.hasProvider(ai.Anthropic) {
		vendor, err := ai.NewAnthropic(providerConfig(ai.Anthropic, p.cfg.Anthropic))
		if err != nil {
			return nil, err
		}
		all[ai.Anthropic] = vendor
		p.group.OnStop("anthropic", func(context.Context) error { return vendor.Close() })
	}
	return all, nil
}

func providerConfig(name string, c config.Provider) ai.Config {
	return ai.Config{Provider: name, Model: c.Model, BaseURL: c.BaseURL, APIKey: c.APIKey,
		MaxTokens: c.MaxTokens, Output: ai.OutputMode(c.Output), Timeout: c.Timeout, IdleTimeout: c.IdleTimeout}
}
