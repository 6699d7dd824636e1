package engines

import (
	"encoding/json"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Genre is a kind of game that the starters know.
type Genre string

// The genres of the starters.
const (
	GenrePlatformer Genre = "platformer"
	GenreShooter    Genre = "shooter"
	GenreRunner     Genre = "runner"
	GenrePuzzle     Genre = "puzzle"
)

// Genres lists every genre.
func Genres() []Genre {
	return []Genre{GenrePlatformer, GenreShooter, GenreRunner, GenrePuzzle}
}

// Valid reports whether the starters know the genre.
func (g Genre) Valid() bool { return slices.Contains(Genres(), g) }

// Goal says in one line what the player does.
func (g Genre) Goal() string {
	return map[Genre]string{
		GenrePlatformer: "Run, jump and gather enough to open the portal, then leap through it.",
		GenreShooter:    "Shoot what comes, catch what it drops, and beat the boss.",
		GenreRunner:     "Gather along the road, dodge what blocks it and jump over the foes.",
		GenrePuzzle:     "Match three or more before your moves run out.",
	}[g]
}

// Design describes a game to a starter. It is written into the project as readable data, so that a person or a model can
// continue from there.
type Design struct {
	Title      string  `json:"title"`
	Prompt     string  `json:"prompt"`
	Genre      Genre   `json:"genre"`
	Theme      string  `json:"theme"`      // "neon", "forest", …: one of Themes
	Hero       string  `json:"hero"`       // "fox"
	Collect    string  `json:"collect"`    // what the player gathers, "star"
	Enemy      string  `json:"enemy"`      // "drone"
	Pace       float64 `json:"pace"`       // of time: 1 is normal; 0.75 calm, 1.3 fast
	Difficulty float64 `json:"difficulty"` // 1 is normal; 0.7 easy, 1.4 hard
	Palette    Palette `json:"palette"`
	Tuning     Tuning  `json:"tuning"`
	Seed       int64   `json:"seed"` // of the level's layout, 0 to 2^31-1
}

// MarshalJSON writes a design with the settings that its genre has.
func (d Design) MarshalJSON() ([]byte, error) {
	type plain Design
	tuning := []byte{'{'}
	for i, t := range d.Genre.Tunables() {
		if i > 0 {
			tuning = append(tuning, ',')
		}
		tuning = strconv.AppendQuote(tuning, t.Name)
		tuning = strconv.AppendFloat(append(tuning, ':'), d.Tuning.Get(t.Name), 'f', -1, 64)
	}
	return json.Marshal(struct {
		plain
		Tuning json.RawMessage `json:"tuning"`
	}{plain(d), append(tuning, '}')})
}

// Palette holds colours as "#rrggbb".
type Palette struct {
	Sky     string `json:"sky"`
	SkyLow  string `json:"skyLow"`
	Ground  string `json:"ground"`
	Hero    string `json:"hero"`
	Collect string `json:"collect"`
	Enemy   string `json:"enemy"`
	Accent  string `json:"accent"`
	Text    string `json:"text"`
}

// Theme is a look that starters can draw: its name and the colours it has when the prompt asks for none.
type Theme struct {
	Name    string
	Palette Palette
}

// Themes lists every theme, in a fixed order.
func Themes() []Theme {
	return []Theme{
		{"neon", Palette{"#0c0524", "#4a1a7c", "#221048", "#ff9340", "#ffe14d", "#35e0d0", "#ff3fa4", "#f6eaff"}},
		{"forest", Palette{"#7ed0c0", "#e4f3b4", "#4fae4a", "#ff7a2f", "#ffd23f", "#8e4fd6", "#e4572e", "#17361f"}},
		{"space", Palette{"#05071c", "#2a1a58", "#5d5f8c", "#f2f5ff", "#ffd84a", "#ff4d6d", "#3fd0ff", "#eaf2ff"}},
		{"ocean", Palette{"#1d93c9", "#0b3f78", "#d8b878", "#ff8b3d", "#fff0a8", "#e0457b", "#2fd6b5", "#f0fbff"}},
		{"desert", Palette{"#ff9a5a", "#ffe0a0", "#d99a55", "#3f7fd6", "#ffcf33", "#b23a48", "#2fa894", "#4a2410"}},
		{"candy", Palette{"#8fd6ff", "#ffd9ee", "#ff8fc0", "#8a5cff", "#ffd23b", "#4a3fb0", "#ff5fa2", "#5a1f4a"}},
		{"castle", Palette{"#1b1b46", "#6a4c93", "#7d8299", "#4f8cff", "#ffd24a", "#8bd450", "#e5484d", "#f5f0ff"}},
		{"snow", Palette{"#2d5f9e", "#bfe0f5", "#8fb9dd", "#ff6b4a", "#ffd84d", "#5b4fc7", "#4de0b0", "#ffffff"}},
		{"lava", Palette{"#240a12", "#7c1f1a", "#4a2a32", "#4fd0ff", "#ffd23f", "#b9f34a", "#ff6a1f", "#ffeedd"}},
		{"meadow", Palette{"#4fb3f6", "#d9f2ff", "#6cc24a", "#ff5f4a", "#ffd022", "#8a4fd0", "#ff8f1f", "#12324d"}},
	}
}

// ThemePalette returns the colours of a theme, and whether there is one of that name.
func ThemePalette(name string) (Palette, bool) {
	for _, t := range Themes() {
		if t.Name == name {
			return t.Palette, true
		}
	}
	return Palette{}, false
}

const (
	maxTitleRunes  = 60
	maxWordRunes   = 24
	maxPromptBytes = 8 << 10
)

// Normalize returns the design with everything in range: texts trimmed and without control characters, an unknown
// theme replaced by the meadow, what is no colour by the theme's, numbers clamped. The genre is left as it is.
func (d Design) Normalize() Design {
	theme, ok := ThemePalette(d.Theme)
	if !ok {
		d.Theme = "meadow"
		theme, _ = ThemePalette(d.Theme)
	}
	d.Prompt = CleanText(d.Prompt, maxPromptBytes)
	d.Title = orElse(CleanText(d.Title, maxTitleRunes), "Untitled game")
	d.Hero = orElse(CleanText(d.Hero, maxWordRunes), "hero")
	d.Collect = orElse(CleanText(d.Collect, maxWordRunes), "star")
	d.Enemy = orElse(CleanText(d.Enemy, maxWordRunes), "slime")
	d.Pace = clamp(d.Pace, 0.6, 1.5)
	d.Difficulty = clamp(d.Difficulty, 0.5, 1.6)
	d.Seed &= 1<<31 - 1
	d.Tuning = d.Tuning.normalize(d.Genre)
	p := &d.Palette
	for _, c := range []struct{ color, fallback *string }{
		{&p.Sky, &theme.Sky}, {&p.SkyLow, &theme.SkyLow}, {&p.Ground, &theme.Ground}, {&p.Hero, &theme.Hero},
		{&p.Collect, &theme.Collect}, {&p.Enemy, &theme.Enemy}, {&p.Accent, &theme.Accent}, {&p.Text, &theme.Text},
	} {
		if *c.color = strings.ToLower(*c.color); !isColor.MatchString(*c.color) {
			*c.color = *c.fallback
		}
	}
	return d
}

var isColor = regexp.MustCompile(`\A#[0-9a-f]{6}\z`)

// CleanText makes a text from outside fit to be shown on one line: valid UTF-8, no control or invisible formatting
// characters (they can turn a line around), single spaces, and no more than most runes.
func CleanText(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == unicode.ReplacementChar, unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u200d',
			unicode.Is(unicode.Co, r), unicode.Is(unicode.Cs, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	runes := 0
	for i := range s {
		if runes == most {
			return strings.TrimSpace(s[:i])
		}
		runes++
	}
	return s
}

// Markdown escapes a text so that it shows as itself in a Markdown file, also where HTML is allowed.
func Markdown(s string) string {
	var b strings.Builder
	for _, r := range html.EscapeString(s) {
		if strings.ContainsRune("\\`*_{}[]()#+-.!|~$:@", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func orElse(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// clamp also turns zero, which stands for "not said", and NaN into 1.
func clamp(x, low, high float64) float64 {
	if x == 0 || x != x {
		return 1
	}
	return min(max(x, low), high)
}
