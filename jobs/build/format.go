package build

import (
	"errors"
	"io"
	"path"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// formatOf determines the format of a build's outputs from the files. The engine's own declaration, such as "windows", counts if
// the files do not tell.
func formatOf(info engines.Info, outputs engines.Outputs) (string, error) {
	format := models.FormatFiles
	for _, f := range outputs.Manifest() {
		if f.Path == "index.html" {
			return models.FormatWeb, nil
		}
		program, err := isProgram(outputs, f.Path)
		switch {
		case err != nil:
			return "", err
		case program:
			format = models.FormatLinux
		case format == models.FormatFiles && path.Ext(f.Path) == ".pck":
			format = models.FormatPack
		}
	}
	if format == models.FormatFiles && len(info.Outputs) == 1 && info.Outputs[0] != models.FormatWeb {
		return info.Outputs[0], nil
	}
	return format, nil
}

// isProgram reports whether a file begins as a program does.
func isProgram(outputs engines.Outputs, path string) (bool, error) {
	c, err := outputs.Open(path)
	if err != nil {
		return false, err
	}
	defer c.Close()
	head := make([]byte, 16)
	n, err := io.ReadFull(c, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, err
	}
	return models.IsProgram(head[:n]), nil
}
