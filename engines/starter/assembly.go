package starter

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// Assembly puts a starter project together from an adapter's embedded files, and remembers the first failure.
type Assembly struct {
	from  fs.FS
	files []models.File
	err   error
}

// NewAssembly makes an empty project of which the sources are in a folder of from.
func NewAssembly(from fs.FS, folder string) *Assembly {
	a := &Assembly{}
	a.From(from, folder)
	return a
}

// From has what comes next read from another folder.
func (a *Assembly) From(from fs.FS, folder string) {
	sub, err := fs.Sub(from, folder)
	a.note(err)
	a.from = sub
}

// Add adds a file with a text.
func (a *Assembly) Add(path, text string) {
	a.files = append(a.files, models.File{Path: path, Data: []byte(text)})
}

// Read reads a source as text.
func (a *Assembly) Read(source string) string {
	data, err := fs.ReadFile(a.from, source)
	a.note(err)
	return string(data)
}

// Copy adds a source as a file.
func (a *Assembly) Copy(source, path string) { a.Add(path, a.Read(source)) }

// Names lists the sources of a folder.
func (a *Assembly) Names(folder string) (names []string) {
	entries, err := fs.ReadDir(a.from, folder)
	a.note(err)
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

func (a *Assembly) note(err error) {
	if a.err == nil {
		a.err = err
	}
}

// Files is the project, sorted by path, or the first failure as an internal *models.Error.
func (a *Assembly) Files() ([]models.File, error) {
	if a.err != nil {
		return nil, models.WrapError(models.CodeInternal, "the starter could not be assembled", a.err)
	}
	slices.SortFunc(a.files, func(x, y models.File) int { return strings.Compare(x.Path, y.Path) })
	return a.files, nil
}
