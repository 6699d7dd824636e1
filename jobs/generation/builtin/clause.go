package builtin

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spark-games/spark/engines"
)

type op int

const (
	none op = iota
	up
	down
	exactly
	add
	remove
)

// clause is a part of the prompt that asks for one thing.
type clause struct {
	p        *parsed
	from, to int
	op       op
	factor   float64 // how much up or down
	number   float64
	kind     kind // of the word that says what goes up or down
	targets  []string
	unknown  bool // it has words that nobody knows
	exact    bool // it says what to come to: "to 5"
	keep     bool // it asks to leave something as it is
	changed  bool
	why      string
}

func (c *clause) words() []word { return c.p.words[c.from:c.to] }

func (c *clause) has(list ...string) bool {
	for i, w := range c.words() {
		if c.p.used[c.from+i] {
			continue
		}
		for _, text := range list {
			if w.text == text || w.single == text {
				return true
			}
		}
	}
	return false
}

func (c *clause) targeted(name string) bool { return slices.Contains(c.targets, name) }

// adjustable reports whether the clause names a setting, and nothing unknown.
func (c *clause) adjustable() bool {
	return !c.unknown && !c.keep && slices.ContainsFunc(c.targets, func(t string) bool {
		return slices.Contains([]string{"jump", "speed", "gravity", "enemies", "lives", "moves", "goal", "fireRate", "difficulty", "pace"}, t)
	})
}

func (c *clause) borrow(from *clause) {
	c.op, c.factor, c.number, c.kind = from.op, from.factor, from.number, from.kind
}

// use marks the words of the clause that are known.
func (c *clause) use(e *edition) {
	c.changed = true
	for i, w := range c.words() {
		if e.known(w) {
			c.p.use(c.from+i, c.from+i+1)
		}
	}
}

// listener reads a clause word by word.
type listener struct {
	c        *clause
	flip     bool    // "too", "less", "not so": it goes the other way
	scaled   float64 // how many times, when it says so: "twice", "half", "3 times", "by 20%"
	percents float64
	multiple bool // it is "twice" or the like that has given the direction: "twice as slow"
}

// read finds what a clause asks to change, and how.
func (e *edition) read(c *clause) {
	l := &listener{c: c}
	for i, w := range c.words() {
		if c.p.used[c.from+i] {
			continue
		}
		if t := e.target(w); t != "" {
			c.targets = append(c.targets, t)
		}
		if n, ok := readNumber(w); ok {
			l.number(i, w, n)
		}
		if x := extents[w.text]; x != 0 && (c.factor == 1 || x > 1.2) {
			c.factor = x
		}
		l.manner(i, w)
		l.degree(i, w)
		c.unknown = c.unknown || !quiet(w) && !e.known(w)
	}
	l.decide()
}

// word is the text of the word at i, "" outside the clause.
func (c *clause) word(i int) string {
	if i < 0 || i >= c.to-c.from {
		return ""
	}
	return c.words()[i].text
}

func (l *listener) number(i int, w word, n float64) {
	c := l.c
	switch next := c.word(i + 1); {
	case next == "times" || next == "x" || strings.HasSuffix(w.text, "x") && n > 0 && decimal.MatchString(w.text):
		l.scaled, l.multiple = n, c.op == none
		if c.op == none {
			c.op = up
		}
	case next == "percent" || percent(c.p, w):
		l.scaled, l.percents = 1+n/100, n
	default:
		c.number, c.exact = n, c.exact || c.word(i-1) == "to"
		if c.op == none || c.op == up && c.kind != amount {
			c.op = exactly
		}
	}
}

// manner reads the words that modify others.
func (l *listener) manner(i int, w word) {
	c := l.c
	next := c.word(i + 1)
	switch w.text {
	case "twice", "double", "doubled", "triple", "tripled":
		l.multiple = c.op == none
	case "half", "halve", "halved":
		l.scaled, l.multiple, c.op = 0.5, true, up
	case "too":
		l.flip = !l.flip
	case "less":
		l.flip = l.flip != c.comparative(i)
	case "not", "isn't", "aren't", "don't", "doesn't":
		// "not so fast"; "not too fast" takes the "too" back.
		l.flip = l.flip != (next == "so" || next == "as" || next == "too")
		c.keep = c.keep || next == "change" || next == "touch"
	case "keep", "leave", "unchanged":
		c.keep = true
	case "enough", "add":
		if c.op == none {
			c.op, c.kind = up, amount
		}
	case "no", "without", "remove", "zero", "rid":
		if c.op == none {
			c.op = remove
		}
	}
}

func (l *listener) degree(i int, w word) {
	c := l.c
	d, ok := degrees[w.text]
	switch {
	case !ok, (w.text == "less" || w.text == "more") && c.comparative(i):
	case c.op == exactly && d.kind == amount: // "3 more lives"
		c.op, c.kind = map[op]op{up: add, down: remove}[d.op], amount
	case c.op == none:
		c.op, c.kind = d.op, d.kind
	case c.kind == anything && d.kind != anything:
		c.kind = d.kind
		if l.multiple {
			c.op = d.op
		}
	}
}

// decide combines what was read.
func (l *listener) decide() {
	c := l.c
	switch {
	case c.exact:
		c.op = exactly
	case c.number > 0 && c.kind == amount && (c.op == up || c.op == down):
		c.op = map[op]op{up: add, down: remove}[c.op]
	case l.flip && (c.op == up || c.op == down):
		c.op = map[op]op{up: down, down: up}[c.op]
	}
	switch {
	case c.op == down && l.percents > 0 && l.percents < 100:
		c.factor = 1 / (1 - l.percents/100)
	case l.scaled > 0:
		c.factor = l.scaled
	case c.factor == 1:
		c.factor = 1.3
	}
}

// comparative reports whether "less" or "more" at i belongs to an adjective: "less difficult", "more slowly".
func (c *clause) comparative(i int) bool {
	words := c.words()
	if i+1 >= len(words) {
		return false
	}
	d, ok := degrees[words[i+1].text]
	return ok && d.kind != amount && d.kind != anything
}

// percent reports whether a percent sign follows the number.
func percent(p *parsed, w word) bool {
	end := w.at + len(w.text)
	return end < len(p.prompt) && p.prompt[end] == '%'
}

// target is what a word names: a setting, or a character.
func (e *edition) target(w word) string {
	is := func(noun string) bool { return noun != "" && (w.text == noun || w.single == noun) }
	switch {
	case is(e.old.Enemy):
		return "enemies"
	case is(e.old.Collect):
		return "goal"
	case is(e.old.Hero):
		return "hero"
	}
	t := targetNouns[w.text]
	if t == "" {
		t = targetNouns[w.single]
	}
	if t == "moves" && e.old.Genre != engines.GenrePuzzle {
		t = map[bool]string{true: "speed"}[w.text == "move" || w.text == "moves"]
	}
	return t
}

// known reports whether a word means something in follow-ups.
func (e *edition) known(w word) bool {
	_, degree := degrees[w.text]
	_, color := colors[w.text]
	_, shade := shades[w.text]
	_, number := readNumber(w)
	return degree || color || shade || number || e.target(w) != "" || particles[w.text] || extents[w.text] != 0
}

var decimal = regexp.MustCompile(`\A\d{1,6}(\.\d{1,6})?x?\z`)

// readNumber reads "5", "1.5", "2x", "five".
func readNumber(w word) (float64, bool) {
	if n, ok := numbers[w.text]; ok {
		return n, true
	}
	if !decimal.MatchString(w.text) {
		return 0, false
	}
	n, err := strconv.ParseFloat(strings.TrimSuffix(w.text, "x"), 64)
	return n, err == nil
}

var numbers = map[string]float64{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
	"ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100}
