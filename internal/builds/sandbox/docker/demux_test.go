package docker

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func frame(kind byte, text string) []byte {
	h := [headerSize]byte{kind}
	binary.BigEndian.PutUint32(h[4:], uint32(len(text)))
	return append(h[:], text...)
}

func join(frames ...[]byte) []byte { return bytes.Join(frames, nil) }

func TestDemux(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("e", 10<<10)
	huge := frame(kindStdout, "")
	binary.BigEndian.PutUint32(huge[4:], 1<<32-1)
	for name, c := range map[string]struct {
		in          []byte
		out, stderr string
		err         error // nil is any other than those below
	}{
		"nothing":            {nil, "", "", io.EOF},
		"one":                {frame(kindStdout, "hello"), "hello", "", io.EOF},
		"stdin is stdout":    {frame(kindStdin, "hello"), "hello", "", io.EOF},
		"mixed":              {join(frame(kindStdout, "a"), frame(kindStderr, "x"), frame(kindStdout, "b"), frame(kindStderr, "y")), "ab", "xy", io.EOF},
		"empty frames":       {join(frame(kindStdout, ""), frame(kindStderr, ""), frame(kindStdout, "a")), "a", "", io.EOF},
		"long stderr":        {join(frame(kindStderr, long), frame(kindStdout, "a")), "a", long[:stderrHead], io.EOF},
		"cut in a header":    {frame(kindStdout, "hello")[:5], "", "", io.ErrUnexpectedEOF},
		"cut in stdout":      {frame(kindStdout, "hello")[:10], "he", "", io.ErrUnexpectedEOF},
		"cut in stderr":      {frame(kindStderr, "hello")[:10], "", "he", io.ErrUnexpectedEOF},
		"four gigabytes":     {join(huge, []byte("abc")), "abc", "", io.ErrUnexpectedEOF},
		"unknown stream":     {frame(7, "hello"), "", "", nil},
		"reserved bytes set": {[]byte{1, 1, 0, 0, 0, 0, 0, 1, 'x'}, "", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for how, r := range map[string]io.Reader{"whole": bytes.NewReader(c.in), "bytewise": iotest.OneByteReader(bytes.NewReader(c.in)),
				"error with data": iotest.DataErrReader(bytes.NewReader(c.in))} {
				d := &demux{r: r}
				out, err := readAll(d)
				if string(out) != c.out || d.stderr() != c.stderr {
					t.Errorf("%s: out %q, stderr of %d bytes", how, out, len(d.stderr()))
				}
				if c.err != nil && !errors.Is(err, c.err) || c.err == nil && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) {
					t.Errorf("%s: error %v, want %v", how, err, c.err)
				}
			}
		})
	}
}

// readAll is io.ReadAll that also returns io.EOF.
func readAll(r io.Reader) ([]byte, error) {
	var all []byte
	b := make([]byte, 3)
	for {
		n, err := r.Read(b)
		all = append(all, b[:n]...)
		if err != nil {
			return all, err
		}
	}
}

func FuzzDemux(f *testing.F) {
	f.Add(join(frame(kindStdout, "hello"), frame(kindStderr, "oh"), frame(kindStdout, "again")))
	f.Add([]byte{1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 'x'})
	f.Fuzz(func(t *testing.T, in []byte) {
		d := &demux{r: bytes.NewReader(in)}
		out, err := readAll(d)
		if err == nil || len(out) > len(in) || len(d.stderr()) > stderrHead {
			t.Errorf("%d bytes out of %d, %d of stderr, error %v", len(out), len(in), len(d.stderr()), err)
		}
	})
}
