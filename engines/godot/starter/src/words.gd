extends Reference

# Good enough for the words of design.gd.

const ALIKE = ["fish", "sheep", "deer", "treasure", "gold", "fruit", "sushi", "honey", "cheese"]

static func plural(word):
	if word in ALIKE or ends(word, ["s"]) and not ends(word, ["us", "ss"]):
		return word
	if ends(word, ["s", "x", "z", "ch", "sh"]):
		return word + "es"
	if ends(word, ["y"]) and not ends(word, ["ay", "ey", "iy", "oy", "uy"]):
		return word.substr(0, word.length() - 1) + "ies"
	if ends(word, ["wolf"]):
		return word.substr(0, word.length() - 1) + "ves"
	return word + "s"

static func ends(word, list):
	for end in list:
		if word.ends_with(end):
			return true
	return false
