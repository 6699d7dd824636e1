package bundle

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/engines"
)

// withThree is a toolchain that has an engine which pages know by a global.
func withThree(t *testing.T) string {
	t.Helper()
	dir := tools(t)
	for name, text := range map[string]string{
		"package.json":                           `{"name": "three", "version": "0.180.0", "main": "three.js"}`,
		"three.js":                               "export const REVISION = 'REVISED'",
		"examples/jsm/controls/OrbitControls.js": "export const OrbitControls = 'ORBIT'",
	} {
		file := filepath.Join(dir, "node_modules", "three", name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	return dir
}

// A page that loads an engine from a network, or has a copy of it that is not there, gets the installed one, before the scripts that use it.
func TestEnginesFromNetworks(t *testing.T) {
	t.Parallel()
	dir := withThree(t)
	for page, warning := range map[string]string{
		`<script src="https://cdn.jsdelivr.net/npm/three@0.128.0/build/three.min.js"></script><script src="https://cdn.jsdelivr.net/npm/three@0.128.0/examples/js/controls/OrbitControls.js"></script>`: "asks for three 0.128.0 and gets 0.180.0",
		`<script src="https://unpkg.com/three"></script>`: "",
		`<script src="lib/three.min.js"></script>`:        "",
	} {
		res := build(t, engines.Release, dir, files("index.html", page+`<script src="game.js"></script>`, "game.js", "new THREE.Scene()"))
		require.False(t, res.Failed(), "%v", res.Diagnostics)
		if warning == "" {
			require.Empty(t, res.Diagnostics, page)
		} else {
			require.Contains(t, res.Diagnostics[0].Text, warning)
			require.Equal(t, 1, res.Diagnostics[0].Line)
		}
		require.Regexp(t, `(?s)^<script>.*</script>\s*<script src="\./assets/three-\w+\.js"></script><script src="game\.js"></script>`, output(res, "", ".html"))
		require.Contains(t, output(res, "assets/three-", ".js"), "REVISED")
		if warning != "" {
			require.Contains(t, output(res, "assets/three-", ".js"), "ORBIT")
		}
	}
	res := build(t, engines.Release, dir, files("index.html", `<script src="lib/three.min.js"></script><script src="game.js"></script>`, "game.js", "1", "lib/three.min.js", "own"))
	require.Equal(t, "own", output(res, "lib/", ".js"), "a copy that is there stays")
}

// A module is the installed one as well when it is named by an address, in code or in the page.
func TestModulesFromNetworks(t *testing.T) {
	t.Parallel()
	dir := withThree(t)
	for _, list := range [][]string{
		{"index.html", `<script type="module">import {REVISION} from "https://unpkg.com/three@0.180/build/three.module.js"; console.log(REVISION)</script>`},
		{"index.html", workerPage, "src/main.js", `import("https://esm.sh/three").then(console.log)`},
		{"index.html", `<script type="importmap">{"imports": {"three": "https://unpkg.com/three@0.180.0/build/three.module.js"}}</script>` + workerPage, "src/main.js", `import {REVISION} from "three"; console.log(REVISION)`},
	} {
		res := build(t, engines.Release, dir, files(list...))
		require.False(t, res.Failed(), "%v", res.Diagnostics)
		require.Contains(t, output(res, "", ".js"), "REVISED")
	}
	res := build(t, engines.Release, dir, files("index.html", workerPage, "src/main.js", `import "https://example.com/x.js"`))
	require.True(t, res.Failed())
	require.Contains(t, res.Diagnostics[0].Text, "is on the network")
}

// Code that uses an engine's global, or a copy of the engine, that nothing has gets the installed one, and is told so.
func TestEnginesThatNothingLoads(t *testing.T) {
	t.Parallel()
	dir := withThree(t)
	for name, list := range map[string][]string{
		"classic": {"index.html", `<p></p><script src="game.js"></script>`, "game.js", "const s = new THREE.Scene()"},
		"inline":  {"index.html", `<p></p><script>const s = new THREE.Scene()</script>`},
		"module":  {"index.html", workerPage, "src/main.js", "const s = new THREE.Scene()"},
	} {
		res := build(t, engines.Release, dir, files(list...))
		require.False(t, res.Failed(), "%s: %v", name, res.Diagnostics)
		require.Contains(t, res.Diagnostics[0].Text, "THREE is used and nothing loads it", name)
		require.Regexp(t, `</script>\s*<script src="\./assets/three-\w+\.js"></script>`, output(res, "", ".html"))
	}
	for name, list := range map[string][]string{
		"own":      {"index.html", `<script>window.THREE = {}</script>` + workerPage, "src/main.js", "new THREE.Scene()"},
		"imported": {"index.html", workerPage, "src/main.js", `import * as THREE from "three"; console.log(THREE.REVISION)`},
		"text":     {"index.html", workerPage, "src/main.js", `console.log("THREE.Scene", a.THREE.x)`},
		"copy":     {"index.html", `<script src="three.min.js"></script><script src="game.js"></script>`, "three.min.js", "copy", "game.js", "new THREE.Scene()"},
	} {
		res := build(t, engines.Release, dir, files(list...))
		require.False(t, res.Failed(), "%s: %v", name, res.Diagnostics)
		require.Empty(t, res.Diagnostics, name)
		require.NotContains(t, output(res, "", ".html"), "assets/three-")
	}
	res := build(t, engines.Release, dir, files("index.html", workerPage, "src/main.js", `import {REVISION} from "./lib/three.module.min.js"; console.log(REVISION)`))
	require.False(t, res.Failed(), "%v", res.Diagnostics)
	require.Contains(t, output(res, "assets/", ".js"), "REVISED")
	require.Contains(t, fmt.Sprint(res.Diagnostics), "the installed three takes its place")
}
