package media

import (
	"bytes"
	"encoding/binary"
)

// markup is out of place in what is not text. Each is long enough not to be there by chance in packed data.
var markup = [][]byte{[]byte("<script"), []byte("<!doctype"), []byte("<iframe"), []byte("<?php "), []byte("<object"), []byte("<foreignobject"),
	[]byte("javascript:"), []byte("\x7felf\x02\x01\x01"), []byte("!this program cannot be run")}

const (
	scanStep = 1 << 18
	overlap  = 64
)

// hostile refuses what other programs would take for something else: an archive at the end, a document or markup within it.
func (f *file) hostile(isBinary bool) error {
	head, err := f.upTo(0, 1024)
	if err != nil {
		return err
	}
	if bytes.Contains(head, []byte("%PDF-")) {
		return refused("it is a PDF as well")
	}
	if err := f.noArchive(); err != nil || !isBinary {
		return err
	}
	for at := int64(0); at < f.size; at += scanStep {
		b, err := f.upTo(at, scanStep+overlap)
		if err != nil {
			return err
		}
		lower(b)
		for _, m := range markup {
			if bytes.Contains(b, m) {
				return refused("there is markup or a program in it")
			}
		}
	}
	return nil
}

func lower(b []byte) {
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
}

// noArchive refuses a file at whose end programs find the directory of a zip.
func (f *file) noArchive() error {
	const record, longest = 22, 65535
	n := min(f.size, record+longest)
	tail, err := f.at(f.size-n, int(n))
	if err != nil {
		return err
	}
	for from := 0; ; {
		i := bytes.Index(tail[from:], []byte("PK\x05\x06"))
		if i < 0 {
			return nil
		}
		if at := from + i; len(tail)-at >= record {
			remark := int(binary.LittleEndian.Uint16(tail[at+20:]))
			directory := int64(binary.LittleEndian.Uint32(tail[at+12:]))
			if at+record+remark <= len(tail) && directory <= f.size {
				return refused("it is an archive as well")
			}
		}
		from += i + 4
	}
}
