package build

import (
	"path"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// formatOf tells what a build's outputs are, by what they are. What the engine says it makes, "windows", counts where they
// do not tell.
func formatOf(info engines.Info, files []models.File) string {
	format := models.FormatFiles
	for _, f := range files {
		switch {
		case f.Path == "index.html":
			return models.FormatWeb
		case models.IsProgram(f.Data):
			format = models.FormatLinux
		case format == models.FormatFiles && path.Ext(f.Path) == ".pck":
			format = models.FormatPack
		}
	}
	if format == models.FormatFiles && len(info.Outputs) == 1 && info.Outputs[0] != models.FormatWeb {
		return info.Outputs[0]
	}
	return format
}
