package main

import (
	"slices"
	"strings"
)

var alike = []string{"fish", "sheep", "deer", "treasure", "gold", "fruit", "sushi", "honey", "cheese"}

// plural is good enough for the words of design.go.
func plural(word string) string {
	ends := func(list ...string) bool {
		return slices.ContainsFunc(list, func(end string) bool { return strings.HasSuffix(word, end) })
	}
	switch {
	case slices.Contains(alike, word), ends("s") && !ends("us", "ss"):
		return word
	case ends("s", "x", "z", "ch", "sh"):
		return word + "es"
	case ends("y") && !ends("ay", "ey", "iy", "oy", "uy"):
		return strings.TrimSuffix(word, "y") + "ies"
	case ends("wolf"):
		return strings.TrimSuffix(word, "f") + "ves"
	}
	return word + "s"
}
