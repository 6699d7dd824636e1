package media

import (
	"bytes"
	"encoding/binary"
)

// sound notes what is known about audio.
func (i *Info) sound(samples, rate int64, channels int) error {
	if rate < 1000 || rate > 384_000 || channels < 1 || channels > 8 || samples < 0 || samples > 1<<50 {
		return refused("its sound is of no known kind")
	}
	if i.DurationMS = samples * 1000 / rate; i.DurationMS > maxDurationMS {
		return refused("it is longer than four hours")
	}
	i.SampleRate, i.Channels = int(rate), channels
	return nil
}

func readWAV(f *file, i *Info) error {
	chunks, err := riffWhole(f)
	if err != nil {
		return err
	}
	var format []byte
	for _, c := range chunks {
		switch {
		case c.kind == "fmt " && format == nil && c.size >= 16:
			if format, err = f.at(c.offset, 16); err != nil {
				return err
			}
		case c.kind == "data" && format != nil && i.SampleRate == 0:
			frame := int64(binary.LittleEndian.Uint16(format[12:]))
			if frame == 0 {
				return refused("its sound is of no known kind")
			}
			rate, channels := int64(binary.LittleEndian.Uint32(format[4:])), int(binary.LittleEndian.Uint16(format[2:]))
			if perSecond := int64(binary.LittleEndian.Uint32(format[8:])); binary.LittleEndian.Uint16(format) != 1 && perSecond > 0 { // packed
				err = i.sound(c.size*rate/perSecond, rate, channels)
			} else {
				err = i.sound(c.size/frame, rate, channels)
			}
			if err != nil {
				return err
			}
		case c.kind == "fmt " || c.kind == "data":
			return refused("its chunks are not in order")
		}
	}
	if i.SampleRate == 0 {
		return refused("it has no sound")
	}
	return nil
}

// readOgg reads the pages of one stream of Vorbis or Opus.
func readOgg(f *file, i *Info) error {
	var last, skip int64
	var serial, page uint32
	ended := false
	for at := int64(0); at < f.size; page++ {
		h, err := f.at(at, 27)
		if err != nil {
			return err
		}
		first := at == 0
		switch {
		case string(h[:4]) != "OggS" || h[4] != 0 || ended || page > maxParts*10:
			return refused("its pages are not in order")
		case first:
			serial = binary.LittleEndian.Uint32(h[14:])
		case binary.LittleEndian.Uint32(h[14:]) != serial || binary.LittleEndian.Uint32(h[18:]) != page:
			return refused("it has more than one stream, or lacks pages")
		}
		table, err := f.at(at+27, int(h[26]))
		if err != nil {
			return err
		}
		size := int64(0)
		for _, n := range table {
			size += int64(n)
		}
		body := at + 27 + int64(len(table))
		if size > f.size-body {
			return refused("it breaks off")
		}
		if granule := int64(binary.LittleEndian.Uint64(h[6:])); granule > 0 { // -1 is of a page on which no packet ends
			last = granule
		}
		if first {
			if skip, err = oggHeader(f, body, size, i); err != nil {
				return err
			}
		}
		at, ended = body+size, h[5]&4 != 0
	}
	if page < 2 {
		return refused("it has no sound")
	}
	return i.sound(max(last-skip, 0), int64(i.SampleRate), i.Channels)
}

// oggHeader reads a stream's first packet, and returns how many samples are left out at its beginning.
func oggHeader(f *file, at, size int64, i *Info) (skip int64, err error) {
	b, err := f.upTo(at, int(min(size, 30)))
	switch {
	case err != nil:
		return 0, err
	case len(b) >= 16 && string(b[:7]) == "\x01vorbis":
		i.Channels, i.SampleRate = int(b[11]), int(binary.LittleEndian.Uint32(b[12:]))
		return 0, nil
	case len(b) >= 19 && string(b[:8]) == "OpusHead":
		i.Channels, i.SampleRate = int(b[9]), 48000 // which its positions count
		return int64(binary.LittleEndian.Uint16(b[10:])), nil
	}
	return 0, refused("it is neither Vorbis nor Opus")
}

func mp3Magic(head []byte) bool {
	return bytes.HasPrefix(head, []byte("ID3")) || len(head) >= 4 && mp3Frame(head).size > 0
}

// mpegFrame is a frame of MPEG audio, layer III; size 0 is none.
type mpegFrame struct {
	size, samples, rate int64
	channels            int
}

func mp3Frame(h []byte) mpegFrame {
	if h[0] != 0xff || h[1]&0xe0 != 0xe0 || h[1]>>1&3 != 1 {
		return mpegFrame{}
	}
	version := h[1] >> 3 & 3 // 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5
	bits, rate := int64(h[2]>>4), h[2]>>2&3
	if version == 1 || bits == 0 || bits == 15 || rate == 3 {
		return mpegFrame{}
	}
	kbits, samples := []int64{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}, int64(576)
	if version == 3 {
		kbits, samples = []int64{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}, 1152
	}
	m := mpegFrame{samples: samples, rate: []int64{44100, 48000, 32000}[rate], channels: 2}
	switch version {
	case 2:
		m.rate /= 2
	case 0:
		m.rate /= 4
	}
	if h[3]>>6 == 3 {
		m.channels = 1
	}
	m.size = samples/8*kbits[bits]*1000/m.rate + int64(h[2]>>1&1)
	return m
}

// readMP3 reads frames from a leading ID3v2 tag to a closing ID3v1 tag.
func readMP3(f *file, i *Info) error {
	at, end := int64(0), f.size
	if h, err := f.upTo(0, 10); err != nil {
		return err
	} else if len(h) == 10 && string(h[:3]) == "ID3" {
		size := int64(0)
		for _, b := range h[6:10] {
			if b > 0x7f {
				return refused("its tag is not in order")
			}
			size = size<<7 | int64(b)
		}
		if at = 10 + size; h[5]&0x10 != 0 {
			at += 10
		}
		if size > maxSegment {
			return refused("its tag is too long")
		}
	}
	if t, err := f.at(max(end-128, 0), int(min(end, 128))); err != nil {
		return err
	} else if string(t[:min(3, len(t))]) == "TAG" && len(t) == 128 {
		end -= 128
	}
	var first mpegFrame
	samples, frames := int64(0), 0
	r := &window{f: f}
	for at < end {
		h, err := r.at(at, 4)
		if err != nil {
			return err
		}
		m := mp3Frame(h)
		if m.size < 4 || m.size > end-at && frames < 2 {
			return refused("its frames are not in order")
		}
		if frames == 0 {
			first = m
		}
		if m.rate != first.rate {
			return refused("its frames differ")
		}
		samples, frames, at = samples+m.samples, frames+1, at+m.size
	}
	if frames < 2 {
		return refused("it has no sound")
	}
	return i.sound(samples, first.rate, first.channels)
}

// window reads a file's parts one after another.
type window struct {
	f     *file
	from  int64
	bytes []byte
}

func (w *window) at(offset int64, n int) ([]byte, error) {
	if offset < w.from || offset+int64(n) > w.from+int64(len(w.bytes)) {
		b, err := w.f.upTo(offset, scanStep)
		if err != nil {
			return nil, err
		}
		w.from, w.bytes = offset, b
	}
	if k := int(offset - w.from); k+n <= len(w.bytes) {
		return w.bytes[k : k+n], nil
	}
	return nil, refused("it breaks off")
}
