package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/testenv"
)

// typeScript is a copy of the TypeScript client, with its packages, compiled together with its tests.
func typeScript(t *testing.T) string {
	t.Helper()
	typeScriptOnce.Do(func() {
		dir := filepath.Join(sharedDir, "sdk", "typescript")
		require.NoError(t, copyClient(dir))
		require.NoError(t, os.Symlink(filepath.Join(testenv.NodeModules(t, dir), "node_modules"), filepath.Join(dir, "node_modules")))
		inTypeScript(t, dir, "node_modules/.bin/tsc", "-p", "tsconfig.json")
		inTypeScript(t, dir, "node_modules/.bin/tsc", "-p", "tsconfig.test.json")
		typeScriptDir = dir
	})
	require.NotEmpty(t, typeScriptDir, "the client does not compile")
	return typeScriptDir
}

var (
	typeScriptOnce sync.Once
	typeScriptDir  string
)

// copyClient copies the client as Git has it, and the API's document, which it is generated from.
func copyClient(dir string) error {
	sources := filepath.Join(sourcesDir, "sdk", "typescript")
	for _, name := range []string{"src", "test", "scripts"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(sources, name))); err != nil {
			return err
		}
	}
	for _, name := range []string{"package.json", "package-lock.json", "tsconfig.json", "tsconfig.test.json", "README.md", "LICENSE"} {
		if err := copyFile(filepath.Join(sources, name), filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	document := filepath.Join("internal", "api", "openapi", "openapi.yaml")
	return copyFile(filepath.Join(sourcesDir, document), filepath.Join(filepath.Dir(filepath.Dir(dir)), document))
}

func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o600)
}

// inTypeScript runs a program in a folder, and returns what it prints.
func inTypeScript(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	return inTypeScriptWith(t, nil, dir, name, args...)
}

func inTypeScriptWith(t *testing.T, env []string, dir, name string, args ...string) string {
	t.Helper()
	if strings.Contains(name, "/") && !filepath.IsAbs(name) {
		name = filepath.Join(dir, name)
	}
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s %s\n%s", name, strings.Join(args, " "), out)
	return string(out)
}

// What is generated from the API's document is current.
func TestTypeScriptIsCurrent(t *testing.T) {
	t.Parallel()
	dir, fresh := typeScript(t), t.TempDir()
	inTypeScript(t, dir, "node", "scripts/generate.mjs", fresh)
	for _, name := range []string{"schema.ts", "operations.ts"} {
		got, err := os.ReadFile(filepath.Join(dir, "src", "generated", name))
		require.NoError(t, err)
		want, err := os.ReadFile(filepath.Join(fresh, name))
		require.NoError(t, err)
		require.True(t, string(got) == string(want), "%s is out of date: run go generate ./internal/api/...", name)
	}
}

// The TypeScript client's own tests, and what it does with a real platform, in Node.
func TestTypeScriptInNode(t *testing.T) {
	t.Parallel()
	d := commonDev(t)
	out := inTypeScriptWith(t, []string{"SPARK_SERVER=" + startCutter(t, d.url, nil), "SPARK_KEY=" + d.key},
		typeScript(t), "node", "--test", "--test-reporter=tap", "build/live.test.js", "build/unit.test.js")
	require.Contains(t, out, "\n# fail 0\n")
	require.NotContains(t, out, "\n# pass 0\n")
}

// The same with a real platform, in a browser, which runs the files as npm would publish them.
func TestTypeScriptInBrowser(t *testing.T) {
	t.Parallel()
	d := commonDev(t)
	dir := typeScript(t)
	mux := http.NewServeMux()
	mux.Handle("/dist/", http.FileServer(http.Dir(dir)))
	mux.Handle("/build/", http.FileServer(http.Dir(dir)))
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><title>running</title><link rel="icon" href="data:,">
<script type="importmap">{"imports":{"@spark-games/client":"/dist/index.js"}}</script>
<script type="module" src="/build/browser.js"></script>`))
	})
	p := newPage(t)
	p.open(startCutter(t, d.url, mux) + "/?key=" + url.QueryEscape(d.key))
	p.until(`document.title.startsWith("{")`)
	var result struct {
		Ran    int
		Failed []string
	}
	require.NoError(t, json.Unmarshal([]byte(evaluate[string](p, `document.title`)), &result))
	require.Empty(t, result.Failed)
	require.NotZero(t, result.Ran)
}

// What npm would publish is the compiled client and its types, and nothing else; a strict stranger compiles against it and runs it.
func TestTypeScriptPackage(t *testing.T) {
	t.Parallel()
	dir, to := typeScript(t), t.TempDir()
	var packed []struct {
		Filename string
		Files    []struct{ Path string }
	}
	out := inTypeScript(t, dir, "npm", "pack", "--json", "--ignore-scripts", "--pack-destination", to)
	require.NoError(t, json.Unmarshal([]byte(out), &packed), out)
	var files []string
	for _, f := range packed[0].Files {
		files = append(files, f.Path)
	}
	want := []string{"LICENSE", "README.md", "package.json"}
	for _, module := range []string{"base", "client", "errors", "follow", "generated/operations", "generated/schema", "index", "pages", "retry", "sse", "webhooks"} {
		want = append(want, "dist/"+module+".js", "dist/"+module+".d.ts")
	}
	require.ElementsMatch(t, want, files)

	installed := filepath.Join(to, "node_modules", "@spark-games", "client")
	require.NoError(t, os.MkdirAll(installed, 0o755))
	inTypeScript(t, to, "tar", "-xzf", packed[0].Filename, "--strip-components=1", "-C", installed)
	require.NoError(t, os.WriteFile(filepath.Join(to, "package.json"), []byte(`{"type":"module"}`), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(to, "stranger.ts"), []byte(`import { Spark, type Schemas } from "@spark-games/client";
const spark = new Spark({ baseUrl: "http://127.0.0.1:1", key: "k", retry: { tries: 1 } });
const mine: Schemas["NewProject"] = { name: "x", engine: "phaser" };
// @ts-expect-error a project has a name
const nameless: Schemas["NewProject"] = { engine: "phaser" };
spark.createProject({ body: mine }).then((made: Schemas["Project"]) => console.log(made), (error) => console.log(error.name, nameless.engine));
`), 0o600))
	inTypeScript(t, to, filepath.Join(dir, "node_modules", ".bin", "tsc"), "--strict", "--target", "es2022", "--module", "nodenext", "stranger.ts")
	require.Equal(t, "ConnectionError phaser\n", inTypeScript(t, to, "node", "stranger.js"))
}
