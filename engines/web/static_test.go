package web

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// What a game loads by URL is part of it wherever it is and whatever it is; what only belongs to its making is not.
func TestStatic(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ code, files, want string }{
		"media and assets": {"", "a.png src/b.png assets/c.json levels/d.tmx notes.txt other/e.json .git/f.png", "a.png assets/c.json levels/d.tmx notes.txt other/e.json src/b.png"},
		"named": {`for (const f of ['docs/level1.md', "README.md", './dist/en.json', "/plugins/shake.js?v=1", 'talk/a.yarn']) fetch(f)`,
			"docs/level1.md docs/level2.md README.md LICENSE dist/en.json dist/de.json plugins/shake.js plugins/other.js talk/a.yarn",
			"README.md dist/en.json docs/level1.md plugins/shake.js talk/a.yarn"},
		"computed":     {"fetch(`dist/${lang}.json`); fetch('docs/' + n + '.yarn')", "dist/en.json dist/en.txt dist/deep/de.json docs/a.yarn test/b.json", "dist/deep/de.json dist/en.json docs/a.yarn"},
		"imported":     {`import "./game.js"; import x from './lib/x.js'; import("./late.js"); require('old.js'); export * from "more.js"`, "game.js lib/x.js late.js old.js more.js", ""},
		"not the game": {`f("package.json", "tsconfig.json", ".env", "server/.env", "index.html")`, "tsconfig.json tsconfig.node.json vite.config.json .env server/.env node_modules/a.png", ""},
		"in data":      {`load("assets/pack.json")`, "assets/pack.json extra/sheet.js", "assets/pack.json extra/sheet.js"},
		"odd quotes":   {"// it's\nf(\"\", 'one.js', \"two.js\", 'a\\\n', `\nthree.js`)", "one.js two.js three.js", "one.js two.js"},
		"words":        {"transform('a.js'); $import ( \t'b.js'); from\n'c.js'; _from 'd.js'", "a.js b.js c.js d.js", "a.js d.js"},
		"too long":     {"'" + strings.Repeat("a", 301) + "'; f('a.js')", "a.js", "a.js"},
		"any name":     {"fetch(`${base}/x.js`); fetch(`${a}`)", "a/x.js x.js", ""},
	} {
		files := []models.File{{Path: "src/main.js", Data: []byte(tt.code)}, {Path: "package.json", Data: []byte(`{"main":"game.js"}`)},
			{Path: "index.html", Data: []byte(`<script src="game.js"></script><script>fetch("inline/x.js")</script>`)}}
		for path := range strings.FieldsSeq(tt.files) {
			files = append(files, models.File{Path: path, Data: []byte(`["extra/sheet.js"]`)})
		}
		require.Equal(t, tt.want, strings.Join(Static(files), " "), name)
	}
	require.Equal(t, []string{"inline/x.js"}, Static([]models.File{{Path: "index.html", Data: []byte(`<script>fetch("inline/x.js")</script>`)}, {Path: "inline/x.js"}}))
}

func FuzzNames(f *testing.F) {
	f.Add("a('b', \"c/\", `d/${e}.f`) import './g'")
	f.Fuzz(func(_ *testing.T, code string) {
		Static([]models.File{{Path: "a.js", Data: []byte(code)}, {Path: "b.html", Data: []byte(code)}})
	})
}
