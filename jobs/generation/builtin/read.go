package builtin

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"unicode/utf8"

	"github.com/spark-games/spark/engines"
)

const maxPromptBytes = 8 << 10

// Read turns a prompt into a design. It never fails: what the prompt does not say is chosen by a hash of prompt and seed, so
// that each prompt gives a different game. Prompts longer than 8 KiB are cut.
func Read(prompt string, seed int64) engines.Design { return Understand(prompt, seed).Design }

// Understand is Read, and also returns what of the design the prompt has asked for and which words have no effect.
func Understand(prompt string, seed int64) Reading {
	prompt = engines.CleanText(cut(prompt), maxPromptBytes)
	hash := hashOf(prompt, seed)
	chance := rand.New(rand.NewPCG(uint64(hash), uint64(seed)))
	p := parse(prompt)

	cast := readCast(p)
	d := engines.Design{Prompt: prompt, Seed: hash & (1<<31 - 1), Pace: 1, Difficulty: 1}
	var genre, theme bool
	d.Genre, genre = readGenre(p, chance)
	d.Theme, theme = readTheme(p, cast, chance)
	d.Pace = scale(p, paces)
	d.Difficulty = scale(p, difficulties)
	d.Hero = orPick(cast.hero, heroesOf[d.Theme], chance)
	d.Collect = orPick(cast.collect, collectOf[d.Theme], chance, d.Hero)
	d.Enemy = orPick(cast.enemy, enemiesOf[d.Theme], chance, d.Hero, d.Collect)
	var painted []string
	d.Palette, painted = readPalette(p, cast, d, chance)
	var titled bool
	d.Title, titled = readTitle(p, d, chance)
	d = d.Normalize()

	r := Reading{Design: d, Ignored: p.rest()}
	r.note(genre, "genre", string(d.Genre))
	r.note(theme, "theme", d.Theme)
	r.note(cast.hero != "", "hero", d.Hero)
	r.note(cast.collect != "", "to gather", d.Collect)
	r.note(cast.enemy != "", "enemy", d.Enemy)
	r.note(d.Pace != 1, "pace", above(d.Pace, "fast", "calm"))
	r.note(d.Difficulty != 1, "difficulty", above(d.Difficulty, "hard", "easy"))
	for _, c := range painted {
		r.note(true, "colour", c)
	}
	r.note(titled, "title", d.Title)
	return r
}

// cut limits the length of a prompt, at the beginning of a character.
func cut(prompt string) string {
	if len(prompt) <= maxPromptBytes {
		return prompt
	}
	end := maxPromptBytes
	for end > 0 && !utf8.RuneStart(prompt[end]) {
		end--
	}
	return prompt[:end]
}

func hashOf(prompt string, seed int64) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(prompt))
	var b [8]byte
	for i := range b {
		b[i] = byte(seed >> (8 * i))
	}
	_, _ = h.Write(b[:])
	return int64(h.Sum64() >> 1)
}

// readGenre weighs the words that hint at a genre; a genre's own name counts more than what is done in it.
// It also reports whether the prompt has said anything about it.
func readGenre(p *parsed, chance *rand.Rand) (engines.Genre, bool) {
	scores := map[engines.Genre]int{}
	for _, w := range p.words {
		for genre, hints := range genreHints {
			scores[genre] += max(hints[w.text], hints[w.single])
		}
	}
	all := engines.Genres()
	best := all[chance.IntN(len(all))]
	for _, g := range all {
		if scores[g] > scores[best] {
			best = g
		}
	}
	for i, w := range p.words {
		if hints := genreHints[best]; max(hints[w.text], hints[w.single]) > 0 {
			p.use(i, i+1)
		}
	}
	return best, scores[best] > 0
}

// readTheme takes the first theme that the prompt names, or else one in which its hero is at home. It also reports whether the
// prompt has named one.
func readTheme(p *parsed, c cast, chance *rand.Rand) (string, bool) {
	for _, w := range p.words {
		if theme := themeOf(w); theme != "" {
			for i, w := range p.words {
				if themeOf(w) == theme {
					p.use(i, i+1)
				}
			}
			return theme, true
		}
	}
	themes := engines.Themes()
	anywhere := themes[chance.IntN(len(themes))].Name
	if home, ok := homes[engines.Heroes[c.hero]]; ok && chance.IntN(3) > 0 {
		return home, false
	}
	return anywhere, false
}

// themeOf is the theme that a word hints at, "" for none.
func themeOf(w word) string {
	for _, t := range engines.Themes() {
		if slices.Contains(themeHints[t.Name], w.text) || slices.Contains(themeHints[t.Name], w.single) {
			return t.Name
		}
	}
	return ""
}

// scale multiplies what the words say, at most once in each direction.
func scale(p *parsed, table map[string]float64) float64 {
	seen := map[float64]bool{}
	result := 1.0
	words := p.words
	for i, w := range words {
		factor, ok := table[w.text]
		if !ok {
			continue
		}
		p.use(i, i+1)
		if seen[factor] {
			continue
		}
		if i > 0 && (words[i-1].text == "not" || words[i-1].text == "too" && i > 1 && words[i-2].text == "not") {
			factor = 1 / factor
		}
		seen[factor] = true
		result *= factor
	}
	return result
}

// orPick returns the word, or one of the list that is not taken.
func orPick(word string, list []string, chance *rand.Rand, taken ...string) string {
	at := chance.IntN(len(list)) // always drawn, so that naming one thing does not change the others
	if word != "" {
		return word
	}
	for i := range list {
		if w := list[(at+i)%len(list)]; !slices.Contains(taken, w) {
			return w
		}
	}
	return list[at]
}
