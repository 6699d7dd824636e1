package engines

import (
	"slices"
	"strings"
)

// Small help with English, so that texts can be put together from nouns that anybody may have chosen. Every starter has
// the same rules in its own language (words.js, words.lua, words.go, words.gd), and the tests hold them to the same results.

// alike are the same in the plural.
var alike = strings.Fields("sheep deer moose bison shrimp salmon trout aircraft spacecraft treasure gold fruit sushi honey cheese energy lightning")

// irregular ends, and what they become; the first that fits counts.
var irregular = [][2]string{
	{"human", "humans"}, {"shaman", "shamans"}, {"talisman", "talismans"}, {"caiman", "caimans"}, {"man", "men"}, {"mouse", "mice"},
	{"goose", "geese"}, {"child", "children"}, {"person", "people"}, {"foot", "feet"}, {"tooth", "teeth"}, {"wolf", "wolves"},
	{"leaf", "leaves"}, {"loaf", "loaves"}, {"elf", "elves"}, {"thief", "thieves"}, {"calf", "calves"}, {"knife", "knives"},
	{"hero", "heroes"}, {"potato", "potatoes"}, {"tomato", "tomatoes"}, {"torpedo", "torpedoes"}, {"volcano", "volcanoes"},
	{"mosquito", "mosquitoes"}, {"buffalo", "buffaloes"},
}

// Plural is the plural of a noun, which may have words before it: "red pandas", "tax collectors", "wolves".
func Plural(noun string) string {
	last := strings.ToLower(noun[strings.LastIndexByte(noun, ' ')+1:])
	ends := func(list ...string) bool {
		return slices.ContainsFunc(list, func(end string) bool { return strings.HasSuffix(last, end) })
	}
	if noun == "" || slices.Contains(alike, last) || ends("fish") || ends("s") && !ends("us", "ss") {
		return noun
	}
	for _, i := range irregular {
		if ends(i[0]) {
			return noun[:len(noun)-len(i[0])] + i[1]
		}
	}
	switch {
	case ends("s", "x", "z", "ch", "sh"):
		return noun + "es"
	case ends("y") && !ends("ay", "ey", "iy", "oy", "uy"):
		return noun[:len(noun)-1] + "ies"
	}
	return noun + "s"
}

// WithArticle puts "a" or "an" before a noun, by its sound: "a unicorn", "an hour", "an invader", "an NPC", "a UFO".
func WithArticle(noun string) string {
	if soundsLikeVowel(strings.ToLower(noun)) {
		return "an " + noun
	}
	return "a " + noun
}

func soundsLikeVowel(noun string) bool {
	first := strings.FieldsFunc(noun, func(r rune) bool { return r == ' ' || r == '-' })
	if len(first) == 0 {
		return false
	}
	word := first[0]
	starts := func(list ...string) bool {
		return slices.ContainsFunc(list, func(begin string) bool { return strings.HasPrefix(word, begin) })
	}
	switch {
	case word[0] >= '0' && word[0] <= '9':
		return word[0] == '8' || word == "11" || word == "18"
	case word[0] < 0x80 && (len(word) == 1 || strings.Trim(word, "bcdfghjklmnpqrstvwxz") == ""):
		return strings.ContainsRune("aefhilmnorsx", rune(word[0])) // letters are said one by one
	case starts("hour", "honest", "honor", "honour", "heir"):
		return true
	case starts("unin", "unim", "unid"):
		return true
	case starts("uni", "use", "usu", "ute", "uti", "uto", "ufo", "ura", "eu", "ew", "one", "once"):
		return false
	}
	return starts("a", "e", "i", "o", "u", "à", "á", "â", "ä", "å", "æ", "è", "é", "ê", "ë", "ì", "í", "î", "ï", "ò", "ó", "ô", "ö", "ø", "ù", "ú", "û", "ü")
}
