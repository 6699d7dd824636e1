package builtin

import (
	"fmt"
	"hash/fnv"

	"github.com/spark-games/spark/engines"
)

// recast gives a role to another character: "play as a dragon", "make the hero a cat", "replace the drones with bats", "gems
// instead of stars".
func (e *edition) recast(c *clause) bool {
	words := c.words()
	for i, w := range words {
		if c.p.used[c.from+i] {
			continue
		}
		var r role
		var from int
		switch {
		case w.text == "as" && i > 0 && (words[i-1].text == "play" || words[i-1].text == "playing"):
			r, from = hero, i+1
		case e.roleOf(w) != nobody && i+1 < len(words):
			r, from = e.roleOf(w), i+1
			for from < len(words) && (linking[words[from].text]) {
				from++
			}
			if from == i+1 && !articles[words[from].text] {
				continue // "drones faster": nobody takes their place
			}
		case w.text == "instead" && i+2 < len(words) && i > 0: // "cats instead of foxes"
			for _, after := range words[i+1:] {
				if r == nobody {
					r = e.roleOf(after)
				}
			}
			from = i - 1
		default:
			continue
		}
		if from < len(words) && articles[words[from].text] {
			from++
		}
		if r == nobody || from >= len(words) {
			continue
		}
		noun, width := knownNoun(words[from:], r)
		if noun == "" && w.text != "instead" && from == len(words)-1 && fitsAsNoun(words[from]) && !e.known(words[from]) && e.replaces(c) {
			noun, width = words[from].single, 1
		}
		if noun == "" || e.assignRole(r, "") == noun {
			continue
		}
		if !e.plain(c, map[role]string{hero: "hero", collect: "collect", enemy: "enemy"}[r]) {
			return false
		}
		c.p.use(c.from+from, c.from+from+width)
		e.assignRole(r, noun)
		e.note(true, map[role]string{hero: "hero", collect: "gathered", enemy: "enemy"}[r], noun)
		c.targets = nil
		return true
	}
	return false
}

var (
	articles = set("a an the some")
	linking  = set("with by for to into as be is are should become becomes being")
)

// replaces reports whether a clause asks for a change of the cast, so that an unknown noun may be part of it.
func (e *edition) replaces(c *clause) bool {
	return c.has("replace", "swap", "change", "turn", "make", "become", "becomes", "be", "as")
}

// roleOf is the role that a word names.
func (e *edition) roleOf(w word) role {
	switch e.target(w) {
	case "hero":
		return hero
	case "enemies":
		return enemy
	case "goal":
		return collect
	}
	return nobody
}

// assignRole gives a role a noun, or reports the one it has.
func (e *edition) assignRole(r role, noun string) string {
	to := map[role]*string{hero: &e.Design.Hero, collect: &e.Design.Collect, enemy: &e.Design.Enemy}[r]
	if noun != "" {
		*to = noun
	}
	return *to
}

// plain reports whether the design file has these fields as plain texts, so that they can be changed, and records why not.
func (e *edition) plain(c *clause, fields ...string) bool {
	for _, field := range fields {
		if _, ok := e.file.Text(field); !ok {
			c.why = e.file.Path() + " has no plain " + field
			return false
		}
	}
	return true
}

// relevel makes a new level layout.
func (e *edition) relevel(c *clause) bool {
	if !c.targeted("level") || !c.has("new", "another", "different", "fresh", "random", "other", "change", "shuffle") {
		return false
	}
	if _, ok := e.file.Number("seed"); !ok {
		c.why = e.file.Path() + " has no plain seed"
		return false
	}
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s", e.old.Seed, c.p.prompt)
	e.Design.Seed = int64(h.Sum64() & (1<<31 - 1))
	e.note(true, "level", "a new layout")
	c.targets = nil
	return true
}

// repaint changes colours: those before or after what they belong to, or the whole mood.
func (e *edition) repaint(c *clause) bool {
	words := c.words()
	for i := range words {
		if c.p.used[c.from+i] || e.target(words[i]) != "" {
			continue
		}
		color, next, ok := readColor(words, i)
		if !ok {
			continue
		}
		p := &e.Design.Palette
		what := ""
		for _, t := range []struct {
			target, name, field string
			color               *string
		}{{"hero", e.Design.Hero, "hero", &p.Hero}, {"enemies", e.Design.Enemy, "enemy", &p.Enemy}, {"goal", e.Design.Collect, "collect", &p.Collect},
			{"ground", "ground", "ground", &p.Ground}, {"text", "text", "text", &p.Text}, {"accent", "accent", "accent", &p.Accent}} {
			if c.targeted(t.target) {
				if !e.plain(c, "palette."+t.field) {
					return false
				}
				what, *t.color = t.name, color.String()
				break
			}
		}
		switch {
		case what != "":
		case c.targeted("sky"):
			if !e.plain(c, "palette.sky", "palette.skyLow") {
				return false
			}
			what = "sky"
			p.Sky, p.SkyLow = color.String(), color.mix(parseColor(e.colorOr(p.SkyLow)), 0.45).String()
		case c.unknown:
			return false
		case !e.plain(c, "palette.accent", "palette.sky", "palette.skyLow", "palette.ground"):
			return false
		default:
			what = "mood"
			p.Accent = color.String()
			p.Sky = parseColor(e.colorOr(p.Sky)).mix(color, 0.3).String()
			p.SkyLow = parseColor(e.colorOr(p.SkyLow)).mix(color, 0.42).String()
			p.Ground = parseColor(e.colorOr(p.Ground)).mix(color, 0.22).String()
		}
		c.p.use(c.from+i, c.from+next)
		e.note(true, "colour", phrase(words[i:next])+" "+what)
		return true
	}
	return false
}

// colorOr is a colour of the design, or black if the file has no plain colour there.
func (e *edition) colorOr(hex string) string {
	if !hexColor.MatchString(hex) || len(hex) != 7 {
		return "#000000"
	}
	return hex
}

// retheme changes the theme, if the clause asks for that.
func (e *edition) retheme(c *clause) bool {
	asked := c.to-c.from <= 2 || c.has("theme", "themed", "style", "look", "setting", "set", "in", "to", "into", "at", "world", "place", "make", "be", "feel")
	if !asked || c.changed ||
		c.op != none && !c.has("theme", "themed", "world", "setting", "look", "style") {
		return false
	}
	for i, w := range c.words() {
		theme := themeOf(w)
		if c.p.used[c.from+i] || theme == "" || theme == e.Design.Theme || e.target(w) != "" || isNoun(w) || w.text == "night" {
			continue
		}
		if c.unknownBut(e, i) {
			continue
		}
		if !e.plain(c, "theme") {
			return false
		}
		old, _ := engines.ThemePalette(e.Design.Theme)
		e.Design.Theme = theme
		p, _ := engines.ThemePalette(theme)
		// Characters keep the colours that they were given.
		was := e.Design.Palette
		for _, k := range []struct{ now, old, next *string }{{&was.Hero, &old.Hero, &p.Hero}, {&was.Collect, &old.Collect, &p.Collect},
			{&was.Enemy, &old.Enemy, &p.Enemy}} {
			if hexColor.MatchString(*k.now) && *k.now != *k.old {
				*k.next = *k.now
			}
		}
		p.Hero = apart(parseColor(p.Hero), parseColor(p.SkyLow), parseColor(p.Ground)).String()
		p.Collect = apart(parseColor(p.Collect), parseColor(p.SkyLow)).String()
		p.Enemy = apart(parseColor(p.Enemy), parseColor(p.SkyLow), parseColor(p.Hero)).String()
		e.Design.Palette = p
		c.p.use(c.from+i, c.from+i+1)
		e.note(true, "theme", theme)
		return true
	}
	return false
}

// isNoun reports whether a word is a character or an object of the vocabularies, which does not describe a place.
func isNoun(w word) bool {
	noun, _ := knownNoun([]word{w}, nobody)
	return noun != ""
}

// unknownBut reports whether a clause has unknown words other than one.
func (c *clause) unknownBut(e *edition, but int) bool {
	for i, w := range c.words() {
		if i != but && !c.p.used[c.from+i] && !quiet(w) && !e.known(w) && themeOf(w) == "" {
			return true
		}
	}
	return false
}

// darken makes the whole game darker or brighter.
func (e *edition) darken(c *clause) bool {
	var toward rgb
	var what string
	switch {
	case c.unknown || c.changed || len(c.targets) > 0 && !c.targeted("sky") && !c.targeted("pace"):
		return false
	case c.has("darker", "dark", "gloomier", "night"):
		toward, what = rgb{8, 8, 26}, "darker"
	case c.has("brighter", "bright", "lighter"):
		toward, what = rgb{255, 255, 255}, "brighter"
	default:
		return false
	}
	if !e.plain(c, "palette.sky", "palette.skyLow") {
		return false
	}
	p := &e.Design.Palette
	p.Sky = parseColor(e.colorOr(p.Sky)).mix(toward, 0.35).String()
	p.SkyLow = parseColor(e.colorOr(p.SkyLow)).mix(toward, 0.3).String()
	e.note(true, "colour", what+" sky")
	return true
}

// regenre reports that the genre stays.
func (e *edition) regenre(c *clause) {
	for i, w := range c.words() {
		for genre, hints := range genreHints {
			if !c.p.used[c.from+i] && genre != e.old.Genre && hints[w.text] >= 9 {
				c.why = fmt.Sprintf("a %s stays one; from_scratch makes another game", e.old.Genre)
			}
		}
	}
}
