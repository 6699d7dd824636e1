package media

import (
	"cmp"
	"encoding/binary"
	"slices"
)

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
	tables, names := spans{{0, int64(12 + 16*n)}}, map[string]bool{}
	for ; len(rows) > 0; rows = rows[16:] {
		from, size := int64(binary.BigEndian.Uint32(rows[8:])), int64(binary.BigEndian.Uint32(rows[12:]))
		if from < 12 || size > f.size-from {
			return refused("a table breaks off")
		}
		tables, names[string(rows[:4])] = append(tables, span{from, from + size}), true
	}
	if !names["cmap"] || !names["head"] {
		return refused("it has no characters")
	}
	return tables.cover(f.size)
}

// span is from where to where something is in a file.
type span struct{ from, to int64 }

type spans []span

// cover makes sure that there is nothing between parts of a file, and behind them, but what fills words up.
func (s spans) cover(size int64) error {
	slices.SortFunc(s, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	end := int64(0)
	for _, one := range append(s, span{size, size}) {
		if one.from-end > 3 {
			return refused("there is something between its tables or behind its end")
		}
		end = max(end, one.to)
	}
	return nil
}
