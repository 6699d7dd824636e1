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
		"media and assets": {"", "a.png src/b.png assets/c.json levels/d.tmx notes.txt other/e.json .git/f.png", "a.png assets/c.json levels/d.tmx"},
		"named": {`for (const f of ['level1.json', "shaders/glow.frag", './locales/en.json', "/plugins/shake.js?v=1", 'talk/a.yarn']) fetch(f)`,
			"level1.json level2.json shaders/glow.frag locales/en.json locales/de.json plugins/shake.js talk/a.yarn",
			"level1.json locales/en.json plugins/shake.js shaders/glow.frag talk/a.yarn"},
		"computed":     {"fetch(`i18n/${lang}.json`); fetch('talk/' + n + '.yarn')", "i18n/en.json i18n/en.txt i18n/deep/de.json talk/a.yarn other/b.json", "i18n/deep/de.json i18n/en.json talk/a.yarn"},
		"imported":     {`import "./game.js"; import x from './lib/x.js'; import("./late.js"); require('old.js'); export * from "more.js"`, "game.js lib/x.js late.js old.js more.js", ""},
		"not the game": {`f("package.json", "tsconfig.json", ".env", "server/.env", "src/a.json", "index.html")`, "tsconfig.json .env server/.env src/a.json", ""},
		"in data":      {`load("assets/pack.json")`, "assets/pack.json extra/sheet.bin2", "assets/pack.json extra/sheet.bin2"},
		"odd quotes":   {"// it's\nf(\"\", 'one.dat', \"two.dat\", 'a\\\n', `\nthree.dat`)", "one.dat two.dat three.dat", "one.dat two.dat"},
		"words":        {"transform('a.dat'); $import ( \t'b.dat'); from\n'c.dat'; _from 'd.dat'", "a.dat b.dat c.dat d.dat", "a.dat d.dat"},
		"too long":     {"'" + strings.Repeat("a", 301) + "'; f('a.dat')", "a.dat", "a.dat"},
		"any name":     {"fetch(`${base}/x.json`); fetch(`${a}`)", "a/x.json x.json", ""},
	} {
		files := []models.File{{Path: "src/main.js", Data: []byte(tt.code)}, {Path: "package.json", Data: []byte(`{"main":"game.js"}`)},
			{Path: "index.html", Data: []byte(`<script src="game.js"></script><script>fetch("inline/x.dat")</script>`)}}
		for path := range strings.FieldsSeq(tt.files) {
			files = append(files, models.File{Path: path, Data: []byte(`["extra/sheet.bin2"]`)})
		}
		require.Equal(t, tt.want, strings.Join(static(files), " "), name)
	}
	require.Equal(t, []string{"inline/x.dat"}, static([]models.File{{Path: "index.html", Data: []byte(`<script>fetch("inline/x.dat")</script>`)}, {Path: "inline/x.dat"}}))
}

func FuzzNames(f *testing.F) {
	f.Add("a('b', \"c/\", `d/${e}.f`) import './g'")
	f.Fuzz(func(_ *testing.T, code string) {
		static([]models.File{{Path: "a.js", Data: []byte(code)}, {Path: "b.html", Data: []byte(code)}})
	})
}
