package client

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// serverEvent is one event of a text/event-stream.
type serverEvent struct {
	ID   string // the last id that the stream has given
	Type string
	Data string
}

// eventReader reads server-sent events as the HTML standard says (section 9.2.6, "interpreting an event stream"). An id counts when the blank
// line behind it has come. Unlike an EventSource, it gives events without data too, if they have a new id.
type eventReader struct {
	in     *bufio.Reader
	first  bool
	id     string // of the last event
	buffer string // the id of the event that is read
}

// maxEventBytes bounds an event: a stream without line ends must not fill the memory.
const maxEventBytes = 4 << 20

var errEventTooLarge = errors.New("an event is larger than 4 MiB")

func newEventReader(r io.Reader) *eventReader {
	return &eventReader{in: bufio.NewReader(r), first: true}
}

// next returns the next event. An event that the stream's end cuts off is dropped.
func (r *eventReader) next() (serverEvent, error) {
	var event serverEvent
	var data []string
	size := 0
	for {
		line, err := r.line()
		if err != nil {
			return serverEvent{}, err
		}
		if size += len(line); size > maxEventBytes {
			return serverEvent{}, errEventTooLarge
		}
		if line == "" {
			told := r.id
			if r.id = r.buffer; len(data) == 0 && r.id == told {
				event.Type = ""
				size = 0
				continue
			}
			event.ID, event.Data = r.id, strings.Join(data, "\n")
			if event.Type == "" {
				event.Type = "message"
			}
			return event, nil
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "event":
			event.Type = value
		case "data":
			data = append(data, value)
		case "id":
			if !strings.ContainsRune(value, 0) {
				r.buffer = value
			}
		}
	}
}

// line returns the next line without its end, which is CR LF, LF or CR. What the stream's end cuts off is no line.
func (r *eventReader) line() (string, error) {
	var line []byte
	for {
		c, err := r.in.ReadByte()
		if err != nil {
			return "", err
		}
		if c == '\n' || c == '\r' {
			if c == '\r' {
				if err := r.skipLF(); err != nil && !errors.Is(err, io.EOF) {
					return "", err
				}
			}
			break
		}
		if line = append(line, c); len(line) > maxEventBytes {
			return "", errEventTooLarge
		}
	}
	if r.first {
		r.first = false
		line = bytes.TrimPrefix(line, []byte("\uFEFF"))
	}
	return strings.ToValidUTF8(string(line), "\uFFFD"), nil
}

// skipLF takes the LF of a CR LF.
func (r *eventReader) skipLF() error {
	next, err := r.in.Peek(1)
	if err == nil && next[0] == '\n' {
		_, err = r.in.Discard(1)
	}
	return err
}
