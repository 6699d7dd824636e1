package images

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/platform/lifecycle"
	"github.com/spark-games/spark/models"
)

// Labels of an image.
const (
	LabelEngine  = "spark.engine"
	LabelVersion = "spark.version"
	LabelRecipe  = "spark.recipe"
)

// Toolchains are the installed engines. internal/builds/toolchain.Installer is one.
type Toolchains interface {
	// Ensure returns the folder of an engine's toolchain, "" when it has none.
	Ensure(ctx context.Context, e engines.Engine) (string, error)
	// Digest names an engine's toolchain by everything that goes into it, without installing it.
	Digest(ctx context.Context, e engines.Engine) (string, error)
	// Lock takes a named lock among the processes of the machine, waiting for it until the context ends.
	Lock(ctx context.Context, name string) (unlock func(), err error)
}

// Options configure a Maker.
type Options struct {
	// Host is the daemon's address, "unix:///var/run/docker.sock"; "" is the usual one.
	Host       string
	Toolchains Toolchains // required
	// Agent is the path of a static agent for the daemon's machine. By default it is the engine-agent beside this program, or is
	// built from the sources if they are available.
	Agent string
	Log   *zap.Logger
}

// Maker finds and makes images. It is safe for concurrent use.
type Maker struct {
	opts   Options
	daemon *daemon
	log    *zap.Logger
	group  lifecycle.Shared

	mu    sync.Mutex
	agent *agentFile
	known map[string]string // recipe → image
}

// New makes a maker. It does not contact the daemon yet. Close it.
func New(opts Options) (*Maker, error) {
	if opts.Toolchains == nil {
		return nil, errors.New("images: no toolchains")
	}
	if opts.Log == nil {
		opts.Log = zap.NewNop()
	}
	d, err := connect(opts.Host)
	if err != nil {
		return nil, fmt.Errorf("images: %w", err)
	}
	return &Maker{opts: opts, daemon: d, log: opts.Log, known: make(map[string]string)}, nil
}

// Close closes the connection to the daemon.
func (m *Maker) Close() error { return m.daemon.close() }

// Made is one image.
type Made struct {
	Engine, Version string
	Digest          string // sha256:…
	Recipe          string
	Bytes           int64 // of all layers, uncompressed
	Fresh           bool  // it has just been made
	Took            time.Duration
}

// Image returns the digest of an engine's image, making the image first if the daemon has none of its recipe. The error is a
// *models.Error with CodeEngineUnavailable, or with CodeUnavailable if no daemon answers, or the context's.
func (m *Maker) Image(ctx context.Context, e engines.Engine) (ref string, err error) {
	made, err := m.Make(ctx, e, false)
	return made.Digest, err
}

// Make is Image with details. With again it makes the image even if there is one of its recipe, for newer Debian packages.
func (m *Maker) Make(ctx context.Context, e engines.Engine, again bool) (Made, error) {
	info := e.Info()
	made := Made{Engine: info.Name, Version: info.Version}
	if e.Image().Base == engines.NoBase {
		return made, models.NewError(models.CodeEngineUnavailable, "this engine has no image")
	}
	recipe, err := m.recipe(ctx, e)
	if err != nil {
		return made, m.unavailable(ctx, err)
	}
	made.Recipe = recipe
	if !again {
		if err := m.find(ctx, &made); err != nil || made.Digest != "" {
			return made, m.unavailable(ctx, err)
		}
	}
	done, err := lifecycle.Do(ctx, &m.group, recipe, makeTimeout, func(ctx context.Context) (Made, error) {
		unlock, err := m.opts.Toolchains.Lock(ctx, "image-"+recipe)
		if err != nil {
			return Made{}, err
		}
		defer unlock()
		if !again { // another process may have made it meanwhile
			found := made
			if err := m.find(ctx, &found); err != nil || found.Digest != "" {
				return found, err
			}
		}
		return m.build(ctx, e, recipe)
	})
	if err != nil {
		return made, m.unavailable(ctx, err)
	}
	return done, nil
}

// find looks for an image of the recipe, and fills in its digest and size if there is one.
func (m *Maker) find(ctx context.Context, made *Made) (err error) {
	m.mu.Lock()
	known := m.known[made.Recipe]
	m.mu.Unlock()
	made.Digest, made.Bytes, err = m.daemon.find(ctx, made.Recipe, known)
	if err == nil && made.Digest != "" {
		m.remember(made.Recipe, made.Digest)
	}
	return err
}

func (m *Maker) remember(recipe, digest string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known[recipe] = digest
}

// makeTimeout limits the making of an image, including downloads.
const makeTimeout = 20 * time.Minute

func (m *Maker) unavailable(ctx context.Context, err error) error {
	if _, ok := errors.AsType[*models.Error](err); ok || err == nil || ctx.Err() != nil {
		return err
	}
	if isAway(err) {
		return models.WrapError(models.CodeUnavailable, "the Docker daemon does not answer", err)
	}
	return models.WrapError(models.CodeEngineUnavailable, "the engine's image cannot be made", err)
}

// build makes an image.
func (m *Maker) build(ctx context.Context, e engines.Engine, recipe string) (Made, error) {
	info, image := e.Info(), e.Image()
	start := time.Now()
	m.log.Info("making an engine's image", zap.String("engine", info.Name))
	platform, err := m.platform(ctx, image)
	if err != nil {
		return Made{}, err
	}
	agent, err := m.agentFor(ctx, platform)
	if err != nil {
		return Made{}, err
	}
	labels := map[string]string{LabelEngine: info.Name, LabelVersion: info.Version, LabelRecipe: recipe}
	name := "spark/" + info.Name + ":" + strings.ReplaceAll(info.Version, "+", "-")
	if image.Base == engines.Ready {
		err = m.daemon.extend(ctx, image.Reference, agent.data, labels, name)
	} else {
		err = m.assemble(ctx, e, platform, agent, labels, name)
	}
	if err != nil {
		return Made{}, err
	}
	digest, size, err := m.daemon.find(ctx, recipe, "")
	if err == nil && digest == "" {
		err = errors.New("the daemon does not have the image that it loaded")
	}
	if err != nil {
		return Made{}, err
	}
	m.remember(recipe, digest)
	made := Made{Engine: info.Name, Version: info.Version, Digest: digest, Recipe: recipe, Bytes: size, Fresh: true, Took: time.Since(start)}
	m.log.Info("made an engine's image", zap.String("engine", info.Name), zap.String("image", digest),
		zap.Int64("bytes", size), zap.Duration("took", made.Took))
	return made, nil
}
