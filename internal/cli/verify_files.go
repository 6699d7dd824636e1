package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spark-games/spark/internal/builds/provenance"
)

// verifyOffline checks a file or a folder on this machine.
func (*client) verifyOffline(_ context.Context, o verifyOptions) (*provenance.Statement, error) {
	if o.publicKeys == "" {
		return nil, usagef("--public-key is needed to check without a server; 'spark signing-keys' prints a server's")
	}
	keys, err := readPublicKeys(o.publicKeys)
	if err != nil {
		return nil, err
	}
	envelope, err := os.ReadFile(o.provenance)
	if err != nil {
		return nil, usagef("--provenance: %v", err)
	}
	info, err := os.Stat(o.subject)
	if err != nil {
		return nil, usagef("%v", err)
	}
	s, err := provenance.Open(envelope, keys)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		found, err := digestFolder(o.subject)
		if err != nil {
			return nil, err
		}
		return s, s.CheckFolder(found)
	}
	return s, checkFile(o.subject, s)
}

// checkFile checks a file: the one of an export, or a build that was downloaded as a zip.
func checkFile(name string, s *provenance.Statement) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	sum, _, err := digest(f, maxDownload)
	if err != nil {
		return err
	}
	wrong := s.CheckOne(filepath.Base(name), sum)
	if wrong == nil || s.BuildType != provenance.BuildType || !strings.EqualFold(filepath.Ext(name), ".zip") {
		return wrong
	}
	found, err := digestZip(f)
	if err != nil {
		return err
	}
	return s.CheckFiles(found)
}

// digest hashes a file of at most so many bytes.
func digest(r io.Reader, most int64) (sum string, size int64, err error) {
	h := sha256.New()
	size, err = io.Copy(h, io.LimitReader(r, most+1))
	if err == nil && size > most {
		err = errors.New("it is too large")
	}
	return hex.EncodeToString(h.Sum(nil)), size, err
}

// digestFolder hashes the files of a folder.
func digestFolder(dir string) (map[string]string, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	found := make(map[string]string)
	err = fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path == ownFile {
			return err
		}
		if !d.Type().IsRegular() {
			return fmt.Errorf("%q is not a plain file", path)
		}
		if len(found) == maxUnpackFiles {
			return errors.New("the folder has too many files")
		}
		f, err := root.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		found[path], _, err = digest(f, maxDownload)
		return err
	})
	return found, err
}
