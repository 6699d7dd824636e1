extends Reference

# Small help with English, so that texts can be put together from the words in design.gd.

const ALIKE = ["sheep", "deer", "moose", "bison", "shrimp", "salmon", "trout", "aircraft", "spacecraft", "treasure", "gold", "fruit", "sushi",
	"honey", "cheese", "energy", "lightning"]

# Irregular ends, and what they become; the first that fits counts.
const IRREGULAR = [
	["human", "humans"], ["shaman", "shamans"], ["talisman", "talismans"], ["caiman", "caimans"], ["man", "men"], ["mouse", "mice"],
	["goose", "geese"], ["child", "children"], ["person", "people"], ["foot", "feet"], ["tooth", "teeth"], ["wolf", "wolves"],
	["leaf", "leaves"], ["loaf", "loaves"], ["elf", "elves"], ["thief", "thieves"], ["calf", "calves"], ["knife", "knives"],
	["hero", "heroes"], ["potato", "potatoes"], ["tomato", "tomatoes"], ["torpedo", "torpedoes"], ["volcano", "volcanoes"],
	["mosquito", "mosquitoes"], ["buffalo", "buffaloes"],
]

static func plural(noun):
	var last = noun.substr(noun.find_last(" ") + 1).to_lower()
	if noun == "" or last in ALIKE or ends(last, "fish") or ends(last, "s") and not ends(last, "us ss"):
		return noun
	for i in IRREGULAR:
		if last.ends_with(i[0]):
			return noun.substr(0, noun.length() - i[0].length()) + i[1]
	if ends(last, "s x z ch sh"):
		return noun + "es"
	if ends(last, "y") and not ends(last, "ay ey iy oy uy"):
		return noun.substr(0, noun.length() - 1) + "ies"
	return noun + "s"

# Puts "a" or "an" before a noun, by its sound: a unicorn, an hour, an invader.
static func with_article(noun):
	return ("an " if sounds_like_vowel(noun.to_lower()) else "a ") + noun

static func sounds_like_vowel(noun):
	var parts = noun.replace("-", " ").split(" ", false)
	if parts.size() == 0:
		return false
	var word = parts[0]
	var first = word.substr(0, 1)
	if first in "0123456789":
		return first == "8" or word == "11" or word == "18"
	if first in "abcdefghijklmnopqrstuvwxyz" and (word.length() == 1 or only(word, "bcdfghjklmnpqrstvwxz")):
		return first in "aefhilmnorsx" # letters are said one by one
	if starts(word, "hour honest honor honour heir unin unim unid"):
		return true
	if starts(word, "uni use usu ute uti uto ufo ura eu ew one once"):
		return false
	return first in "aeiouàáâäåæèéêëìíîïòóôöøùúûü"

static func only(word, letters):
	for letter in word:
		if not letter in letters:
			return false
	return true

static func ends(word, list):
	for end in list.split(" "):
		if word.ends_with(end):
			return true
	return false

static func starts(word, list):
	for begin in list.split(" "):
		if word.begins_with(begin):
			return true
	return false
