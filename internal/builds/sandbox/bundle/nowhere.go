package bundle

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Leave takes the process to a folder that has been removed. A process that makes bundles has to do that first.
//
// An import whose path is computed, import(`./levels/${n}.js`), is a pattern to esbuild, which looks by itself, past every
// plugin, for the files that it fits: from the folder of the importing file, and from the process's own where that file has
// none, as a project's has not. A folder that has been removed has nothing in it and cannot be listed, and esbuild does not
// go up from what it cannot list: so no pattern fits anything, however many "../" it has.
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
