package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// Spark's own files in a folder that it writes games into.
const (
	ownPrefix = ".spark-game."
	// ownFile makes the folder Spark's own: it lists what was written there, so that the next game replaces exactly that.
	ownFile = ownPrefix + "json"
	// ownFileNew becomes ownFile when it is complete.
	ownFileNew = ownPrefix + "json.new"
	// newGame is a folder: the next game, until it is complete.
	newGame = ownPrefix + "new"
)

// gameFolder is an *os.Root, as far as writing a game needs it.
type gameFolder interface {
	FS() fs.FS
	Stat(name string) (fs.FileInfo, error)
	Lstat(name string) (fs.FileInfo, error)
	OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error)
	MkdirAll(name string, perm fs.FileMode) error
	Rename(from, to string) error
	Remove(name string) error
	RemoveAll(name string) error
}

// ownership is the content of ownFile.
type ownership struct {
	Files []string `json:"files"`
}

// maxOwnership bounds ownFile.
const maxOwnership = 8 << 20

// ownedIn reads which files of a folder are Spark's; nil when it is not Spark's.
func ownedIn(dir gameFolder) (*ownership, error) {
	info, err := dir.Lstat(ownFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // none is what is meant
	}
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxOwnership {
		return nil, fmt.Errorf("%s is not a file that spark wrote", ownFile)
	}
	raw, err := fs.ReadFile(dir.FS(), ownFile)
	if err != nil {
		return nil, err
	}
	var o ownership
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, fmt.Errorf("%s is not a file that spark wrote: %w", ownFile, err)
	}
	for _, name := range o.Files {
		if err := models.CheckPath(name); err != nil {
			return nil, fmt.Errorf("%s is not a file that spark wrote: %w", ownFile, err)
		}
	}
	return &o, nil
}

// saveOwned writes ownFile, which is the one before or the new one whatever interrupts this.
func saveOwned(dir gameFolder, names []string) (err error) {
	out, err := dir.OpenFile(ownFileNew, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	if err := errors.Join(printJSON(out, ownership{names}), out.Close()); err != nil {
		return err
	}
	return dir.Rename(ownFileNew, ownFile)
}

// checkFolder refuses a folder that has something in it and was not written by Spark.
func checkFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	own, err := ownedIn(root)
	others := slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !strings.HasPrefix(e.Name(), ownPrefix) })
	if err == nil && own == nil && others {
		err = errors.New("it has other files in it")
	}
	return err
}
