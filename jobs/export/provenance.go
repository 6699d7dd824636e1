package export

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/spark-games/spark/models"
)

// provenance is how an export came about from a build, whose own statement is among what it was made of, if it has one.
// docs/provenance.md describes the names.
func provenance(a, from *models.Artifact, built []byte) models.Provenance {
	p := models.Provenance{
		Artifact: a,
		ExternalParameters: map[string]any{
			"format": a.Format, "artifact": from.ID, "engine": a.Engine,
			"engineVersion": a.EngineVersion, "mode": a.Mode, "title": a.Title, "revision": a.RevisionID,
		},
		InternalParameters:   map[string]any{"sourceInvocation": from.JobID},
		ResolvedDependencies: models.ResolvedDependenciesOf("artifact", "spark:artifact:"+from.ID, from.Manifest),
	}
	if built != nil {
		sum := sha256.Sum256(built)
		p.ResolvedDependencies = append(p.ResolvedDependencies, models.ResolvedDependency{
			Name: "provenance", URI: "spark:provenance:" + from.ID, SHA256: hex.EncodeToString(sum[:])})
	}
	if a.Format == models.ExportZip {
		p.Contents = from.Manifest // a zip holds the build's files as they are
	}
	return p
}
