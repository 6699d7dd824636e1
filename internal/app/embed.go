package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/internal/platform/telemetry"
)

// Embed starts the platform for one command of the command line, on a free loopback port and embedded stores. With an
// empty data folder it keeps everything in a temporary one, which stop removes.
func Embed(ctx context.Context, dataDir string, quiet bool) (url, key string, stop func(context.Context) error, err error) {
	cfg, err := config.Load()
	if err != nil {
		return "", "", nil, err
	}
	cfg.Addr = "127.0.0.1:0"
	cfg.DatabaseURL, cfg.RedisURL, cfg.BlobDir = config.Secret{}, config.Secret{}, ""
	remove := func() error { return nil }
	if cfg.DataDir = dataDir; dataDir == "" {
		if cfg.DataDir, err = os.MkdirTemp("", "spark-"); err != nil {
			return "", "", nil, err
		}
		remove = func() error { return os.RemoveAll(cfg.DataDir) }
	}
	if quiet {
		cfg.LogLevel = "error"
	}
	log, err := telemetry.NewLogger(cfg.LogLevel, cfg.LogFormat)
	if err != nil {
		return "", "", nil, errors.Join(err, remove())
	}
	a, err := Start(ctx, cfg, log, AllInOne...)
	if err != nil {
		return "", "", nil, errors.Join(err, remove())
	}
	plain, err := readSecret(cfg.KeyFile())
	stop = func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, cfg.ShutdownTimeout)
		defer cancel()
		return errors.Join(a.Close(ctx), remove())
	}
	if err != nil {
		return "", "", nil, errors.Join(err, stop(ctx))
	}
	return a.URL(), plain, stop, nil
}

// Sample says what game the development server makes first.
type Sample struct {
	Prompt, Engine string
}

// Dev runs the development server until ctx is done or the process is told to stop, and tells out where it is. With a sample it makes a game first,
// unless the data folder has it already, and prints where to play it.
func Dev(ctx context.Context, out io.Writer, sample *Sample) error {
	cfg, err := config.Load()
	if err != nil {
		return err
	}
	if config.Getenv("SPARK_LOG_LEVEL") == "" {
		cfg.LogLevel = "warn" // the terminal is for the person in front of it
	}
	log, err := telemetry.NewLogger(cfg.LogLevel, cfg.LogFormat)
	if err != nil {
		return fmt.Errorf("SPARK_LOG_LEVEL: %w", err)
	}
	say := func(format string, args ...any) { fmt.Fprintf(out, format, args...) }
	return Run(ctx, cfg, log, func(ctx context.Context, a *App) error {
		say("\n  Spark is running at %s\n", a.URL())
		if a.FirstKey() != "" {
			say("  API key             %s\n", a.FirstKey())
			say("                      (shown once; kept in %s)\n", cfg.KeyFile())
		} else {
			say("  API key             in %s\n", cfg.KeyFile())
		}
		say("  Queues              %s%s (any user name, the key as password)\n", a.URL(), adminRoot)
		if sample == nil {
			say("\n  Stop it with Ctrl-C.\n\n")
			return nil
		}
		started := time.Now()
		say("\n  Making a sample game: %q\n", sample.Prompt)
		play, made, err := a.sample(ctx, *sample)
		if err != nil {
			return fmt.Errorf("sample game: %w", err)
		}
		if made {
			log.Info("made the sample game", zap.Duration("took", time.Since(started)))
		}
		say("  Play it             %s%s\n\n  Stop it with Ctrl-C.\n\n", a.URL(), play)
		return nil
	}, AllInOne...)
}
