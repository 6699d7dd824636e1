package builtin

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"unicode/utf8"

	"github.com/spark-games/spark/engines"
)

const maxPromptBytes = 8 << 10

// Read turns a prompt into a design. It never fails: what the prompt does not say is chosen by a hash of prompt and seed,
// so that each prompt has a game of its own. Prompts longer than 8 KiB are cut.
func Read(prompt string, seed int64) engines.Design {
	if len(prompt) > maxPromptBytes {
		cut := maxPromptBytes
		for cut > 0 && !utf8.RuneStart(prompt[cut]) {
			cut--
		}
		prompt = prompt[:cut]
	}
	prompt = engines.CleanText(prompt, maxPromptBytes)
	hash := hashOf(prompt, seed)
	chance := rand.New(rand.NewPCG(uint64(hash), uint64(seed)))
	words := split(prompt)

	cast := readCast(words)
	d := engines.Design{Prompt: prompt, Seed: hash & (1<<31 - 1), Pace: 1, Difficulty: 1}
	d.Genre = readGenre(words, chance)
	d.Theme = readTheme(words, cast, chance)
	d.Pace = scale(words, paces)
	d.Difficulty = scale(words, difficulties)
	d.Hero = orPick(cast.hero, heroesOf[d.Theme], chance)
	d.Collect = orPick(cast.collect, collectOf[d.Theme], chance, d.Hero)
	d.Enemy = orPick(cast.enemy, enemiesOf[d.Theme], chance, d.Hero, d.Collect)
	d.Palette = readPalette(words, cast, d, chance)
	d.Title = readTitle(prompt, d, chance)
	return d.Normalize()
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
func readGenre(words []word, chance *rand.Rand) engines.Genre {
	scores := map[engines.Genre]int{}
	for _, w := range words {
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
	return best
}

// readTheme takes the theme that the prompt names first, else one where its hero is at home.
func readTheme(words []word, c cast, chance *rand.Rand) string {
	for _, w := range words {
		for _, t := range engines.Themes() {
			if slices.Contains(themeHints[t.Name], w.text) || slices.Contains(themeHints[t.Name], w.single) {
				return t.Name
			}
		}
	}
	themes := engines.Themes()
	anywhere := themes[chance.IntN(len(themes))].Name
	if home, ok := homes[engines.Heroes[c.hero]]; ok && chance.IntN(3) > 0 {
		return home
	}
	return anywhere
}

// scale multiplies what the words say, at most once in each direction.
func scale(words []word, table map[string]float64) float64 {
	seen := map[float64]bool{}
	result := 1.0
	for i, w := range words {
		factor, ok := table[w.text]
		if !ok || seen[factor] {
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
