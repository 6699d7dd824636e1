package artifacts

import (
	"net/http"

	"github.com/spark-games/spark/internal/api/kernel"
)

// zipped answers with a zip of an artifact's files.
type zipped struct{ kernel.Zip }

// VisitDownloadArtifactResponse implements DownloadArtifactResponseObject.
func (z *zipped) VisitDownloadArtifactResponse(w http.ResponseWriter) error { return z.Serve(w) }
