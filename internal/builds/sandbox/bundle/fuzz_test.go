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

func outside(name string) bool {
	return strings.HasPrefix(name, "/") || name == ".." || strings.HasPrefix(path.Clean(name), "../")
}
