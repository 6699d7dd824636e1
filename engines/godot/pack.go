package godot

import (
	"bufio"
	"bytes"
	"crypto/md5" //nolint:gosec // the format's own checksum, not a secret's
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A pack is a header, a table of files, and the files:
//
//	"GDPC", format, engine's version (3 numbers), 16 reserved numbers, count of files,
//	count × (length of the name, the name, offset and size as 64-bit numbers, MD5)
//
// Numbers have 32 bits, and little endian order. A name is filled up with zeros to a multiple of four bytes.
const (
	packMagic   = "GDPC"
	packFormat  = 1 // of Godot 3
	packHead    = 4 * (5 + 16 + 1)
	maxPackPath = 4096
	minEntry    = 4 + 4 + 8 + 8 + md5.Size
)

var errCut = errors.New("it is cut off")

// What of a pack is taken into memory: its table, and the engine's settings.
const (
	maxPackFiles     = 1 << 16
	maxSettingsBytes = 8 << 20
)

// readPack reads the table of a pack and checks that every file is whole. The files are sections of data, which together
// are not larger than it.
func readPack(data io.ReaderAt, total int64) (map[string]*io.SectionReader, error) {
	in := io.NewSectionReader(data, 0, total)
	r := reader{in: bufio.NewReader(in), left: total}
	magic := r.take(uint32(len(packMagic)))
	if string(magic) != packMagic {
		return nil, errors.New("it is no pack")
	}
	if total < packHead {
		return nil, errCut
	}
	if v := r.uint32(); v != packFormat {
		return nil, fmt.Errorf("it has format %d", v)
	}
	if major := r.uint32(); major != 3 {
		return nil, fmt.Errorf("it is for Godot %d", major)
	}
	r.take(packHead - 4*4)
	count := r.uint32()
	switch {
	case int64(count)*minEntry > total:
		return nil, errCut
	case count > maxPackFiles:
		return nil, fmt.Errorf("it has more than %d files", maxPackFiles)
	}
	files := make(map[string]*io.SectionReader, count)
	free := total // no pack has more content than bytes, or checking it would have no end
	for range count {
		name := r.text(r.uint32(), maxPackPath)
		offset, size := r.uint64(), r.uint64()
		sum := r.take(md5.Size)
		if r.err != nil {
			return nil, r.err
		}
		if offset > uint64(total) || size > uint64(total)-offset {
			return nil, fmt.Errorf("%q lies outside of it", name)
		}
		if free -= int64(size); free < 0 {
			return nil, errors.New("its files lie over one another")
		}
		content := io.NewSectionReader(data, int64(offset), int64(size))
		got := md5.New() //nolint:gosec // as above
		if _, err := io.Copy(got, content); err != nil {
			return nil, err
		}
		if !bytes.Equal(got.Sum(nil), sum) {
			return nil, fmt.Errorf("%q has another content than it says", name)
		}
		if !strings.HasPrefix(name, "res://") || files[name] != nil {
			return nil, fmt.Errorf("%q is no proper name, or there twice", name)
		}
		files[name] = content
	}
	return files, nil
}

// checkPack reports whether data is a pack that the engine can start: settings that can be read, and the main scene in it.
func checkPack(data io.ReaderAt, size int64) error {
	files, err := readPack(data, size)
	if err != nil {
		return err
	}
	project, ok := files["res://project.binary"]
	if !ok {
		return errors.New("it has no project.binary")
	}
	if project.Size() > maxSettingsBytes {
		return errors.New("its project.binary is too large")
	}
	raw := make([]byte, project.Size())
	if _, err := project.ReadAt(raw, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	settings, err := readSettings(raw)
	if err != nil {
		return fmt.Errorf("project.binary: %w", err)
	}
	main := settings["application/run/main_scene"]
	if main == "" {
		return errors.New("it has no main scene")
	}
	main = "res://" + strings.TrimPrefix(main, "res://")
	for _, name := range []string{main, main + ".remap", main + ".import"} {
		if _, ok := files[name]; ok {
			return nil
		}
	}
	return fmt.Errorf("its main scene %q is not in it", main)
}

// Types of the engine's values in project.binary.
const variantString = 4

// readSettings reads those settings of a project.binary that are texts: "ECFG", a count, and for each the length of its
// name, its name, the length of its value, and the value, which begins with its type.
func readSettings(data []byte) (map[string]string, error) {
	if !bytes.HasPrefix(data, []byte("ECFG")) {
		return nil, errors.New("it is not one")
	}
	r := readerOf(data[4:])
	count := r.uint32()
	settings := map[string]string{}
	for i := uint32(0); i < count && r.err == nil; i++ {
		key := string(r.take(r.uint32()))
		value := readerOf(r.take(r.uint32()))
		if value.uint32() == variantString && value.err == nil {
			if text := value.text(value.uint32(), len(data)); value.err == nil {
				settings[key] = text
			}
		}
	}
	return settings, r.err
}

// reader reads numbers and texts until one does not fit; then it says so and answers zeros.
type reader struct {
	in   io.Reader
	left int64
	err  error
}

func readerOf(data []byte) *reader {
	return &reader{in: bytes.NewReader(data), left: int64(len(data))}
}

func (r *reader) take(n uint32) []byte {
	if r.err == nil && int64(n) > r.left {
		r.err = errCut
	}
	if r.err != nil {
		return nil
	}
	part := make([]byte, n)
	if _, r.err = io.ReadFull(r.in, part); r.err != nil {
		return nil
	}
	r.left -= int64(n)
	return part
}

func (r *reader) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (r *reader) uint64() uint64 {
	if b := r.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// text reads n bytes, without the zeros that fill them up.
func (r *reader) text(n uint32, most int) string {
	if int64(n) > int64(most) {
		r.err = errors.Join(r.err, errors.New("a name is too long"))
	}
	return strings.TrimRight(string(r.take(n)), "\x00")
}
