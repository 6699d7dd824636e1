package jobs

import (
	"strings"
	"sync"

	"github.com/spark-games/spark/models"
)

// LogTailBytes is how much of an attempt's log is stored with the job.
const LogTailBytes = 16 << 10

// logTail keeps the last lines of a log. The zero value is ready.
type logTail struct {
	mu    sync.Mutex
	lines []string
	bytes int
}

func (t *logTail) add(line string) {
	line = models.Shorten(strings.TrimRight(line, "\n"), maxLogLine)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, line)
	t.bytes += len(line) + 1
	drop := 0
	for t.bytes > LogTailBytes {
		t.bytes -= len(t.lines[drop]) + 1
		drop++
	}
	t.lines = t.lines[drop:]
}

func (t *logTail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}
