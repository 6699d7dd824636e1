package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"syscall"

	"github.com/spark-games/spark/models"
)

// replaceGame writes a game's files into a folder: in the place of those of the game before, and over others only by force.
// write is given the name under which each file is to be written.
//
// The new game is written beside the one before, which stays as it is if that fails. Then the old files are removed, before
// any of the new ones is there, since two names may be one file on a disk that ignores case, and a file may become a folder.
// What is Spark's is recorded before it is there, so that the next run repairs whatever interrupted this one, but not while
// there is somebody else's file of that name.
func replaceGame(dir gameFolder, names []string, force bool, write func(at func(name string) string) error) error {
	r, err := newReplacement(dir, names, force)
	if err != nil {
		return err
	}
	if _, err := r.check(); err != nil {
		return err
	}
	if err := errors.Join(dir.RemoveAll(newGame), saveOwned(dir, r.before)); err != nil {
		return err
	}
	at := func(name string) string { return newGame + "/" + name }
	if err := write(at); err != nil {
		return errors.Join(err, dir.RemoveAll(newGame))
	}
	others, err := r.check() // what came to be meanwhile too
	if err != nil {
		return errors.Join(err, dir.RemoveAll(newGame))
	}
	for _, name := range r.before {
		if !r.isNew[name] {
			if err := removeGameFile(dir, name); err != nil {
				return err
			}
		}
	}
	for _, name := range others {
		if err := dir.Remove(name); err != nil && !isMissing(err) {
			return err
		}
	}
	if err := saveOwned(dir, slices.Sorted(slices.Values(names))); err != nil {
		return err
	}
	for _, name := range names {
		if err := place(dir, at(name), name); err != nil {
			return err
		}
	}
	return dir.RemoveAll(newGame)
}

// replacement is one game that takes the place of another.
type replacement struct {
	dir     gameFolder
	names   []string // of the new files
	isNew   map[string]bool
	before  []string            // the files that are Spark's
	byKey   map[string][]string // those of before that a disk may take for one
	folders map[string]bool     // those that files of before are in, folded alike
	force   bool
}

func newReplacement(dir gameFolder, names []string, force bool) (*replacement, error) {
	old, err := ownedIn(dir)
	if err != nil && !force {
		return nil, err
	}
	r := &replacement{dir: dir, names: names, isNew: make(map[string]bool), byKey: make(map[string][]string),
		folders: make(map[string]bool), before: []string{}, force: force}
	for _, name := range names {
		r.isNew[name] = true
	}
	if old != nil {
		r.before = old.Files
	}
	for _, name := range r.before {
		key := models.PathKey(name)
		r.byKey[key] = append(r.byKey[key], name)
		for dir := path.Dir(key); dir != "."; dir = path.Dir(dir) {
			r.folders[dir] = true
		}
	}
	return r, nil
}

// check refuses what would write over somebody else's files, and what cannot be written, before anything is changed. It
// answers which files of others the game takes the place of by force.
func (r *replacement) check() (others []string, err error) {
	seen := make(map[string]bool)
	for _, name := range r.names {
		for dir := path.Dir(name); dir != "." && !seen[dir]; dir = path.Dir(dir) {
			seen[dir] = true
			info, err := r.dir.Stat(dir)
			if isMissing(err) {
				info, err = r.dir.Lstat(dir) // a link that leads nowhere is there all the same
			}
			switch {
			case isMissing(err):
			case err != nil:
				return nil, err
			case !info.IsDir() && !r.owns(dir, info):
				return nil, fmt.Errorf("%s is a file in the folder and not spark's, and the game has a folder of that name", dir)
			}
		}
		info, err := r.dir.Lstat(name)
		switch {
		case isMissing(err):
		case err != nil:
			return nil, err
		case info.IsDir():
			if err := r.checkEmpties(name); err != nil {
				return nil, err
			}
		case r.owns(name, info):
		case !r.force:
			return nil, fmt.Errorf("%s is in the folder and not spark's; --force writes over it", name)
		default:
			others = append(others, name)
		}
	}
	return others, nil
}

// checkEmpties refuses a folder in the place of a file if it will not be empty, and so gone, without the game before.
func (r *replacement) checkEmpties(folder string) error {
	return fs.WalkDir(r.dir.FS(), folder, func(name string, e fs.DirEntry, err error) error {
		if err != nil || name == folder || e.IsDir() && r.folders[models.PathKey(name)] {
			return err
		}
		if info, err := r.dir.Lstat(name); err != nil || !r.owns(name, info) {
			return errors.Join(err, fmt.Errorf("%s is a folder that has %s in it, which is not spark's, and the game has a file of that name", folder, name))
		}
		return nil
	})
}

// owns reports whether a file that is there is Spark's, whatever case its name was written in.
func (r *replacement) owns(name string, info fs.FileInfo) bool {
	return slices.ContainsFunc(r.byKey[models.PathKey(name)], func(own string) bool {
		if own == name {
			return true
		}
		other, err := r.dir.Lstat(own)
		return err == nil && os.SameFile(info, other)
	})
}

// place moves a file to where it belongs; an empty folder makes way for it.
func place(dir gameFolder, from, name string) error {
	if err := dir.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	if isFolder(dir, name) {
		if err := dir.Remove(name); err != nil {
			return err
		}
	}
	return dir.Rename(from, name)
}

// isMissing reports whether there is no such file, be it that a folder of its path is a file.
func isMissing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// removeGameFile removes a file, and the folders that are empty without it. What is not there any more, or is a folder by
// now, is somebody else's doing.
func removeGameFile(dir gameFolder, name string) error {
	info, err := dir.Lstat(name)
	if err == nil && !info.IsDir() {
		err = dir.Remove(name)
	}
	if err != nil && !isMissing(err) {
		return err
	}
	for folder := path.Dir(name); folder != "." && isFolder(dir, folder) && dir.Remove(folder) == nil; {
		folder = path.Dir(folder) // until there are somebody else's files in one
	}
	return nil
}

// isFolder reports whether there is a folder of that name itself, not a link to one.
func isFolder(dir gameFolder, name string) bool {
	info, err := dir.Lstat(name)
	return err == nil && info.IsDir()
}
