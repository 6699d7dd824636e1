package builder

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/models"
)

// localRunner is the runner of local processes if these are isolated as required; otherwise why says what is missing. Both are
// nil if the platform builds in containers only.
func (b *Builder) localRunner() (r *sandbox.LocalRunner, why error) {
	switch {
	case b.local != nil:
	case b.opts.Mode != Docker: // otherwise there would be one
		return nil, b.tooOpen(errors.New("local processes are no containers"), "")
	default:
		return nil, nil
	}
	isolation, err := b.local.Isolation()
	if err != nil {
		return nil, models.WrapError(models.CodeSandboxFailed, "the builder could not be started", err)
	}
	if !isolation.Level.AtLeast(b.opts.Min) {
		return nil, b.tooOpen(errors.New(isolation.Reason), isolation.Level)
	}
	return b.local, nil
}

// tooOpen is the error of a build that cannot reach the required isolation level.
func (b *Builder) tooOpen(cause error, level engines.IsolationLevel) error {
	text := "builds must run in containers here (SPARK_SANDBOX_MIN)"
	if b.opts.Min != engines.Contained {
		text = fmt.Sprintf("builds must at least be %s here (SPARK_SANDBOX_MIN), and local processes are %s", b.opts.Min, level)
	}
	return models.WrapError(models.CodeSandboxUnavailable, text, cause)
}

// Isolation is the isolation of this worker's local processes, or Contained if it builds in containers only.
func (b *Builder) Isolation() engines.Isolation {
	if b.local == nil {
		return engines.Isolation{Level: engines.Contained}
	}
	isolation, err := b.local.Isolation()
	if err != nil {
		return engines.Isolation{Level: engines.Open, Reason: "its agents do not start"}
	}
	return isolation
}

// levelOf is the isolation level that a build with an available engine would have now. notice says how it could be improved.
func (b *Builder) levelOf(e engines.Engine, image imageRecord, broken string) (level engines.IsolationLevel, notice string) {
	local, _ := b.localRunner()
	if local == nil || inItsImageOnly(e) {
		return engines.Contained, ""
	}
	isolation := b.Isolation()
	var missing []string
	if b.images != nil {
		switch {
		case b.runner.Load() == nil || b.unreachable.Load():
			missing = append(missing, b.noDaemon())
		case image.digest != "" && broken == "":
			return engines.Contained, ""
		case broken != "":
			missing = append(missing, broken)
		case image.other:
			missing = append(missing, `its image on the Docker daemon is of another release: "spark images" makes the one of this`)
		case e.Image().Base != engines.NoBase:
			missing = append(missing, `it has no image on the Docker daemon: "spark images" makes it`)
		}
	}
	if isolation.Reason != "" {
		missing = append(missing, isolation.Reason)
	}
	return isolation.Level, strings.Join(missing, "; ")
}

// inItsImageOnly reports whether an engine's programs are in its image and nowhere else.
func inItsImageOnly(e engines.Engine) bool {
	base := e.Image().Base
	return base == engines.Ready || base == engines.Debian
}

// sayNoDaemon logs that the worker starts without a Docker daemon, unless it has no use for one.
func (b *Builder) sayNoDaemon(err error) {
	if local, _ := b.localRunner(); local == nil {
		b.log.Warn("no Docker daemon answers: builds wait for one", zap.Error(err))
	} else if b.opts.Min != engines.Open {
		b.log.Warn("no Docker daemon answers: builds run in local processes", zap.Stringer("isolation", b.Isolation().Level), zap.Error(err))
	}
}

// sayUnreachable records whether the daemon answers, and logs changes.
func (b *Builder) sayUnreachable(err error) {
	switch was := b.unreachable.Swap(err != nil); {
	case err != nil && !was:
		b.log.Warn("the Docker daemon does not answer any more", zap.Error(err))
	case err == nil && was:
		b.log.Info("the Docker daemon answers again")
	}
}

// sayLacking logs, on every change, which engines are built in local processes although a Docker daemon answers, because they
// have no image.
func (b *Builder) sayLacking() {
	var missing, other []string
	for _, e := range b.opts.Engines.List() {
		image := b.recordOf(e)
		lacks := e.Image().Base != engines.NoBase && image.digest == ""
		b.metrics.lacking.WithLabelValues(engines.Ref(e)).Set(oneIf(lacks))
		switch {
		case lacks && image.other:
			other = append(other, engines.Ref(e))
		case lacks:
			missing = append(missing, engines.Ref(e))
		}
	}
	b.mu.Lock()
	said := b.lacking
	b.lacking = strings.Join(slices.Concat(missing, []string{"|"}, other), " ")
	changed := said != b.lacking
	b.mu.Unlock()
	local, _ := b.localRunner()
	if !changed || local == nil { // without local processes a build makes the image
		return
	}
	level := zap.Stringer("isolation", b.Isolation().Level)
	if len(other) > 0 {
		b.log.Warn(`images are of another release, and builds run in local processes: "spark images" makes those of this one`,
			zap.Strings("engines", other), level)
	}
	if len(missing) > 0 && b.opts.Min != engines.Open {
		b.log.Warn(`engines have no image, and builds run in local processes: "spark images" makes them`, zap.Strings("engines", missing), level)
	}
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
