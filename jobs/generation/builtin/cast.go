package builtin

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spark-games/spark/engines"
)

// cast is the characters and objects that the prompt names; empty where it names none.
type cast struct{ hero, collect, enemy string }

type role int

const (
	nobody role = iota
	hero
	collect
	enemy
)

// readCast walks through the prompt. A verb or preposition determines the role of the nouns after it: "about a fox who collects
// stars and avoids the drones". Words with a picture are preferred; an unknown word is taken where a role is expected, so that a
// llama is called a llama even if it looks like a blob.
func readCast(p *parsed) cast {
	words := p.words
	var known, unknown [4]string
	var guessed [4]int
	now, onlyKnown := nobody, false
	for i := 0; i < len(words); i++ {
		w := words[i]
		if r, ok := roleWords[w.text]; ok {
			now, onlyKnown = r, w.text == "from" // "from dragons", but also "from the left"
			continue
		}
		if noun, width := knownNoun(words[i:], now); noun != "" {
			r := now
			if r == nobody {
				r = usualRole(noun)
			}
			if known[r] == "" {
				known[r] = noun
				p.use(i, i+width)
			}
			i += width - 1
			if words[i].stop {
				now = nobody
			}
			continue
		}
		if now != nobody && !onlyKnown && unknown[now] == "" && endsPhrase(words, i) && fitsAsNoun(w) {
			unknown[now], guessed[now] = w.single, i
		}
		if boundaries[w.text] || w.stop {
			now = nobody
		}
	}
	pick := func(r role) string {
		if known[r] == "" && unknown[r] != "" {
			p.use(guessed[r], guessed[r]+1)
			return unknown[r]
		}
		return known[r]
	}
	return cast{hero: pick(hero), collect: pick(collect), enemy: pick(enemy)}
}

// knownNoun finds a noun of the vocabularies at the start of words, two words before one. The expected role determines which
// vocabulary is used.
func knownNoun(words []word, now role) (string, int) {
	names := []map[string]string{engines.Heroes, engines.Collectibles, engines.Enemies}
	switch now {
	case collect:
		names = []map[string]string{engines.Collectibles}
	case enemy:
		names = []map[string]string{engines.Enemies, engines.Heroes}
	case hero:
		names = []map[string]string{engines.Heroes}
	}
	for _, names := range names {
		if len(words) > 1 && !words[0].stop {
			if two := words[0].text + " " + words[1].single; names[two] != "" {
				return two, 2
			}
		}
		// A colour before another noun is a colour: "orange cats", but "collect oranges".
		if _, isColor := colors[words[0].text]; isColor && (now == nobody || !endsPhrase(words, 0)) {
			continue
		}
		for _, one := range []string{words[0].text, words[0].single} {
			if names[one] != "" {
				return one, 1
			}
		}
	}
	return "", 0
}

// usualRole is the role of a noun outside of any phrase.
func usualRole(noun string) role {
	switch {
	case engines.Heroes[noun] != "":
		return hero
	case engines.Collectibles[noun] != "":
		return collect
	}
	return enemy
}

// endsPhrase reports whether the noun phrase is over after words[i].
func endsPhrase(words []word, i int) bool {
	if words[i].stop || i == len(words)-1 {
		return true
	}
	next := words[i+1].text
	_, verb := roleWords[next]
	return verb || boundaries[next]
}

// fitsAsNoun keeps unsuitable words out of the game's texts: numbers, single letters, long strings, filler words.
func fitsAsNoun(w word) bool {
	if n := utf8.RuneCountInString(w.text); n < 3 || n > 20 || boundaries[w.text] || fillers[w.text] {
		return false
	}
	if _, ok := colors[w.text]; ok {
		return false
	}
	for _, hints := range genreHints {
		if hints[w.text] > 0 || hints[w.single] > 0 {
			return false
		}
	}
	for _, hints := range themeHints {
		if slices.Contains(hints, w.text) {
			return false
		}
	}
	return strings.IndexFunc(w.text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '-' }) < 0
}

func set(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}

// roleWords determine the role of the nouns after them.
var roleWords = func() map[string]role {
	m := map[string]role{}
	for r, list := range map[role]string{
		hero: "about as starring featuring play playing control controls controlling guide help be",
		collect: `collect collects collecting gather gathers gathering catch catches catching grab grabs grabbing find finds
			finding pick picks picking eat eats eating hunting seeking seeks steal steals stealing match matches
			matching save saves saving earn hoard hoards chasing chase chases pop`,
		enemy: `avoid avoids avoiding dodge dodges dodging fight fights fighting kill kills killing defeat defeats defeating
			shoot shoots shooting destroy destroys destroying escape escapes escaping against versus vs from beat beats
			beating battle battles battling blast blasts blasting stomp stomps stomping flee flees fleeing outrun
			outrunning beware enemies enemy fear fears squash squashing zap zapping`,
	} {
		for w := range strings.FieldsSeq(list) {
			m[w] = r
		}
	}
	return m
}()

// boundaries end a noun phrase.
var boundaries = set(`who that which where when while with in on at of through across over under into to for by and or but then
			because using over is are has have can must before after until during without past up down game games`)

// fillers say nothing about the characters.
var fillers = set(`the a an some many lots all any more most things thing stuff them it you your my our his her their its this
			these those something someone enemies enemy items item points score level levels world player players
			character little small big huge tiny giant brave cute happy angry evil very really fun nice cool great
			awesome beautiful simple small new old make create build please want like need game-like enough every each
			other others everything everyone much bad good baddies monsters way home time end exit door goal obstacles
			obstacle danger dangers`)
