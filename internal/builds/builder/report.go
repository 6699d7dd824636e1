package builder

import (
	"fmt"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/models"
)

// Report is this worker's report.
func (b *Builder) Report() models.WorkerReport {
	r := models.WorkerReport{Sandbox: "local", Isolation: string(b.Isolation().Level)}
	if b.runner.Load() != nil {
		r.Sandbox = "docker"
	}
	for _, e := range b.opts.Engines.List() {
		r.Engines = append(r.Engines, b.status(e))
	}
	r.Pool.Tallies, r.Pool.Reaped = b.tally.report()
	if runner := b.runner.Load(); runner != nil {
		r.Pool.Max = runner.Stats().Max
		for _, c := range runner.Containers() {
			s := models.SandboxReport{Container: c.Container, Engine: c.Engine, State: c.State.String(), Since: c.Since.UTC(),
				JobID: c.JobID, AccountID: c.Account}
			_, s.Version = engines.SplitRef(b.engineOf(c.Image))
			r.Pool.Sandboxes = append(r.Pool.Sandboxes, s)
		}
	}
	r.Pool.Sandboxes = append(r.Pool.Sandboxes, b.locals.report()...)
	return r
}

// status says whether this worker can build with an engine, and how many sandboxes it has for it.
func (b *Builder) status(e engines.Engine) models.EngineStatus {
	st := b.opts.Engines.Describe(e)
	image := b.recordOf(e)
	st.Image = image.digest
	broken := ""
	for _, k := range b.stats().Keys {
		if b.engineOf(k.Key.Image) != engines.Ref(e) {
			continue
		}
		st.Sandboxes = st.Sandboxes.Add(counts(k))
		if k.Broken != "" {
			broken = "its sandboxes do not start"
			if !k.RetryAt.IsZero() {
				broken += fmt.Sprintf("; the next try is at %s", k.RetryAt.UTC().Format("15:04:05 UTC"))
			}
		}
	}
	st.Reason = b.unavailable(e, image, broken)
	if st.Available = st.Reason == ""; st.Available {
		level, notice := b.levelOf(e, image, broken)
		st.Isolation, st.Notice = string(level), notice
	}
	return st
}

// unavailable says why this worker cannot build with an engine; "" if it can.
func (b *Builder) unavailable(e engines.Engine, image imageRecord, broken string) string {
	packages := ""
	if why := b.opts.Toolchains.Missing(e); why != "" && !b.opts.Toolchains.Installed(e) {
		packages = why
	}
	local, tooOpen := b.localRunner()
	if local != nil && !inItsImageOnly(e) {
		if packages != "" && (image.digest == "" || broken != "") {
			return "it is not installed, and " + packages
		}
		return ""
	}
	select {
	case <-b.ready:
	default:
		return "it is not known yet whether there is a Docker daemon"
	}
	switch {
	case tooOpen != nil && (b.runner.Load() == nil || b.unreachable.Load()):
		return models.AsError(tooOpen).Message
	case b.images == nil:
		return "it is built in containers, and this platform builds in local processes (SPARK_SANDBOX)"
	case b.runner.Load() == nil || b.unreachable.Load():
		return "it is built in containers, and " + b.noDaemon()
	case broken != "":
		return broken
	case image.err != nil:
		return models.AsError(image.err).Message
	case e.Image().Base == engines.NoBase:
		return "it has no image, and this platform builds in containers only (SPARK_SANDBOX)"
	case image.digest == "" && packages != "":
		return "its image is not made, and " + packages
	}
	return ""
}

// noDaemon explains to a user why no Docker daemon is used.
func (b *Builder) noDaemon() string {
	if b.denied.Load() {
		return "this user may not use the Docker daemon: on most systems the members of the group docker may"
	}
	return "no Docker daemon answers"
}

// counts are the sandboxes of one key of the pool.
func counts(k pool.KeyStats) models.SandboxCounts {
	return models.SandboxCounts{Creating: k.States[pool.Creating], Warm: k.States[pool.Warm], Leased: k.States[pool.Leased],
		Running: k.States[pool.Running], Draining: k.States[pool.Draining], Waiting: k.Waiting}
}

// stats are the pool's, empty when there is none.
func (b *Builder) stats() pool.Stats {
	if r := b.runner.Load(); r != nil {
		return r.Stats()
	}
	return pool.Stats{}
}
