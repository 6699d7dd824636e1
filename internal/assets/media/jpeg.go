package media

import (
	"bytes"
	"encoding/binary"
)

// maxScans limits in how many passes an image is written: each costs a decoder as much as the whole image.
const maxScans = 20

func readJPEG(f *file, i *Info) error {
	at, scans := int64(2), 0
	i.Frames = 1
	for range maxParts {
		b, err := f.at(at, 2)
		if err != nil {
			return err
		}
		if b[0] != 0xff {
			return refused("a marker is missing")
		}
		marker := b[1]
		switch {
		case marker == 0xff: // fill bytes
			at++
			continue
		case marker == 0xd9:
			if at+2 != f.size {
				return refused("there is something behind its end")
			}
			if i.Width == 0 || scans == 0 {
				return refused("it has no image")
			}
			return nil
		case marker == 0xd8 || marker == 0 || marker >= 0xd0 && marker < 0xd8:
			return refused("a marker is out of place")
		}
		head, err := f.at(at+2, 2)
		if err != nil {
			return err
		}
		size := int64(binary.BigEndian.Uint16(head))
		if size < 2 || size > f.size-at-2 {
			return refused("a segment breaks off")
		}
		if isFrame := marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc; isFrame {
			h, err := f.at(at+4, 5)
			switch {
			case err != nil:
				return err
			case i.Width != 0:
				return refused("it has two frames")
			case marker > 0xc2:
				return refused("it is of a kind that browsers do not show")
			}
			if err := i.dimensions(int64(binary.BigEndian.Uint16(h[3:])), int64(binary.BigEndian.Uint16(h[1:]))); err != nil {
				return err
			}
		}
		at += 2 + size
		if marker == 0xda {
			if scans++; scans > maxScans {
				return refused("it has too many scans")
			}
			if at, err = f.afterScan(at); err != nil {
				return err
			}
		}
	}
	return refused("it has too many segments")
}

// afterScan is where the marker after a scan's data is.
func (f *file) afterScan(at int64) (int64, error) {
	for at < f.size {
		b, err := f.upTo(at, scanStep)
		if err != nil {
			return 0, err
		}
		for from := 0; ; {
			k := bytes.IndexByte(b[from:], 0xff)
			if k < 0 {
				at += int64(len(b))
				break
			}
			k += from
			if k+1 == len(b) {
				if at+int64(len(b)) == f.size {
					return 0, refused("it breaks off")
				}
				at += int64(k)
				break
			}
			if m := b[k+1]; m != 0 && (m < 0xd0 || m > 0xd7) {
				return at + int64(k), nil
			}
			from = k + 2
			if from >= len(b) {
				at += int64(from)
				break
			}
		}
	}
	return 0, refused("it breaks off")
}
