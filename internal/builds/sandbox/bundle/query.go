package bundle

import (
	"fmt"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// The queries of an import, as Vite documents them.
const (
	queryRaw          = "?raw"    // a file's content as text
	queryURL          = "?url"    // its address
	queryInline       = "?inline" // its content as a data URL; of a style sheet, as text
	queryInit         = "?init"   // a function that makes an instance of WebAssembly
	queryWorker       = "?worker" // a class that makes workers of a script
	queryWorkerURL    = "?worker&url"
	querySharedWorker = "?sharedworker"
)

// queryOf is what a suffix of an import asks for, "" if nothing: versions and fragments mean nothing to a file.
func queryOf(suffix string) string {
	asked := map[string]bool{}
	for key := range strings.SplitSeq(strings.TrimPrefix(suffix, "?"), "&") {
		asked[key] = true
	}
	switch {
	case asked["worker"] && asked["url"], asked["sharedworker"] && asked["url"]:
		return queryWorkerURL
	case asked["worker"]:
		return queryWorker
	case asked["sharedworker"]:
		return querySharedWorker
	case asked["raw"]:
		return queryRaw
	case asked["inline"]:
		return queryInline
	case asked["init"]:
		return queryInit
	case asked["url"], asked["no-inline"]:
		return queryURL
	}
	return ""
}

// loadQuery is the module of a file of which something in particular is asked for; false if it is not done here.
func (p *project) loadQuery(name, query string, data []byte) (api.OnLoadResult, bool) {
	switch query {
	case queryRaw:
		return source(string(data), api.LoaderText), true
	case queryInline:
		if loaderOf(name) == api.LoaderCSS || loaderOf(name) == api.LoaderLocalCSS {
			return p.inlineStyle(name), true
		}
		return source(string(data), api.LoaderDataURL), true
	case queryWorker, querySharedWorker:
		return p.worker(name, query == querySharedWorker), true
	case queryWorkerURL:
		return source(fmt.Sprintf("export default new URL(%q, %s).href", p.address(p.workerOutput(name)), p.base()), api.LoaderJS), true
	case queryInit:
		return source(fmt.Sprintf(`const address = new URL(%s, %s).href;
export default async (imports = {}) => (await WebAssembly.instantiate(await (await fetch(address)).arrayBuffer(), imports)).instance`,
			quote(p.use(name)), p.base()), api.LoaderJS), true
	}
	return api.OnLoadResult{}, false
}

// base is the folder of the page, from where files are named, as an expression.
func (p *project) base() string {
	if p.working {
		return workerBase
	}
	return pageBase
}

// inlineStyle is a style sheet with what it imports, as a text for code that puts it somewhere by itself.
func (p *project) inlineStyle(name string) api.OnLoadResult {
	options := p.options()
	options.EntryPointsAdvanced = []api.EntryPoint{{InputPath: fileEntry + name, OutputPath: p.outName}}
	options.Sourcemap = api.SourceMapNone
	res := api.Build(options)
	if len(res.Errors) > 0 {
		return api.OnLoadResult{Errors: res.Errors}
	}
	for _, f := range res.OutputFiles {
		if path.Ext(f.Path) == ".css" {
			return source(string(f.Contents), api.LoaderText)
		}
	}
	return source("", api.LoaderText)
}

// fileEntry is how an entry point that is one file of the project begins.
const fileEntry = entryPoint + "/"
