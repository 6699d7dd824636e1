package sandbox

import (
	"strings"

	"github.com/spark-games/spark/models"
)

// logTail keeps the end of a job's log and passes its lines on, up to a bound: an endless log costs a bounded amount.
type logTail struct {
	keep    int               // bytes of the tail
	forward func(line string) // nil drops
	budget  int               // bytes that may still be forwarded

	tail    []byte
	dropped bool
	partial []byte
}

const (
	maxLogLine   = 4 << 10
	forwardTimes = 8 // how many tails' worth of a log is passed on while it runs
)

func newLogTail(keep int64, forward func(string)) *logTail {
	return &logTail{keep: int(keep), forward: forward, budget: int(keep) * forwardTimes}
}

func (l *logTail) write(p []byte) {
	for len(p) > 0 {
		i := 0
		for i < len(p) && p[i] != '\n' {
			i++
		}
		l.partial = append(l.partial, p[:min(i, maxLogLine-min(len(l.partial), maxLogLine))]...)
		if i == len(p) {
			return
		}
		l.line()
		p = p[i+1:]
	}
}

// line ends the line that has gathered.
func (l *logTail) line() {
	text := models.CleanLine(string(l.partial))
	l.partial = l.partial[:0]
	l.tail = append(append(l.tail, text...), '\n')
	if len(l.tail) > 2*l.keep {
		l.tail = append(l.tail[:0], l.tail[len(l.tail)-l.keep:]...)
		l.dropped = true
	}
	if l.forward == nil || l.budget <= 0 {
		return
	}
	if l.budget -= len(text) + 1; l.budget <= 0 {
		text = "(the log is too long to be shown while it runs)"
	}
	l.forward(text)
}

// String is the tail, from the start of a line.
func (l *logTail) String() string {
	if len(l.partial) > 0 {
		l.line()
	}
	t := l.tail
	if len(t) > l.keep {
		t, l.dropped = t[len(t)-l.keep:], true
	}
	s := strings.ToValidUTF8(string(t), "")
	if l.dropped {
		if i := strings.IndexByte(s, '\n'); i >= 0 {
			s = s[i+1:]
		}
		s = "…\n" + s
	}
	return s
}
