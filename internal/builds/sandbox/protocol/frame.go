package protocol

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Version of the protocol. Host and agent must agree on it exactly.
const Version = 2

// Sizes of the wire format, in bytes.
const (
	MaxPayload = 64 << 10
	MaxSpec    = 256 << 10 // payload of Start: a plan may name every file of a project
	HeaderSize = 28
	TokenSize  = 16
)

// Token names a job on the wire. It is random, so that a frame of another job cannot pass for one of this.
type Token [TokenSize]byte

// Type is the type of a frame.
type Type uint8

// The frame types. A number is never reused; 7 has been one.
const (
	Hello       Type = 1
	Start       Type = 2
	FileBegin   Type = 3
	FileChunk   Type = 4
	FileEnd     Type = 5
	Run         Type = 6
	Log         Type = 8
	Progress    Type = 9
	Diagnostics Type = 10
	Done        Type = 11
	Credit      Type = 12
)

var typeNames = [...]string{
	Hello: "hello", Start: "start", FileBegin: "file begin", FileChunk: "file chunk", FileEnd: "file end", Run: "run",
	Log: "log", Progress: "progress", Diagnostics: "diagnostics", Done: "done",
	Credit: "credit",
}

func (t Type) known() bool { return int(t) < len(typeNames) && typeNames[t] != "" }

// max is the largest payload of a type.
func (t Type) max() int {
	if t == Start {
		return MaxSpec
	}
	return MaxPayload
}

func (t Type) String() string {
	if t.known() {
		return typeNames[t]
	}
	return fmt.Sprintf("type %d", uint8(t))
}

// The ways a stream of frames can be wrong. Readers wrap them with what they met.
var (
	ErrOversized   = errors.New("frame is larger than allowed")
	ErrTruncated   = errors.New("stream ends within a frame")
	ErrUnknownType = errors.New("frame of an unknown type")
	ErrReserved    = errors.New("frame with reserved bytes set")
	ErrStaleToken  = errors.New("frame of another job")
	ErrDuplicate   = errors.New("frame came twice")
	ErrOutOfOrder  = errors.New("frame out of order")
	ErrUnexpected  = errors.New("frame does not belong here")
	ErrBadPayload  = errors.New("frame has a bad payload")
)

// Frame is one message. The payload of a read frame is valid until the next read.
type Frame struct {
	Type    Type
	Seq     uint32
	Token   Token
	Payload []byte
}

// ReadFrame reads one frame and checks its form, reusing buf for the payload when it is large enough. It answers io.EOF
// only at a frame's border.
func ReadFrame(r io.Reader, buf []byte) (Frame, error) {
	var h [HeaderSize]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return Frame{}, ErrTruncated
		}
		return Frame{}, err
	}
	n := binary.BigEndian.Uint32(h[0:4])
	f := Frame{Type: Type(h[4]), Seq: binary.BigEndian.Uint32(h[8:12]), Token: Token(h[12:28])}
	switch {
	case !f.Type.known():
		return Frame{}, fmt.Errorf("%w: %d", ErrUnknownType, h[4])
	case n > uint32(f.Type.max()):
		return Frame{}, fmt.Errorf("%w: %s of %d bytes", ErrOversized, f.Type, n)
	case h[5]|h[6]|h[7] != 0:
		return Frame{}, ErrReserved
	}
	if int(n) > cap(buf) {
		buf = make([]byte, n)
	}
	f.Payload = buf[:n]
	if _, err := io.ReadFull(r, f.Payload); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return Frame{}, ErrTruncated
		}
		return Frame{}, err
	}
	return f, nil
}

// Reader reads the frames of one job after another and holds them to the job's token and to their order. It is for one
// goroutine.
type Reader struct {
	r     *bufio.Reader
	buf   []byte
	token Token
	next  uint32
}

// NewReader reads from r, expecting frames of no job (the zero token) until Expect.
func NewReader(r io.Reader) *Reader {
	return &Reader{r: bufio.NewReaderSize(r, MaxPayload+HeaderSize), buf: make([]byte, 0, 4<<10)}
}

// Expect makes the reader accept the frames of a job from its first one on.
func (r *Reader) Expect(t Token) { r.token, r.next = t, 0 }

// Next reads the next frame of the expected job.
func (r *Reader) Next() (Frame, error) {
	f, err := r.read()
	if err != nil {
		return Frame{}, err
	}
	return f, r.check(f)
}

// NextOrStart is Next for the agent's side, where a Start with a new token begins a new job. Whether a new job may begin
// is for the caller to judge.
func (r *Reader) NextOrStart() (Frame, error) {
	f, err := r.read()
	if err != nil {
		return Frame{}, err
	}
	if f.Type == Start {
		if f.Token == (Token{}) || f.Token == r.token {
			return Frame{}, fmt.Errorf("%w: start needs a new token", ErrStaleToken)
		}
		r.Expect(f.Token)
	}
	return f, r.check(f)
}

func (r *Reader) read() (Frame, error) {
	f, err := ReadFrame(r.r, r.buf)
	if cap(f.Payload) > cap(r.buf) {
		r.buf = f.Payload[:0]
	}
	return f, err
}

func (r *Reader) check(f Frame) error {
	switch {
	case f.Token != r.token:
		return fmt.Errorf("%w (%s)", ErrStaleToken, f.Type)
	case f.Seq < r.next:
		return fmt.Errorf("%w: %s, number %d", ErrDuplicate, f.Type, f.Seq)
	case f.Seq > r.next:
		return fmt.Errorf("%w: %s, number %d instead of %d", ErrOutOfOrder, f.Type, f.Seq, r.next)
	}
	r.next++
	return nil
}

// Waiting is how much has arrived that no one has read, as far as is known here.
func (r *Reader) Waiting() int { return r.r.Buffered() }

// Writer writes the frames of one job after another. It is for one goroutine. Frames are buffered until Flush.
type Writer struct {
	// Pay is asked before each data frame, if it is set, and waits until there is credit for the frame.
	Pay func(t Type, payload int) error

	w     *bufio.Writer
	token Token
	next  uint32
}

// NewWriter writes frames of no job (the zero token) until Begin.
func NewWriter(w io.Writer) *Writer { return &Writer{w: bufio.NewWriterSize(w, MaxPayload+HeaderSize)} }

// Begin makes the following frames those of a job, numbered from 0.
func (w *Writer) Begin(t Token) { w.token, w.next = t, 0 }

// Send buffers one frame.
func (w *Writer) Send(t Type, payload []byte) error {
	if len(payload) > t.max() {
		return fmt.Errorf("%w: %s of %d bytes", ErrOversized, t, len(payload))
	}
	if w.Pay != nil && t.IsData() {
		if err := w.Pay(t, len(payload)); err != nil {
			return err
		}
	}
	var h [HeaderSize]byte
	binary.BigEndian.PutUint32(h[0:4], uint32(len(payload)))
	h[4] = byte(t)
	binary.BigEndian.PutUint32(h[8:12], w.next)
	copy(h[12:], w.token[:])
	w.next++
	if _, err := w.w.Write(h[:]); err != nil {
		return err
	}
	_, err := w.w.Write(payload)
	return err
}

// Flush sends what is buffered.
func (w *Writer) Flush() error { return w.w.Flush() }
