package bundle

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/engines"
)

// globbed is a project with files of many kinds.
func globbed(t *testing.T) *project {
	t.Helper()
	p, err := newProject(Input{Bundle: engines.Bundle{Mode: engines.Release}, Files: files("src/main.js", "", "src/levels/a.js", "", "src/levels/b.ts", "", "src/levels/deep/c.js", "",
		"src/levels/.hidden.js", "", "data/1.json", "", "data/2.json", "", "data/[x].json", "")})
	require.NoError(t, err)
	return p
}

func TestGlobs(t *testing.T) {
	t.Parallel()
	p := globbed(t)
	for code, want := range map[string]string{
		`import.meta.glob("./levels/*.js")`:                                   `({"./levels/a.js": () => import("/src/levels/a.js")})`,
		`import.meta.glob("./levels/**/*.{js,ts}")`:                           `({"./levels/a.js": () => import("/src/levels/a.js"), "./levels/b.ts": () => import("/src/levels/b.ts"), "./levels/deep/c.js": () => import("/src/levels/deep/c.js")})`,
		`import.meta.glob(["./levels/**", "!**/b.*", "!./levels/deep/*"])`:    `({"./levels/a.js": () => import("/src/levels/a.js")})`,
		`import.meta.glob("/data/[0-1].json", {import: "name"})`:              `({"/data/1.json": () => import("/data/1.json").then((m) => m["name"])})`,
		`import.meta.glob("../data/?.json", {query: {raw: true, v: 1}})`:      `({"../data/1.json": () => import("/data/1.json?raw\u0026v"), "../data/2.json": () => import("/data/2.json?raw\u0026v")})`,
		`import.meta.glob("@/levels/a.js")`:                                   `({"/src/levels/a.js": () => import("/src/levels/a.js")})`,
		`import.meta.glob("./a.js", {base: "./levels"})`:                      `({"./a.js": () => import("/src/levels/a.js")})`,
		`import.meta.glob("../**/*.js")`:                                      `({"./levels/a.js": () => import("/src/levels/a.js"), "./levels/deep/c.js": () => import("/src/levels/deep/c.js")})`,
		`import.meta.glob("./none/*")`:                                        `({})`,
		"a\n// import.meta.glob(x)\n":                                         "a\n// import.meta.glob(x)\n",
		"import.meta.glob(\n'./none/*',\n)":                                   "({})\n\n",
		`import.meta.glob("./levels/a.js", {eager: true}); 1`:                 "({\"./levels/a.js\": __sparkGlob1}); 1\n;import * as __sparkGlob1 from \"/src/levels/a.js\"",
		`import.meta.globEager("./levels/a.js")`:                              "({\"./levels/a.js\": __sparkGlob1})\n;import * as __sparkGlob1 from \"/src/levels/a.js\"",
		`import.meta.glob<{x: 1}>("./levels/a.js", {eager: true, as: "url"})`: "({\"./levels/a.js\": __sparkGlob1})\n;import {\"default\" as __sparkGlob1} from \"/src/levels/a.js?url\"",
	} {
		require.Equal(t, want, p.withGlobs("src/main.js", code), code)
	}
	require.Empty(t, p.diags)
}

// What has to be run to be known is refused where it stands.
func TestUnclearGlobs(t *testing.T) {
	t.Parallel()
	for code, text := range map[string]string{
		`import.meta.glob(pattern)`:             "written out",
		"import.meta.glob(`./${a}/*`)":          "written out",
		`import.meta.glob("./a", options)`:      "written out",
		`import.meta.glob("./a", {lazy: true})`: `no option "lazy"`,
		`import.meta.glob("./a", {}, 1)`:        "written out",
		`import.meta.glob(`:                     "written out",
	} {
		res := build(t, engines.Release, "", files("src/main.js", "1;\n"+code))
		require.True(t, res.Failed(), code)
		require.Equal(t, "src/main.js", res.Diagnostics[0].File)
		require.Equal(t, 2, res.Diagnostics[0].Line)
		require.Contains(t, res.Diagnostics[0].Text, text)
	}
}

// An import whose path is put together finds each file that it may mean, by what the code says for it.
func TestComputedImports(t *testing.T) {
	t.Parallel()
	p := globbed(t)
	for code, want := range map[string]string{
		"import(`./levels/${n}.js`)":         `{"./levels/a.js": () => import("/src/levels/a.js")}, ` + "`./levels/${n}.js`)",
		`import('./levels/' + n + ".js")`:    `{"./levels/a.js": () => import("/src/levels/a.js")}, './levels/' + n + ".js")`,
		"import(`../data/${n}.json`)":        `"../data/2.json": () => import("/data/2.json")`,
		"import(`./../data/${n}.json`)":      `"./../data/2.json": () => import("/data/2.json")`,
		"import(`/data/${n}.json`)":          `"/data/2.json": () => import("/data/2.json")`,
		"import(`@/levels/${n}`)":            `"@/levels/b": () => import("/src/levels/b.ts")`,
		"import(`./levels/${f(`${a}`)}.js`)": "import(`",
		"import(n)":                          "import(n)",
		"import(n + '.js')":                  "import(n + '.js')",
		"import('./levels/a.js')":            "import('./levels/a.js')",
		"// import(`./levels/${n}.js`)":      "// import(`./levels/${n}.js`)",
		"import(`./none/${n}.js`)":           "import(`./none/${n}.js`)",
	} {
		require.Contains(t, p.withComputed("src/main.js", code), want, code)
	}
}

// FuzzGlob rewrites code: its lines stay, and every pattern can be matched.
func FuzzGlob(f *testing.F) {
	for _, code := range []string{`import.meta.glob(["./**/*.{js,ts}", "!./[a-z]?.js"], {eager: true, import: "x", query: {raw: true}})`, "import(`./levels/${n}.js`)",
		`import.meta.glob("{a,[!b]}{", {base: "../.."})`, "0\x880[]", `import("./a/" + f(")") + ".js"); import.meta.glob(`, "import(`./${`${\")`"} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		p, err := newProject(Input{Bundle: engines.Bundle{Mode: engines.Release}, Files: files("src/main.js", "", "src/levels/a.js", "", "a.json", "")})
		if err != nil {
			t.Fatal(err)
		}
		got := p.withComputed("src/main.js", p.withGlobs("src/main.js", code))
		if strings.Count(got, "\n") < strings.Count(code, "\n") {
			t.Errorf("%q became %q", code, got)
		}
		globPattern(code)
	})
}
