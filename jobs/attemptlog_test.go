package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/spark-games/spark/internal/platform/redact"
)

// watcher is who reads the events of a log.
type watcher struct {
	mu     sync.Mutex
	events [][]string
	err    error
}

func (w *watcher) write(_ context.Context, lines []string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return w.err
	}
	w.events = append(w.events, lines)
	return nil
}

// seen are the events so far.
func (w *watcher) seen() [][]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.events)
}

func (w *watcher) lines() (all []string) {
	for _, e := range w.seen() {
		all = append(all, e...)
	}
	return all
}

func TestLogIsLive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var w watcher
		ctx, end := context.WithCancel(t.Context())
		l := newAttemptLog(redact.New("hunter2-hunter2"), newLogWriter(ctx, w.write))
		l.add("one\x1b[31m red\x00\x1b[0m\n")
		l.add("two hunter2-\nhunter2 three")
		time.Sleep(logFirst)
		synctest.Wait()
		want := []string{"one red\ufffd", "two " + redact.Redacted, redact.Redacted + " three"}
		if seen := w.seen(); len(seen) != 1 || fmt.Sprint(seen[0]) != fmt.Sprint(want) {
			t.Errorf("events %q", seen)
		}
		l.add("later")
		synctest.Wait()
		if len(w.seen()) != 1 {
			t.Error("events follow each other too soon")
		}
		time.Sleep(logEvery)
		synctest.Wait()
		l.add("the end")
		end()
		l.live.writer.wait()
		if got := w.lines(); strings.Join(got[3:], ",") != "later,the end" {
			t.Errorf("lines %q", got)
		}
		if got := l.String(); got != strings.Join(append(want, "later", "the end"), "\n") {
			t.Errorf("tail %q", got)
		}
	})
}

// TestFloodIsBounded logs without end for a minute.
func TestFloodIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var w watcher
		ctx, end := context.WithCancel(t.Context())
		l := newAttemptLog(redact.New(), newLogWriter(ctx, w.write))
		begin, n := time.Now(), 0
		for time.Since(begin) < time.Minute {
			for range 1000 {
				n++
				l.add(fmt.Sprintf("line %d of a flood", n))
			}
			time.Sleep(100 * time.Millisecond)
		}
		end()
		l.live.writer.wait()
		if most := int(time.Minute/logEvery) + 2; len(w.seen()) > most {
			t.Errorf("%d events in a minute", len(w.seen()))
		}
		size, shown, leftOut := 0, 0, 0
		for _, line := range w.lines() {
			size += len(line)
			var k int
			if _, err := fmt.Sscanf(line, "… %d lines left out", &k); err == nil {
				leftOut += k
			} else {
				shown++
			}
		}
		if size > liveLogBytes*11/10 || shown+leftOut != n {
			t.Errorf("%d bytes; %d lines shown and %d left out of %d", size, shown, leftOut, n)
		}
		if !strings.HasSuffix(l.String(), fmt.Sprintf("line %d of a flood", n)) {
			t.Error("the tail is not the end")
		}
	})
}

func TestLogOfALostAttemptIsNotWritten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := watcher{err: fmt.Errorf("no such attempt: %w", ErrStale)}
		ctx, end := context.WithCancel(t.Context())
		l := newAttemptLog(redact.New(), newLogWriter(ctx, w.write))
		l.add("never seen")
		time.Sleep(time.Second)
		l.add("nor this")
		w.mu.Lock()
		w.err = errors.New("not asked")
		w.mu.Unlock()
		end()
		l.live.writer.wait()
		if len(w.events) > 0 || l.String() != "never seen\nnor this" {
			t.Errorf("events %q, tail %q", w.events, l.String())
		}
	})
}

func TestShortenedLineShowsNoPartOfASecret(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-hunter2-hunter2"
	for shown := 8; shown < len(secret); shown++ {
		l := newAttemptLog(redact.New(secret), nil)
		l.add(strings.Repeat(".", maxLogLine-shown) + secret + strings.Repeat(".", 100))
		if got := l.String(); strings.Contains(got, secret[:8]) || !strings.HasSuffix(got, "…") {
			t.Fatalf("%d bytes before the line's end: …%s", shown, got[len(got)-50:])
		}
	}
}

func TestTailIsText(t *testing.T) {
	t.Parallel()
	l := newAttemptLog(redact.New(), nil)
	l.add(strings.Repeat("\x00", maxLogLine))
	if !utf8.ValidString(l.String()) {
		t.Error("the tail is not UTF-8")
	}
}
