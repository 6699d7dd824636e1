package builtin

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/spark-games/spark/engines"
)

// word is one word of the prompt in lower case, as written and in the singular. A stop mark ends a phrase.
type word struct {
	text, single string
	at           int  // where it begins in the prompt, in bytes
	stop         bool // punctuation follows
}

func split(prompt string) []word {
	var words []word
	var b strings.Builder
	start := 0
	flush := func() {
		if t := strings.Trim(b.String(), "-'’"); t != "" {
			t = strings.TrimSuffix(strings.TrimSuffix(t, "'s"), "’s")
			words = append(words, word{text: t, single: singular(t), at: start})
		}
		b.Reset()
	}
	for i, r := range prompt {
		switch r = unicode.ToLower(r); {
		case r == '.' && i > 0 && i+1 < len(prompt) && isDigit(prompt[i-1]) && isDigit(prompt[i+1]):
			b.WriteRune(r) // of a number
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '-', r == '\'', r == '’', r == '#':
			if b.Len() == 0 {
				start = i
			}
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

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// hissing nouns have -es in the plural: boxes, witches, bosses.
var hissing = regexp.MustCompile(`(x|ch|sh|ss|z|us)es\z`)

// singulars are the nouns of the vocabularies, and some other common ones, by their plural.
var singulars = func() map[string]string {
	m := map[string]string{}
	for noun := range strings.FieldsSeq("life foe enemy hero bullet shot wizard thief elf knife leaf loaf goose child woman") {
		m[engines.Plural(noun)] = noun
	}
	for _, names := range []map[string]string{engines.Heroes, engines.Collectibles, engines.Enemies} {
		for noun := range names {
			m[engines.Plural(noun)] = noun
		}
	}
	m["lives"] = "life"
	return m
}()

// singular is good enough for the vocabulary and for plain English nouns.
func singular(w string) string {
	if noun, ok := singulars[w]; ok {
		return noun
	}
	switch {
	case len(w) > 4 && strings.HasSuffix(w, "ies"):
		return w[:len(w)-3] + "y"
	case len(w) > 4 && hissing.MatchString(w):
		return w[:len(w)-2]
	case len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is"):
		return w[:len(w)-1]
	}
	return w
}
