package builtin

import (
	"fmt"
	"math"
	"strconv"

	"github.com/spark-games/spark/engines"
)

// read finds what a clause wants to change, and how.
func (e *edition) read(c *clause) {
	words := c.words()
	flip, scaled, percents := false, 0.0, 0.0
	for i, w := range words {
		at := c.from + i
		if c.p.used[at] {
			continue
		}
		next := func(n int) string {
			if i+n < len(words) && i+n >= 0 {
				return words[i+n].text
			}
			return ""
		}
		if t := e.target(w); t != "" {
			c.targets = append(c.targets, t)
		}
		switch n, isNumber := readNumber(w); {
		case isNumber && (next(1) == "times" || next(1) == "x" || w.text != "" && w.text[len(w.text)-1] == 'x' && n > 0):
			scaled = n
			if c.op == none {
				c.op = up
			}
		case isNumber && (next(1) == "percent" || percent(c.p, w)):
			scaled, percents = 1+n/100, n
		case isNumber:
			c.number, c.exact = n, c.exact || next(-1) == "to"
			if c.op == none || c.op == up && c.kind != amount {
				c.op = exactly
			}
		}
		if x := extents[w.text]; x != 0 && (c.factor == 1 || x > 1.2) {
			c.factor = x
		}
		switch w.text {
		case "half", "halve", "halved":
			scaled, c.op = 0.5, up
		case "too", "less":
			flip = flip != (w.text == "too" || c.comparative(i))
		case "not", "isn't", "aren't", "don't", "doesn't":
			if next(1) == "enough" || next(1) == "change" || next(1) == "touch" {
				c.keep = next(1) != "enough"
				break
			}
			// "not so fast", but "not too fast" is said of what is slow enough: it is one "not" too many
			flip = flip != (next(1) == "so" || next(1) == "as" || next(1) == "too")
		case "enough":
			if c.op == none {
				c.op, c.kind = up, amount
			}
		case "keep", "leave", "unchanged":
			c.keep = true
		case "no", "without", "remove", "zero", "rid":
			if c.op == none {
				c.op = remove
			}
		}
		if d, ok := degrees[w.text]; ok && !(w.text == "less" && c.comparative(i)) && !(w.text == "more" && c.comparative(i)) {
			switch {
			case c.op == exactly && d.kind == amount: // "3 more lives", "2 extra lives"
				c.op = map[op]op{up: add, down: remove}[d.op]
				c.kind = amount
			case c.op == none || c.kind == anything:
				if c.op == none || d.kind != anything && c.op != up && c.op != down {
					c.op = d.op
				} else if d.kind == anything {
					break
				}
				if w.text == "up" && i > 0 || w.text == "down" && i > 0 {
					break // "speed up" says all in the first word, or in what it is about
				}
				c.kind = d.kind
			}
		}
		if c.op == none && (w.text == "add") {
			c.op, c.kind = up, amount
		}
		if !quiet(w) && !e.known(w) {
			c.unknown = true
		}
	}
	if c.number > 0 && c.kind == amount && c.op == up {
		c.op = add
	}
	if c.number > 0 && c.op == down && c.kind == amount {
		c.op = remove
	}
	if flip && (c.op == up || c.op == down) {
		c.op = map[op]op{up: down, down: up}[c.op]
	}
	if c.exact {
		c.op = exactly
	}
	if c.factor == 1 {
		c.factor = 1.3
	}
	if c.op == down && percents > 0 && percents < 100 {
		scaled = 1 / (1 - percents/100)
	}
	if scaled > 0 {
		c.factor = scaled
	}
}

// comparative tells whether "less" or "more" at i belongs to an adjective: "less difficult", "more slowly".
func (c *clause) comparative(i int) bool {
	words := c.words()
	if i+1 >= len(words) {
		return false
	}
	d, ok := degrees[words[i+1].text]
	return ok && d.kind != amount && d.kind != anything
}

// percent tells whether a percent sign follows the number.
func percent(p *parsed, w word) bool {
	end := w.at + len(w.text)
	return end < len(p.prompt) && p.prompt[end] == '%'
}

// target is what a word names: a setting, or somebody of the cast.
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

// known tells whether a word means something in follow-ups.
func (e *edition) known(w word) bool {
	_, degree := degrees[w.text]
	_, color := colors[w.text]
	_, shade := shades[w.text]
	_, number := readNumber(w)
	return degree || color || shade || number || e.target(w) != "" || particles[w.text] || extents[w.text] != 0
}

// obey carries a clause out.
func (e *edition) obey(c *clause) {
	if c.keep {
		c.why = ""
		return
	}
	for _, act := range []func(*clause) bool{e.recast, e.relevel, e.repaint, e.tune, e.retheme, e.darken} {
		if act(c) {
			c.use(e)
			if c.targets == nil {
				return
			}
		}
	}
	if !c.changed {
		e.regenre(c)
	}
}

// tune changes a number.
func (e *edition) tune(c *clause) bool {
	if c.op == none {
		return false
	}
	names, ok := e.settings(c)
	if !ok {
		return false
	}
	changed := false
	for _, name := range names {
		if e.done[name] {
			changed = true // it has been said before: "the drones are too fast, slow them down"
			continue
		}
		if e.change(name, c) {
			e.done[name], changed = true, true
		}
	}
	return changed
}

// settings names what a clause with a direction is about.
func (e *edition) settings(c *clause) ([]string, bool) {
	switch {
	case c.has("floaty", "floatier", "gravity") && c.kind != fastness && c.kind != hardness:
		return []string{"gravity"}, true
	case c.targeted("jump") && c.kind != fastness && c.kind != hardness:
		return []string{"jump"}, true
	case c.targeted("jump"):
		return nil, false
	case c.targeted("enemies"):
		switch {
		case c.kind == hardness:
			return []string{"difficulty"}, true
		case c.kind == fastness || c.targeted("speed") && c.kind != amount && !c.has("many", "fewer"):
			return []string{"enemySpeed"}, true
		case c.kind == amount || c.kind == anything || c.op == exactly || c.op == remove || c.op == add:
			return []string{"enemies"}, true
		}
		return nil, false
	case c.targeted("fireRate") && c.kind != hardness:
		return []string{"fireRate"}, true
	case c.targeted("lives") && (c.kind == amount || c.kind == anything || c.kind == height || c.op == exactly || c.op == remove):
		return []string{"lives"}, true
	case c.targeted("moves") && (c.kind == amount || c.kind == anything || c.op == exactly || c.op == remove):
		return []string{"moves"}, true
	case c.targeted("goal") && (c.kind == amount || c.kind == anything || c.kind == height || c.kind == size || c.op == exactly || c.op == remove):
		return []string{"goal"}, true
	case c.targeted("difficulty"), c.kind == hardness && (!c.unknown || c.targeted("pace")):
		return []string{"difficulty"}, true
	case c.targeted("speed") && c.targeted("pace") && c.has("game", "everything", "pace", "tempo"):
		return []string{"pace"}, true
	case c.targeted("hero") && c.kind == height:
		return []string{"jump"}, true
	case (c.targeted("hero") || c.targeted("speed")) && (c.kind == fastness || c.targeted("speed")):
		return []string{"speed"}, true
	case (c.kind == fastness || c.targeted("pace") && c.has("pace", "tempo")) && (!c.unknown || c.targeted("pace")):
		return []string{"pace"}, true
	}
	return nil, false
}

// change moves one setting, within its bounds.
func (e *edition) change(name string, c *clause) bool {
	if name == "goal" && e.Design.Tuning.Goal == 0 && (c.op == up || c.op == down) {
		name = "goalTimes" // how many there are to gather as usual, only the rules know
	}
	s, field, value := e.setting(name)
	if s.Name == "" {
		c.why = fmt.Sprintf("a %s has no such setting", e.old.Genre)
		return false
	}
	if _, ok := e.file.Number(field); !ok {
		c.why = fmt.Sprintf("%s has no plain %s", e.file.Path(), field)
		return false
	}
	now, ok := value(c)
	if !ok {
		if c.why == "" {
			c.why = "it is set as a multiple of the usual: say \"twice\", \"half\" or \"a bit more\""
		}
		return false
	}
	was := e.value(name)
	to := s.Clamp(now)
	if to == was {
		c.why = fmt.Sprintf("%s is at its bound", s.Title)
		return false
	}
	e.assign(name, to)
	text := plainNumber(to)
	if was != 0 || !s.Whole {
		text = plainNumber(was) + " → " + text
	}
	if to != now && math.Abs(to-now) > 0.001 {
		text += ", its bound"
	}
	e.note(true, s.Title, text)
	return true
}

func plainNumber(v float64) string { return strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64) }

// goals and lives of the rules, where the design leaves them to the difficulty.
func (e *edition) usual(name string) float64 {
	hard := e.old.Difficulty
	if hard == 0 {
		hard = 1
	}
	switch {
	case name == "goal":
		return map[engines.Genre]float64{engines.GenreShooter: math.Round(60 * (0.6 + 0.4*hard)), engines.GenreRunner: math.Round(130 * (0.7 + 0.3*hard)),
			engines.GenrePuzzle: 36}[e.old.Genre]
	case name == "moves":
		return math.Round(22 / (0.55 + 0.45*hard))
	case name == "lives":
		easy, normal, tough := 5.0, 3.0, 2.0
		if e.old.Genre == engines.GenreShooter {
			easy, normal, tough = 6, 4, 3
		}
		return map[bool]float64{true: easy, false: map[bool]float64{true: tough, false: normal}[hard > 1.2]}[hard < 0.9]
	}
	return 0
}

// value is what a setting is now.
func (e *edition) value(name string) float64 {
	switch name {
	case "pace":
		return orOne(e.Design.Pace)
	case "difficulty":
		return orOne(e.Design.Difficulty)
	}
	v := e.Design.Tuning.Get(name)
	if v == 0 && (name == "lives" || name == "moves" || name == "goal") {
		return e.usual(name)
	}
	return v
}

func orOne(v float64) float64 {
	if v == 0 {
		return 1
	}
	return v
}

func (e *edition) assign(name string, v float64) {
	switch name {
	case "pace":
		e.Design.Pace = v
	case "difficulty":
		e.Design.Difficulty = v
	default:
		e.Design.Tuning.Set(name, v)
	}
}

// setting finds a setting by the name that the prompt has led to, its field in the design file, and what it is to become.
func (e *edition) setting(name string) (engines.Tunable, string, func(*clause) (float64, bool)) {
	switch name {
	case "pace":
		return engines.Tunable{Name: name, Title: name, Min: 0.6, Max: 1.5}, name, e.multiple(name)
	case "difficulty":
		return engines.Tunable{Name: name, Title: name, Min: 0.5, Max: 1.6}, name, e.multiple(name)
	}
	s, _ := e.old.Genre.Tunable(name)
	return s, "tuning." + name, e.multiple(name)
}

// multiple is what a setting becomes.
func (e *edition) multiple(name string) func(*clause) (float64, bool) {
	return func(c *clause) (float64, bool) {
		was := e.value(name)
		s, _ := e.old.Genre.Tunable(name)
		switch c.op {
		case up:
			if s.Whole && c.factor > 1 {
				return max(math.Round(was*c.factor), was+1), true
			}
			return was * c.factor, true
		case down:
			if s.Whole {
				return min(math.Round(was/c.factor), was-1), true
			}
			return was / c.factor, true
		case exactly:
			return c.number, s.Whole || c.number <= 5 && name != "enemies"
		case add:
			return was + max(1, c.number), s.Whole
		case remove:
			if s.Whole {
				if c.number == 0 {
				c.why = "there must be some"
			}
			return was - max(1, c.number), c.number > 0
			}
			return 0, c.number == 0
		}
		return 0, false
	}
}

