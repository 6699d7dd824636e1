package conformance

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/png"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/engines/three"
	"github.com/spark-games/spark/models"
)

// orbit is a project as a person would write it with the usual templates: TypeScript with path aliases and decorators,
// several modules, add-ons by both of their names, JSON, shader, image and sound imports, style sheets, a public folder.
func orbit(t *testing.T) []models.File {
	t.Helper()
	var files []models.File
	root := os.DirFS("testdata/orbit")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		files = append(files, models.File{Path: name, Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	return append(files, models.File{Path: "src/assets/stone.png", Data: picture.Bytes()},
		models.File{Path: "src/assets/beep.wav", Data: wave(800)},
		models.File{Path: "src/assets/music.ogg", Data: append([]byte("OggS\x00\x02"), make([]byte, 100)...)})
}

// wave is a silent mono WAV of n samples.
func wave(n int) []byte {
	b := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(36+n))...)
	b = append(b, "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(n))
	return append(b, bytes.Repeat([]byte{0x80}, n)...)
}

func TestThirdPartyProject(t *testing.T) {
	t.Parallel()
	runner := newRunner(t)
	files := orbit(t)
	e := three.Engine{}
	var sizes [2]int
	for i, mode := range []engines.Mode{engines.Preview, engines.Release} {
		res, err := enginetest.Build(t.Context(), e, runner, mode, files)
		if err != nil {
			t.Fatalf("%s: %v %+v", mode, err, res)
		}
		if err := e.Verify(engines.BuildRequest{Mode: mode}, res.Outputs); err != nil {
			t.Errorf("%s: %v", mode, err)
		}
		var script, page, style string
		out := map[string][]byte{}
		for _, f := range res.Outputs {
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
		sizes[i] = len(script)
		for name, want := range map[string]string{"icon.svg": "<svg", "models/triangle.gltf": `"2.0"`} {
			if !strings.Contains(string(out[name]), want) {
				t.Errorf("%s: %s was not copied", mode, name)
			}
		}
		for _, asset := range []string{`assets/stone-\w+\.png`, `assets/beep-\w+\.wav`, `assets/music-\w+\.ogg`} {
			name := regexp.MustCompile(asset).FindString(script)
			if len(out[name]) == 0 {
				t.Errorf("%s: the script names %q, which is not there", mode, name)
			}
		}
		if name := regexp.MustCompile(`assets/stone-\w+\.png`).FindString(style); len(out[name]) == 0 {
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
		bare := regexp.MustCompile(`from\s*"three"`).MatchString(script)
		if mode == engines.Preview && (!bare || len(res.SharedModules) != 1 || strings.Contains(script, "class WebGLRenderer")) {
			t.Errorf("the preview does not share three (%d modules)", len(res.SharedModules))
		}
		if mode == engines.Release && (bare || strings.Contains(page, "importmap")) {
			t.Error("the release needs three from elsewhere")
		}
		for _, d := range res.Diagnostics {
			t.Errorf("%s: %+v", mode, d)
		}
	}
	t.Logf("script: preview %d bytes, release %d bytes", sizes[0], sizes[1])
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
	for _, f := range res.Outputs {
		if f.Path == "game.js" && bytes.Contains(f.Data, []byte(`from "three"`)) || len(res.SharedModules) > 0 {
			t.Error("two copies of three's classes")
		}
	}
}
