package ebitengine

import (
	"bytes"
	"errors"
	"fmt"
)

// Sections of a WebAssembly module, by the specification of its binary format.
const (
	sectionCustom = 0
	sectionImport = 2
	sectionExport = 7
	sectionCode   = 10
	lastSection   = 13
)

// order is where a section stands among the others; the numbers were given out in another order.
var order = [lastSection + 1]int{0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6}

var errCut = errors.New("it is cut off")

// checkModule tells whether data is a whole WebAssembly module that a Go program was compiled to: sections that fit, in
// their order, with code, Go's imports, and the functions by which its runtime is started.
func checkModule(data []byte) error {
	if len(data) < 8 || !bytes.Equal(data[:8], []byte("\x00asm\x01\x00\x00\x00")) {
		return invalid(wasmName + " is no WebAssembly module")
	}
	sections, err := readSections(data[8:])
	switch {
	case err != nil:
		return invalid(wasmName + ": " + err.Error())
	case len(sections[sectionCode]) == 0:
		return invalid(wasmName + " has no code")
	case !bytes.Contains(sections[sectionImport], []byte("\x04gojs")):
		return invalid(wasmName + " is not compiled from Go")
	case !bytes.Contains(sections[sectionExport], []byte("\x03run")) || !bytes.Contains(sections[sectionExport], []byte("\x06resume")):
		return invalid(wasmName + " cannot be started")
	}
	return nil
}

func readSections(data []byte) (map[byte][]byte, error) {
	sections := map[byte][]byte{}
	last := 0
	for len(data) > 0 {
		id := data[0]
		if id > lastSection {
			return nil, fmt.Errorf("unknown section %d", id)
		}
		size, n, err := readUint32(data[1:])
		if err != nil {
			return nil, err
		}
		data = data[1+n:]
		if uint64(size) > uint64(len(data)) {
			return nil, errCut
		}
		if id != sectionCustom {
			if order[id] <= last {
				return nil, fmt.Errorf("section %d is out of order", id)
			}
			last = order[id]
			sections[id] = data[:size]
		}
		data = data[size:]
	}
	return sections, nil
}

// readUint32 reads a number in LEB128, and tells how many bytes it has.
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
