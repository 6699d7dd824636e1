package builtin

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spark-games/spark/engines"
)

var (
	// called finds a title in quotes, or after "called" up to the end of the phrase.
	quoted = regexp.MustCompile(`["“„«]([^"“”„«»]{2,80})["”“»]`)
	called = regexp.MustCompile(`(?i)\b(?:called|titled|entitled|named)[:\s]+([^".,;!?\n“”]{2,80})`)
	ends   = regexp.MustCompile(`(?i)\s+(?:about|where|who|which|that|with|in which|set in|featuring|starring|and (?:the|it|you)|for kids)\s.*\z`)
)

// readTitle is the title the prompt gives, or one put together from what the game is about.
func readTitle(prompt string, d engines.Design, chance *rand.Rand) string {
	forms := titles[d.Genre]
	form := forms[chance.IntN(len(forms))]
	if m := quoted.FindStringSubmatch(prompt); m != nil && strings.TrimSpace(m[1]) != "" {
		return strings.TrimSpace(m[1])
	}
	if m := called.FindStringSubmatch(prompt); m != nil {
		if t := strings.TrimSpace(ends.ReplaceAllString(m[1], "")); t != "" && startsTitle(t) {
			return t
		}
	}
	return strings.NewReplacer(
		"{hero}", name(d.Hero), "{collect}", name(d.Collect), "{collects}", name(plural(d.Collect)),
		"{enemies}", name(plural(d.Enemy)), "{theme}", name(d.Theme),
	).Replace(form)
}

// startsTitle tells a title from a sentence that goes on: "called Moon Cat", not "a game called for my kids".
func startsTitle(t string) bool {
	r, _ := utf8.DecodeRuneInString(t)
	return !unicode.IsLower(r) || utf8.RuneCountInString(t) <= 24 && !boundaries[strings.Fields(t)[0]]
}

var titles = map[engines.Genre][]string{
	engines.GenrePlatformer: {"{hero} Leap", "{theme} {hero}", "The {hero} and the {collects}", "{hero}'s Great Leap", "Hop, {hero}, Hop!"},
	engines.GenreShooter:    {"{hero} vs. the {enemies}", "{theme} Barrage", "{enemies} Everywhere!", "The Last {hero}", "{theme} Defender"},
	engines.GenreRunner:     {"Run, {hero}, Run!", "{theme} Dash", "{hero} Rush", "{theme} Sprint", "{hero} on the Run"},
	engines.GenrePuzzle:     {"{collect} Cascade", "{theme} {collects}", "{hero}'s {collects}", "{collect} Crush Club", "A Feast of {collects}"},
}

// name writes a word the way titles do.
func name(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		r, size := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToTitle(r)) + w[size:]
	}
	return strings.Join(words, " ")
}

func plural(w string) string {
	switch {
	case w == "fish" || w == "gold" || w == "treasure" || w == "energy" || strings.HasSuffix(w, "s"):
		return w
	case strings.HasSuffix(w, "x"), strings.HasSuffix(w, "ch"), strings.HasSuffix(w, "sh"), strings.HasSuffix(w, "z"):
		return w + "es"
	case strings.HasSuffix(w, "y") && len(w) > 1 && !strings.ContainsRune("aeiou", rune(w[len(w)-2])):
		return w[:len(w)-1] + "ies"
	case w == "wolf" || w == "leaf":
		return w[:len(w)-1] + "ves"
	}
	return w + "s"
}
