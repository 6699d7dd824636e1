package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/builds/sandbox/agent"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/internal/platform/telemetry"
)

// Exit codes of the platform's programs.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

// Init must be called first in the main function of a program with a worker: the sandbox starts its agents by running the
// program again.
func Init() { agent.MaybeRun() }

// Main is a complete program: it reads the environment and the flags, runs the roles until it gets a signal, and returns the
// exit code. flags adds the program's own flags, whose values override the environment.
func Main(name string, flags func(*flag.FlagSet, *config.Config), roles ...Role) int {
	cfg, err := config.Load()
	if err != nil {
		fmt.Fprintln(os.Stderr, name+":", err)
		return exitUsage
	}
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.BoolVar(&cfg.Migrate, "migrate", cfg.Migrate, "bring the schema of the database up to date first, as spark migrate does")
	flags(fs, cfg)
	if err := fs.Parse(os.Args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return exitOK
		}
		return exitUsage
	}
	if err := cfg.Validate(); err != nil {
		fmt.Fprintln(os.Stderr, name+":", err)
		return exitUsage
	}
	log, err := telemetry.NewLogger(cfg.LogLevel, cfg.LogFormat)
	if err != nil {
		fmt.Fprintln(os.Stderr, name+": SPARK_LOG_LEVEL:", err)
		return exitUsage
	}
	if err := Run(context.Background(), cfg, log.Named(name), nil, roles...); err != nil {
		log.Error("stopped", zap.Error(err))
		return exitError
	}
	return exitOK
}

// Run starts the roles, calls ready, and stops in order when ctx is done or the process gets a signal. A second signal stops it
// immediately.
func Run(ctx context.Context, cfg *config.Config, log *zap.Logger, ready func(context.Context, *App) error, roles ...Role) error {
	ctx, restore := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer restore()
	a, err := Start(ctx, cfg, log, roles...)
	if err != nil {
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			return nil // it was stopped before it was ready
		}
		return err
	}
	log.Info("started", a.facts...)
	if ready != nil {
		err = ready(ctx, a)
	}
	if err == nil {
		<-ctx.Done()
	}
	restore() // from here a signal has its usual effect
	log.Info("stopping", zap.Duration("within", cfg.ShutdownTimeout))
	stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cfg.ShutdownTimeout)
	defer cancel()
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	return errors.Join(err, a.Close(stopCtx))
}
