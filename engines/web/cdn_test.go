package web

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRemotes(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]Remote{
		"https://cdn.jsdelivr.net/npm/phaser@3.80.1/dist/phaser.min.js":                     {"phaser", "3.80.1", ""},
		"//cdn.jsdelivr.net/npm/phaser@3/dist/phaser-arcade-physics.min.js":                 {"phaser", "3", ""},
		"https://cdn.jsdelivr.net/npm/three@0.170.0/examples/jsm/controls/OrbitControls.js": {"three", "0.170.0", "examples/jsm/controls/OrbitControls.js"},
		"https://cdn.jsdelivr.net/npm/three/+esm":                                           {"three", "", ""},
		"https://unpkg.com/three@0.160.0/build/three.module.js":                             {"three", "0.160.0", ""},
		"https://unpkg.com/@babylonjs/core@9.1.0/Maths/math.vector.js":                      {"@babylonjs/core", "9.1.0", "Maths/math.vector.js"},
		"https://esm.sh/three@0.170.0/addons/loaders/GLTFLoader.js":                         {"three", "0.170.0", "addons/loaders/GLTFLoader.js"},
		"https://cdn.skypack.dev/three":                                                     {"three", "", ""},
		"https://cdnjs.cloudflare.com/ajax/libs/three.js/r128/three.min.js":                 {"three", "128", ""},
		"https://cdnjs.cloudflare.com/ajax/libs/pixi.js/8.1.0/pixi.min.js":                  {"pixi.js", "8.1.0", ""},
		"https://cdn.babylonjs.com/babylon.js":                                              {"@babylonjs/core", "", ""},
		"https://pixijs.download/release/pixi.min.js":                                       {"pixi.js", "", ""},
		"https://code.playcanvas.com/playcanvas-stable.min.js":                              {"playcanvas", "", ""},
		"https://ga.jspm.io/npm:three@0.170.0/build/three.module.js":                        {"three", "0.170.0", ""},
		"https://threejs.org/build/three.module.min.js":                                     {"three", "", ""},
		"https://cdn.jsdelivr.net/npm/gsap@3/dist/gsap.min.js":                              {"gsap", "3", ""},
	} {
		got, ok := RemoteOf(address)
		require.True(t, ok, address)
		require.Equal(t, want, got, address)
	}
	for _, address := range []string{"", "three", "./phaser.js", "https://example.com/game.js", "javascript:phaser.js", "https://cdnjs.cloudflare.com/x", "http://[::1"} {
		_, ok := RemoteOf(address)
		require.False(t, ok, address)
	}
}

func FuzzRemoteOf(f *testing.F) {
	f.Add("https://cdn.jsdelivr.net/npm/@a/b@1/c.js")
	f.Fuzz(func(t *testing.T, address string) {
		if r, ok := RemoteOf(address); ok && r.Package == "" {
			t.Fatalf("%q names nothing", address)
		}
	})
}
