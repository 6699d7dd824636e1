package bundle

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/engines"
)

const workerPage = `<script type="module" src="src/main.js"></script>`

// A file that a module names beside itself is part of the game, under the address that the code gets.
func TestFilesBesideAModule(t *testing.T) {
	t.Parallel()
	for _, mode := range []engines.Mode{engines.Preview, engines.Release} {
		res := build(t, mode, "", files("index.html", workerPage,
			"src/main.js", `import {hero} from "./art/list.js"; console.log(hero, new URL("https://example.com/x", import.meta.url), new URL("./none.png", import.meta.url), new URL('/data/a.json', import.meta.url))`,
			"src/art/list.js", "export const hero = new URL(\n  `./hero.png`,\n  import.meta.url,\n).href",
			"src/art/hero.png", "PNG", "data/a.json", "{}"))
		require.False(t, res.Failed(), "%v", res.Diagnostics)
		require.Contains(t, names(res), "src/art/hero.png")
		require.Contains(t, names(res), "data/a.json")
		code := output(res, "", ".js")
		require.Contains(t, code, "./src/art/hero.png")
		require.Contains(t, code, "document.baseURI")
		require.Contains(t, code, "https://example.com/x")
		require.Contains(t, code, "./none.png", "what is not there is left alone")
	}
}

// A worker is a script of its own, with what it imports in it, whatever the page shares with others.
func TestWorkersAreBundled(t *testing.T) {
	t.Parallel()
	dir := tools(t)
	for _, mode := range []engines.Mode{engines.Preview, engines.Release} {
		res := build(t, mode, dir, files("index.html", workerPage,
			"src/main.js", `new Worker(new URL("./deep/terrain.worker", import.meta.url), { type: "module" }); new Worker(new URL("./deep/terrain.worker.ts", import.meta.url)); new SharedWorker(new URL("./shared.js", import.meta.url))`,
			"src/deep/terrain.worker.ts", `import {used} from "lib"; import "../maths.js"; const n: number = 1; postMessage([used, n]); new Worker(new URL("./terrain.worker.ts", import.meta.url)); fetch(new URL("../a.png", import.meta.url))`,
			"src/maths.js", `console.log("MATHS")`, "src/a.png", "PNG", "src/shared.js", "1"))
		require.False(t, res.Failed(), "%v", res.Diagnostics)
		worker := output(res, "assets/terrain.worker-", ".js")
		for _, part := range []string{"USED", "MATHS", "./src/a.png", "sparkBase"} {
			require.Contains(t, worker, part)
		}
		require.NotContains(t, worker, "import ")
		require.Equal(t, 1, strings.Count(names(res), "terrain.worker"), names(res))
		require.Contains(t, names(res), "src/a.png")
		require.Contains(t, output(res, "assets/shared-", ".js"), "sparkConnect")
	}
}

func TestMistakesInWorkersAreReported(t *testing.T) {
	t.Parallel()
	res := build(t, engines.Release, "", files("index.html", workerPage, "src/main.js", `new Worker(new URL("./w.js", import.meta.url))`,
		"src/w.js", "import './none.js'\n"))
	require.True(t, res.Failed())
	require.Empty(t, res.Outputs)
	require.Equal(t, "src/w.js", res.Diagnostics[0].File)
	require.Equal(t, 1, res.Diagnostics[0].Line)
}

// A <base> that changes nothing is no mistake; another would be one wherever the game is.
func TestBase(t *testing.T) {
	t.Parallel()
	for href, ok := range map[string]bool{"./": true, "": true, "/": true, "assets/": false, "https://example.com/": false} {
		res := build(t, engines.Release, "", files("index.html", `<head><base href="`+href+`"></head>`+workerPage, "src/main.js", "1"))
		require.Equal(t, !ok, res.Failed(), href)
		require.NotContains(t, output(res, "", ".html"), "<base")
	}
	res := build(t, engines.Release, "", files("index.html", `<head><base target="_blank"></head>`+workerPage, "src/main.js", "1"))
	require.Contains(t, output(res, "", ".html"), `<base target="_blank">`)
}

// What the page names in a set of images or in a style is copied too, and found wherever the game is.
func TestSetsAndStylesOfThePage(t *testing.T) {
	t.Parallel()
	res := build(t, engines.Release, "", files("index.html", `<style>@import "/x/a.css"; p{background:url("/x/b.png")}</style><img srcset="/x/c.png 2x, x/d.png">`+
		`<p style="background:url(/x/e.png)"></p>`+workerPage, "src/main.js", "1", "x/a.css", "p{}", "x/b.png", "b", "x/c.png", "c", "x/d.png", "d", "public/x/e.png", "e"))
	require.False(t, res.Failed(), "%v", res.Diagnostics)
	for _, name := range []string{"x/a.css", "x/b.png", "x/c.png", "x/d.png", "x/e.png"} {
		require.Contains(t, names(res), name)
	}
	html := output(res, "", ".html")
	require.Contains(t, html, `<style>@import "./x/a.css"; p{background:url("./x/b.png")}</style><img srcset="./x/c.png 2x, x/d.png"><p style="background:url(&#34;./x/e.png&#34;)">`)
}
