package bundle

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Leave takes the process to a folder that has been removed. A process that makes bundles has to do that first.
//
// To esbuild, an import whose path is computed, import(`./levels/${n}.js`), is a pattern. Without asking a plugin, it searches
// for matching files, starting at the folder of the importing file, or at the process's working folder if the file has none, as
// a project's files do not. A folder that has been removed is empty and cannot be listed, and esbuild does not go up from a
// folder that it cannot list: so no pattern matches anything, however many "../" it has.
func Leave() error {
	dir, err := os.MkdirTemp("", "spark-nowhere-")
	if err != nil {
		return fmt.Errorf("leave the working folder: %w", err)
	}
	if err := os.Chdir(dir); err != nil {
		return errors.Join(fmt.Errorf("leave the working folder: %w", err), os.Remove(dir))
	}
	if err := os.Remove(dir); err != nil {
		return fmt.Errorf("leave the working folder: %w", err)
	}
	return nowhere()
}

// nowhere makes sure that the process has left.
func nowhere() error {
	here, err := os.Open(".")
	if err == nil {
		defer here.Close()
		_, err = here.Readdirnames(-1)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return errors.Join(errors.New("the bundler's process has a working folder"), err)
}
