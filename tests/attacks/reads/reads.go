// Package reads has projects that try to make the bundler read files that are not theirs, by every way in which esbuild reads
// files itself, without an import.
package reads

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/spark-games/spark/models"
)

func files(pairs ...string) []models.File {
	var list []models.File
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, models.File{Path: pairs[i], Data: []byte(pairs[i+1])})
	}
	return list
}

// mapOf is a source map that names sources without their content, for a bundler to fill in.
func mapOf(sources string) string {
	return fmt.Sprintf(`{"version":3,"sources":[%s],"names":[],"mappings":"AAAA,CAAC,CAAC,CAAC"}`, sources)
}

func dataURL(kind, text string) string {
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString([]byte(text))
}

// up is a file by a path that leaves any folder first.
func up(file string) string { return strings.Repeat("../", 40) + strings.TrimPrefix(file, "/") }

// Projects are the attempts, by name: each makes a project that asks for the file at a path.
var Projects = map[string]func(file string) []models.File{
	"alias of a configuration": func(file string) []models.File {
		return files("main.js", "import a from 'out'; import b from 'up/x'; run(a, b)",
			"vite.config.js", fmt.Sprintf("export default {resolve: {alias: {out: %q, up: path.resolve(__dirname, %q)}}}", file, up(file)))
	},
	"folders of a configuration": func(file string) []models.File {
		return files("index.html", `<script type="module" src="main.js"></script><img src="/outside.js">`, "main.js", "run('/outside.js')",
			"vite.config.js", fmt.Sprintf("export default {root: %q, publicDir: %q}", up(filepath.Dir(file)), filepath.Dir(file)))
	},
	"entry of a configuration": func(file string) []models.File {
		return files("index.html", `<script src="dist/bundle.js"></script>`, "main.js", "run()",
			"webpack.config.js", fmt.Sprintf("module.exports = {entry: [%q, %q]}", file, up(file)))
	},
	"imports of a package": func(file string) []models.File {
		return files("main.js", "import '#a'; import '#b/x'",
			"package.json", fmt.Sprintf(`{"imports": {"#a": %q, "#b/*": {"browser": "./%s"}}}`, file, up(file)))
	},
	"import map": func(file string) []models.File {
		return files("index.html", fmt.Sprintf(`<script type="importmap">{"imports": {"a": %q, "b": %q, "c/": "../../../../"}}</script>`, file, up(file))+
			`<script type="module">import "a"; import "b"; import "c/etc/passwd"</script>`)
	},
	"glob of vite": func(file string) []models.File {
		return files("main.js", fmt.Sprintf("run(import.meta.glob([%q, %q, '../../**/*'], {base: '../..', eager: true}))", file, up(file)),
			"src/a.js", "run(1)")
	},
	"computed import": func(file string) []models.File {
		return files("main.js", "import(`"+filepath.Dir(file)+"/${name}.js`); import('"+up(filepath.Dir(file))+"/' + name)")
	},
	"queries": func(file string) []models.File {
		return files("main.js", fmt.Sprintf("import a from %q; import b from %q; import c from %q; run(a, b, c)",
			file+"?raw", up(file)+"?inline", file+"?worker"))
	},
	"include of a shader": func(file string) []models.File {
		return files("main.js", "import a from './a.frag'; run(a)", "a.frag", "#include "+file+"\n#include <./"+up(file)+">\n")
	},
	"source map": func(file string) []models.File {
		return files("main.js", "run();\n//# sourceMappingURL=file://"+file)
	},
	"source map, at": func(file string) []models.File {
		return files("main.js", "run();\n//@ sourceMappingURL=file://"+file+"\n")
	},
	"source map, block": func(file string) []models.File {
		return files("main.js", "/*# sourceMappingURL=file://"+file+" */ run();")
	},
	"source map, localhost": func(file string) []models.File {
		return files("main.js", "run();\n//# sourceMappingURL=file://localhost"+file)
	},
	"source map, capitals": func(file string) []models.File {
		return files("main.js", "run();\n//# sourceMappingURL=FILE:"+file)
	},
	"source map, path": func(file string) []models.File {
		return files("main.js", "run();\n//# sourceMappingURL="+file)
	},
	"source map, relative": func(file string) []models.File {
		return files("src/main.js", "run();\n//# sourceMappingURL="+strings.Repeat("../", 40)+file[1:])
	},
	"source map, twice": func(file string) []models.File {
		return files("main.js", "//# sourceMappingURL=file://"+file+"\nrun();\n//# sourceMappingURL=main.js.map")
	},
	"source map, hidden": func(file string) []models.File {
		return files("main.js", "// //# sourceMappingURL=\n//#\tsourceMappingURL=\n//# sourceMappingURL=# sourceMappingURL=\n//# sourceMappingURL=file://"+file)
	},
	"source map, typescript": func(file string) []models.File {
		return files("main.tsx", "run(<a/>);\n//# sourceMappingURL=file://"+file)
	},
	"source map, style": func(file string) []models.File {
		return files("main.js", "import './a.css'", "a.css", "a{color:red}\n/*# sourceMappingURL=file://"+file+" */")
	},
	"source map, unclosed style": func(file string) []models.File {
		return files("main.js", "import './a.css'", "a.css", "/*# sourceMappingURL=file://"+file+" */a{color:red}/* open")
	},
	"source map, local style": func(file string) []models.File {
		return files("main.js", "import s from './a.module.css'; run(s)", "a.module.css", ".a{color:red}\n/*@ sourceMappingURL=file://"+file+" */")
	},
	"source map, page": func(file string) []models.File {
		return files("index.html", "<script type=module>run();\n//# sourceMappingURL=file://"+file+"\n</script>")
	},
	"source map, data import": func(file string) []models.File {
		return files("main.js", fmt.Sprintf("import %q; run()", dataURL("text/javascript", "run();\n//# sourceMappingURL=file://"+file)))
	},
	"source map, plain data import": func(file string) []models.File {
		return files("main.js", fmt.Sprintf("import %q; run()", "data:text/javascript,run()%0A//%23%20sourceMappingURL=file://"+url.PathEscape(file)))
	},
	"source map, data style": func(file string) []models.File {
		return files("main.js", "import './a.css'", "a.css",
			fmt.Sprintf("@import %q;", dataURL("text/css", "a{color:red}/*# sourceMappingURL=file://"+file+" */")))
	},
	"source map, data url": func(file string) []models.File {
		return files("main.js", "import './a.css'", "a.css",
			fmt.Sprintf("a{background:url(%q)}", dataURL("text/css", "a{color:red}/*# sourceMappingURL=file://"+file+" */")))
	},
	"sources": func(file string) []models.File {
		return files("main.js", "run();\n//# sourceMappingURL="+dataURL("application/json", mapOf(`"file://`+file+`"`)))
	},
	"sources, root": func(file string) []models.File {
		m := strings.Replace(mapOf(fmt.Sprintf("%q", filepath.Base(file))), "{", fmt.Sprintf("{%q:%q,", "sourceRoot", "file://"+filepath.Dir(file)+"/"), 1)
		return files("main.js", "run();\n//# sourceMappingURL="+dataURL("application/json", m))
	},
	"sources, sections": func(file string) []models.File {
		m := `{"version":3,"sections":[{"offset":{"line":0,"column":0},"map":` + mapOf(`"file://`+file+`"`) + `}]}`
		return files("main.js", "run();\n//# sourceMappingURL="+dataURL("application/json", m))
	},
	"sources, style": func(file string) []models.File {
		m := dataURL("application/json", mapOf(`"file://`+file+`"`))
		return files("main.js", "import './a.css'", "a.css", "a{color:red}\n/*# sourceMappingURL="+m+" */")
	},
	"glob": func(file string) []models.File {
		return files("main.js", "import(`"+climb(file)+"${x}`)")
	},
	"glob, require": func(file string) []models.File {
		return files("main.js", "run(require('"+climb(file)+"' + x))")
	},
	"glob, escaped require": func(file string) []models.File {
		return files("main.js", "run(requ\\u0069re(`"+climb(file)+"${x}`))")
	},
	"glob, optional require": func(file string) []models.File {
		return files("main.js", "run((require)?.(`"+climb(file)+"${x}`))")
	},
	"glob, folded": func(file string) []models.File {
		up := "../"
		return files("main.ts", "const enum U { p = '"+up+up+up+up+up+"', q = p + p + p + p + p + p + p + p, r = '"+
			file[1:len(file)-1]+"' }\nimport(U.q + U.r + x)")
	},
	"glob, dead code": func(file string) []models.File {
		return files("main.js", "if (false) import(`"+climb(file)+"${x}`); run()")
	},
	"glob, choice": func(file string) []models.File {
		return files("main.js", "import(x ? `"+climb(file)+"${x}` : './main.js')")
	},
	"glob, base": func(file string) []models.File {
		return files("main.js", "import(import.meta.env.BASE_URL + '"+climb(file)+"' + x)")
	},
	"glob, attribute": func(file string) []models.File {
		return files("main.js", "import(`"+climb(file)+"${x}`, {with: {type: 'text'}})")
	},
	"glob, page": func(file string) []models.File {
		return files("index.html", "<script type=module>import(`"+climb(file)+"${x}`)</script>")
	},
	"glob, folder": func(file string) []models.File {
		return files("a/b/main.js", "1", "index.html", "<script type=module src=a/b/main.js></script><script type=module src=a/c.js></script>",
			"a/c.js", "import(`"+climb(file)+"${x}`)")
	},
	"glob, data import": func(file string) []models.File {
		return files("main.js", fmt.Sprintf("import %q; run()", dataURL("text/javascript", "import(`"+climb(file)+"${x}`)")))
	},
	"glob, folders": func(file string) []models.File {
		dir := strings.TrimSuffix(climb(filepath.Dir(filepath.Dir(file))+"xx"), "x")
		return files("main.js", "import(`"+dir+"/${x}/"+filepath.Base(file)+"`)")
	},
	"module url": func(file string) []models.File {
		return files("main.js", fmt.Sprintf("run(new URL(%q, import.meta.url))", strings.Repeat("../", 40)+file[1:]))
	},
	"worker url": func(file string) []models.File {
		return files("main.js", fmt.Sprintf("run(new Worker(new URL(%q, import.meta.url)))", file))
	},
}

// climb is a relative path to all of a file's name but its last letter, from any folder.
func climb(file string) string { return strings.Repeat("../", 40) + file[1:len(file)-1] }

// Bait is the content of the file: a text to search for, valid for whatever the bundler may take the file for.
func Bait(secret string) []byte {
	return fmt.Appendf(nil, `{"version":3,"sources":[%[1]q],"sourcesContent":[%[1]q],"names":[%[1]q],"mappings":"AAAA"}`, secret)
}
