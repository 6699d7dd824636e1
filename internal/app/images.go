package app

import (
	"context"
	"errors"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/images"
	"github.com/spark-games/spark/internal/builds/toolchain"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/internal/platform/telemetry"
)

// MadeImage is the result of making one image.
type MadeImage = images.Made

// Images makes the images of the named engines, or of all that have one, and reports each when it is done. If one fails, the
// others are still made. Prune removes the images that new ones have replaced.
func Images(ctx context.Context, names []string, again, prune bool, tell func(MadeImage, error)) (err error) {
	cfg, err := config.Load()
	if err != nil {
		return err
	}
	log, err := telemetry.NewLogger("warn", cfg.LogFormat)
	if err != nil {
		return err
	}
	registry, err := allEngines(cfg)
	if err != nil {
		return err
	}
	list := registry.List()
	if len(names) > 0 {
		list = nil
		for _, name := range names {
			e, err := registry.Get(engines.SplitRef(name))
			if err != nil {
				return err
			}
			list = append(list, e)
		}
	}
	tc := toolchain.New(cfg.Toolchains(), log.Named("toolchain"))
	defer tc.Close()
	maker, err := images.New(images.Options{Host: dockerHost(cfg), Toolchains: tc, Log: log.Named("images")})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, maker.Close()) }()
	for _, e := range list {
		if e.Image().Base == engines.NoBase && len(names) == 0 {
			continue
		}
		made, err := maker.Make(ctx, e, again)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err == nil && prune {
			_, err = maker.Prune(ctx, made)
		}
		tell(made, err)
	}
	return nil
}

// dockerHost is the address of the configured Docker daemon, "" for the usual one.
func dockerHost(cfg *config.Config) string {
	if h := cfg.Sandbox.DockerHost; h != "" {
		return h
	}
	return config.Getenv("DOCKER_HOST")
}
