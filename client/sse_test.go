package client

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func readAll(r io.Reader) (events []serverEvent, err error) {
	er := newEventReader(r)
	for {
		ev, err := er.next()
		if err != nil {
			return events, err
		}
		events = append(events, ev)
	}
}

func TestEventReader(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     []serverEvent
	}{
		{"plain", "id: 1\nevent: a\ndata: x\n\n", []serverEvent{{"1", "a", "x"}}},
		{"default type", "data:x\n\n", []serverEvent{{"", "message", "x"}}},
		{"lines", "data: x\ndata\ndata:  y\n\n", []serverEvent{{"", "message", "x\n\n y"}}},
		{"CR LF and CR", "data: x\r\n\r\nevent: b\rdata: y\r\r", []serverEvent{{"", "message", "x"}, {"", "b", "y"}}},
		{"comment", ": hello\n\ndata: x\n\n", []serverEvent{{"", "message", "x"}}},
		{"id stays", "id: 7\ndata: x\n\ndata: y\n\n", []serverEvent{{"7", "message", "x"}, {"7", "message", "y"}}},
		{"id without data counts", "id: 7\n\ndata: y\n\n", []serverEvent{{"7", "message", ""}, {"7", "message", "y"}}},
		{"id cut off", "id: 7\ndata: x\n\nid: 8\ndata: y\n", []serverEvent{{"7", "message", "x"}}},
		{"type without data does not", "event: a\n\ndata: y\n\n", []serverEvent{{"", "message", "y"}}},
		{"NUL in id", "id: 7\ndata: x\n\nid: 8\x00\ndata: y\n\n", []serverEvent{{"7", "message", "x"}, {"7", "message", "y"}}},
		{"field without colon", "data\n\n", []serverEvent{{"", "message", ""}}},
		{"unknown field", "dat: x\nfoo\ndata: y\n\n", []serverEvent{{"", "message", "y"}}},
		{"byte order mark", "\uFEFFdata: x\n\n", []serverEvent{{"", "message", "x"}}},
		{"cut off", "data: x\n\ndata: y\n", []serverEvent{{"", "message", "x"}}},
		{"cut off in a line", "data: x\n\ndata: y", []serverEvent{{"", "message", "x"}}},
		{"nothing", "", nil},
	} {
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(tt.in), "byte by byte": iotest.OneByteReader(strings.NewReader(tt.in))} {
			if got, err := readAll(r); !slices.Equal(got, tt.want) || !errors.Is(err, io.EOF) {
				t.Errorf("%s, %s: %q %v", tt.name, name, got, err)
			}
		}
	}
}

func TestEventReaderIsBounded(t *testing.T) {
	t.Parallel()
	endless := io.MultiReader(strings.NewReader("data: "), io.LimitReader(zeros{}, 2*maxEventBytes))
	if _, err := readAll(endless); !errors.Is(err, errEventTooLarge) {
		t.Error(err)
	}
	many := strings.NewReader(strings.Repeat("data: "+strings.Repeat("x", 1<<20)+"\n", 5))
	if _, err := readAll(many); !errors.Is(err, errEventTooLarge) {
		t.Error(err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// FuzzEventReader: what was read, written down and read again is the same, however the bytes arrive.
func FuzzEventReader(f *testing.F) {
	for _, seed := range []string{"id: 1\nevent: a\ndata: x\n\n", "\uFEFFdata\r\rdata:y\r\n\r\n", ":\n\n\x00", "retry: 5\ndata: \xff\n\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		events, _ := readAll(strings.NewReader(in))
		slow, _ := readAll(iotest.OneByteReader(strings.NewReader(in)))
		if !slices.Equal(events, slow) {
			t.Fatalf("%q and %q", events, slow)
		}
		var out strings.Builder
		for _, ev := range events {
			fmt.Fprintf(&out, "id: %s\nevent: %s\ndata: %s\n\n", ev.ID, ev.Type, strings.ReplaceAll(ev.Data, "\n", "\ndata: "))
		}
		again, _ := readAll(strings.NewReader(out.String()))
		if !slices.Equal(events, again) {
			t.Errorf("%q became %q", events, again)
		}
	})
}
