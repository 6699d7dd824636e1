package conformance

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/engines/three"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/projects"
)

func TestThirdPartyProject(t *testing.T) {
	t.Parallel()
	runner := newRunner(t)
	for _, name := range projects.OrbitEngines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(adapters, func(e engines.Engine) bool { return e.Info().Name == name })
			if i < 0 {
				t.Fatal("no such engine")
			}
			files, err := projects.Orbit(name)
			if err != nil {
				t.Fatal(err)
			}
			var sizes [2]int
			for n, mode := range []engines.Mode{engines.Preview, engines.Release} {
				sizes[n] = buildOrbit(t, adapters[i], runner, mode, files)
			}
			t.Logf("script: preview %d bytes, release %d bytes", sizes[0], sizes[1])
			if sizes[0] > sizes[1]/2 {
				t.Error("the preview is nearly as large as the release: the engine is in it")
			}
		})
	}
}

// buildOrbit builds the project, checks the output, and returns the size of the script.
func buildOrbit(t *testing.T, e engines.Engine, runner engines.Runner, mode engines.Mode, files []models.File) int {
	t.Helper()
	res, err := enginetest.Build(t.Context(), e, runner, mode, files)
	if err != nil {
		t.Fatalf("%s: %v %+v", mode, err, res)
	}
	if err := e.Verify(engines.BuildRequest{Mode: mode}, res.Outputs); err != nil {
		t.Errorf("%s: %v", mode, err)
	}
	var script, page, style string
	out := map[string][]byte{}
	for _, f := range enginetest.Files(t, res.Outputs) {
		out[f.Path] = f.Data
		switch {
		case strings.HasSuffix(f.Path, ".js"):
			script = string(f.Data)
		case strings.HasSuffix(f.Path, ".css"):
			style = string(f.Data)
		case f.Path == "index.html":
			page = string(f.Data)
		}
	}
	for name, want := range map[string]string{"icon.svg": "<svg", "models/triangle.gltf": `"2.0"`} {
		if !strings.Contains(string(out[name]), want) {
			t.Errorf("%s: %s was not copied", mode, name)
		}
	}
	for _, asset := range []string{`src/assets/stone\.png`, `src/assets/beep\.wav`, `src/assets/music\.ogg`} {
		name := regexp.MustCompile(asset).FindString(script)
		if len(out[name]) == 0 {
			t.Errorf("%s: the script names %q, which is not there", mode, name)
		}
	}
	if name := regexp.MustCompile(`src/assets/stone\.png`).FindString(style); len(out[name]) == 0 {
		t.Errorf("%s: the style sheet names %q, which is not there", mode, name)
	}
	for _, want := range []string{"GLOW", "The first ring"} {
		if !strings.Contains(script, want) {
			t.Errorf("%s: no %q in the script", mode, want)
		}
	}
	if !strings.Contains(page, `href="./icon.svg"`) || !strings.Contains(page, `rel="stylesheet" href="./game`) ||
		!strings.Contains(style, ".hud") {
		t.Errorf("%s: page\n%s\nstyle\n%s", mode, page, style)
	}
	specifier := e.Toolchain().Modules[0].Specifier
	bare := regexp.MustCompile(`from\s*"` + regexp.QuoteMeta(specifier) + `"`).MatchString(script)
	if mode == engines.Preview && (!bare || len(res.SharedModules) != 1) {
		t.Errorf("the preview does not share %s (%d modules)", specifier, len(res.SharedModules))
	}
	if mode == engines.Release && (bare || strings.Contains(page, "importmap")) {
		t.Errorf("the release needs %s from elsewhere", specifier)
	}
	for _, d := range res.Diagnostics {
		t.Errorf("%s: %+v", mode, d)
	}
	return len(script)
}

// The WebGPU build shares classes with the main one, so a project that uses it is previewed without the shared module.
func TestThreeWebGPU(t *testing.T) {
	t.Parallel()
	files := []models.File{{Path: "src/main.js", Data: []byte(
		"import * as THREE from 'three/webgpu'; import { color } from 'three/tsl'; import { Vector3 } from 'three';\n" +
			"console.log(new THREE.Scene(), color(1), new Vector3());")}}
	res, err := enginetest.Build(t.Context(), three.Engine{}, newRunner(t), engines.Preview, files)
	if err != nil {
		t.Fatalf("%v %+v", err, res)
	}
	for _, f := range enginetest.Files(t, res.Outputs) {
		if f.Path == "game.js" && bytes.Contains(f.Data, []byte(`from "three"`)) || len(res.SharedModules) > 0 {
			t.Error("two copies of three's classes")
		}
	}
}
