package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/spark-games/spark/models"
)

// ownFile is the file that makes a folder Spark's own: it lists what was written there, so that the next game takes the place of
// exactly that.
const ownFile = ".spark-game.json"

// ownership is the content of ownFile.
type ownership struct {
	Files []string `json:"files"`
}

// maxOwnership bounds ownFile.
const maxOwnership = 8 << 20

// ownedIn reads which files of a folder are Spark's; nil when none is known to be.
func ownedIn(dir *os.Root) (*ownership, error) {
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
	raw, err := dir.ReadFile(ownFile)
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

func (o *ownership) save(dir *os.Root) error {
	raw, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		return err
	}
	return dir.WriteFile(ownFile, append(raw, '\n'), 0o644)
}

// checkFolder refuses a folder that has something in it and was not written by Spark.
func checkFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if own, err := ownedIn(root); own == nil {
		if err == nil {
			err = errors.New("it has other files in it")
		}
		return err
	}
	return nil
}

// replaceGame writes a game's files into a folder: in the place of those of the game before, and over others only by force. What
// is Spark's is noted before it is written, so that whatever interrupts this, the next run knows it.
func replaceGame(root *os.Root, names []string, force bool, write func() error) error {
	old, err := ownedIn(root)
	if err != nil && !force {
		return err
	}
	var before []string
	if old != nil {
		before = old.Files
	}
	if !force {
		for _, name := range names {
			if _, err := root.Lstat(name); err == nil && !slices.Contains(before, name) {
				return fmt.Errorf("%s is in the folder and not spark's; --force writes over it", name)
			}
		}
	}
	both := slices.Concat(before, names)
	slices.Sort(both)
	if err := (&ownership{slices.Compact(both)}).save(root); err != nil {
		return err
	}
	if err := write(); err != nil {
		return err
	}
	for _, name := range before {
		if !slices.Contains(names, name) {
			if err := removeGameFile(root, name); err != nil {
				return err
			}
		}
	}
	slices.Sort(names)
	return (&ownership{names}).save(root)
}

// removeGameFile removes a file, and the folders that are empty without it.
func removeGameFile(root *os.Root, name string) error {
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	dir := path.Dir(name)
	for dir != "." && root.Remove(dir) == nil { // until there are somebody else's files in one
		dir = path.Dir(dir)
	}
	return nil
}
