package cli

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/term"
)

// progress shows how far a task is.
type progress interface {
	// show reports the total fraction from 0 to 1, the current step, and its stage.
	show(fraction float64, step, stage string)
	// end clears the way for what is printed next.
	end()
}

// newProgress is a bar on a terminal and plain lines elsewhere.
func newProgress(w io.Writer) progress {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return &bar{w: w, width: func() int {
			width, _, err := term.GetSize(int(f.Fd()))
			if err != nil || width <= 0 { // some terminals do not know
				return 80
			}
			return width
		}}
	}
	return &plainLines{w: w}
}

// inTurn lets several goroutines show progress.
type inTurn struct {
	mu sync.Mutex
	progress
	fraction float64
}

func (t *inTurn) show(fraction float64, step, stage string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.fraction = fraction
	t.progress.show(fraction, step, stage)
}

// aside shows an activity beside the steps.
func (t *inTurn) aside(step, stage string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.progress.show(t.fraction, step, stage)
}

func (t *inTurn) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.progress.end()
}

// installing shows how much there is of an engine's packages, which its first build waits for. A line for each tenth megabyte
// is enough where lines are not drawn over.
func installing(show progress) func(engine string, bytes int64) {
	t, ok := show.(*inTurn)
	if !ok {
		return func(string, int64) {}
	}
	return func(engine string, bytes int64) {
		step := "installing the packages of " + engine
		if mega := bytes / 10e6 * 10; mega > 0 {
			t.aside(step, fmt.Sprintf("%d MB", mega))
			return
		}
		t.aside(step, "")
	}
}

// plainLines prints one line for each stage.
type plainLines struct {
	w    io.Writer
	last string
}

func (p *plainLines) show(fraction float64, step, stage string) {
	line := clean(step)
	if stage != "" {
		line += ": " + clean(stage)
	}
	if line == p.last {
		return
	}
	p.last = line
	fmt.Fprintf(p.w, "%3d%% %s\n", percent(fraction), line)
}

func (p *plainLines) end() {}

// bar redraws one line.
type bar struct {
	w     io.Writer
	width func() int
	last  string
}

const barCells = 24

func (b *bar) show(fraction float64, step, stage string) {
	text := clean(step)
	if stage != "" {
		text += ": " + clean(stage)
	}
	full := int(math.Round(fraction * barCells))
	line := fmt.Sprintf("%s%s %3d%% %s", strings.Repeat("█", full), strings.Repeat("░", barCells-full), percent(fraction), text)
	if line = cut(line, max(b.width()-1, 10)); line == b.last {
		return
	}
	b.last = line
	fmt.Fprintf(b.w, "\r\x1b[K%s", line)
}

func (b *bar) end() {
	if utf8.RuneCountInString(b.last) > 0 {
		fmt.Fprint(b.w, "\r\x1b[K")
		b.last = ""
	}
}

func percent(fraction float64) int { return int(math.Floor(fraction*100 + 1e-9)) }

// silent shows nothing.
type silent struct{}

func (silent) show(float64, string, string) {}
func (silent) end()                         {}
