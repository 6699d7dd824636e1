package media

import "encoding/binary"

// riffChunk is a chunk of a RIFF file.
type riffChunk struct {
	kind         string
	offset, size int64
}

// riffChunks lists the chunks between two places, which are full of them.
func riffChunks(f *file, at, end int64) ([]riffChunk, error) {
	var all []riffChunk
	for at < end {
		h, err := f.at(at, 8)
		if err != nil {
			return nil, err
		}
		c := riffChunk{string(h[:4]), at + 8, int64(binary.LittleEndian.Uint32(h[4:]))}
		padded := c.size + c.size&1
		if padded > end-c.offset && (c.size != end-c.offset) || len(all) >= maxParts {
			return nil, refused("its chunks break off")
		}
		all, at = append(all, c), c.offset+padded
	}
	return all, nil
}

// riffWhole is riffChunks of a whole file.
func riffWhole(f *file) ([]riffChunk, error) {
	h, err := f.at(0, 12)
	if err != nil {
		return nil, err
	}
	if size := int64(binary.LittleEndian.Uint32(h[4:])); size+8 != f.size && size+size&1+8 != f.size {
		return nil, refused("it is not as long as it says")
	}
	return riffChunks(f, 12, f.size)
}

func readWebP(f *file, i *Info) error {
	chunks, err := riffWhole(f)
	if err != nil {
		return err
	}
	frames, images := 0, 0
	for n, c := range chunks {
		switch c.kind {
		case "VP8X":
			b, err := f.at(c.offset, 10)
			if err != nil || n != 0 {
				return refused("its header is not in order")
			}
			i.Alpha = b[0]&0x10 != 0
			if err := i.dimensions(1+int24(b[4:]), 1+int24(b[7:])); err != nil {
				return err
			}
		case "VP8 ", "VP8L":
			images++
			if err := webpImage(f, c, i, i.Width == 0); err != nil {
				return err
			}
		case "ANMF":
			frames++
			if err := webpFrame(f, c, i); err != nil {
				return err
			}
		case "ALPH", "ANIM", "ICCP", "EXIF", "XMP ":
		default:
			return refused("it has an unknown chunk")
		}
	}
	if images > 1 || images == 1 && frames > 0 || images+frames == 0 {
		return refused("it has not one image")
	}
	return i.animated(max(frames, 1))
}

func int24(b []byte) int64 { return int64(b[0]) | int64(b[1])<<8 | int64(b[2])<<16 }

// webpImage checks the size of an image against that of its canvas, or notes it if there is none.
func webpImage(f *file, c riffChunk, i *Info, alone bool) error {
	if c.size < 10 {
		return refused("an image breaks off")
	}
	b, err := f.at(c.offset, 10)
	if err != nil {
		return err
	}
	var width, height int64
	switch {
	case c.kind == "VP8L" && b[0] == 0x2f:
		bits := binary.LittleEndian.Uint32(b[1:])
		width, height = int64(bits&0x3fff)+1, int64(bits>>14&0x3fff)+1
		i.Alpha = i.Alpha || bits>>28&1 != 0
	case c.kind == "VP8 " && b[3] == 0x9d && b[4] == 0x01 && b[5] == 0x2a:
		width, height = int64(binary.LittleEndian.Uint16(b[6:])&0x3fff), int64(binary.LittleEndian.Uint16(b[8:])&0x3fff)
	default:
		return refused("an image is not in order")
	}
	if alone {
		return i.dimensions(width, height)
	}
	if width > int64(i.Width) || height > int64(i.Height) {
		return refused("an image is larger than its canvas")
	}
	return nil
}

func webpFrame(f *file, c riffChunk, i *Info) error {
	if i.Width == 0 || c.size < 16 {
		return refused("a frame is not in order")
	}
	parts, err := riffChunks(f, c.offset+16, c.offset+c.size)
	if err != nil {
		return err
	}
	images := 0
	for _, p := range parts {
		switch p.kind {
		case "VP8 ", "VP8L":
			images++
			if err := webpImage(f, p, i, false); err != nil {
				return err
			}
		case "ALPH":
		default:
			return refused("a frame has an unknown chunk")
		}
	}
	if images != 1 {
		return refused("a frame has not one image")
	}
	return nil
}
