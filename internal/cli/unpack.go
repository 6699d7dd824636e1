package cli

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/spark-games/spark/models"
)

// Limits of unpacking: a zip can declare little and contain much.
const (
	maxUnpackFiles = 5000
	maxUnpackBytes = 2 << 30
)

// unpack writes the files of a zip into a folder, in the place of the game that is there. Every path is checked before anything
// is written, and the folder is opened as a root, so that neither a path nor a link leads out of it.
func unpack(zipFile io.ReaderAt, size int64, dir string, force bool) (err error) {
	z, err := zip.NewReader(zipFile, size)
	if err != nil {
		return fmt.Errorf("the export is no zip: %w", err)
	}
	if len(z.File) > maxUnpackFiles {
		return errors.New("the export has too many files")
	}
	var names []string
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		names = append(names, f.Name)
		if !f.Mode().IsRegular() {
			return fmt.Errorf("the export is refused: %q is not a plain file", f.Name)
		}
		if strings.HasPrefix(models.PathKey(f.Name), ownPrefix) {
			return fmt.Errorf("the export is refused: %q is a name of spark's own", f.Name)
		}
	}
	if err := models.CheckPaths(names); err != nil {
		return fmt.Errorf("the export is refused: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	return replaceGame(root, names, force, func(at func(string) string) error { return unpackFiles(root, z.File, at) })
}

func unpackFiles(dir gameFolder, files []*zip.File, at func(name string) string) error {
	left := int64(maxUnpackBytes)
	for _, f := range files {
		if f.FileInfo().IsDir() {
			continue
		}
		n, err := unpackFile(dir, f, at(f.Name), left)
		if err != nil {
			return fmt.Errorf("unpack %s: %w", f.Name, err)
		}
		left -= n
	}
	return nil
}

func unpackFile(dir gameFolder, f *zip.File, name string, most int64) (n int64, err error) {
	in, err := f.Open()
	if err != nil {
		return 0, err
	}
	defer in.Close()
	if err := dir.MkdirAll(path.Dir(name), 0o755); err != nil {
		return 0, err
	}
	mode := fs.FileMode(0o644)
	if f.Mode()&0o100 != 0 {
		mode = 0o755 // a program
	}
	out, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	n, err = io.Copy(out, io.LimitReader(in, most+1))
	if err == nil && n > most {
		err = errors.New("the export is larger than 2 GiB")
	}
	return n, err
}
