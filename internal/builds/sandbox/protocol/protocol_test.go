package protocol

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/spark-games/spark/models"
)

var token = Token{1, 2, 3}

// raw writes a frame's bytes without any check.
func raw(length uint32, t Type, reserved byte, seq uint32, tok Token, payload string) []byte {
	b := binary.BigEndian.AppendUint32(nil, length)
	b = append(b, byte(t), 0, reserved, 0)
	b = binary.BigEndian.AppendUint32(b, seq)
	b = append(b, tok[:]...)
	return append(b, payload...)
}

func frame(t Type, seq uint32, payload string) []byte {
	return raw(uint32(len(payload)), t, 0, seq, token, payload)
}

func TestReaderRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   []byte
		want error
	}{
		"oversized":        {raw(MaxPayload+1, Log, 0, 0, token, ""), ErrOversized},
		"hugely oversized": {raw(1<<32-1, Log, 0, 0, token, ""), ErrOversized},
		"oversized start":  {raw(MaxSpec+1, Start, 0, 0, token, ""), ErrOversized},
		"cut in header":    {frame(Log, 0, "x")[:HeaderSize-1], ErrTruncated},
		"cut at payload":   {frame(Log, 0, "x")[:HeaderSize], ErrTruncated},
		"cut in payload":   {frame(Log, 0, "xyz")[:HeaderSize+2], ErrTruncated},
		"type 0":           {frame(0, 0, ""), ErrUnknownType},
		"type 13":          {frame(13, 0, ""), ErrUnknownType},
		"type 255":         {frame(255, 0, ""), ErrUnknownType},
		"reserved":         {raw(0, Log, 1, 0, token, ""), ErrReserved},
		"other token":      {raw(0, Log, 0, 0, Token{9}, ""), ErrStaleToken},
		"no token":         {raw(0, Log, 0, 0, Token{}, ""), ErrStaleToken},
		"duplicate":        {append(frame(Log, 0, "x"), frame(Log, 0, "x")...), ErrDuplicate},
		"skipped":          {append(frame(Log, 0, "x"), frame(Log, 2, "x")...), ErrOutOfOrder},
		"late start":       {frame(Log, 1, "x"), ErrOutOfOrder},
		"whole":            {append(frame(Log, 0, "x"), frame(Log, 1, "")...), io.EOF},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := NewReader(bytes.NewReader(c.in))
			r.Expect(token)
			var err error
			for err == nil {
				_, err = r.Next()
			}
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	var wire bytes.Buffer
	w := NewWriter(&wire)
	big := []byte(strings.Repeat("0123456789", 20000))
	for _, tok := range []Token{{1}, {2}} {
		w.Begin(tok)
		for _, err := range []error{w.Send(Start, []byte("{}")), SendFile(w, "a/b.js", big), SendFile(w, "empty", nil),
			w.Send(Run, nil), w.Flush()} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	r := NewReader(&wire)
	for range 2 {
		if f, err := r.NextOrStart(); err != nil || f.Type != Start {
			t.Fatal(f, err)
		}
		files := Files{MaxFiles: 2, MaxBytes: int64(len(big))}
		for {
			f, err := r.Next()
			if err != nil {
				t.Fatal(err)
			}
			if f.Type == Run {
				break
			}
			if err := files.Accept(f); err != nil {
				t.Fatal(err)
			}
		}
		got, err := files.Result()
		if err != nil || len(got) != 2 || got[0].Path != "a/b.js" || !bytes.Equal(got[0].Data, big) || len(got[1].Data) != 0 {
			t.Fatalf("files differ: %v", err)
		}
	}
	if err := w.Send(Log, make([]byte, MaxPayload+1)); !errors.Is(err, ErrOversized) {
		t.Errorf("wrote too much: %v", err)
	}
}

func TestStartNeedsANewToken(t *testing.T) {
	t.Parallel()
	for name, in := range map[string][]byte{
		"same again": append(raw(2, Start, 0, 0, token, "{}"), raw(2, Start, 0, 0, token, "{}")...),
		"zero":       raw(2, Start, 0, 0, Token{}, "{}"),
	} {
		r := NewReader(bytes.NewReader(in))
		var err error
		for err == nil {
			_, err = r.NextOrStart()
		}
		if !errors.Is(err, ErrStaleToken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFilesRefuse(t *testing.T) {
	t.Parallel()
	begin := func(p string, size int64) Frame { return Frame{Type: FileBegin, Payload: FileHead(p, size)} }
	chunk := func(n int) Frame { return Frame{Type: FileChunk, Payload: make([]byte, n)} }
	end := Frame{Type: FileEnd, Payload: make([]byte, 32)}
	whole := func(p string) []Frame {
		var b bytes.Buffer
		w := NewWriter(&b)
		_ = SendFile(w, p, []byte("x"))
		_ = w.Flush()
		r := NewReader(&b)
		var list []Frame
		for {
			f, err := r.Next()
			if err != nil {
				return list
			}
			f.Payload = bytes.Clone(f.Payload)
			list = append(list, f)
		}
	}
	join := func(lists ...[]Frame) (all []Frame) {
		for _, l := range lists {
			all = append(all, l...)
		}
		return all
	}
	limit := errors.New("a limit error")
	for name, c := range map[string]struct {
		in   []Frame
		want error
	}{
		"end first":        {[]Frame{end}, ErrUnexpected},
		"chunk first":      {[]Frame{chunk(1)}, ErrUnexpected},
		"file in a file":   {[]Frame{begin("a", 1), begin("b", 1)}, ErrUnexpected},
		"never ends":       {[]Frame{begin("a", 1), chunk(1)}, ErrUnexpected},
		"other frame":      {[]Frame{{Type: Log}}, ErrUnexpected},
		"no path":          {[]Frame{begin("", 1)}, ErrBadPayload},
		"short head":       {[]Frame{{Type: FileBegin, Payload: []byte("abc")}}, ErrBadPayload},
		"huge size":        {[]Frame{begin("a", -1)}, ErrBadPayload},
		"climbs":           {[]Frame{begin("../a", 1)}, ErrBadPayload},
		"absolute":         {[]Frame{begin("/a", 1)}, ErrBadPayload},
		"NUL":              {[]Frame{begin("a\x00b", 1)}, ErrBadPayload},
		"backslash":        {[]Frame{begin(`a\b`, 1)}, ErrBadPayload},
		"longer":           {[]Frame{begin("a", 1), chunk(2)}, ErrBadPayload},
		"shorter":          {[]Frame{begin("a", 2), chunk(1), end}, ErrBadPayload},
		"empty chunk":      {[]Frame{begin("a", 1), chunk(0)}, ErrBadPayload},
		"wrong digest":     {[]Frame{begin("a", 1), chunk(1), end}, ErrBadPayload},
		"same twice":       {join(whole("a"), whole("a")), ErrBadPayload},
		"same but case":    {join(whole("a"), whole("A")), ErrBadPayload},
		"below a file":     {join(whole("a"), whole("A/b")), ErrBadPayload},
		"above a file":     {join(whole("a/b"), whole("a")), ErrBadPayload},
		"too many":         {join(whole("a"), whole("b"), whole("c")), limit},
		"too large":        {[]Frame{begin("a", 11)}, limit},
		"too large in all": {join(whole("a"), []Frame{begin("b", 10)}), limit},
		"terabyte":         {[]Frame{begin("a", 1<<40)}, limit},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := Files{MaxFiles: 2, MaxBytes: 10}
			var err error
			for _, f := range c.in {
				if err = files.Accept(f); err != nil {
					break
				}
			}
			if err == nil {
				_, err = files.Result()
			}
			if _, ok := errors.AsType[*LimitError](err); ok {
				err = limit
			}
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Add(frame(Log, 0, "hello\n"))
	f.Add(append(frame(FileBegin, 0, string(FileHead("a", 1))), frame(FileChunk, 1, "x")...))
	f.Add(raw(1<<31, Done, 0, 0, token, ""))
	f.Fuzz(func(t *testing.T, in []byte) {
		r := bytes.NewReader(in)
		for {
			before := r.Len()
			fr, err := ReadFrame(r, nil)
			if err != nil {
				if errors.Is(err, io.EOF) != (before == 0) {
					t.Fatalf("end of stream with %d bytes left: %v", before, err)
				}
				break
			}
			if len(fr.Payload) > fr.Type.max() || before-r.Len() != HeaderSize+len(fr.Payload) {
				t.Fatalf("frame of %d bytes took %d", len(fr.Payload), before-r.Len())
			}
			// What was read is written the same.
			again := raw(uint32(len(fr.Payload)), fr.Type, 0, fr.Seq, fr.Token, string(fr.Payload))
			if !bytes.Equal(again, in[len(in)-before:len(in)-r.Len()]) {
				t.Fatal("a frame does not survive a round trip")
			}
		}
	})
}

func FuzzFiles(f *testing.F) {
	f.Add([]byte("\x00\x05\x00\x00\x00\x00\x00\x00\x00\x01a\x01x\x02"))
	f.Fuzz(func(t *testing.T, in []byte) {
		files := Files{MaxFiles: 3, MaxBytes: 100}
		for len(in) > 1 {
			n := min(int(in[1])%48, len(in)-2)
			fr := Frame{Type: FileBegin + Type(in[0]%4), Payload: in[2 : 2+n]}
			in = in[2+n:]
			if files.Accept(fr) != nil {
				return
			}
		}
		list, err := files.Result()
		if err != nil {
			return
		}
		if len(list) > 3 || files.Bytes() > 100 {
			t.Fatal("limits exceeded")
		}
		if len(list) > 0 && models.CheckFiles(list) != nil {
			t.Fatal("accepted what models refuses")
		}
	})
}
