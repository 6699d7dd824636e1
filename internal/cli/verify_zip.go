package cli

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// digestZip hashes the files in a zip. A zip in which some programs would find different files is refused.
func digestZip(f *os.File) (map[string]string, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s is no zip: %w", filepath.Base(f.Name()), err)
	}
	if len(z.File) > maxUnpackFiles {
		return nil, errors.New("the zip has too many files")
	}
	if err := oneDirectory(f, z.File); err != nil {
		return nil, err
	}
	found := make(map[string]string, len(z.File))
	left := int64(maxUnpackBytes)
	for _, entry := range z.File {
		if strings.HasSuffix(entry.Name, "/") && entry.UncompressedSize64 == 0 {
			continue
		}
		if !entry.Mode().IsRegular() { // programs differ in whether they believe that
			return nil, fmt.Errorf("%q is not a plain file", entry.Name)
		}
		if _, twice := found[entry.Name]; twice {
			return nil, fmt.Errorf("the zip has %q twice", entry.Name)
		}
		in, err := entry.Open()
		if err != nil {
			return nil, fmt.Errorf("%q in the zip: %w", entry.Name, err)
		}
		sum, size, err := digest(in, left)
		if err = errors.Join(err, in.Close()); err != nil {
			return nil, fmt.Errorf("%q in the zip: %w", entry.Name, err)
		}
		found[entry.Name] = sum
		left -= size
	}
	return found, nil
}

// errTwoDirectories is the error of a zip whose central directory, which is verified, differs from the headers before the files,
// which programs use that read a zip from its beginning.
var errTwoDirectories = errors.New("the zip has two directories that differ")

// Lengths and signatures of PKWARE's APPNOTE.TXT, sections 4.3.7, 4.3.9 and 4.3.12.
const (
	localHeader   = "PK\x03\x04"
	descriptor    = "PK\x07\x08"
	centralHeader = "PK\x01\x02"
	localLen      = 30
)

// oneDirectory reports whether a zip has the files of its directory one after another, under the same names, and nothing
// else before or between them.
func oneDirectory(r io.ReaderAt, files []*zip.File) error {
	type place struct {
		*zip.File
		data int64
	}
	places := make([]place, len(files))
	for i, f := range files {
		at, err := f.DataOffset()
		if err != nil {
			return fmt.Errorf("%q in the zip: %w", f.Name, err)
		}
		places[i] = place{f, at}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(a.data, b.data) })
	at := int64(0)
	for _, p := range places {
		head := make([]byte, localLen+len(p.Name))
		if _, err := r.ReadAt(head, at); err != nil {
			return errTwoDirectories
		}
		name, extra := binary.LittleEndian.Uint16(head[26:]), binary.LittleEndian.Uint16(head[28:])
		if !bytes.HasPrefix(head, []byte(localHeader)) || int(name) != len(p.Name) || string(head[localLen:]) != p.Name ||
			binary.LittleEndian.Uint16(head[8:]) != p.Method || p.data != at+localLen+int64(name)+int64(extra) ||
			p.CompressedSize64 > 1<<62 {
			return errTwoDirectories
		}
		at = p.data + int64(p.CompressedSize64)
		if p.Flags&8 != 0 {
			at += descriptorLen(r, at)
		}
	}
	if len(places) > 0 && !hasAt(r, at, centralHeader) {
		return errTwoDirectories
	}
	return nil
}

// descriptorLen is the length of the data descriptor after a file: with a signature or without, with 32 or 64 bits.
func descriptorLen(r io.ReaderAt, at int64) int64 {
	sum := int64(4)
	if hasAt(r, at, descriptor) {
		sum += 4
	}
	for _, sizes := range []int64{8, 16} {
		if next := at + sum + sizes; hasAt(r, next, localHeader) || hasAt(r, next, centralHeader) {
			return sum + sizes
		}
	}
	return 0
}

// hasAt reports whether there is a signature at a place.
func hasAt(r io.ReaderAt, at int64, signature string) bool {
	b := make([]byte, len(signature))
	_, err := r.ReadAt(b, at)
	return err == nil && string(b) == signature
}
