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

// readTitle is the title that the prompt gives, or one made from the content of the game; the second result reports whether the
// prompt gave it.
func readTitle(p *parsed, d engines.Design, chance *rand.Rand) (string, bool) {
	forms := titles[d.Genre]
	form := forms[chance.IntN(len(forms))]
	if at := quoted.FindStringSubmatchIndex(p.prompt); at != nil && strings.TrimSpace(p.prompt[at[2]:at[3]]) != "" {
		p.useText(at[2], at[3])
		return strings.TrimSpace(p.prompt[at[2]:at[3]]), true
	}
	if at := called.FindStringSubmatchIndex(p.prompt); at != nil {
		t := strings.TrimSpace(ends.ReplaceAllString(p.prompt[at[2]:at[3]], ""))
		if t != "" && startsTitle(t) {
			p.useText(at[0], at[2]+len(t))
			return t, true
		}
	}
	return strings.NewReplacer(
		"{hero}", name(d.Hero), "{collect}", name(d.Collect), "{collects}", name(engines.Plural(d.Collect)),
		"{enemies}", name(engines.Plural(d.Enemy)), "{theme}", name(d.Theme),
	).Replace(form), false
}

// startsTitle distinguishes a title from the rest of a sentence: "called Moon Cat", but not "a game called for my kids".
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

// name writes a word in title case.
func name(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		r, size := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToTitle(r)) + w[size:]
	}
	return strings.Join(words, " ")
}
