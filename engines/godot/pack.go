package godot

import (
	"bytes"
	"crypto/md5" //nolint:gosec // the format's own checksum, not a secret's
	"encoding/binary"
	"errors"
	"fmt"
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

// readPack reads the table of a pack and checks that every file is whole. The files are slices of data.
func readPack(data []byte) (map[string][]byte, error) {
	if !bytes.HasPrefix(data, []byte(packMagic)) {
		return nil, errors.New("it is no pack")
	}
	if len(data) < packHead {
		return nil, errCut
	}
	number := func(i int) uint32 { return binary.LittleEndian.Uint32(data[4*i:]) }
	if v := number(1); v != packFormat {
		return nil, fmt.Errorf("it has format %d", v)
	}
	if major := number(2); major != 3 {
		return nil, fmt.Errorf("it is for Godot %d", major)
	}
	count := number(21)
	r := reader{data: data, at: packHead}
	if uint64(count)*minEntry > uint64(len(data)) {
		return nil, errCut
	}
	files := make(map[string][]byte, count)
	for range count {
		name := r.text(r.uint32(), maxPackPath)
		offset, size := r.uint64(), r.uint64()
		sum := r.take(md5.Size)
		if r.err != nil {
			return nil, r.err
		}
		if offset > uint64(len(data)) || size > uint64(len(data))-offset {
			return nil, fmt.Errorf("%q lies outside of it", name)
		}
		content := data[offset : offset+size]
		if got := md5.Sum(content); !bytes.Equal(got[:], sum) { //nolint:gosec // as above
			return nil, fmt.Errorf("%q has another content than it says", name)
		}
		if !strings.HasPrefix(name, "res://") || files[name] != nil {
			return nil, fmt.Errorf("%q is no proper name, or there twice", name)
		}
		files[name] = content
	}
	return files, nil
}

// checkPack tells whether data is a pack that the engine can start: settings that can be read, and the main scene in it.
func checkPack(data []byte) error {
	files, err := readPack(data)
	if err != nil {
		return err
	}
	raw, ok := files["res://project.binary"]
	if !ok {
		return errors.New("it has no project.binary")
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
	r := reader{data: data, at: 4}
	count := r.uint32()
	settings := map[string]string{}
	for i := uint32(0); i < count && r.err == nil; i++ {
		key := string(r.take(int64(r.uint32())))
		value := reader{data: r.take(int64(r.uint32()))}
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
	data []byte
	at   int
	err  error
}

func (r *reader) take(n int64) []byte {
	if r.err == nil && (n < 0 || n > int64(len(r.data)-r.at)) {
		r.err = errCut
	}
	if r.err != nil {
		return nil
	}
	part := r.data[r.at : r.at+int(n)]
	r.at += int(n)
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
	return strings.TrimRight(string(r.take(int64(n))), "\x00")
}
