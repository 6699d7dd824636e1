package export

import "github.com/spark-games/spark/models"

// provenance is how an export came about from a build. docs/provenance.md describes the names.
func provenance(a, from *models.Artifact) models.Provenance {
	p := models.Provenance{
		Artifact: a,
		Asked: map[string]any{
			"format": a.Format, "artifact": from.ID, "engine": a.Engine, "mode": a.Mode, "title": a.Title, "revision": a.RevisionID,
		},
		Decided:   map[string]any{"sourceInvocation": from.JobID},
		Materials: models.MaterialsOf("artifact", "spark:artifact:"+from.ID, from.Manifest),
	}
	if a.Format == "zip" {
		p.Contents = from.Manifest // a zip holds the build's files as they are
	}
	return p
}
