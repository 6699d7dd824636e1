package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/spark-games/spark/models"
)

// metaURL is a file that a module names beside itself: new URL("./x.png", import.meta.url), perhaps to make a worker of it. esbuild
// leaves such an address as it is, which is wrong wherever the bundle is.
var metaURL = regexp.MustCompile(`(new\s+(?:Shared)?Worker\s*\(\s*)?new\s+URL\s*\(\s*` + quoted + `\s*,\s*import\.meta\.url\s*,?\s*\)`)

const quoted = `("[^"\\\n]*"|'[^'\\\n]*'|` + "`[^`\\\\\n$]*`)"

// The folder of the page, from where files are named: in the page, and in a worker, which is in assets.
const (
	pageBase   = "document.baseURI"
	workerBase = `(globalThis.sparkBase||new URL("../",location.href))`
)

// withFiles imports what a module of the project names by metaURL, so that it is part of the game: files as such, and workers
// bundled. The lines stay what they are.
func (p *project) withFiles(name, text string) string {
	if !strings.Contains(text, "import.meta") {
		return text
	}
	var imports strings.Builder
	n := 0
	text = metaURL.ReplaceAllStringFunc(text, func(whole string) string {
		m := metaURL.FindStringSubmatch(whole)
		spec := m[2][1 : len(m[2])-1]
		file, suffix, base := path.Join(path.Dir(name), spec), "?url", pageBase
		if strings.HasPrefix(spec, "/") {
			file = strings.TrimPrefix(path.Clean(spec), "/")
		}
		if p.working {
			base = workerBase
		}
		isWorker := m[1] != "" && !strings.Contains(m[1], "Shared")
		if isWorker {
			suffix = "?worker"
		}
		found, ok := p.find(file)
		if !ok || !isWorker && found != file {
			return whole // a folder, or nothing that is known
		}
		n++
		own := "__spark" + strconv.Itoa(n)
		fmt.Fprintf(&imports, ";import %s from %q", own, "/"+found+suffix)
		lines := strings.Repeat("\n", strings.Count(whole, "\n"))
		if isWorker {
			return "new " + own + "(0" + lines
		}
		return m[1] + "new URL(" + own + ", " + base + lines + ")"
	})
	return text + imports.String()
}

// worker is a module that makes workers of a script of the project, which is bundled for it. Browsers make none for a page without
// an origin, as played games are, but one that loads the script; nor, from a disk, a worker that is a module.
func (p *project) worker(name string) api.OnLoadResult {
	output := p.workerOutput(name)
	base := pageBase
	if p.working {
		base = workerBase
	}
	return source(fmt.Sprintf(`export default class extends Worker {
  constructor(_, options) {
    const base = new URL(".", %s).href, address = new URL(%q, base).href;
    const loads = globalThis.origin === "null" && !globalThis.sparkBase;
    const code = "globalThis.sparkBase=" + JSON.stringify(base) + ";importScripts(" + JSON.stringify(address) + ")";
    super(loads ? URL.createObjectURL(new Blob([code], { type: "text/javascript" })) : address, { ...options, type: "classic" });
  }
}`, base, "./"+output), api.LoaderJS)
}

// workerOutput is where the bundle of a worker's script is, which is made later. It is called after everything that may be in it.
func (p *project) workerOutput(name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if output, known := p.workers[name]; known {
		return output
	}
	if p.digest == nil {
		all := sha256.New()
		for _, file := range slices.Sorted(maps.Keys(p.files)) {
			fmt.Fprintf(all, "%q %d ", file, len(p.files[file]))
			all.Write(p.files[file])
		}
		p.digest = all.Sum(nil)
	}
	sum := sha256.Sum256(append([]byte(name), p.digest...))
	output := "assets/" + strings.TrimSuffix(path.Base(name), path.Ext(name)) + "-" + strings.ToUpper(hex.EncodeToString(sum[:4])) + ".js"
	p.workers[name] = output
	p.toBundle = append(p.toBundle, name)
	return output
}

// addWorkers bundles the scripts that workers are made of, which may make others.
func (o *outputs) addWorkers() {
	p := o.p
	main := p.entry
	p.working, p.shared, p.deep = true, nil, nil // a worker has no import map
	for len(p.toBundle) > 0 {
		name := p.toBundle[0]
		p.toBundle = p.toBundle[1:]
		p.entry = entry{path: name, namespace: nsProject}
		options := p.options()
		options.Format, options.Sourcemap = api.FormatIIFE, api.SourceMapNone
		res := api.Build(options)
		p.addMessages(severityError, res.Errors)
		p.addMessages(severityWarning, res.Warnings)
		for _, f := range res.OutputFiles {
			file := o.nameOf(f)
			switch {
			case strings.HasSuffix(file, ".js") && strings.HasPrefix(file, outName):
				file = p.workers[name]
			case strings.HasSuffix(file, ".css") && strings.HasPrefix(file, outName):
				continue // there is nothing to style
			}
			if _, there := o.byKey[models.PathKey(file)]; !there { // a file that others have imported too
				o.add(file, f.Contents)
			}
		}
	}
	p.entry = main
}
