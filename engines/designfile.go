package engines

import "github.com/spark-games/spark/models"

// DesignFile is the design as the project's file has it: written by a starter and perhaps changed since. Fields are named as in
// Design's JSON, nested ones with a dot: "title", "palette.sky", "tuning.jump".
type DesignFile interface {
	Path() string
	// Text and Number return a field's value, and whether the file has it as a plain text or number. An expression is not a
	// plain value.
	Text(field string) (string, bool)
	Number(field string) (float64, bool)
	// SetText and SetNumber change a field and nothing else of the file. They report whether the file has it as a plain value.
	SetText(field, value string) bool
	SetNumber(field string, value float64) bool
	// Repeats reports whether a file of the project only repeats words of the design, as a README does, and draws nothing.
	Repeats(path string) bool
	// Data is the file with its changes.
	Data() []byte
}

// Designed is an engine whose starter keeps its design in a file that can be read back. The error is a *models.Error: with
// CodeNotEditable when the project has no such file, or one that cannot be read.
type Designed interface {
	DesignFile(files []models.File) (DesignFile, error)
}
