package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/spark-games/spark/internal/api/landing"
	"github.com/spark-games/spark/internal/builds/toolchain"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/models"
)

// DevOptions choose how the development server runs; zero fields leave it to the environment.
type DevOptions struct {
	Addr, DataDir string
	Sample        *Sample // nil makes none
}

// Sample says what game the development server makes first.
type Sample struct {
	Prompt, Engine string
}

// Dev runs the development server until ctx is done or the process gets a signal, and writes its address to out. With a sample,
// it first makes a game, unless the data folder already has it, and prints where to play it. If the sample cannot be made, the
// server keeps running.
func Dev(ctx context.Context, out io.Writer, o DevOptions) error {
	cfg, err := config.Load()
	if err != nil {
		return err
	}
	if err := cfg.Override(o.Addr, o.DataDir); err != nil {
		return err
	}
	if !cfg.IsSet("log.level") {
		cfg.LogLevel = "warn" // the terminal is for the person in front of it
	}
	log, err := telemetry.NewLogger(cfg.LogLevel, cfg.LogFormat)
	if err != nil {
		return fmt.Errorf("SPARK_LOG_LEVEL: %w", err)
	}
	t := &terminal{out: out, told: make(map[string]int64)}
	return Run(ctx, cfg, log, func(ctx context.Context, a *App) error {
		a.welcome(ctx, t)
		if o.Sample != nil {
			a.tellSample(ctx, t, *o.Sample)
		}
		t.say("\n  Stop it with Ctrl-C.\n\n")
		<-ctx.Done()
		t.say("\n  Stopping: running jobs finish, or continue at the next start. Press Ctrl-C again to stop immediately.\n")
		return nil
	}, AllInOne...)
}

// welcome prints the address and how to sign in. The key itself stays in its file.
func (a *App) welcome(ctx context.Context, t *terminal) {
	t.say("\n  Spark is running at %s\n\n", a.URL())
	key, err := a.localKey(ctx)
	if err == nil {
		id := auth.Identity{AccountID: key.AccountID, KeyID: key.ID, Role: key.Role}
		t.say("  Sign in     %s%s\n", a.URL(), landing.SignInPath(a.sessions.Link(id)))
		t.say("              (works once, within ten minutes; \"spark sign-in\" prints another)\n")
	}
	if models.CodeOf(err) == models.CodeNotFound {
		t.say("  API key     not in %s, where it should be; make a new one: spark keys create --local\n", a.cfg.KeyFile())
	} else {
		t.say("  API key     in %s\n", a.cfg.KeyFile())
	}
	t.say("  Queues      %s%s (any user name, the key as password)\n", a.URL(), adminRoot)
}

// tellSample makes or finds the sample game, and prints progress.
func (a *App) tellSample(ctx context.Context, t *terminal, s Sample) {
	defer a.toolchains.Watch(t.installing)()
	play, err := a.sample(ctx, s, sampleSteps{
		found:  func() { t.say("\n  The sample game of an earlier start is there.\n") },
		making: func() { t.say("\n  Making a sample game: %q\n", s.Prompt) },
		stage:  t.stage,
	})
	switch {
	case err == nil:
		t.say("  Play it     %s%s\n", a.URL(), play)
	case errors.Is(err, context.Canceled):
	default:
		t.say("  There is no sample game: %v\n", err)
	}
}

// terminal is what the development server writes to. It is safe for concurrent use.
type terminal struct {
	out io.Writer

	mu   sync.Mutex
	last string           // stage
	told map[string]int64 // bytes installed when last printed, by engine
}

func (t *terminal) say(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintf(t.out, format, args...)
}

// stage prints what a job is doing, once per stage.
func (t *terminal) stage(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if text = strings.TrimSpace(text); text != "" && text != t.last {
		t.last = text
		fmt.Fprintf(t.out, "    %s\n", text)
	}
}

// installEvery is the number of bytes after which an install's progress is printed again.
const installEvery = 20e6

func (t *terminal) installing(p toolchain.Progress) {
	t.mu.Lock()
	defer t.mu.Unlock()
	told, begun := t.told[p.Engine]
	switch {
	case p.Err != nil:
		fmt.Fprintf(t.out, "    installing the packages of %s failed: %s\n", p.Engine, models.AsError(p.Err).Message)
	case p.Done:
		fmt.Fprintf(t.out, "    installed the packages of %s\n", p.Engine)
	case !begun:
		fmt.Fprintf(t.out, "    installing the packages of %s, for its first build\n", p.Engine)
	case p.Bytes-told >= installEvery:
		fmt.Fprintf(t.out, "    installing the packages of %s: %d MB\n", p.Engine, p.Bytes/1e6)
	default:
		return
	}
	t.told[p.Engine] = p.Bytes
	if p.Done {
		delete(t.told, p.Engine)
	}
}
