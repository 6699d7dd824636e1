package conformance

import (
	"regexp"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/babylon"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/engines/pixi"
	"github.com/spark-games/spark/engines/playcanvas"
	"github.com/spark-games/spark/models"
)

// People import an engine as a whole, file by file, or both. However they do it, a preview has one copy of each class, the one
// of the shared module, and imports nothing that is not in its import map.
func TestMixedImports(t *testing.T) {
	t.Parallel()
	runner := newRunner(t)
	from := regexp.MustCompile(`(?:from|import)\s*\(?"([^"]+)"`)
	for name, c := range map[string]struct {
		engine    engines.Engine
		code      string
		class     string // of the engine, and only in the shared module
		bundled   string // of a file that is apart, or of a script that comes with the engine
		specifier string // "" when nothing may be shared
	}{
		"babylon": {babylon.Engine{}, `import * as BABYLON from '@babylonjs/core';
import { Engine } from '@babylonjs/core/Engines/engine';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import '@babylonjs/core/Meshes/meshBuilder';
import { ThinSprite } from '@babylonjs/core/Sprites/thinSprite';
console.log(new BABYLON.Scene(new Engine(null)), Vector3.Zero(), new ThinSprite());`,
			"Vector3", "ThinSprite", "@babylonjs/core"},
		"pixi": {pixi.Engine{}, `import { Application, Point } from 'pixi.js';
import 'pixi.js/math-extras';
import { GifSprite } from 'pixi.js/gif';
console.log(new Application(), new Point().add(new Point()), GifSprite);`,
			"Container", "GifSprite", "pixi.js"},
		"playcanvas": {playcanvas.Engine{}, `import * as pc from 'playcanvas';
import { CameraControls } from 'playcanvas/scripts/esm/camera-controls.mjs';
console.log(new pc.Vec3(), CameraControls);`, "Vec3", "CameraControls", "playcanvas"},
		"playcanvas's debugging build": {playcanvas.Engine{}, `import { Vec3 } from 'playcanvas/debug';
console.log(new Vec3());`, "", "Vec3", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := []models.File{{Path: "src/main.js", Data: []byte(c.code)}}
			for _, mode := range []engines.Mode{engines.Preview, engines.Release} {
				res, err := enginetest.Build(t.Context(), c.engine, runner, mode, files)
				if err != nil {
					t.Fatalf("%s: %v %+v", mode, err, res)
				}
				if err := c.engine.Verify(engines.BuildRequest{Mode: mode}, res.Outputs); err != nil {
					t.Errorf("%s: %v", mode, err)
				}
				if mode == engines.Release {
					continue
				}
				script := ""
				for _, f := range enginetest.Files(t, res.Outputs) {
					if f.Path == "game.js" {
						script = string(f.Data)
					}
				}
				for _, m := range from.FindAllStringSubmatch(script, -1) {
					if m[1] != c.specifier {
						t.Errorf("the preview imports %q", m[1])
					}
				}
				if c.class != "" && defines(script, c.class) {
					t.Errorf("%s is in the preview as well as in the shared module", c.class)
				}
				if !defines(script, c.bundled) {
					t.Errorf("no %s in the preview", c.bundled)
				}
			}
		})
	}
}

// defines reports whether a script defines a class itself, in one of the forms that a bundler writes.
func defines(script, class string) bool {
	return regexp.MustCompile(`class _*` + class + `\b|\b_*` + class + `\d* = class\b`).MatchString(script)
}
