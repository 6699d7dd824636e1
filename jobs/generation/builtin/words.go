package builtin

import (
	"regexp"
	"strings"
	"unicode"
)

// word is one word of the prompt in lower case, as it stands and in the singular. A stop mark ends a phrase.
type word struct {
	text, single string
	stop         bool // punctuation follows
}

func split(prompt string) []word {
	var words []word
	var b strings.Builder
	flush := func() {
		if t := strings.Trim(b.String(), "-'’"); t != "" {
			t = strings.TrimSuffix(strings.TrimSuffix(t, "'s"), "’s")
			words = append(words, word{text: t, single: singular(t)})
		}
		b.Reset()
	}
	for _, r := range strings.ToLower(prompt) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '-', r == '\'', r == '’', r == '#':
			b.WriteRune(r)
		default:
			flush()
			if strings.ContainsRune(".,;:!?()\"\n", r) && len(words) > 0 {
				words[len(words)-1].stop = true
			}
		}
	}
	flush()
	return words
}

// hissing nouns have -es in the plural: boxes, witches, wishes, bosses.
var hissing = regexp.MustCompile(`(x|ch|sh|ss|z)es\z`)

// singular is good enough for the vocabulary and for plain English nouns.
func singular(w string) string {
	switch {
	case w == "wolves" || w == "leaves":
		return strings.TrimSuffix(w, "ves") + "f"
	case w == "mice":
		return "mouse"
	case len(w) > 4 && strings.HasSuffix(w, "ies"):
		if w == "cookies" || w == "zombies" || w == "pixies" {
			return w[:len(w)-1]
		}
		return w[:len(w)-3] + "y"
	case len(w) > 4 && hissing.MatchString(w):
		return w[:len(w)-2]
	case len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is"):
		return w[:len(w)-1]
	}
	return w
}
