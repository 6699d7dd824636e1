package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"

	"github.com/andybalholm/brotli"
)

// readWOFF reads a web font (W3C, WOFF 1.0): its tables, each of which is unpacked, fill the file.
func readWOFF(f *file, _ *Info) error {
	const header, row = 44, 20
	h, n, err := readPacked(f, header, 36)
	if err != nil {
		return err
	}
	rows, err := f.at(header, row*n)
	if err != nil {
		return err
	}
	parts, names, left := spans{{0, int64(header + row*n)}}, map[string]bool{}, int64(maxFont)
	for ; len(rows) > 0; rows = rows[row:] {
		from, packed, size := word(rows[4:]), word(rows[8:]), word(rows[12:])
		if from < header || packed > size || packed > f.size-from {
			return refused("a table breaks off")
		}
		if left -= size; left < 0 {
			return refused("it unpacks to more than it may")
		}
		if packed < size {
			if err := unpacks(f, from, packed, size); err != nil {
				return err
			}
		}
		parts, names[string(rows[:4])] = append(parts, span{from, from + packed}), true
	}
	if !names["cmap"] || !names["head"] {
		return refused("it has no characters")
	}
	if at, packed, size := word(h[24:]), word(h[28:]), word(h[32:]); packed > 0 {
		if packed > f.size-at || size > maxInflated {
			return refused("its remark breaks off, or unpacks to more than it may")
		}
		if err := unpacks(f, at, packed, size); err != nil {
			return err
		}
		parts = append(parts, span{at, at + packed})
	}
	return parts.cover(f.size)
}

func word(b []byte) int64 { return int64(binary.BigEndian.Uint32(b)) }

// unpacks makes sure that a part of the file unpacks to so many bytes, and is all of what is packed.
func unpacks(f *file, from, packed, size int64) error {
	data, err := f.at(from, int(packed))
	if err != nil {
		return err
	}
	in := bytes.NewReader(data)
	z, err := zlib.NewReader(in)
	if err != nil {
		return refused("a table cannot be unpacked")
	}
	if n, err := io.Copy(io.Discard, io.LimitReader(z, size+1)); err != nil || n != size || in.Len() > 0 {
		return refused("a table does not unpack to what it says")
	}
	return nil
}

// readPacked reads the header that both web fonts have, and how many tables there are. private is where the header tells of private data.
func readPacked(f *file, header, private int) (h []byte, tables int, err error) {
	if h, err = f.at(0, header); err != nil {
		return nil, 0, err
	}
	tables = int(binary.BigEndian.Uint16(h[12:]))
	switch {
	case word(h[8:]) != f.size:
		err = refused("it is not as long as it says")
	case tables == 0 || tables > 256:
		err = refused("it has no tables, or too many")
	case word(h[16:]) > maxFont || f.size > maxFont:
		err = refused("it unpacks to more than it may")
	case word(h[private:]) != 0 || word(h[private+4:]) != 0:
		err = refused("it has private data")
	}
	return h, tables, err
}

// The numbers of tables in a WOFF2 that are of interest here, and the one that says that the name follows.
const (
	woff2Cmap  = 0
	woff2Head  = 1
	woff2Glyf  = 10
	woff2Loca  = 11
	woff2Named = 63
)

// readWOFF2 reads a web font (W3C, WOFF File Format 2.0): its one stream unpacks to all of its tables, and fills the file.
func readWOFF2(f *file, _ *Info) error {
	const header = 48
	h, n, err := readPacked(f, header, 40)
	if err != nil {
		return err
	}
	if string(h[4:8]) == "ttcf" {
		return refused("it is a collection of fonts")
	}
	directory, err := f.upTo(header, n*15)
	if err != nil {
		return err
	}
	d := &woff2Directory{rest: directory}
	for range n {
		d.table()
	}
	switch {
	case d.broken:
		return refused("its tables break off")
	case d.size > maxFont:
		return refused("it unpacks to more than it may")
	case !d.has[woff2Cmap] || !d.has[woff2Head]:
		return refused("it has no characters")
	}
	from := int64(header + len(directory) - len(d.rest))
	packed := word(h[20:])
	if packed > f.size-from {
		return refused("its tables break off")
	}
	if err := unbrotlis(f, from, packed, d.size); err != nil {
		return err
	}
	parts := spans{{0, from}, {from, from + packed}}
	if at, packed, size := word(h[28:]), word(h[32:]), word(h[36:]); packed > 0 {
		if packed > f.size-at || size > maxInflated {
			return refused("its remark breaks off, or unpacks to more than it may")
		}
		if err := unbrotlis(f, at, packed, size); err != nil {
			return err
		}
		parts = append(parts, span{at, at + packed})
	}
	return parts.cover(f.size)
}

// unbrotlis is unpacks for Brotli.
func unbrotlis(f *file, from, packed, size int64) error {
	in := &counted{r: f.section(from, packed)}
	n, err := io.Copy(io.Discard, io.LimitReader(brotli.NewReader(in), size+1))
	if err != nil || n != size || in.n != packed {
		return refused("it does not unpack to what it says")
	}
	return nil
}

// counted counts what is read.
type counted struct {
	r io.Reader
	n int64
}

// Read implements io.Reader.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// woff2Directory reads the directory of tables.
type woff2Directory struct {
	rest   []byte
	size   int64 // of all tables as they are packed
	has    [woff2Named]bool
	broken bool
}

func (d *woff2Directory) table() {
	flags := int(d.byte())
	name, transformed := flags&0x3f, flags>>6 != 0
	if name == woff2Named {
		for range 4 {
			d.byte()
		}
	} else {
		d.has[name] = true
	}
	size := d.number()
	if name == woff2Glyf || name == woff2Loca {
		transformed = flags>>6 != 3
	}
	if transformed {
		size = d.number()
	}
	d.size += size
}

func (d *woff2Directory) byte() byte {
	if len(d.rest) == 0 {
		d.broken = true
		return 0
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}

// number reads a UIntBase128.
func (d *woff2Directory) number() (v int64) {
	for i := range 5 {
		b := d.byte()
		if i == 0 && b == 0x80 {
			d.broken = true
		}
		if v = v<<7 | int64(b&0x7f); b&0x80 == 0 {
			if v > 1<<32-1 {
				d.broken = true
			}
			return v
		}
	}
	d.broken = true
	return 0
}
