package build

import (
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// provenance is how the job's artifact was made. docs/provenance.md describes the names.
func (b *building) provenance(a *models.Artifact, env engines.Environment) models.Provenance {
	p := models.Provenance{
		Artifact: a,
		ExternalParameters: map[string]any{
			"engine": a.Engine, "engineVersion": b.engine.Info().Version, "mode": a.Mode, "title": a.Title, "revision": b.rev.ID,
		},
		InternalParameters: map[string]any{
			"cached": a.Cached(), "cacheKey": a.CacheKey, "environment": string(env.Kind), "isolation": string(env.Isolation), "limits": map[string]any{
				"timeMillis": env.Limits.Time.Milliseconds(), "memoryBytes": env.Limits.MemoryBytes,
				"outputBytes": env.Limits.OutputBytes, "outputFiles": env.Limits.OutputFiles, "logBytes": env.Limits.LogBytes,
			},
		},
		ResolvedDependencies: models.ResolvedDependenciesOf("revision", "spark:revision:"+b.rev.ID, b.rev.Manifest),
	}
	if b.from != nil {
		p.InternalParameters["originalArtifact"], p.InternalParameters["originalInvocation"] = b.from.ID, b.from.JobID
	}
	tool := "toolchain"
	if env.Kind == engines.InDocker {
		tool = "image"
	}
	for _, m := range []models.ResolvedDependency{{Name: tool, SHA256: strings.TrimPrefix(env.Digest, "sha256:")}, {Name: "agent", SHA256: env.Agent}} {
		if m.SHA256 != "" {
			p.ResolvedDependencies = append(p.ResolvedDependencies, m)
		}
	}
	for _, m := range env.Modules {
		p.ResolvedDependencies = append(p.ResolvedDependencies, models.ResolvedDependency{Name: "module/" + m.Entry.Path, URI: m.URL(), SHA256: m.Entry.SHA256})
	}
	return p
}
