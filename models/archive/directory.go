package archive

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// The parts of a zip (PKWARE's APPNOTE.TXT, section 4.3).
const (
	localSignature     = "PK\x03\x04"
	directorySignature = "PK\x01\x02"
	endSignature       = "PK\x05\x06"
	end64Signature     = "PK\x06\x06"
	locatorSignature   = "PK\x06\x07"

	localBytes     = 30
	directoryBytes = 46
	endBytes       = 22
	end64Bytes     = 56
	locatorBytes   = 20

	flagEncrypted  = 1<<0 | 1<<6 | 1<<13
	flagDescriptor = 1 << 3
	extra64        = 1

	methodStore   = 0
	methodDeflate = 8
)

func refuse(format string, args ...any) error {
	return models.NewError(models.CodeInvalidArchive, fmt.Sprintf(format, args...))
}

// header is an entry as the directory has it.
type header struct {
	name         string
	flags        uint16
	method       uint16
	crc          uint32
	packed, size uint64
	kind         uint32 // the file's type, as Unix has it; 0 is unknown
	offset       uint64 // of its local header
	data         uint64 // offset of its content
}

// directory is where the entries are described, at the end.
type directory struct {
	offset, size int64
	entries      uint64
}

// findDirectory reads the record at the end. The directory must end where that begins: there is nothing in between, and nothing behind, that
// another program could take for the directory.
func findDirectory(r io.ReaderAt, size int64) (d directory, err error) {
	tail := make([]byte, min(size, endBytes+1<<16-1))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil {
		return d, fmt.Errorf("read an archive's end: %w", err)
	}
	at := bytes.LastIndex(tail, []byte(endSignature))
	if at < 0 || len(tail)-at < endBytes || at+endBytes+int(binary.LittleEndian.Uint16(tail[at+20:])) != len(tail) {
		return d, refuse("the archive has no end: it is cut off, or is not a zip")
	}
	end := tail[at:]
	if binary.LittleEndian.Uint32(end[4:]) != 0 {
		return d, refuse("the archive is a part of several")
	}
	d = directory{size: int64(binary.LittleEndian.Uint32(end[12:])), offset: int64(binary.LittleEndian.Uint32(end[16:])),
		entries: uint64(binary.LittleEndian.Uint16(end[10:]))}
	stop := size - int64(len(tail)) + int64(at)
	if d.entries == 1<<16-1 || d.size == 1<<32-1 || d.offset == 1<<32-1 {
		if d, stop, err = findDirectory64(r, stop); err != nil {
			return d, err
		}
	}
	switch {
	case d.entries > MaxEntries:
		return d, refuse("the archive has %d entries; at most %d", d.entries, MaxEntries)
	case d.size < 0 || d.offset < 0 || d.size > stop || d.offset != stop-d.size:
		return d, refuse("the archive's directory is not where it says")
	case d.size > maxDirectoryBytes:
		return d, refuse("the archive's directory is larger than 8 MiB")
	}
	return d, nil
}

// findDirectory64 reads the records of large archives, which are before the one at the end.
func findDirectory64(r io.ReaderAt, end int64) (d directory, stop int64, err error) {
	lost := refuse("the archive's zip64 record is not where it says")
	at := end - locatorBytes
	var locator [locatorBytes]byte
	if at < end64Bytes {
		return d, 0, lost
	}
	if _, err := r.ReadAt(locator[:], at); err != nil {
		return d, 0, fmt.Errorf("read an archive's locator: %w", err)
	}
	stop = int64(binary.LittleEndian.Uint64(locator[8:]))
	if string(locator[:4]) != locatorSignature || stop < 0 || stop > at-end64Bytes {
		return d, 0, lost
	}
	var record [end64Bytes]byte
	if _, err := r.ReadAt(record[:], stop); err != nil {
		return d, 0, fmt.Errorf("read an archive's zip64 record: %w", err)
	}
	if length := binary.LittleEndian.Uint64(record[4:]); string(record[:4]) != end64Signature || length != uint64(at-stop-12) {
		return d, 0, lost
	}
	return directory{entries: binary.LittleEndian.Uint64(record[32:]), size: int64(binary.LittleEndian.Uint64(record[40:])),
		offset: int64(binary.LittleEndian.Uint64(record[48:]))}, stop, nil
}

// read reads the entries of the directory, which must be as many as it says.
func (d directory) read(r io.ReaderAt) ([]header, error) {
	raw := make([]byte, d.size)
	if _, err := r.ReadAt(raw, d.offset); err != nil {
		return nil, fmt.Errorf("read an archive's directory: %w", err)
	}
	var list []header
	for len(raw) > 0 {
		if len(raw) < directoryBytes || string(raw[:4]) != directorySignature {
			return nil, refuse("the archive's directory is damaged")
		}
		name, extra, comment := int(binary.LittleEndian.Uint16(raw[28:])), int(binary.LittleEndian.Uint16(raw[30:])), int(binary.LittleEndian.Uint16(raw[32:]))
		whole := directoryBytes + name + extra + comment
		if len(raw) < whole {
			return nil, refuse("the archive's directory is damaged")
		}
		h := header{name: string(raw[directoryBytes : directoryBytes+name]),
			flags: binary.LittleEndian.Uint16(raw[8:]), method: binary.LittleEndian.Uint16(raw[10:]), crc: binary.LittleEndian.Uint32(raw[16:]),
			packed: uint64(binary.LittleEndian.Uint32(raw[20:])), size: uint64(binary.LittleEndian.Uint32(raw[24:])),
			kind: binary.LittleEndian.Uint32(raw[38:]) >> 16 & 0o170000, offset: uint64(binary.LittleEndian.Uint32(raw[42:]))}
		if err := widen(raw[directoryBytes+name:directoryBytes+name+extra], &h.size, &h.packed, &h.offset); err != nil {
			return nil, err
		}
		list, raw = append(list, h), raw[whole:]
		if len(list) > MaxEntries {
			return nil, refuse("the archive has more than %d entries", MaxEntries)
		}
	}
	if uint64(len(list)) != d.entries {
		return nil, refuse("the archive has %d entries and says that it has %d", len(list), d.entries)
	}
	return list, nil
}

// widen reads the 64-bit numbers that stand in an extra field for those that have no room in a header.
func widen(extra []byte, numbers ...*uint64) error {
	var field []byte
	for len(extra) >= 4 {
		n := int(binary.LittleEndian.Uint16(extra[2:]))
		if len(extra) < 4+n {
			break // what some programs pad with
		}
		if binary.LittleEndian.Uint16(extra) == extra64 {
			field = extra[4 : 4+n]
			break
		}
		extra = extra[4+n:]
	}
	for _, n := range numbers {
		if *n != 1<<32-1 {
			continue
		}
		if len(field) < 8 {
			return refuse("an entry of the archive is without its zip64 sizes")
		}
		*n, field = binary.LittleEndian.Uint64(field), field[8:]
	}
	return nil
}

// checkLocal makes sure that the header before an entry's content says what the directory does, and finds the content.
func (h *header) checkLocal(r io.ReaderAt, before int64) error {
	wrong := refuse("entry %s: its header differs from the directory", quote(h.name))
	if h.offset > uint64(before) || uint64(before)-h.offset < localBytes+uint64(len(h.name)) {
		return wrong
	}
	raw := make([]byte, localBytes+len(h.name))
	if _, err := r.ReadAt(raw, int64(h.offset)); err != nil {
		return fmt.Errorf("read an archive's entry: %w", err)
	}
	flags, extra := binary.LittleEndian.Uint16(raw[6:]), int(binary.LittleEndian.Uint16(raw[28:]))
	if string(raw[:4]) != localSignature || int(binary.LittleEndian.Uint16(raw[26:])) != len(h.name) || string(raw[localBytes:]) != h.name ||
		flags&(flagEncrypted|flagDescriptor) != h.flags&(flagEncrypted|flagDescriptor) || binary.LittleEndian.Uint16(raw[8:]) != h.method {
		return wrong
	}
	h.data = h.offset + uint64(len(raw)+extra)
	if h.data > uint64(before) || h.packed > uint64(before)-h.data {
		return refuse("entry %s: its content is cut off", quote(h.name))
	}
	crc, packed, size := binary.LittleEndian.Uint32(raw[14:]), uint64(binary.LittleEndian.Uint32(raw[18:])), uint64(binary.LittleEndian.Uint32(raw[22:]))
	if flags&flagDescriptor != 0 && crc == 0 && (packed == 0 || packed == 1<<32-1) && (size == 0 || size == 1<<32-1) {
		return nil // they stand behind the content
	}
	more := make([]byte, extra)
	if _, err := r.ReadAt(more, int64(h.offset)+int64(len(raw))); err != nil {
		return fmt.Errorf("read an archive's entry: %w", err)
	}
	if err := widen(more, &size, &packed); err != nil {
		return err
	}
	if crc != h.crc || packed != h.packed || size != h.size {
		return wrong
	}
	return nil
}

// checkApart makes sure that no two entries share content, as those do of a small archive that unpacks to a large one.
func checkApart(list []header) error {
	byOffset := slices.Clone(list)
	slices.SortFunc(byOffset, func(a, b header) int { return cmp.Compare(a.offset, b.offset) })
	for i := 1; i < len(byOffset); i++ {
		if before := byOffset[i-1]; byOffset[i].offset < before.data+before.packed {
			return refuse("entries %s and %s overlap", quote(before.name), quote(byOffset[i].name))
		}
	}
	return nil
}

// quote makes a name from outside safe to show.
func quote(name string) string {
	const most = 80
	if len(name) > most {
		name = name[:most] + "…"
	}
	return fmt.Sprintf("%q", strings.ToValidUTF8(name, "\ufffd"))
}
