package enginetest

import (
	"fmt"
	"strings"
)

// dialect is how the suite changes a starter: the file that starts the game shows the language.
type dialect struct {
	entry string
	// mistake adds a line with the word broken and a second = that does not belong there, and says which line that is.
	mistake func(code string) (changed string, line int)
	// say makes the program contain a text.
	say func(code, text string) string
	// escapes try to bring a file of the machine into the game.
	escapes []func(code, target string) string
}

var dialects = []dialect{
	{
		entry:   "src/main.js",
		mistake: func(code string) (string, int) { return "// ok\n  let broken = = 1;\n" + code, 2 },
		say:     func(code, text string) string { return fmt.Sprintf("console.log(%q);\n", text) + code },
		escapes: []func(code, target string) string{
			func(code, target string) string {
				return fmt.Sprintf("import x from %q; console.log(x);\n", target) + code
			},
			func(code, target string) string {
				return fmt.Sprintf("import x from %q with {type: 'text'}; console.log(x);\n", target) + code
			},
			func(code, target string) string { return fmt.Sprintf("import(%q);\n", target) + code },
			func(code, target string) string {
				return fmt.Sprintf("import x from %q; console.log(x);\n", target+"?raw") + code
			},
		},
	},
	{
		entry: "main.go",
		mistake: func(code string) (string, int) {
			return code + "\nvar broken = = 1\n", strings.Count(code, "\n") + 2
		},
		say: func(code, text string) string { return code + fmt.Sprintf("\nfunc init() { println(%q) }\n", text) },
		escapes: []func(code, target string) string{
			func(code, target string) string {
				return strings.Replace(code, "import (", "import (\n\t_ \"embed\"", 1) + fmt.Sprintf("\n//go:embed %s\nvar stolen string\n", target)
			},
			func(code, target string) string {
				return strings.Replace(code, "import (", fmt.Sprintf("import (\n\t_ %q", target), 1)
			},
		},
	},
	{
		entry: "main.gd",
		mistake: func(code string) (string, int) {
			return code + "\nvar broken = = 1\n", strings.Count(code, "\n") + 2
		},
		say: func(code, text string) string { return code + fmt.Sprintf("\nconst SAID = %q\n", text) },
		escapes: []func(code, target string) string{
			func(code, target string) string { return code + fmt.Sprintf("\nconst Stolen = preload(%q)\n", target) },
			func(code, target string) string {
				return code + fmt.Sprintf("\nclass Stolen extends %q:\n\tpass\n", target)
			},
		},
	},
	{
		entry: "main.lua",
		mistake: func(code string) (string, int) {
			return code + "\nlocal broken = = 1\n", strings.Count(code, "\n") + 2
		},
		say: func(code, text string) string { return fmt.Sprintf("local said = %q\n", text) + code },
		escapes: []func(code, target string) string{
			func(code, target string) string { return fmt.Sprintf("local stolen = require(%q)\n", target) + code },
			func(code, target string) string { return fmt.Sprintf("return require %q\n", target) },
		},
	},
}
