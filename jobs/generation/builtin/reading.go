package builtin

import (
	"strings"
	"unicode/utf8"

	"github.com/spark-games/spark/engines"
)

// Reading is the result of reading a prompt: the design, which parts of it the prompt has asked for, and which words of the
// prompt have no effect on the game.
type Reading struct {
	Design              engines.Design
	Understood, Ignored []string
}

// Limits of what is reported; a prompt may be long.
const (
	maxTold      = 24
	maxToldRunes = 80
)

func (r *Reading) note(said bool, what, value string) {
	if said && len(r.Understood) < maxTold {
		r.Understood = append(r.Understood, engines.CleanText(what+": "+value, maxToldRunes))
	}
}

// above names a factor by the side of 1 that it is on.
func above(f float64, more, less string) string {
	if f > 1 {
		return more
	}
	return less
}

// parsed is a prompt split into words, with those that have been understood.
type parsed struct {
	prompt string
	words  []word
	used   []bool
}

func parse(prompt string) *parsed {
	words := split(prompt)
	return &parsed{prompt: prompt, words: words, used: make([]bool, len(words))}
}

// use marks words as understood.
func (p *parsed) use(from, to int) {
	for i := from; i < to; i++ {
		p.used[i] = true
	}
}

// useText marks the words of a part of the prompt, given in bytes, as understood.
func (p *parsed) useText(from, to int) {
	for i, w := range p.words {
		p.used[i] = p.used[i] || w.at >= from && w.at < to
	}
}

// rest lists what was not understood, in the prompt's order: meaningful words, adjacent ones together.
func (p *parsed) rest() (list []string) {
	from := -1
	flush := func(to int) {
		if from >= 0 && len(list) < maxTold {
			list = append(list, engines.CleanText(phrase(p.words[from:to]), maxToldRunes))
		}
		from = -1
	}
	for i, w := range p.words {
		if p.used[i] || quiet(w) {
			flush(i)
			continue
		}
		if from < 0 {
			from = i
		}
		if w.stop {
			flush(i + 1)
		}
	}
	flush(len(p.words))
	return list
}

// quiet words carry no meaning of their own.
func quiet(w word) bool {
	_, verb := roleWords[w.text]
	return verb || boundaries[w.text] || fillers[w.text] || requests[w.text] || utf8.RuneCountInString(w.text) == 1 && w.text < "0"
}

// requests are phrases with which people ask.
var requests = set(`only just instead game's i i'd i'll we us me please want would could should will like let's let lets may might give gives have has had do
	does did don't not no just also too so if very really quite kind kinda sort of lot bit play playing played where there here
	now then add adding set sets put make makes making made be being been take takes go goes going get gets getting called named titled entitled`)

func phrase(words []word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.text
	}
	return strings.Join(texts, " ")
}
