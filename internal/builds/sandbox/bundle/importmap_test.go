package bundle

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/engines"
)

func TestParseImportMap(t *testing.T) {
	t.Parallel()
	m, err := parseImportMap([]byte(`{"imports": {"lib/": "./lib/", "noise": "./lib/noise.js", "r": "/src/r.js", "here/": "./", "top/": "/", "three": "https://unpkg.com/three"},
		"scopes": {"/old/": {"noise2": "../n.js"}}}`), "web")
	require.NoError(t, err)
	require.Equal(t, []mapping{{"noise2", "n.js"}, {"here/", "web/"}, {"noise", "web/lib/noise.js"}, {"three", "https://unpkg.com/three"}, {"lib/", "web/lib/"},
		{"top/", ""}, {"r", "src/r.js"}}, m)
	for _, bad := range []string{"", "[]", `{"imports": {"a": 1}}`} {
		_, err := parseImportMap([]byte(bad), ".")
		require.Error(t, err, bad)
	}
	var b strings.Builder
	for i := range maxMappings + 1 {
		fmt.Fprintf(&b, `,"%d": "./x"`, i)
	}
	_, err = parseImportMap([]byte(`{"imports": {`+b.String()[1:]+`}}`), ".")
	require.ErrorContains(t, err, "at most")
}

// Code finds what the page's import map names: files, folders and installed packages, whatever the map says of where they are.
func TestImportMap(t *testing.T) {
	t.Parallel()
	dir := tools(t)
	list := files("index.html", `<script type="importmap">{"imports": {"lib": "https://unpkg.com/lib@9/lib.js", "my/": "./code/", "one": "./code/one.js", "lost": "./none.js"}}</script>`+workerPage,
		"src/main.js", `import {used} from "lib"; import "my/two.js"; import "one"; console.log(used)`,
		"code/one.js", `console.log("ONE")`, "code/two.js", `console.log("TWO")`)
	res := build(t, engines.Release, dir, list)
	require.False(t, res.Failed(), "%v", res.Diagnostics)
	for _, part := range []string{"USED", "ONE", "TWO"} {
		require.Contains(t, output(res, "", ".js"), part)
	}
	require.NotContains(t, output(res, "", ".html"), "importmap")

	for code, text := range map[string]string{`import "lost"`: `there is no file "none.js"`, `import "my/../../../etc/passwd"`: "leaves the project"} {
		list[1].Data = []byte(code)
		res = build(t, engines.Release, dir, list)
		require.True(t, res.Failed(), code)
		require.Contains(t, res.Diagnostics[0].Text, text)
		require.Equal(t, "src/main.js", res.Diagnostics[0].File)
	}
	res = build(t, engines.Release, dir, files("index.html", "\n<script type=\"importmap\">{</script>"+workerPage, "src/main.js", "1"))
	require.True(t, res.Failed())
	require.Equal(t, 2, res.Diagnostics[0].Line)
}
