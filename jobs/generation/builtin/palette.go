package builtin

import (
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"

	"github.com/spark-games/spark/engines"
)

// readPalette starts with the theme's colours, varied a little for this prompt, and adds those that the prompt asks for. A
// colour directly before a noun of the cast colours it, one before "sky" or "ground" that, any other the whole mood. It also
// returns what the prompt has coloured.
func readPalette(from *parsed, c cast, d engines.Design, chance *rand.Rand) (engines.Palette, []string) {
	words := from.words
	p, _ := engines.ThemePalette(d.Theme)
	var painted []string
	turn := (chance.Float64() - 0.5) * 28
	for _, color := range []*string{&p.Sky, &p.SkyLow, &p.Ground, &p.Accent} {
		*color = parseColor(*color).turned(turn).String()
	}
	for i, w := range words {
		if w.text == "dark" || w.text == "night" || w.text == "midnight" || w.text == "spooky" {
			from.use(i, i+1)
			painted = append(painted, "dark")
			p.Sky, p.SkyLow = parseColor(p.Sky).mix(rgb{8, 8, 26}, 0.62).String(), parseColor(p.SkyLow).mix(rgb{16, 14, 44}, 0.55).String()
			break
		}
	}
	mood := 0
	for i := 0; i < len(words); i++ {
		color, next, ok := readColor(words, i)
		if !ok {
			continue
		}
		target := target(words, next, c)
		from.use(i, next)
		painted = append(painted, strings.TrimSpace(phrase(words[i:next])+" "+named(target, d)))
		switch {
		case target == "hero":
			p.Hero = color.String()
		case target == "collect":
			p.Collect = color.String()
		case target == "enemy":
			p.Enemy = color.String()
		case target == "ground":
			p.Ground = color.String()
		case target == "sky" || mood == 1:
			p.Sky = color.mix(parseColor(p.Sky), 0.25).String()
			p.SkyLow = color.mix(parseColor(p.SkyLow), 0.45).String()
			mood++
		case mood == 0:
			p.Accent = color.String()
			p.Sky = parseColor(p.Sky).mix(color, 0.3).String()
			p.SkyLow = parseColor(p.SkyLow).mix(color, 0.42).String()
			p.Ground = parseColor(p.Ground).mix(color, 0.22).String()
			mood++
		}
		i = next - 1
	}
	p.Hero = apart(parseColor(p.Hero), parseColor(p.SkyLow), parseColor(p.Ground)).String()
	p.Collect = apart(parseColor(p.Collect), parseColor(p.SkyLow)).String()
	p.Enemy = apart(parseColor(p.Enemy), parseColor(p.SkyLow), parseColor(p.Hero)).String()
	p.Accent = apart(parseColor(p.Accent), parseColor(p.Sky)).String()
	return p, painted
}

// named is how a prompt may name what a colour belongs to.
func named(target string, d engines.Design) string {
	switch target {
	case "hero":
		return d.Hero
	case "collect":
		return d.Collect
	case "enemy":
		return d.Enemy
	}
	return target
}

// target is what the colour at words[i-1] belongs to.
func target(words []word, i int, c cast) string {
	for n := 0; n < 2 && i+n < len(words); n++ {
		w := words[i+n]
		two := ""
		if i+n+1 < len(words) {
			two = w.text + " " + words[i+n+1].single
		}
		is := func(noun string) bool { return noun != "" && (w.text == noun || w.single == noun || two == noun) }
		switch {
		case is(c.hero):
			return "hero"
		case is(c.collect):
			return "collect"
		case is(c.enemy):
			return "enemy"
		case w.text == "sky" || w.text == "background" || w.text == "night" || w.text == "sunset":
			return "sky"
		case w.single == "ground" || w.single == "platform" || w.single == "floor" || w.single == "block" || w.single == "road":
			return "ground"
		case boundaries[w.text] || w.stop:
			return ""
		}
	}
	return ""
}

var hexColor = regexp.MustCompile(`\A#([0-9a-f]{3}|[0-9a-f]{6})\z`)

// readColor reads a colour at words[i], with modifiers such as "dark", "light" and "neon" before it, and returns where it ends.
func readColor(words []word, i int) (rgb, int, bool) {
	w := words[i].text
	if hexColor.MatchString(w) {
		if len(w) == 4 {
			w = "#" + string([]byte{w[1], w[1], w[2], w[2], w[3], w[3]})
		}
		return parseColor(w), i + 1, true
	}
	if change, ok := shades[w]; ok && i+1 < len(words) {
		if hex, ok := colors[words[i+1].text]; ok {
			return change(parseColor(hex)), i + 2, true
		}
		return rgb{}, i, false
	}
	hex, ok := colors[w]
	if !ok {
		return rgb{}, i, false
	}
	return parseColor(hex), i + 1, true
}

var shades = map[string]func(rgb) rgb{
	"dark":   func(c rgb) rgb { return c.mix(rgb{}, 0.45) },
	"deep":   func(c rgb) rgb { return c.mix(rgb{}, 0.3) },
	"light":  func(c rgb) rgb { return c.mix(rgb{255, 255, 255}, 0.45) },
	"pale":   func(c rgb) rgb { return c.mix(rgb{255, 255, 255}, 0.55) },
	"pastel": func(c rgb) rgb { return c.mix(rgb{255, 255, 255}, 0.5) },
	"bright": vivid,
	"neon":   vivid,
	"hot":    vivid,
}

// vivid saturates a colour fully.
func vivid(c rgb) rgb {
	low, high := math.Min(c.r, math.Min(c.g, c.b)), math.Max(c.r, math.Max(c.g, c.b))
	if high-low < 20 {
		return c
	}
	stretch := func(v float64) float64 { return 40 + (v-low)/(high-low)*215 }
	return rgb{stretch(c.r), stretch(c.g), stretch(c.b)}
}

var colors = map[string]string{
	"red": "#e8333f", "crimson": "#c2183a", "scarlet": "#ff3b2f", "orange": "#ff8c2b", "amber": "#ffb020", "gold": "#ffc928",
	"golden": "#ffc928", "yellow": "#ffe03a", "lime": "#a6e83a", "green": "#3fbf5a", "emerald": "#1fbf7a", "olive": "#8a9a3a",
	"teal": "#1fa99a", "turquoise": "#35d6c8", "cyan": "#35d6f0", "aqua": "#4fe0e6", "blue": "#3a7bff", "azure": "#3fa0ff",
	"navy": "#1f3a8a", "indigo": "#4b3fd0", "purple": "#8e44d6", "violet": "#9a5cff", "lavender": "#b79cff", "magenta": "#ff3fd0",
	"pink": "#ff6fae", "rose": "#ff5f88", "brown": "#8a5a35", "beige": "#e0c9a0", "white": "#f6f7fb", "silver": "#b9c3d6",
	"grey": "#8a90a0", "gray": "#8a90a0", "black": "#20222e",
}

// rgb is a colour with channels from 0 to 255.
type rgb struct{ r, g, b float64 }

func parseColor(hex string) rgb {
	n, _ := strconv.ParseUint(hex[1:], 16, 32)
	return rgb{float64(n >> 16 & 255), float64(n >> 8 & 255), float64(n & 255)}
}

func (c rgb) String() string {
	ch := func(v float64) int { return int(math.Round(math.Max(0, math.Min(255, v)))) }
	return fmt.Sprintf("#%02x%02x%02x", ch(c.r), ch(c.g), ch(c.b))
}

func (c rgb) mix(o rgb, t float64) rgb {
	return rgb{c.r + (o.r-c.r)*t, c.g + (o.g-c.g)*t, c.b + (o.b-c.b)*t}
}

// turned rotates the hue by degrees, keeping the luma: the matrix of the SVG hueRotate filter.
func (c rgb) turned(degrees float64) rgb {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return rgb{
		c.r*(.213+.787*cos-.213*sin) + c.g*(.715-.715*cos-.715*sin) + c.b*(.072-.072*cos+.928*sin),
		c.r*(.213-.213*cos+.143*sin) + c.g*(.715+.285*cos+.140*sin) + c.b*(.072-.072*cos-.283*sin),
		c.r*(.213-.213*cos-.787*sin) + c.g*(.715-.715*cos+.715*sin) + c.b*(.072+.928*cos+.072*sin),
	}
}

func (c rgb) luma() float64 { return 0.3*c.r + 0.59*c.g + 0.11*c.b }

func (c rgb) distance(o rgb) float64 {
	return math.Sqrt((c.r-o.r)*(c.r-o.r)+(c.g-o.g)*(c.g-o.g)+(c.b-o.b)*(c.b-o.b)) + math.Abs(c.luma()-o.luma())
}

// apart lightens or darkens a colour until it is distinct from the others; a black cat at night becomes a grey one.
func apart(c rgb, others ...rgb) rgb {
	nearest := func(c rgb) float64 {
		d := math.Inf(1)
		for _, o := range others {
			d = math.Min(d, c.distance(o))
		}
		return d
	}
	best := c
	for _, step := range []float64{0.2, 0.35, 0.5, 0.65} {
		if nearest(best) > 70 {
			return best
		}
		for _, end := range []rgb{{255, 255, 255}, {18, 16, 30}} {
			if m := c.mix(end, step); nearest(m) > nearest(best) {
				best = m
			}
		}
	}
	return best
}
