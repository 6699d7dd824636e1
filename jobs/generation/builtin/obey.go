package builtin

import (
	"fmt"
	"math"
	"strconv"

	"github.com/spark-games/spark/engines"
)

// obey carries out a clause.
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
	name := e.about(c)
	switch {
	case name == "":
		return false
	case e.done[name]: // it was asked for before: "the drones are too fast, slow them down"
		return true
	}
	e.done[name] = e.change(name, c)
	return e.done[name]
}

// about names the setting that a clause with a direction refers to, "" for none.
func (e *edition) about(c *clause) string {
	switch {
	case c.has("floaty", "floatier", "gravity") && c.kind != fastness && c.kind != hardness:
		return "gravity"
	case c.targeted("jump") && c.kind != fastness && c.kind != hardness:
		return "jump"
	case c.targeted("jump"):
		return ""
	case c.targeted("enemies"):
		switch {
		case c.kind == hardness:
			return "difficulty"
		case c.kind == fastness || c.targeted("speed") && c.kind != amount && !c.has("many", "fewer"):
			return "enemySpeed"
		case c.kind == amount || c.kind == anything || c.op == exactly || c.op == remove || c.op == add:
			return "enemies"
		}
		return ""
	case c.targeted("fireRate") && c.kind != hardness:
		return "fireRate"
	case c.targeted("lives") && (c.kind == amount || c.kind == anything || c.kind == height || c.op == exactly || c.op == remove):
		return "lives"
	case c.targeted("moves") && (c.kind == amount || c.kind == anything || c.op == exactly || c.op == remove):
		return "moves"
	case c.targeted("goal") && (c.kind == amount || c.kind == anything || c.kind == height || c.kind == size || c.op == exactly || c.op == remove):
		return "goal"
	case c.targeted("difficulty"), c.kind == hardness && (!c.unknown || c.targeted("pace")):
		return "difficulty"
	case c.targeted("speed") && c.targeted("pace") && c.has("game", "everything", "pace", "tempo"):
		return "pace"
	case c.targeted("hero") && c.kind == height:
		return "jump"
	case (c.targeted("hero") || c.targeted("speed")) && (c.kind == fastness || c.targeted("speed")):
		return "speed"
	case (c.kind == fastness || c.targeted("pace") && c.has("pace", "tempo")) && (!c.unknown || c.targeted("pace")):
		return "pace"
	}
	return ""
}

// change moves one setting, within its bounds.
func (e *edition) change(name string, c *clause) bool {
	if name == "goal" && e.Design.Tuning.Goal == 0 && (c.op == up || c.op == down) {
		name = "goalTimes" // only the rules know the usual number to gather
	}
	s, field := e.setting(name)
	if s.Name == "" {
		c.why = fmt.Sprintf("a %s has no such setting", e.old.Genre)
		return false
	}
	if _, ok := e.file.Number(field); !ok {
		c.why = fmt.Sprintf("%s has no plain %s", e.file.Path(), field)
		return false
	}
	now, ok := e.wanted(s, c)
	if !ok {
		return false
	}
	was := e.value(name)
	to := s.Clamp(now)
	if to == was || c.op == up && c.factor > 1 && to < was || c.op == down && to > was { // set beyond it by hand
		c.why = fmt.Sprintf("%s is at its limit", s.Title)
		return false
	}
	e.assign(name, to)
	text := plainNumber(to)
	if was != 0 || !s.Whole {
		text = plainNumber(was) + " → " + text
	}
	if to != now && math.Abs(to-now) > 0.001 {
		text += ", its limit"
	}
	e.note(true, s.Title, text)
	return true
}

func plainNumber(v float64) string { return strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64) }

// value is the current value of a setting.
func (e *edition) value(name string) float64 {
	switch name {
	case "pace":
		return orOne(e.Design.Pace)
	case "difficulty":
		return orOne(e.Design.Difficulty)
	}
	v := e.Design.Tuning.Get(name)
	if v == 0 && (name == "lives" || name == "moves" || name == "goal") {
		return e.old.UsualCount(name)
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

// setting finds a setting by the name that the prompt has led to, and its field in the design file.
func (e *edition) setting(name string) (engines.Tunable, string) {
	switch name {
	case "pace":
		return engines.Tunable{Name: name, Title: name, Min: 0.6, Max: 1.5}, name
	case "difficulty":
		return engines.Tunable{Name: name, Title: name, Min: 0.5, Max: 1.6}, name
	}
	s, _ := e.old.Genre.Tunable(name)
	return s, "tuning." + name
}

// wanted is the new value of a setting, before it is clamped.
func (e *edition) wanted(s engines.Tunable, c *clause) (float64, bool) {
	was := e.value(s.Name)
	switch {
	case s.Whole && c.op == up && c.factor > 1:
		return max(math.Round(was*c.factor), was+1), true
	case c.op == up && was == 0:
		return s.Usual(), true
	case c.op == up:
		return was * c.factor, true
	case s.Whole && c.op == down:
		return min(math.Round(was/c.factor), was-1), true
	case c.op == down:
		return was / c.factor, true
	case s.Whole && c.op == exactly:
		return c.number, true
	case s.Whole && was == 0: // the result of the rules is not known here
		c.why = "the current number is not known: give the new number"
	case s.Whole && c.op == add:
		return was + max(1, c.number), true
	case s.Whole && c.number > 0:
		return was - c.number, true
	case s.Whole:
		c.why = "there must be some"
	case c.op == exactly && c.number <= 5 && s.Name != "enemies":
		return c.number, true
	case c.op == remove && c.number == 0:
		return 0, true
	default:
		c.why = "it is set as a multiple of the usual: say \"twice\", \"half\" or \"a bit more\""
	}
	return 0, false
}
