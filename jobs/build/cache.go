package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// keyFormat is the prefix of the text whose digest is a cache key. It changes when the encoding does, or when equal inputs no
// longer mean equal content for another reason; then everything is built again.
const keyFormat = "spark-build-cache/2\n"

// cacheKey identifies a build by everything that determines its content, and by its account, because builds are not shared
// between accounts: the hex SHA-256 of keyFormat and a JSON object with these fields in this order. It is "" if the environment
// is not known. See docs/decisions/0008-build-cache.md.
func (b *building) cacheKey(env engines.Environment) string {
	if !env.Known() {
		return ""
	}
	urls := make([]string, len(env.Modules))
	for i, m := range env.Modules {
		urls[i] = m.Specifier + " " + m.URL()
	}
	info := b.engine.Info()
	data, err := json.Marshal(struct {
		Account, Files, Title, Mode string
		Engine, Version             string
		Plan                        engines.Plan
		Environment, Isolation      string
		Digest, Agent               string
		Limits                      engines.Limits
		Modules                     []string
	}{
		b.Job.AccountID, b.rev.Manifest.Digest(), b.title, string(b.out.Mode),
		info.Name, info.Version,
		b.plan,
		string(env.Kind), string(env.Isolation),
		env.Digest, env.Agent,
		env.Limits,
		urls,
	})
	if err != nil {
		return ""
	}
	h := sha256.New()
	h.Write([]byte(keyFormat))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

// lookupCache makes the job's artifact from the content of an earlier build of the same input, in the environment that it was
// built in. It returns nil if there is none that is complete. Its failures never fail the job: the build will meet the same
// problem and report it.
func (h *Handler) lookupCache(ctx context.Context, b *building, off bool) (*models.Artifact, engines.Environment) {
	if off {
		h.Observer.BuildCache(b.out.Engine, "off")
		return nil, engines.Environment{}
	}
	env, err := h.Runner.Environment(ctx, b.run())
	if err == nil {
		if artifact := h.earlier(ctx, b, env); artifact != nil {
			h.Observer.BuildCache(b.out.Engine, "hit")
			return artifact, env
		}
	}
	h.Observer.BuildCache(b.out.Engine, "miss")
	return nil, engines.Environment{}
}

func (h *Handler) earlier(ctx context.Context, b *building, env engines.Environment) *models.Artifact {
	key := b.cacheKey(env)
	if key == "" {
		return nil
	}
	from, err := h.Store.CachedBuild(ctx, b.Job.AccountID, key)
	if err != nil {
		return nil
	}
	b.Progress(0.3, "checking an earlier build of the same input")
	if err := h.verifyCached(ctx, b, from); err != nil {
		b.Log("an earlier build of the same input is incomplete, building it again: " + models.AsError(err).Message)
		return nil
	}
	if b.out.Diagnostics, err = h.diagnostics(ctx, from); err != nil {
		return nil
	}
	if err := h.putModules(ctx, env.Modules); err != nil {
		return nil
	}
	a := b.artifact(from.Manifest, from.Format)
	a.CacheKey, a.CachedFrom, b.from = key, from.ID, from
	return a
}

// verifyCached reports whether an earlier build's files are still stored and unchanged, and pass the engine's current checks. The
// files then stay until the job ends.
func (h *Handler) verifyCached(ctx context.Context, b *building, from *models.Artifact) error {
	files := stored{ctx, from.Manifest, h.Blobs}
	if err := files.renew(); err != nil {
		return err
	}
	return b.verify(ctx, files)
}

// diagnostics are what the compiler said of an earlier build: the warnings belong to the game, whoever built it.
func (h *Handler) diagnostics(ctx context.Context, from *models.Artifact) ([]engines.Diagnostic, error) {
	job, err := h.Store.Job(ctx, from.AccountID, from.JobID)
	if err != nil {
		return nil, err
	}
	var out Output
	err = json.Unmarshal(job.Output, &out)
	return out.Diagnostics, err
}
