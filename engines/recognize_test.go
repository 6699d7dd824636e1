package engines_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/engines"
)

type marked struct {
	engines.Engine
	name  string
	marks []engines.Mark
}

func (m marked) Info() engines.Info { return engines.Info{Name: m.name, Version: "1", Marks: m.marks} }

func TestRecognize(t *testing.T) {
	t.Parallel()
	r := engines.NewRegistry(marked{name: "phaser", marks: []engines.Mark{{Package: "phaser"}}}, marked{name: "pixi", marks: []engines.Mark{{Package: "pixi.js"}}},
		marked{name: "babylon", marks: []engines.Mark{{Package: "@babylonjs/core"}, {Package: "babylonjs"}}},
		marked{name: "love", marks: []engines.Mark{{File: "main.lua", Text: "love."}}}, marked{name: "own"})
	for name, tt := range map[string]struct {
		files map[string]string
		found []engines.Found
	}{
		"nothing":    {map[string]string{"a.js": "1"}, nil},
		"manifest":   {map[string]string{"package.json": `{"dependencies":{"phaser":"^3.60.0"}}`, "a.js": "import 'pixi.js'"}, []engines.Found{{"phaser", "3"}}},
		"broken":     {map[string]string{"package.json": `{"dependencies":`, "a.js": "import * as P from \"phaser\""}, []engines.Found{{Name: "phaser"}}},
		"import":     {map[string]string{"src/a.ts": "import { Scene } from '@babylonjs/core/scene'"}, []engines.Found{{Name: "babylon"}}},
		"require":    {map[string]string{"a.js": "const p = require( 'pixi.js' )"}, []engines.Found{{Name: "pixi"}}},
		"script":     {map[string]string{"index.html": `<script src="https://cdn.example/phaser@3.80/dist/phaser.min.js"></script>`}, []engines.Found{{Name: "phaser"}}},
		"pixi":       {map[string]string{"index.html": `<script src=lib/pixi-legacy.js></script>`}, []engines.Found{{Name: "pixi"}}},
		"no script":  {map[string]string{"index.html": `<script src="myphaser.js"></script>`, "a.js": "from 'phaserx'"}, nil},
		"file":       {map[string]string{"main.lua": "function love.draw() end"}, []engines.Found{{Name: "love"}}},
		"other file": {map[string]string{"main.lua": "print(1)", "x/main.lua": "love.draw"}, nil},
		"two":        {map[string]string{"a.js": "import 'phaser'", "b.js": "import 'pixi.js'"}, []engines.Found{{Name: "phaser"}, {Name: "pixi"}}},
	} {
		found, err := r.Recognize(slices.Sorted(maps.Keys(tt.files)), func(p string) ([]byte, error) { return []byte(tt.files[p]), nil })
		require.NoError(t, err, name)
		require.Equal(t, tt.found, found, name)
	}
}

func FuzzRecognize(f *testing.F) {
	f.Add("package.json", `{"dependencies":{"phaser":"3"}}`)
	f.Add("index.html", `<script src="a/phaser.min.js">`)
	r := engines.NewRegistry(marked{name: "phaser", marks: []engines.Mark{{Package: "phaser"}}})
	f.Fuzz(func(t *testing.T, path, text string) {
		if found, err := r.Recognize([]string{path}, func(string) ([]byte, error) { return []byte(text), nil }); err != nil || len(found) > 1 {
			t.Fatal(found, err)
		}
	})
}
