package ebitengine

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Sections of a WebAssembly module, by the specification of its binary format.
const (
	sectionCustom = 0
	sectionImport = 2
	sectionExport = 7
	sectionCode   = 10
	lastSection   = 13
	maxCustoms    = 10_000
)

// order is where a section stands among the others; the numbers were given out in another order.
var order = [lastSection + 1]int{0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6}

var errCut = errors.New("it is cut off")

// maxSectionBytes is the largest list of imports or exports that is read: a Go program's have a few thousand bytes.
const maxSectionBytes = 1 << 20

// checkModule reports whether data is a whole WebAssembly module that a Go program was compiled to: sections that fit, in
// their order, with code, Go's imports, and the functions by which its runtime is started.
func checkModule(data io.ReaderAt, size int64) error {
	head := make([]byte, 8)
	if n, err := data.ReadAt(head, 0); n < len(head) || !bytes.Equal(head, []byte("\x00asm\x01\x00\x00\x00")) {
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		return invalid(wasmName + " is no WebAssembly module")
	}
	sections, err := readSections(data, size)
	if err != nil {
		return invalid(wasmName + ": " + err.Error())
	}
	if code := sections[sectionCode]; code == nil || code.Size() == 0 {
		return invalid(wasmName + " has no code")
	}
	imports, err := read(sections[sectionImport])
	if err != nil {
		return invalid(wasmName + ": " + err.Error())
	}
	exports, err := read(sections[sectionExport])
	switch {
	case err != nil:
		return invalid(wasmName + ": " + err.Error())
	case !bytes.Contains(imports, []byte("\x04gojs")):
		return invalid(wasmName + " is not compiled from Go")
	case !bytes.Contains(exports, []byte("\x03run")) || !bytes.Contains(exports, []byte("\x06resume")):
		return invalid(wasmName + " cannot be started")
	}
	return nil
}

// read is the content of a section, nothing if there is none.
func read(section *io.SectionReader) ([]byte, error) {
	switch {
	case section == nil:
		return nil, nil
	case section.Size() > maxSectionBytes:
		return nil, errors.New("its imports or exports are too large")
	}
	return io.ReadAll(section)
}

// readSections finds the sections of a module, without those that are custom. A custom section costs a look at its head,
// so there may be only so many.
func readSections(data io.ReaderAt, total int64) (map[byte]*io.SectionReader, error) {
	sections := map[byte]*io.SectionReader{}
	last, customs := 0, 0
	head := make([]byte, 6) // the id and the size
	for at := int64(8); at < total; {
		got, err := data.ReadAt(head[:min(int64(len(head)), total-at)], at)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if got == 0 {
			return nil, errCut
		}
		id := head[0]
		if id > lastSection {
			return nil, fmt.Errorf("unknown section %d", id)
		}
		size, n, err := readUint32(head[1:got])
		if err != nil {
			return nil, err
		}
		at += int64(1 + n)
		if int64(size) > total-at {
			return nil, errCut
		}
		if id == sectionCustom {
			if customs++; customs > maxCustoms {
				return nil, fmt.Errorf("more than %d custom sections", maxCustoms)
			}
		} else {
			if order[id] <= last {
				return nil, fmt.Errorf("section %d is out of order", id)
			}
			last = order[id]
			sections[id] = io.NewSectionReader(data, at, int64(size))
		}
		at += int64(size)
	}
	return sections, nil
}

// readUint32 reads a number in LEB128, and returns how many bytes it has.
func readUint32(data []byte) (v uint32, n int, err error) {
	for shift := 0; shift < 35; shift += 7 {
		if n == len(data) {
			return 0, 0, errCut
		}
		b := data[n]
		n++
		if shift == 28 && b > 0x0f {
			break
		}
		v |= uint32(b&0x7f) << shift
		if b < 0x80 {
			return v, n, nil
		}
	}
	return 0, 0, errors.New("a section's size is too large")
}
