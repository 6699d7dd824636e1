package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/spark-games/spark/models"
)

// worker is a module that makes workers of a script of the project, which is bundled for it. Browsers make none for a page without
// an origin, as played games are, but one that loads the script; nor, from a disk, a worker that is a module; and shared ones not at all, so
// that a worker of the page's own stands in.
func (p *project) worker(name string, shared bool) api.OnLoadResult {
	up := p.up()
	if p.working {
		up = "./"
	}
	code := fmt.Sprintf(`const base = new URL(%q, %s).href, address = new URL(%q, base).href, alone = globalThis.origin === "null" && !globalThis.sparkBase;
const start = () => {
  const code = "globalThis.sparkBase=" + JSON.stringify(base) + ";importScripts(" + JSON.stringify(address) + ")";
  return alone ? URL.createObjectURL(new Blob([code], { type: "text/javascript" })) : address;
};
`, up, p.base(), addressOf(p.workerOutput(name)))
	if shared {
		p.mu.Lock()
		p.connected[name] = true
		p.mu.Unlock()
		return source(code+sharedWorkerJS, api.LoaderJS)
	}
	return source(code+`export default class extends Worker {
  constructor(_, options) {
    super(start(), { ...options, type: "classic" });
  }
}`, api.LoaderJS)
}

const sharedWorkerJS = `export default class {
  constructor(_, options) {
    const own = typeof options === "string" ? { name: options } : options;
    if (!alone && location.protocol !== "file:") return new SharedWorker(address, { ...own, type: "classic" });
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    new Worker(start()).postMessage("sparkConnect", [port2]);
  }
}`

// connectJS has a worker that stands in for a shared one be connected to.
const connectJS = `if (!("onconnect" in globalThis)) addEventListener("message", (event) => {
  if (event.data !== "sparkConnect") return;
  event.stopImmediatePropagation();
  const connect = new MessageEvent("connect", { ports: event.ports });
  dispatchEvent(connect);
  globalThis.onconnect?.(connect);
});`

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
	p.working, p.shared, p.deep = true, nil, nil // a worker has no import map
	for len(p.toBundle) > 0 {
		name := p.toBundle[0]
		p.toBundle = p.toBundle[1:]
		p.entry = entry{path: name, namespace: nsProject}
		options := p.options()
		options.Format, options.Sourcemap = api.FormatIIFE, api.SourceMapNone
		if p.connected[name] {
			options.Banner = map[string]string{"js": connectJS}
		}
		res := api.Build(options)
		p.addMessages(severityError, res.Errors)
		p.addMessages(severityWarning, res.Warnings)
		for _, f := range res.OutputFiles {
			file := o.nameOf(f)
			switch {
			case strings.HasSuffix(file, ".js") && strings.HasPrefix(file, p.outName):
				file = p.workers[name]
			case strings.HasSuffix(file, ".css") && strings.HasPrefix(file, p.outName):
				continue // there is nothing to style
			}
			if _, there := o.byKey[models.PathKey(file)]; !there { // a file that others have imported too
				o.add(file, f.Contents)
			}
		}
	}
	p.turnTo(p.doc)
}
