package kaplay

import (
	"embed"
	"io/fs"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// starterFS holds what KAPLAY draws: src/* and one view for each genre. The rest of a starter is shared by the web engines.
//
//go:embed starter/src starter/views
var starterFS embed.FS

func starter(d engines.Design) ([]models.File, error) {
	files, err := fs.Sub(starterFS, "starter")
	if err != nil {
		return nil, models.WrapError(models.CodeInternal, "the starter is missing", err)
	}
	return web.Starter(d, web.StarterEngine{Title: "KAPLAY", Version: Version, Files: files})
}
