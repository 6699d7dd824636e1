package web

import (
	"encoding/json"
	"fmt"
	"html"
	"strings"

	"github.com/spark-games/spark/engines"
)

// designModule writes the design as a JavaScript module. JSON is JavaScript, and encoding/json also escapes <, >, & and
// the line separators U+2028 and U+2029, so no text of the design can end the string, the script or the line it is in.
func designModule(d engines.Design) string {
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		panic("a design is always JSON: " + err.Error()) // Normalize has removed NaN and infinities
	}
	return `// What this game is: its words, colours, pace and level. Change anything here and play again.
// pace is the speed of time (1 is normal), difficulty decides on hearts, foes and moves (1 is normal),
// seed lays out the level. theme only tells what src/theme.js draws. tuning sets the rules, in multiples of what is usual;
// a goal, lives or moves of 0 are left to the difficulty.

export const design = ` + string(data) + ";\n"
}

func indexPage(d engines.Design) string {
	return strings.ReplaceAll(mustText("starter/index.html"), "{{title}}", html.EscapeString(d.Title))
}

// readme describes the project to who opens it.
func readme(d engines.Design, e StarterEngine) string {
	controls := map[engines.Genre]string{
		engines.GenrePlatformer: "Arrows or A/D run, Space or ↑ jumps and jumps again in the air. On a touch screen use the buttons.",
		engines.GenreShooter:    "Arrows or W/A/S/D fly, hold Space to fire. With a finger or the mouse, drag anywhere.",
		engines.GenreRunner:     "Arrows or A/D change lanes, Space or ↑ jumps. On a touch screen swipe, or tap to jump.",
		engines.GenrePuzzle:     "Arrows choose, Space and then an arrow swaps. With a finger or the mouse, drag a piece to its neighbour.",
	}
	level := ""
	if d.Genre == engines.GenrePlatformer {
		level = "\n| how levels are laid out | `src/level.js` |"
	}
	return strings.NewReplacer(
		"{{title}}", engines.Markdown(d.Title),
		"{{genre}}", string(d.Genre),
		"{{engine}}", e.Title+" "+e.Version,
		"{{goal}}", goal(d),
		"{{controls}}", controls[d.Genre],
		"{{level}}", level,
		"{{prompt}}", engines.Markdown(engines.CleanText(d.Prompt, 400)),
		"{{seed}}", fmt.Sprint(d.Seed),
	).Replace(mustText("starter/README.md"))
}

func goal(d engines.Design) string {
	hero, collects := engines.Markdown(d.Hero), engines.Markdown(engines.Plural(d.Collect))
	enemies, anEnemy := engines.Markdown(engines.Plural(d.Enemy)), engines.Markdown(engines.WithArticle(d.Enemy))
	switch d.Genre {
	case engines.GenreShooter:
		return fmt.Sprintf("You are the %s. Shoot the %s, catch the %s they drop, and beat the boss.", hero, enemies, collects)
	case engines.GenreRunner:
		return fmt.Sprintf("You are the %s. Gather the %s along the road, dodge what blocks it and jump over the %s.", hero, collects, enemies)
	case engines.GenrePuzzle:
		return fmt.Sprintf("Match three or more and gather the %s before your moves run out. A match beside %s wins two moves.", collects, anEnemy)
	default:
		return fmt.Sprintf("You are the %s. Gather enough of the %s to open the portal, mind the %s, and leap through.", hero, collects, enemies)
	}
}

func mustText(name string) string {
	data, err := starterFS.ReadFile(name)
	if err != nil {
		panic("an embedded file is missing: " + err.Error())
	}
	return string(data)
}
