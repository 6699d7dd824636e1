package bundle

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/engines"
)

// A file has one address, however it is named: by an import, by its path from the project's root or the public folder, in a style sheet.
func TestOneAddressForEachFile(t *testing.T) {
	t.Parallel()
	for _, mode := range []engines.Mode{engines.Preview, engines.Release} {
		res := build(t, mode, "", files("index.html", workerPage,
			"src/main.js", "import url from './art/50% #1 ä.png'; import './x.css'; load(url, '/assets/a.png', \"/assets/a.png?v=1\", `/levels/${n}.json`, '/levels/', '/none.png', '/api/x', 'a/b')",
			"src/x.css", "p{background:url(./art/b.png)}", "src/art/50% #1 ä.png", "one", "src/art/b.png", "two", "public/assets/a.png", "three", "levels/1.json", "{}"))
		require.False(t, res.Failed(), "%v", res.Diagnostics)
		for _, name := range []string{"src/art/50% #1 ä.png", "src/art/b.png", "assets/a.png", "levels/1.json"} {
			require.Contains(t, names(res), name)
		}
		code := output(res, "", ".js")
		for _, part := range []string{"./src/art/50%25%20%231%20%C3%A4.png", "./assets/a.png", "./assets/a.png?v=1", "./levels/", "/none.png", "/api/x"} {
			require.Contains(t, code, part)
		}
		require.NotContains(t, code, "./none.png")
		require.Contains(t, output(res, "", ".css"), "url(./src/art/b.png)")
	}
}

// A file whose place in the game a public one has is there under another name.
func TestPlacesThatAreTaken(t *testing.T) {
	t.Parallel()
	res := build(t, engines.Release, "", files("index.html", workerPage, "src/main.js", `import url from "../a.png"; load(url, "/a.png")`, "a.png", "own", "public/a.png", "public"))
	require.False(t, res.Failed(), "%v", res.Diagnostics)
	require.Equal(t, "public", output(res, "a.png", ""))
	require.Equal(t, "own", output(res, "a-", ".png"))
}

// A game starts without an icon, which its page then does not name.
func TestMissingOrnaments(t *testing.T) {
	t.Parallel()
	res := build(t, engines.Release, "", files("index.html", `<link rel="icon" href="/favicon.ico"><link rel="manifest" href="site.webmanifest">`+workerPage, "src/main.js", "1"))
	require.False(t, res.Failed(), "%v", res.Diagnostics)
	require.Len(t, res.Diagnostics, 2)
	require.NotContains(t, output(res, "", ".html"), "<link")
}

// What is named at the root in data is found wherever the game is: from the page, or from the file if its kind is read so.
func TestPlacesInData(t *testing.T) {
	t.Parallel()
	res := build(t, engines.Release, "", files("index.html", `<link rel="manifest" href="app/site.webmanifest">`+workerPage, "src/main.js", `import list from "../list.json"; load(list.a)`,
		"list.json", `{"a": "/art/a.png"}`, "levels/1.json", `{"tiles": "/art/a.png", "none": "/art/b.png"}`, "app/site.webmanifest", `{"icons": [{"src": "/art/a.png"}]}`, "art/a.png", "PNG"))
	require.False(t, res.Failed(), "%v", res.Diagnostics)
	require.Contains(t, output(res, "assets/game", ".js"), "./art/a.png")
	require.JSONEq(t, `{"tiles": "./art/a.png", "none": "/art/b.png"}`, output(res, "levels/", ".json"))
	require.JSONEq(t, `{"icons": [{"src": "./../art/a.png"}]}`, output(res, "app/", ".webmanifest"))
}

// Shaders have what they include, however deep, up to a limit.
func TestIncludesOfShaders(t *testing.T) {
	t.Parallel()
	list := files("src/main.js", `import text from "./a.frag"; console.log(text)`, "src/a.frag", "#include <common>\n  #include \"./lib/noise.glsl\";\nvoid main() {}",
		"src/lib/noise.glsl", "#include ../b.glsl\nNOISE", "src/b.glsl", "DEEP")
	code := output(build(t, engines.Release, "", list), "assets/game", ".js")
	require.Contains(t, code, "#include <common>")
	require.Contains(t, code, "DEEP")
	require.Contains(t, code, "NOISE")
	list[3].Data = []byte(strings.Repeat("#include ./b.glsl\n", 10)) // itself, ten times on each level
	require.Less(t, len(output(build(t, engines.Release, "", list), "assets/game", ".js")), 20*maxShaderLen)
}
