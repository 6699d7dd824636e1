package starter

import (
	"fmt"
	"strings"

	"github.com/spark-games/spark/engines"
)

// Figures says which picture each role of the project has: role → figure.
func Figures(d engines.Design) map[string]string {
	roles := map[string]string{
		"hero":    picture(d.Hero, "blob", engines.Heroes, engines.Collectibles, engines.Enemies),
		"collect": picture(d.Collect, "star", engines.Collectibles, engines.Heroes),
		"enemy":   picture(d.Enemy, "slime", engines.Enemies, engines.Heroes),
		"heart":   "heart",
	}
	if d.Genre == engines.GenrePuzzle {
		n := 0
		for _, figure := range []string{"gem", "star", "berry", "flower", "orb"} {
			if figure != roles["collect"] && n < 4 {
				n++
				roles[fmt.Sprintf("piece%d", n)] = figure
			}
		}
	}
	return roles
}

// picture finds a noun's picture in the first vocabulary that has it.
func picture(noun, fallback string, vocabularies ...map[string]string) string {
	noun = strings.ToLower(noun)
	for _, words := range vocabularies {
		if figure, ok := words[noun]; ok {
			return figure
		}
	}
	return fallback
}
