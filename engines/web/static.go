package web

import (
	"path"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines/web/page"
	"github.com/spark-games/spark/models"
)

// Static are the files that a game may load by URL, sorted: everything that is neither code nor belongs to the making of the game,
// and of the rest what the code names.
func Static(files []models.File) []string {
	var list, others []string
	for _, f := range files {
		switch {
		case !isServed(f.Path):
		case isStatic(f.Path):
			list = append(list, f.Path)
		default:
			others = append(others, f.Path)
		}
	}
	if len(others) > 0 {
		named := namesIn(files)
		list = append(list, slices.DeleteFunc(others, func(name string) bool { return !named.match(name) })...)
	}
	slices.Sort(list)
	return list
}

// code are the endings of what a bundle consumes, and papers those of what lies about in a project. Both are part of the game only if
// it names them. made are the folders of a project that are not its game, as far as it does not name what is in them.
var code, papers, made = words(".js .mjs .cjs .jsx .ts .mts .cts .tsx .css .scss .sass .less .styl .html .htm .vue .svelte .map .go .mod .sum"),
	words(".md .markdown .lock .log .yml .yaml .toml .sh .bat .psd .xcf .blend .aseprite .kra .zip"),
	words("dist build out test tests docs coverage")

// IsCode reports whether a file is a script or module, as far as its name tells.
func IsCode(name string) bool { return scripts[strings.ToLower(path.Ext(name))] }

var scripts = words(".js .mjs .cjs .jsx .ts .mts .cts .tsx")

func words(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}

// isStatic reports whether a game may load a file by its URL, as far as its name tells.
func isStatic(name string) bool {
	first, _, nested := strings.Cut(name, "/")
	ext := strings.ToLower(path.Ext(name))
	switch {
	case code[ext] || papers[ext]:
		return false
	case nested:
		return !made[first]
	}
	return ext != "" && !isSettings(name)
}

// isSettings reports whether a file at the root of a project configures its tools.
func isSettings(name string) bool {
	lower := strings.ToLower(name)
	switch lower {
	case "license.txt", "licence.txt", "readme.txt", "package.json", "composer.json", "deno.json", "vercel.json", "netlify.toml",
		"metadata.json", "components.json", "biome.json", "turbo.json", "lerna.json", "project.json", "firebase.json":
		return true
	}
	for _, start := range []string{"tsconfig", "jsconfig", "package-lock", "npm-shrinkwrap", "tslint", "eslint"} {
		if strings.HasPrefix(lower, start) {
			return true
		}
	}
	return strings.Contains(lower, ".config.")
}

// isServed reports whether a file may be part of the game as it is. What is in public is copied anyway.
func isServed(name string) bool {
	first, _, nested := strings.Cut(name, "/")
	switch {
	case nested && (first == "public" || first == "node_modules"), !nested && (name == "index.html" || isSettings(name)):
		return false
	}
	return !strings.HasPrefix(name, ".") && !strings.Contains(name, "/.")
}

// names are the addresses that code has in it.
type names struct {
	whole    map[string]bool
	patterns map[pattern]bool
}

// pattern is an address that the game puts together: `levels/${n}.json`, "levels/" + n.
type pattern struct{ before, after string }

// maxPatterns bounds how often a file's name is compared.
const maxPatterns = 1000

// namesIn reads the strings of a project's code, and of data that lists files.
func namesIn(files []models.File) names {
	n := names{make(map[string]bool), make(map[pattern]bool)}
	for _, f := range files {
		ext := strings.ToLower(path.Ext(f.Path))
		switch {
		case IsCode(f.Path), ext == ".json" && isServed(f.Path):
			n.read(f.Data)
		case ext == ".html":
			_, _ = page.Walk(f.Data, func(node *page.Node) (string, bool) { // a page that cannot be read is refused elsewhere
				if node.Tag == "script" {
					n.read(node.Text)
				}
				return "", false
			})
		}
	}
	return n
}

// read adds the strings of code.
func (n names) read(code []byte) {
	for _, text := range Literals(code) {
		n.add(text)
	}
}

func (n names) add(text string) {
	text = strings.TrimPrefix(strings.TrimPrefix(text, "./"), "/")
	before, after, computed := strings.Cut(text, "${")
	switch {
	case computed:
		after = after[strings.LastIndexByte(after, '}')+1:]
	case strings.HasSuffix(text, "/"):
		before, computed = text, true
	default:
		if i := strings.IndexAny(text, "?#"); i >= 0 {
			text = text[:i]
		}
		n.whole[text] = true
	}
	if computed && strings.Contains(before, "/") && len(n.patterns) < maxPatterns {
		n.patterns[pattern{before, after}] = true
	}
}

// match reports whether a file is named.
func (n names) match(name string) bool {
	if n.whole[name] {
		return true
	}
	for p := range n.patterns {
		if len(name) >= len(p.before)+len(p.after) && strings.HasPrefix(name, p.before) && strings.HasSuffix(name, p.after) {
			return true
		}
	}
	return false
}
