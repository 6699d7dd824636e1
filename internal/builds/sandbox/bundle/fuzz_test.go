package bundle

import (
	"path"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/tests/attacks/reads"
)

// FuzzSource looks whether a text that esbuild gets ever names a source map, and is as long as it was.
func FuzzSource(f *testing.F) {
	for _, project := range reads.Projects {
		for _, file := range project("/etc/passwd") {
			f.Add(string(file.Data))
		}
	}
	f.Add("//# sourceMappingURL=# sourceMappingURL=@ sourceMappingURL=")
	f.Fuzz(func(t *testing.T, text string) {
		for _, l := range []api.Loader{api.LoaderJS, api.LoaderTSX, api.LoaderCSS, api.LoaderLocalCSS} {
			got := *source(text, l).Contents
			if len(got) != len(text) || strings.Contains(got, "# sourceMappingURL=") || strings.Contains(got, "@ sourceMappingURL=") {
				t.Errorf("%q became %q", text, got)
			}
		}
		if got := *source(text, api.LoaderJSON).Contents; got != text {
			t.Errorf("%q became %q", text, got)
		}
	})
}

// FuzzDataURL decodes what an import may say.
func FuzzDataURL(f *testing.F) {
	for _, url := range []string{"data:,", "data:text/javascript;base64,cnVuKCk=", "data:text/css;charset=utf-8,a%7B%7D", "data:x;base64", "data:;;,%", "data"} {
		f.Add(url)
	}
	f.Fuzz(func(t *testing.T, url string) {
		kind, text, err := decodeDataURL(url)
		if err != nil && (kind != "" || text != "") || len(text) > len(url) || strings.ContainsAny(kind, ";,") {
			t.Errorf("%q: %q %q %v", url, kind, text, err)
		}
	})
}

// FuzzTSConfig reads a tsconfig.json: whatever it says, esbuild gets no file name from it, and no alias leaves the project.
func FuzzTSConfig(f *testing.F) {
	for _, text := range []string{`{"extends": "../tools/tsconfig.json"}`, `{"extends": "/etc/passwd"}`, `{"extends": "./tsconfig.json"}`,
		`{"compilerOptions": {"paths": {"x": ["../secret.js"], "@x/*": ["./*"], "*": ["/etc/*"]}, "baseUrl": "../.."}}`,
		`{"compilerOptions": {"jsxImportSource": "../..", "baseUrl": 1, "paths": []}, "references": [{"path": "../.."}]}`,
		"\ufeff{ // a comment\n\"compilerOptions\": {\"strict\": true,},}", `{"a": "\`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := newProject(Input{Bundle: engines.Bundle{Mode: engines.Release}, Files: files("tsconfig.json", string(text), "src/a.ts", "1")})
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{`"extends"`, `"paths"`, `"baseUrl"`, `"references"`} {
			if strings.Contains(p.tsconfig.raw, key+":") {
				t.Errorf("esbuild is told %s", p.tsconfig.raw)
			}
		}
		if outside(p.tsconfig.baseURL) {
			t.Errorf("the base is %q", p.tsconfig.baseURL)
		}
		for _, a := range p.tsconfig.paths {
			for _, target := range a.targets {
				if outside(target) {
					t.Errorf("an alias leads to %q", target)
				}
			}
		}
	})
}

// FuzzEnv reads a .env file: no value is longer than the limit, whatever it refers to.
func FuzzEnv(f *testing.F) {
	f.Add("A=1\nexport B=\"x\\n$A\"\nC='${B}' # remark\nD=`a\nb`\nE=\\$A$")
	f.Add("A=x\n" + strings.Repeat("A=$A$A\n", 3))
	f.Fuzz(func(t *testing.T, text string) {
		known := map[string]string{"A": strings.Repeat("x", 5000)}
		_ = parseEnv(text, known)
		for key, value := range known {
			if len(value) > maxEnvValue || strings.ContainsAny(key, "=\n\"") {
				t.Errorf("%q is of %d bytes", key, len(value))
			}
		}
	})
}

// FuzzImportMap reads an import map: its entries are few, and the longest keys come first.
func FuzzImportMap(f *testing.F) {
	f.Add(`{"imports": {"a": "./a.js", "b/": "../../b/", "c": "https://unpkg.com/c", "d/": "/"}, "scopes": {"/x/": {"e": "."}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		list, err := parseImportMap([]byte(text), "web")
		if len(list) > maxMappings || err != nil && list != nil {
			t.Errorf("%d entries, %v", len(list), err)
		}
		for i := 1; i < len(list); i++ {
			if len(list[i].key) > len(list[i-1].key) {
				t.Errorf("%q is after %q", list[i].key, list[i-1].key)
			}
		}
	})
}

// FuzzPage rewrites a page and its addresses: whatever it says, the bundle has an answer, and no file of the game is outside of it.
func FuzzPage(f *testing.F) {
	for _, text := range []string{`<script src="https://unpkg.com/lib"></script><script type="module" src="/src/main.js"></script>`, `<link rel="icon" href="none.png"><base href="./">`,
		`<style>@import "a.css"; p{background:url(/a.png)}</style><img srcset="a.png 2x, /a.png" style="background:url('a.png')">`, `<script>fetch("/a.png")</script>%MODE%%VITE_X%`,
		`<script type="importmap">{"imports":{"a":"../../x"}}</script><script type="module">import "a"</script>`, `<title></title><script src="../x.js"></script><head`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list := files("index.html", text, "src/main.js", "1", "a.png", "PNG", "a.css", "p{}", ".env", "VITE_X=<b>")
		p, err := newProject(Input{Bundle: engines.Bundle{Mode: engines.Release, HTML: "index.html", Entry: "src/main.js", Static: []string{"a.png"}}, Files: list})
		if err != nil {
			t.Fatal(err)
		}
		p.readPages()
		for name := range p.imported {
			if p.files[name] == nil {
				t.Errorf("%q would be copied", name)
			}
		}
		if !p.failed() && strings.ContainsRune(string(p.writePage()), 0) {
			t.Errorf("%q became %q", text, p.doc.text)
		}
	})
}

// FuzzPlaces has the rooted addresses of code begin at the page: nothing else of it changes.
func FuzzPlaces(f *testing.F) {
	f.Add(`load("/a.png"); load('/b/' + n); load(` + "`/b/${n}.png`" + `); x = a /"/a.png"/ 2; import "/a.png"`)
	f.Fuzz(func(t *testing.T, code string) {
		p, err := newProject(Input{Bundle: engines.Bundle{Mode: engines.Release, Static: []string{"a.png", "b/c.png"}}})
		if err != nil {
			t.Fatal(err)
		}
		got := p.withPlaces(code)
		if strings.ReplaceAll(got, "./", "/") != strings.ReplaceAll(code, "./", "/") || len(got) < len(code) {
			t.Errorf("%q became %q", code, got)
		}
	})
}

func outside(name string) bool {
	return strings.HasPrefix(name, "/") || name == ".." || strings.HasPrefix(path.Clean(name), "../")
}
