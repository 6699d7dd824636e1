package media

import "encoding/binary"

func readGIF(f *file, i *Info) error {
	h, err := f.at(0, 13)
	if err != nil {
		return err
	}
	if err := i.dimensions(int64(binary.LittleEndian.Uint16(h[6:])), int64(binary.LittleEndian.Uint16(h[8:]))); err != nil {
		return err
	}
	at, frames := int64(13)+colours(h[10]), 0
	for range maxParts {
		b, err := f.at(at, 1)
		if err != nil {
			return err
		}
		switch b[0] {
		case 0x3b:
			if at+1 != f.size {
				return refused("there is something behind its end")
			}
			if frames == 0 {
				return refused("it has no image")
			}
			return i.animated(frames)
		case 0x21:
			ext, err := f.upTo(at, 4)
			if err != nil {
				return err
			}
			if len(ext) == 4 && ext[1] == 0xf9 && ext[3]&1 != 0 {
				i.Alpha = true
			}
			at += 2
		case 0x2c:
			d, err := f.at(at, 10)
			if err != nil {
				return err
			}
			x, y := int(binary.LittleEndian.Uint16(d[1:])), int(binary.LittleEndian.Uint16(d[3:]))
			if x+int(binary.LittleEndian.Uint16(d[5:])) > i.Width || y+int(binary.LittleEndian.Uint16(d[7:])) > i.Height {
				return refused("a frame is larger than the image")
			}
			frames++
			at += 10 + colours(d[9]) + 1
		default:
			return refused("a block is of no known kind")
		}
		if at, err = f.afterBlocks(at); err != nil {
			return err
		}
	}
	return refused("it has too many blocks")
}

// colours is the size of the table of colours that flags tell of.
func colours(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// afterBlocks is what follows the data of a block.
func (f *file) afterBlocks(at int64) (int64, error) {
	buffer, from := []byte(nil), int64(0)
	for {
		if buffer == nil || at < from || at >= from+int64(len(buffer)) {
			b, err := f.upTo(at, scanStep)
			if err != nil {
				return 0, err
			}
			if len(b) == 0 {
				return 0, refused("it breaks off")
			}
			buffer, from = b, at
		}
		n := int64(buffer[at-from])
		if at += 1 + n; n == 0 {
			return at, nil
		}
	}
}
