package bundle

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/engines"
)

func TestQueries(t *testing.T) {
	t.Parallel()
	for suffix, want := range map[string]string{"": "", "?v=1": "", "#icon": "", "?raw": queryRaw, "?v=1&url": queryURL, "?url&no-inline": queryURL, "?url&inline": queryInline,
		"?worker": queryWorker, "?worker&inline": queryWorker, "?worker&url": queryWorkerURL, "?sharedworker": querySharedWorker, "?init": queryInit} {
		require.Equal(t, want, queryOf(suffix), suffix)
	}
}

func TestQueriesOfImports(t *testing.T) {
	t.Parallel()
	for _, mode := range []engines.Mode{engines.Preview, engines.Release} {
		res := build(t, mode, "", files("index.html", workerPage, "src/main.js", `import a from "./a.js?raw"; import b from "./b.css?inline"; import c from "./c.wasm?init";
import D from "./d.js?sharedworker"; import e from "./d.js?worker&url"; import f from "./e.json?url"; console.log(a, b, c, D, e, f)`,
			"src/a.js", "RAW", "src/b.css", "@import './c.css'; b{left:1px}", "src/c.css", "c{top:1px}", "src/c.wasm", "WASM", "src/d.js", "console.log('SHARED')", "src/e.json", "{}"))
		require.False(t, res.Failed(), "%v", res.Diagnostics)
		code := output(res, "game", ".js") + output(res, "assets/game", ".js")
		for _, part := range []string{"RAW", "left:", "top:", "WebAssembly.instantiate", "./src/c.wasm", "./src/e.json", "new SharedWorker"} {
			require.Contains(t, code, part)
		}
		require.Empty(t, output(res, "", ".css"), "a style that is a text is not the page's")
		require.Contains(t, output(res, "assets/d-", ".js"), "SHARED")
		require.Contains(t, output(res, "assets/d-", ".js"), "sparkConnect")
		require.Contains(t, names(res), "src/c.wasm")
	}
	res := build(t, engines.Release, "", files("index.html", workerPage, "src/main.js", `import b from "./b.css?inline"`, "src/b.css", "@import './none.css';"))
	require.True(t, res.Failed())
	require.Contains(t, res.Diagnostics[0].Text, "none.css")
}
