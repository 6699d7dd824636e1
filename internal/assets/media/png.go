package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// pngChunk is where a chunk's data is.
type pngChunk struct {
	kind   string
	offset int64
	size   int64
}

// pngChunks lists the chunks of a PNG, whose checksums are right, to the end of the file.
func pngChunks(f *file) ([]pngChunk, error) {
	var all []pngChunk
	for at := int64(8); ; {
		head, err := f.at(at, 8)
		if err != nil {
			return nil, err
		}
		c := pngChunk{string(head[4:]), at + 8, int64(binary.BigEndian.Uint32(head))}
		if c.size > f.size-c.offset-4 || len(all) >= maxParts {
			return nil, refused("its chunks break off")
		}
		sum := crc32.NewIEEE()
		sum.Write(head[4:])
		if _, err := io.Copy(sum, f.section(c.offset, c.size)); err != nil {
			return nil, err
		}
		want, err := f.at(c.offset+c.size, 4)
		if err != nil {
			return nil, err
		}
		if sum.Sum32() != binary.BigEndian.Uint32(want) {
			return nil, refused("a checksum is wrong")
		}
		all, at = append(all, c), c.offset+c.size+4
		if c.kind == "IEND" {
			if c.size != 0 || at != f.size {
				return nil, refused("there is something behind its end")
			}
			return all, nil
		}
	}
}

func readPNG(f *file, i *Info) error {
	chunks, err := pngChunks(f)
	if err != nil {
		return err
	}
	if chunks[0].kind != "IHDR" || chunks[0].size != 13 {
		return refused("it does not begin with its header")
	}
	h, err := f.at(chunks[0].offset, 13)
	if err != nil {
		return err
	}
	if err := i.dimensions(int64(binary.BigEndian.Uint32(h)), int64(binary.BigEndian.Uint32(h[4:]))); err != nil {
		return err
	}
	i.Alpha = h[9] == 4 || h[9] == 6
	var pixels []io.Reader
	frames, remarks := 0, int64(0)
	for n, c := range chunks[1:] {
		switch c.kind {
		case "IHDR":
			return refused("it has two headers")
		case "IDAT":
			pixels = append(pixels, f.section(c.offset, c.size))
		case "PLTE", "IEND", "fdAT":
		case "tRNS":
			i.Alpha = true
		case "fcTL":
			if frames++; c.size != 26 {
				return refused("a frame is not in order")
			}
		case "zTXt", "iTXt", "iCCP":
			remarks += c.size
			if err := pngRemark(f, c); err != nil {
				return err
			}
		default:
			if remarks += c.size; c.kind[0]&0x20 == 0 {
				return refused("it has an unknown chunk")
			}
		}
		if remarks > maxSegment || n > maxParts {
			return refused("it has too many remarks")
		}
	}
	if err := i.animated(max(frames, 1)); err != nil {
		return err
	}
	want, err := pngBytes(h, i)
	if err != nil {
		return err
	}
	return inflates(io.MultiReader(pixels...), want, want)
}

// pngBytes is how many bytes the pixels of a PNG unpack to.
func pngBytes(h []byte, i *Info) (int64, error) {
	samples := map[byte]int64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[h[9]]
	if depth := h[8]; samples == 0 || h[12] > 1 || depth != 1 && depth != 2 && depth != 4 && depth != 8 && depth != 16 {
		return 0, refused("its pixels are of no known kind")
	}
	rows := func(w, h, bits int64) int64 {
		if w == 0 || h == 0 {
			return 0
		}
		return h * (1 + (w*bits+7)/8)
	}
	w, height, bits := int64(i.Width), int64(i.Height), samples*int64(h[8])
	if h[12] == 0 {
		return rows(w, height, bits), nil
	}
	total := int64(0)
	for _, p := range [][4]int64{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
		total += rows((w-p[0]+p[2]-1)/p[2], (height-p[1]+p[3]-1)/p[3], bits)
	}
	return total, nil
}

// inflates refuses what does not unpack to as many bytes as it should.
func inflates(r io.Reader, least, most int64) error {
	z, err := zlib.NewReader(r)
	if err != nil {
		return refused("its data cannot be unpacked")
	}
	defer z.Close()
	n, err := io.Copy(io.Discard, io.LimitReader(z, most+1))
	switch {
	case n > most:
		return refused("its data unpacks to more than it may")
	case err != nil || n < least:
		return refused("its data cannot be unpacked")
	}
	// The checksum is read with the end.
	if _, err := z.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		return refused("its data cannot be unpacked")
	}
	return nil
}

// pngRemark refuses compressed remarks that are bombs.
func pngRemark(f *file, c pngChunk) error {
	if c.size > maxInflated {
		return refused("a remark is too long")
	}
	b, err := f.at(c.offset, int(c.size))
	if err != nil {
		return err
	}
	_, rest, ok := bytes.Cut(b, []byte{0})
	if !ok || len(rest) < 2 {
		return refused("a remark is not in order")
	}
	if c.kind != "iTXt" {
		return inflates(bytes.NewReader(rest[1:]), 0, maxInflated)
	}
	packed := rest[0] == 1
	_, rest, ok = bytes.Cut(rest[2:], []byte{0})
	if ok {
		_, rest, ok = bytes.Cut(rest, []byte{0})
	}
	switch {
	case !ok:
		return refused("a remark is not in order")
	case packed:
		return inflates(bytes.NewReader(rest), 0, maxInflated)
	}
	return nil
}
