// Command spark is the whole platform in one process, for development and small sites, and the command line that makes
// games with it or with a server elsewhere.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/spark-games/spark/internal/app"
	"github.com/spark-games/spark/internal/cli"
	"github.com/spark-games/spark/internal/platform/config"
)

// version is set by the release build.
var version = "development"

func main() {
	app.Init()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(cli.Run(ctx, cli.Deps{
		Embedded: func(ctx context.Context, o cli.EmbeddedOptions) (string, string, func(context.Context) error, error) {
			return app.Embed(ctx, o.DataDir, o.Quiet)
		},
		Dev: func(ctx context.Context, o cli.DevOptions) error {
			if !o.Sample {
				return app.Dev(ctx, os.Stdout, nil)
			}
			return app.Dev(ctx, os.Stdout, &app.Sample{Prompt: o.SamplePrompt, Engine: o.SampleEngine})
		},
		Images: func(ctx context.Context, o cli.ImagesOptions, tell func(cli.Image)) error {
			return app.Images(ctx, o.Engines, o.Again, o.Prune, func(m app.MadeImage, err error) {
				tell(cli.Image{Engine: m.Engine, Version: m.Version, Digest: m.Digest, Bytes: m.Bytes, Fresh: m.Fresh, Took: m.Took, Err: err})
			})
		},
		Getenv:  config.Getenv,
		Version: version,
	}, os.Args[1:]))
}
