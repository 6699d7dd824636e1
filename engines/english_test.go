package engines

import "testing"

func TestWithArticle(t *testing.T) {
	t.Parallel()
	for noun, want := range map[string]string{
		"invader": "an", "fox": "a", "octopus": "an", "unicorn": "a", "urchin": "an", "UFO": "a", "ufo": "a", "hour": "an", "heir": "an",
		"honest thief": "an", "house": "a", "x-ray": "an", "NPC": "an", "T-rex": "a", "U-boat": "a", "8-ball": "an", "11": "an", "9-tail": "a",
		"one-eyed ogre": "a", "ogre": "an", "eel": "an", "euro": "a", "ewe": "a", "uninvited guest": "an", "umbrella": "an", "utensil": "a",
		"user": "a", "élan": "an", "über-cat": "an", "лис": "a", "狐": "a", "": "a", " ": "a", "imp": "an", "asteroid": "an", "yeti": "a", "wyvern": "a",
	} {
		if got := WithArticle(noun); got != want+" "+noun {
			t.Errorf("%q, want %s", got, want)
		}
	}
}

func TestPlural(t *testing.T) {
	t.Parallel()
	for noun, want := range map[string]string{
		"fox": "foxes", "wolf": "wolves", "fish": "fish", "jellyfish": "jellyfish", "cherry": "cherries", "key": "keys", "octopus": "octopuses",
		"snowman": "snowmen", "shaman": "shamans", "mouse": "mice", "hero": "heroes", "piano": "pianos", "potato": "potatoes", "boss": "bosses",
		"witch": "witches", "treasure": "treasure", "red panda": "red pandas", "tax collector": "tax collectors", "stars": "stars", "elf": "elves",
		"leaf": "leaves", "energy": "energy", "goose": "geese", "UFO": "UFOs", "": "", "firefly": "fireflies", "Gnu": "Gnus",
	} {
		if got := Plural(noun); got != want {
			t.Errorf("%q: %q, want %q", noun, got, want)
		}
	}
}
