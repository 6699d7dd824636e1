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
	context.AfterFunc(ctx, stop)       // a second signal has its usual effect
	configDir, _ := os.UserConfigDir() // without one, nobody signs in
	hostname, _ := os.Hostname()
	os.Exit(cli.Run(ctx, cli.Deps{
		ConfigDir: configDir, Hostname: hostname, Browse: cli.Browse,
		Embedded: func(ctx context.Context, o cli.EmbeddedOptions) (string, string, func(context.Context) error, error) {
			return app.Embed(ctx, o.DataDir, o.Quiet, o.Installing)
		},
		Dev: func(ctx context.Context, o cli.DevOptions) error {
			opts := app.DevOptions{Addr: o.Addr, DataDir: o.DataDir}
			if o.Sample {
				opts.Sample = &app.Sample{Prompt: o.SamplePrompt, Engine: o.SampleEngine}
			}
			return app.Dev(ctx, os.Stdout, opts)
		},
		GenerateKey: app.GenerateKey,
		CreateLocalKey: func(ctx context.Context, o cli.LocalKeyOptions) (cli.LocalKey, error) {
			key, err := app.CreateLocalKey(ctx, o.DataDir, o.Role, o.Force)
			return cli.LocalKey(key), err
		},
		LocalKeys:      app.LocalKeys,
		RevokeLocalKey: app.RevokeLocalKey,
		Peppers: func(ctx context.Context, dataDir string, revoke bool) (uses []cli.PepperUse, revoked int, err error) {
			all, revoked, err := app.Peppers(ctx, dataDir, revoke)
			for _, u := range all {
				uses = append(uses, cli.PepperUse(u))
			}
			return uses, revoked, err
		},
		Migrate: app.Migrate,
		SchemaStatus: func(ctx context.Context, dataDir string) (cli.Schema, error) {
			s, err := app.SchemaStatus(ctx, dataDir)
			return cli.Schema(s), err
		},
		Backup: func(ctx context.Context, dataDir, path string) (cli.Backup, error) {
			b, err := app.Backup(ctx, dataDir, path)
			return cli.Backup(b), err
		},
		Restore: func(ctx context.Context, dataDir, path string) (cli.Backup, error) {
			b, err := app.Restore(ctx, dataDir, path)
			return cli.Backup(b), err
		},
		Images: func(ctx context.Context, o cli.ImagesOptions, tell func(cli.Image)) error {
			return app.Images(ctx, o.Engines, o.Again, o.Prune, func(m app.MadeImage, err error) {
				tell(cli.Image{Engine: m.Engine, Version: m.Version, Digest: m.Digest, Bytes: m.Bytes, Fresh: m.Fresh, Took: m.Took, Err: err})
			})
		},
		CheckConfig: func() config.Report { return config.Check(config.Getenv, config.Environ()) },
		Engines:     app.EngineNames,
		Getenv:      config.Getenv,
		Version:     version,
	}, os.Args[1:]))
}
