package agent

import (
	"fmt"
	"regexp"
	"time"
)

// stepLog turns a step's output into log lines. Its memory is bounded: lines are cut, the rate is limited, and the last of the
// omitted lines are sent at the end.
type stepLog struct {
	send     func(text string)
	problems *problems
	progress *progress
	last     string // the last line that was not empty
	starved  bool   // the step said that it was denied memory, and not as a problem of the project's

	line   []byte
	bytes  int64 // that may still be passed on
	tokens float64
	filled time.Time
	held   []string // the newest lines that were not passed on
	missed int
}

const (
	linesPerSecond = 500
	linesAtOnce    = 2000
	linesHeld      = 50
	logTimes       = 8 // how many times the log's limit is passed on in all
)

func newStepLog(send func(string), problems *problems, progress *progress, limit int64) *stepLog {
	return &stepLog{send: send, problems: problems, progress: progress, bytes: limit * logTimes, tokens: linesAtOnce, filled: time.Now()}
}

// begin separates the steps: a problem's place is looked for within its own step.
func (l *stepLog) begin() {
	l.problems.forget()
	l.starved = false
}

func (l *stepLog) Write(p []byte) (int, error) {
	for _, b := range p {
		switch {
		case b == '\n' || b == '\r':
			l.flush()
		case len(l.line) < maxLogLine:
			l.line = append(l.line, b)
		}
	}
	return len(p), nil
}

// end says what is left to say.
func (l *stepLog) end() {
	l.flush()
	l.catchUp(len(l.held))
}

// catchUp says how many lines were not passed on, and the newest of them.
func (l *stepLog) catchUp(newest int) {
	if hidden := l.missed - newest; hidden > 0 {
		l.send(fmt.Sprintf("(%d lines are not shown)", hidden))
	}
	for _, line := range l.held[len(l.held)-newest:] {
		l.send(line)
	}
	l.held, l.missed = nil, 0
}

// escapes are the sequences with which programs colour and move on terminals.
var escapes = regexp.MustCompile(`\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])`)

func (l *stepLog) flush() {
	if len(l.line) == 0 {
		return
	}
	text := string(escapes.ReplaceAll(l.line, nil))
	l.line = l.line[:0]
	if text == "" {
		return
	}
	l.last = text
	l.progress.see(text)
	if !l.problems.see(text) && !l.starved {
		l.starved = starving.MatchString(text)
	}
	now := time.Now()
	l.tokens = min(linesAtOnce, l.tokens+now.Sub(l.filled).Seconds()*linesPerSecond)
	l.filled = now
	if l.tokens >= 1 && l.bytes > 0 {
		l.catchUp(0)
		l.tokens--
		l.bytes -= int64(len(text)) + 1
		l.send(text)
		return
	}
	l.missed++
	if l.held = append(l.held, text); len(l.held) > linesHeld {
		l.held = l.held[1:]
	}
}
