package bundle

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

func files(pairs ...string) []models.File {
	var list []models.File
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, models.File{Path: pairs[i], Data: []byte(pairs[i+1])})
	}
	return list
}

// secret is in every file that lies outside the project in these tests.
const secret = "TOPSECRET"

// tools makes a toolchain with a package "lib", beside files that no project may read.
func tools(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, data := range map[string]string{
		"secret.js":                                  "export default '" + secret + "'",
		"secret.css":                                 "a{content:'" + secret + "'}",
		"tools/secret.js":                            "export default '" + secret + "'",
		"tools/package.json":                         `{"name":"tools"}`,
		"tools/tsconfig.json":                        `{"compilerOptions":{"paths":{"*":["../secret.js"]}}}`,
		"tools/node_modules/lib/package.json":        `{"name":"lib","main":"index.js","sideEffects":false}`,
		"tools/node_modules/lib/index.js":            "export const used = 'USED'; export const unused = 'UNUSED'; export {more} from './more.js'",
		"tools/node_modules/lib/more.js":             "import {used} from 'lib'; export const more = used + 'MORE'",
		"tools/node_modules/lib/addons/add.js":       "import {used} from 'lib'; export const add = used + 'ADDON'",
		"tools/node_modules/evil/package.json":       `{"name":"evil","main":"../../../secret.js"}`,
		"tools/node_modules/@scope/pkg/package.json": `{"name":"@scope/pkg","main":"index.js"}`,
		"tools/node_modules/@scope/pkg/index.js":     "export default 'SCOPED'",
	} {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"link.js": "../../secret.js", "up": "../.."} {
		if err := os.Symlink(to, filepath.Join(root, "tools/node_modules", link)); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(root, "tools")
}

// leave takes the tests' process out of its working folder, once.
var leave = sync.OnceValue(Leave)

func build(t *testing.T, mode engines.Mode, toolchain string, list []models.File) *Result {
	t.Helper()
	if err := leave(); err != nil {
		t.Fatal(err)
	}
	shared := []engines.SharedModule{{Specifier: "lib", File: "lib.js"}}
	plan, err := web.Plan(engines.BuildRequest{Title: "T & <i>", Files: list, Mode: mode}, shared)
	if err != nil {
		t.Fatal(err)
	}
	res, err := Make(Input{Bundle: *plan.Bundle, Files: list, Toolchain: toolchain,
		ModuleURLs: map[string]string{"lib": "/engine-modules/0/lib.js"}})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func output(res *Result, prefix, suffix string) string {
	for _, f := range res.Outputs {
		if strings.HasPrefix(f.Path, prefix) && strings.HasSuffix(f.Path, suffix) {
			return string(f.Data)
		}
	}
	return ""
}

var contentHash = regexp.MustCompile(`-[A-Z0-9]{8}\.`)

// names are the outputs' paths, with "#" for hashes.
func names(res *Result) string {
	var list []string
	for _, f := range res.Outputs {
		list = append(list, contentHash.ReplaceAllString(f.Path, "-#."))
	}
	return strings.Join(list, " ")
}

// The ways in which a project may try to read what is not its own.
func TestEscapesAreRefused(t *testing.T) {
	t.Parallel()
	dir := tools(t)
	outside := filepath.Join(filepath.Dir(dir), "secret.js")
	up := strings.Repeat("../", 20) + strings.TrimPrefix(outside, "/")
	for name, list := range map[string][]models.File{
		"absolute import":            files("main.js", fmt.Sprintf("import %q", outside)),
		"passwd":                     files("main.js", `import "/etc/passwd"`),
		"relative import":            files("main.js", fmt.Sprintf("import %q", up)),
		"relative in a folder":       files("src/main.js", `import "../../secret.js"`),
		"file url":                   files("main.js", fmt.Sprintf("import %q", "file://"+outside)),
		"dynamic import":             files("main.js", fmt.Sprintf("import(%q)", outside)),
		"require":                    files("main.js", fmt.Sprintf("console.log(require(%q))", outside)),
		"through a package":          files("main.js", `import x from "lib/../../secret.js"; console.log(x)`),
		"through a far package":      files("main.js", `import x from "lib/addons/../../../../secret.js"; console.log(x)`),
		"a package's main":           files("main.js", `import x from "evil"; console.log(x)`),
		"a symlink among packages":   files("main.js", `import x from "link.js"; console.log(x)`),
		"a linked folder":            files("main.js", `import x from "up/secret.js"; console.log(x)`),
		"the toolchain itself":       files("main.js", `import x from "../secret.js"; console.log(x)`),
		"namespace":                  files("main.js", fmt.Sprintf("import %q", "file:"+outside)),
		"raw":                        files("main.js", fmt.Sprintf("import x from %q; console.log(x)", outside+"?raw")),
		"import attribute":           files("main.js", fmt.Sprintf("import x from %q with {type: 'text'}; console.log(x)", outside)),
		"css import":                 files("main.js", `import "./a.css"`, "a.css", fmt.Sprintf("@import %q;", strings.TrimSuffix(outside, ".js")+".css")),
		"css url":                    files("main.js", `import "./a.css"`, "a.css", "a{background:url(/etc/passwd)}"),
		"css relative url":           files("main.js", `import "./a.css"`, "a.css", fmt.Sprintf("a{background:url(%s)}", up)),
		"css composes":               files("main.js", `import "./a.module.css"`, "a.module.css", fmt.Sprintf(".a{composes: b from %q}", outside)),
		"page script":                files("index.html", fmt.Sprintf(`<script type="module" src=%q></script>`, outside)),
		"page script up":             files("index.html", `<script type="module" src="../secret.js"></script>`),
		"page image":                 files("index.html", `<script type="module" src="main.js"></script><img src="../../secret.js">`, "main.js", "1"),
		"page style":                 files("index.html", `<script type="module" src="main.js"></script><link rel="stylesheet" href="/etc/passwd">`, "main.js", "1"),
		"inline script":              files("index.html", fmt.Sprintf(`<script type="module">import %q</script>`, up)),
		"tsconfig extends":           files("main.ts", "1", "tsconfig.json", `{"extends": "../tools/tsconfig.json"}`),
		"tsconfig absolute":          files("main.ts", "1", "tsconfig.json", fmt.Sprintf(`{"extends": %q}`, outside)),
		"tsconfig paths":             files("main.ts", `import "x"`, "tsconfig.json", `{"compilerOptions": {"paths": {"x": ["../secret.js"]}}}`),
		"tsconfig star":              files("main.ts", `import "@x/../../../secret.js"`, "tsconfig.json", `{"compilerOptions": {"paths": {"@x/*": ["./*"]}}}`),
		"tsconfig baseUrl":           files("main.ts", `import "secret.js"`, "tsconfig.json", `{"compilerOptions": {"baseUrl": "../"}}`),
		"tsconfig baseUrl inside":    files("main.ts", `import "../secret.js"`, "tsconfig.json", `{"compilerOptions": {"baseUrl": "."}}`),
		"package.json browser":       files("main.js", `import "fs"`, "package.json", fmt.Sprintf(`{"browser": {"fs": %q}}`, outside)),
		"package.json imports":       files("main.js", `import "#x"`, "package.json", fmt.Sprintf(`{"imports": {"#x": %q}}`, outside)),
		"jsx import source":          files("main.tsx", "console.log(<a/>)", "tsconfig.json", `{"compilerOptions": {"jsx": "react-jsx", "jsxImportSource": "../.."}}`),
		"jsx pragma":                 files("main.jsx", "/** @jsxImportSource ../../tools/.. */ /** @jsxRuntime automatic */ console.log(<a/>)"),
		"vendored package.json main": files("main.js", `import "./v"`, "v/package.json", fmt.Sprintf(`{"main": %q}`, up)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, mode := range []engines.Mode{engines.Preview, engines.Release} {
				res := build(t, mode, dir, list)
				if !res.Failed() {
					t.Errorf("%s: not refused; outputs %s", mode, names(res))
				}
				for _, f := range res.Outputs {
					if bytes.Contains(f.Data, []byte(secret)) || bytes.Contains(f.Data, []byte("root:")) {
						t.Errorf("%s: %s shows what it must not", mode, f.Path)
					}
				}
				for _, d := range res.Diagnostics {
					if strings.Contains(d.Text+d.File, filepath.Dir(dir)+"/tools") {
						t.Errorf("diagnostic names a folder of the machine: %+v", d)
					}
				}
			}
		})
	}
}

func TestPackages(t *testing.T) {
	t.Parallel()
	dir := tools(t)
	list := files("main.js", `import { used } from "lib"; import { add } from "lib/addons/add.js"; import s from "@scope/pkg";
		console.log(used, add, s)`)
	pre := build(t, engines.Preview, dir, list)
	js := output(pre, "game", ".js")
	if pre.Failed() || !strings.Contains(js, `from "lib"`) || strings.Contains(js, "'USED'") || !strings.Contains(js, "ADDON") ||
		!strings.Contains(js, "SCOPED") {
		t.Errorf("preview: %v\n%s", pre.Diagnostics, js)
	}
	if html := output(pre, "index", ".html"); !strings.Contains(html,
		`<script type="importmap">{"imports":{"lib":"/engine-modules/0/lib.js"}}</script>`) {
		t.Errorf("preview has no import map:\n%s", html)
	}
	rel := build(t, engines.Release, dir, list)
	js = output(rel, "assets/game-", ".js")
	if rel.Failed() || !strings.Contains(js, "USED") || strings.Contains(js, "UNUSED") || strings.Contains(js, "import") {
		t.Errorf("release: %v\n%s", rel.Diagnostics, js)
	}
	if html := output(rel, "index", ".html"); strings.Contains(html, "importmap") {
		t.Errorf("release has an import map:\n%s", html)
	}
}

func TestProjectsOfManyKinds(t *testing.T) {
	t.Parallel()
	dir := tools(t)
	entry := `<script type="module" src="/src/main.ts"></script>`
	for name, c := range map[string]struct {
		in       []models.File
		out      string   // names of a preview's outputs
		contains []string // in its script or page
	}{
		"no page": {files("src/index.jsx", "run()"), "game.js game.js.map index.html", []string{"T &amp; &lt;i&gt;"}},
		"page's own title": {files("index.html", "<title>Mine</title>"+entry, "src/main.ts", "run()"),
			"game.js game.js.map index.html", []string{"<title>Mine</title>", `src="./game.js"`}},
		"empty title": {files("index.html", "<head><title> </title></head>"+entry, "src/main.ts", "run()"),
			"game.js game.js.map index.html", []string{"<title>T &amp; &lt;i&gt;</title>"}},
		"page without a script": {files("index.html", "<body></body>", "src/main.js", "run()"), "game.js game.js.map index.html",
			[]string{`src="./game.js"></script></body>`}},
		"inline script": {files("index.html", `<script type="module">import {a} from "./a.js"; console.log(a)</script>`, "a.js", "export let a = 'AAA'"),
			"game.js game.js.map index.html", []string{"AAA"}},
		"two scripts and a style": {files("index.html", `<link rel=stylesheet href=s.css><script type=module src=a.js></script><script type=module src=./b.js></script>`,
			"a.js", "console.log('AAA')", "b.js", "console.log('BBB')", "s.css", "b{color:red}"),
			"game.css game.css.map game.js game.js.map index.html", []string{"AAA", "BBB", `href="./game.css"`}},
		"own import map": {files("index.html", `<script type="importmap">{"imports":{"lib":"https://cdn.example/lib.js"}}</script>`+entry, "src/main.ts", "import {used} from 'lib'; run(used)"),
			"game.js game.js.map index.html", []string{"/engine-modules/0/lib.js"}},
		"assets": {files("src/main.ts", `import a from "./a.png"; import b from "./b.ogg?url"; import c from "./c.txt?raw"; import d from "./d.json"; import e from "./e.glsl";
			console.log(a, b, c, d.deep, e)`, "src/a.png", "PNG", "src/b.ogg", "OGG", "src/c.txt", "CCC", "src/d.json", `{"deep":"DDD"}`, "src/e.glsl", "EEE"),
			"game.js game.js.map index.html src/a.png src/b.ogg src/c.txt src/d.json src/e.glsl", []string{`"./src/a.png"`, `"./src/b.ogg"`, "CCC", "DDD", "EEE"}},
		"css with assets": {files("src/main.ts", `import "./a.css"; run()`, "src/a.css", "a{background:url(i/x.png)} b{background:url(/y.png)} c{background:url(data:image/png;base64,AA)} d{mask:url(#m)}",
			"src/i/x.png", "X", "public/y.png", "Y"),
			"game.css game.css.map game.js game.js.map index.html src/i/x.png y.png", nil},
		"public folder": {files("index.html", entry+`<link rel="icon" href="/icon.svg"><img src="logo.png?v=1">`, "src/main.ts", "run()", "public/icon.svg", "<svg/>", "public/logo.png", "L", "public/deep/level.json", "{}"),
			"deep/level.json game.js game.js.map icon.svg index.html logo.png", []string{`href="./icon.svg"`, `"logo.png?v=1"`}},
		"page in the public folder": {files("public/index.html", `<script type="module" src="/src/main.ts"></script><img src="a.png">`, "public/a.png", "A", "src/main.ts", "run()"),
			"a.png game.js game.js.map index.html", nil},
		"files loaded by url": {files("main.js", "run()", "assets/a.png", "A", "assets/level.json", "{}", "README.md", "x", "package.json", "{}", "src/unused.png", "x", ".hidden/x.png", "x"),
			"assets/a.png assets/level.json game.js game.js.map index.html src/unused.png", nil},
		"imported from the assets folder": {files("main.js", "import a from './assets/a.png'; console.log(a)", "assets/a.png", "A"),
			"assets/a.png game.js game.js.map index.html", []string{`"./assets/a.png"`}},
		"classic script": {files("index.html", `<script src="/vendor.js"></script><script type="module" src="main.js"></script>`, "vendor.js", "var V", "main.js", "run()"),
			"game.js game.js.map index.html vendor.js", []string{`<script src="./vendor.js"></script>`}},
		"typescript paths": {files("src/main.ts", `import {a} from "@/a"; import {b} from "~lib/b"; import {c} from "c"; console.log(a, b, c)`, "src/a.ts", "export let a = 'AAA'",
			"libs/b.ts", "export let b = 'BBB'", "src/c.tsx", "export let c = 'CCC'", "base.json", `{"compilerOptions": {"baseUrl": "src", "strict": true}}`,
			"tsconfig.json", `{ // comment
				"extends": "./base", "compilerOptions": {"paths": {"@/*": ["./src/*"], "~lib/*": ["./none/*", "./libs/*"],}, /* "x" */},}`),
			"base.json game.js game.js.map index.html", []string{"AAA", "BBB", "CCC"}},
		"imports as TypeScript has them": {files("src/main.ts", `import {a} from "./a.js"; import {b} from "./b"; import {c} from ".."; console.log(a, b, c)`,
			"src/a.ts", "export const a = 'AAA'", "src/b/index.tsx", "export const b = 'BBB'", "index.js", "export const c = 'CCC'"),
			"game.js game.js.map index.html", []string{"AAA", "BBB", "CCC"}},
		"vite's environment": {files("main.ts", `console.log(import.meta.env.DEV ? "DEVELOP" : "RELEASE", import.meta.env.BASE_URL, process.env.NODE_ENV)`),
			"game.js game.js.map index.html", []string{"DEVELOP"}},
		"data urls": {files("main.js", `import a from "data:application/json,{%22a%22:%22AAA%22}"; import {b} from "data:text/javascript;base64,ZXhwb3J0IGxldCBiID0gJ0JCQic="; import "./a.css"; console.log(a, b)`,
			"a.css", "@import 'data:text/css;charset=utf-8,b{color:red}';"), "game.css game.css.map game.js game.js.map index.html", []string{"AAA", "BBB"}},
		"what looks like a source map's address": {files("main.js", `import a from "./a.json"; import t from "./t.txt"; console.log(a, t)`, "a.json", `["//# sourceMappingURL=JJJ"]`, "t.txt", "//# sourceMappingURL=TTT"),
			"a.json game.js game.js.map index.html t.txt", []string{"//# sourceMappingURL=JJJ", "//# sourceMappingURL=TTT"}},
		"top-level await and dynamic import": {files("main.js", `const m = await import("./m.js"); console.log(m.x)`, "m.js", "export const x = 'XXX'"),
			"game.js game.js.map index.html", []string{"XXX"}},
		"jsx": {files("main.jsx", `/** @jsx h */ const h = (t) => t; console.log(<hero/>)`), "game.js game.js.map index.html", []string{`h("hero"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res := build(t, engines.Preview, dir, c.in)
			if res.Failed() {
				t.Fatalf("%+v", res.Diagnostics)
			}
			if got := names(res); got != c.out {
				t.Errorf("outputs %q, want %q", got, c.out)
			}
			text := output(res, "game", ".js") + output(res, "index", ".html")
			for _, want := range c.contains {
				if !strings.Contains(text, want) {
					t.Errorf("no %q in\n%s", want, text)
				}
			}
			if err := web.Verify(engines.BuildRequest{Mode: engines.Preview}, engines.InMemory(res.Outputs)); err != nil {
				t.Error(err)
			}
			rel := build(t, engines.Release, dir, c.in)
			if rel.Failed() {
				t.Fatalf("release: %+v", rel.Diagnostics)
			}
			if err := web.Verify(engines.BuildRequest{Mode: engines.Release}, engines.InMemory(rel.Outputs)); err != nil {
				t.Error("release:", err)
			}
			again := build(t, engines.Release, dir, c.in)
			if names(again) != names(rel) || output(again, "index", ".html") != output(rel, "index", ".html") {
				t.Error("a second release differs")
			}
		})
	}
}

func TestDiagnosticsPointAtTheProject(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in           []models.File
		file, text   string
		line, column int
	}{
		"syntax":         {files("src/main.ts", "let a = 1;\n  let ä = = 2;\n"), "src/main.ts", "Unexpected", 2, 11},
		"missing module": {files("main.js", "\nimport x from './nope'"), "main.js", `there is no file "nope"`, 2, 15},
		"wrong case":     {files("main.js", "import './hero'", "Hero.js", "1"), "main.js", `"Hero.js"`, 1, 8},
		"no package":     {files("main.js", "import 'react'"), "main.js", `no package "react"`, 1, 8},
		"network":        {files("main.js", "import 'https://cdn.example/x.js'"), "main.js", "network", 1, 8},
		"no export":      {files("main.js", "import {b} from './a'; b()", "a.js", "export let a"), "main.js", `"b"`, 1, 9},
		"inline script": {files("index.html", "<p>\n<script type=module>\nlet a = 1;\nlet = ;\n</script>"), "index.html",
			"Unexpected", 4, 7},
		"css":      {files("main.js", "import './a.css'", "a.css", "a{}\nb{background:url(c.png)}"), "a.css", `"c.png"`, 2, 14},
		"page":     {files("index.html", "<html>\n<script type=module src=gone.js></script>"), "index.html", `"gone.js"`, 2, 1},
		"json":     {files("main.js", "import './a.json'", "a.json", "{\n  \"a\" 1}"), "a.json", "Expected", 2, 7},
		"tsconfig": {files("main.ts", "1", "tsconfig.json", "{"), "tsconfig.json", "JSON", 0, 0},
		"computed": {files("main.js", "\nimport(`./levels/${n}.js`)", "levels/1.txt", "1"), "main.js", "write the paths out", 2, 8},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res := build(t, engines.Preview, "", c.in)
			if !res.Failed() || len(res.Outputs) != 0 {
				t.Fatalf("did not fail: %s %+v", names(res), res.Diagnostics)
			}
			d := res.Diagnostics[0]
			if d.File != c.file || d.Line != c.line || d.Column != c.column || !strings.Contains(d.Text, c.text) || d.Severity != "error" {
				t.Errorf("diagnostic %+v", d)
			}
			if d.Line > 0 && d.LineText == "" {
				t.Error("no line text")
			}
		})
	}
}

// A computed import of any length is refused with the advice, in time that grows with its length: a pattern that is matched by
// backtracking would take hours.
func TestLongPatterns(t *testing.T) {
	t.Parallel()
	const length = 100_000
	for name, path := range map[string]string{
		"long":          "`./" + strings.Repeat("a", length) + "${x}`",
		"letters":       "`./" + strings.Repeat("a${x}", length/5) + "`",
		"folders":       "`./" + strings.Repeat("${x}/", length/5) + "`",
		"sum":           "'./'" + strings.Repeat("+x+'/'", length/6),
		"braces":        "`./" + strings.Repeat("{", length/2) + strings.Repeat("}", length/2) + "${x}`",
		"nested braces": "`./" + strings.Repeat("{a,", length/6) + strings.Repeat("**}", length/6) + "${x}`",
		"stars":         "`./" + strings.Repeat("**/*", length/4) + "${x}`",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res := build(t, engines.Preview, "", files("main.js", "let x = 1;\nimport("+path+")", "levels/1.js", "1"))
			if !res.Failed() || len(res.Diagnostics) != 1 {
				t.Fatalf("did not fail, or more than once: %d diagnostics", len(res.Diagnostics))
			}
			d := res.Diagnostics[0]
			if d.File != "main.js" || d.Line != 2 || !strings.HasPrefix(d.Text, `import("./`) || !strings.HasSuffix(d.Text, `import("./two.js") }`) {
				t.Errorf("diagnostic %+v", d)
			}
		})
	}
}

func FuzzPlainJSON(f *testing.F) {
	f.Add([]byte(`{"a": "x//y", /* c */ "b": [1,],} // end`))
	f.Add([]byte(`"\`))
	f.Add([]byte("/*"))
	f.Fuzz(func(_ *testing.T, src []byte) { plainJSON(src) })
}
