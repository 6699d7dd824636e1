package export

import "github.com/spark-games/spark/models"

// pack makes the one file of an export and its name.
func pack(format string, from *models.Artifact, files []models.File) (name string, data []byte, err error) {
	web := from.Format == models.FormatWeb
	switch format {
	case models.ExportZip:
		if web && !hasIndex(files) {
			return "", nil, models.NewError(models.CodeInvalidOutput, "the build has no index.html at its root")
		}
		data, err = Zip(files)
	case models.ExportHTML:
		if !web {
			return "", nil, models.NewError(models.CodeNotPlayable,
				"this game does not run in a browser, so there is no page to make of it; export it as a zip")
		}
		data, err = SinglePage(files)
	default:
		err = models.FieldError("/format", `the format is "zip" or "html"`)
	}
	return models.FileName(from.Title, format), data, err
}

func hasIndex(files []models.File) bool {
	for _, f := range files {
		if f.Path == "index.html" {
			return true
		}
	}
	return false
}
