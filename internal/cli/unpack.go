package cli

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"

	"github.com/spark-games/spark/models"
)

// Limits of what is unpacked: a zip can promise little and hold much.
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
		if err := models.CheckPath(f.Name); err != nil {
			return fmt.Errorf("the export is refused: %w", err)
		}
		names = append(names, f.Name)
		if !f.Mode().IsRegular() {
			return fmt.Errorf("the export is refused: %q is not a plain file", f.Name)
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	return replaceGame(root, names, force, func() error { return unpackFiles(root, z.File) })
}

func unpackFiles(root *os.Root, files []*zip.File) error {
	left := int64(maxUnpackBytes)
	for _, f := range files {
		if f.FileInfo().IsDir() {
			continue
		}
		n, err := unpackFile(root, f, left)
		if err != nil {
			return fmt.Errorf("unpack %s: %w", f.Name, err)
		}
		left -= n
	}
	return nil
}

func unpackFile(root *os.Root, f *zip.File, most int64) (n int64, err error) {
	in, err := f.Open()
	if err != nil {
		return 0, err
	}
	defer in.Close()
	if dir := path.Dir(f.Name); dir != "." {
		if err := root.MkdirAll(dir, 0o755); err != nil {
			return 0, err
		}
	}
	out, err := root.OpenFile(f.Name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if f.Mode()&0o100 != 0 {
		// A program; of the file that it may have been before, only the content is new.
		if err := out.Chmod(0o755); err != nil {
			return 0, err
		}
	}
	n, err = io.Copy(out, io.LimitReader(in, most+1))
	if err == nil && n > most {
		err = errors.New("the export is larger than 2 GiB")
	}
	return n, err
}
