package kernel

import (
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// ShowConflicts shows what is in the way of a merge.
func ShowConflicts(conflicts []models.MergeConflict) []openapi.MergeConflict {
	shown := make([]openapi.MergeConflict, len(conflicts))
	for i, c := range conflicts {
		shown[i] = openapi.MergeConflict{Path: c.Path, Kind: openapi.MergeConflictKind(c.Kind), To: OrNull(c.To), MoreHunks: c.More,
			Hunks: make([]openapi.MergeHunk, len(c.Hunks))}
		if c.Side != "" {
			side := openapi.MergeConflictSide(c.Side)
			shown[i].Side = &side
		}
		for j, h := range c.Hunks {
			shown[i].Hunks[j] = openapi.MergeHunk{Line: h.Line, Base: h.Base, Ours: h.Ours, Theirs: h.Theirs}
		}
	}
	return shown
}
