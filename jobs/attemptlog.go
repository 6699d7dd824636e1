package jobs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/spark-games/spark/models"
)

// attemptLog receives everything that an attempt logs: it cleans and redacts it, keeps its end for the job, and sends its
// beginning to watchers.
type attemptLog struct {
	mu     sync.Mutex
	redact func(line string) string
	tail   logTail
	live   *logWriter // nil for none
}

func newAttemptLog(r Redactor, live *logWriter) *attemptLog {
	return &attemptLog{redact: r.Lines(), live: live}
}

func (l *attemptLog) add(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		line = l.redact(models.CleanLine(models.Shorten(line, maxLogLine)))
		l.tail.add(line)
		if l.live != nil {
			l.live.add(line)
		}
	}
}

func (l *attemptLog) String() string { return l.tail.String() }

const maxLogLine = LogTailBytes / 4

// Limits of a live log: bytes per event, events per second, and bytes per attempt. Lines beyond them are counted, and the count
// is shown.
const (
	logBatchLines = 50
	logBatchBytes = 8 << 10
	logEvery      = 250 * time.Millisecond
	logFirst      = 100 * time.Millisecond // a short job's log is one event
	liveLogBytes  = 256 << 10
	logLastWrite  = 3 * time.Second
)

// logWriter stores the log of a running attempt as events, without blocking the handler.
type logWriter struct {
	write  func(context.Context, []string) error
	wake   chan struct{}
	writer lazyWriter

	mu      sync.Mutex
	lines   []string
	bytes   int // of lines
	total   int // bytes taken so far
	leftOut int
	stale   bool // the attempt has lost its fence
}

// newLogWriter makes a writer; when ctx is done it writes what is left and ends.
func newLogWriter(ctx context.Context, write func(context.Context, []string) error) *logWriter {
	w := &logWriter{write: write, wake: make(chan struct{}, 1)}
	w.writer.run = func() { w.run(ctx) }
	return w
}

func (w *logWriter) add(line string) {
	w.writer.start()
	w.mu.Lock()
	defer w.mu.Unlock()
	size := len(line) + 1
	if w.stale || len(w.lines) == logBatchLines || w.bytes+size > logBatchBytes || w.total+size > liveLogBytes {
		w.leftOut++
		return
	}
	w.lines = append(w.lines, line)
	w.bytes += size
	w.total += size
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// take returns what is to be written. The count of omitted lines comes with the next lines, and at the end.
func (w *logWriter) take(last bool) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	lines := w.lines
	if w.leftOut > 0 && (len(lines) > 0 || last) {
		lines = append(lines, leftOutText(w.leftOut))
		w.leftOut = 0
	}
	w.lines, w.bytes = nil, 0
	return lines
}

func leftOutText(n int) string {
	if n == 1 {
		return "… 1 line left out"
	}
	return fmt.Sprintf("… %d lines left out", n)
}

func (w *logWriter) run(ctx context.Context) {
	pause := time.NewTimer(logFirst)
	defer pause.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			continue
		case <-pause.C:
		}
		select {
		case <-ctx.Done():
		case <-w.wake:
			w.store(ctx, w.take(false))
			pause.Reset(logEvery)
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), logLastWrite)
	defer cancel()
	w.store(last, w.take(true))
}

func (w *logWriter) store(ctx context.Context, lines []string) {
	if len(lines) == 0 {
		return
	}
	err := w.write(ctx, lines)
	if err == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.leftOut += len(lines)
	w.stale = w.stale || errors.Is(err, ErrStale)
}
