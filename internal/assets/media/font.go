package media

import "encoding/binary"

// readFont reads the directory of a font: its tables fill the file.
func readFont(f *file, _ *Info) error {
	h, err := f.at(0, 12)
	if err != nil {
		return err
	}
	n := int(binary.BigEndian.Uint16(h[4:]))
	if n < 1 || n > 256 || f.size > maxFont {
		return refused("it has no tables, or too many")
	}
	rows, err := f.at(12, 16*n)
	if err != nil {
		return err
	}
	end, names := int64(12+16*n), map[string]bool{}
	for ; len(rows) > 0; rows = rows[16:] {
		from, size := int64(binary.BigEndian.Uint32(rows[8:])), int64(binary.BigEndian.Uint32(rows[12:]))
		if from < 12 || size > f.size-from {
			return refused("a table breaks off")
		}
		end, names[string(rows[:4])] = max(end, from+size), true
	}
	if !names["cmap"] || !names["head"] {
		return refused("it has no characters")
	}
	if f.size-end > 3 {
		return refused("there is something behind its end")
	}
	return nil
}

func readWOFF(f *file, _ *Info) error { return readPackedFont(f, 44, 16) }

func readWOFF2(f *file, _ *Info) error { return readPackedFont(f, 48, 16) }

// readPackedFont reads the header of a web font. Browsers check the tables themselves as they unpack them.
func readPackedFont(f *file, header, unpacked int) error {
	h, err := f.at(0, header)
	if err != nil {
		return err
	}
	switch {
	case int64(binary.BigEndian.Uint32(h[8:])) != f.size:
		return refused("it is not as long as it says")
	case binary.BigEndian.Uint16(h[12:]) == 0 || binary.BigEndian.Uint16(h[12:]) > 256:
		return refused("it has no tables, or too many")
	case int64(binary.BigEndian.Uint32(h[unpacked:])) > maxFont || f.size > maxFont:
		return refused("it unpacks to more than it may")
	}
	return nil
}
