package bundle

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/engines/web/page"
	"github.com/spark-games/spark/models"
)

// classic takes a script that is no module. One that loads an engine from a network becomes one that makes the engine's global of the
// installed package; what stands within the page keeps its place, with the addresses as they are in the game.
func (r *pageReader) classic(n *page.Node) (text string, replaced, done bool) {
	src, has := n.Attr("src")
	if !has {
		if strings.TrimSpace(string(n.Text)) == "" {
			return "", false, true
		}
		r.doc.plain = true
		r.p.noteGlobals(r.name, string(n.Text))
		code := r.p.withPlaces(string(n.Text))
		return n.StartTag() + code + "</script>", code != string(n.Text), true
	}
	remote, ok := web.RemoteOf(src)
	if ref, local := page.Local(src); local {
		name, there := r.find(ref)
		r.p.noteGlobals(name, string(r.p.files[name]))
		if remote, ok = web.LocalCopyOf(ref.Path); there || !ok { // a copy of an engine that is not there is the installed one
			r.doc.plain = true
			return "", false, false
		}
	}
	global := web.Globals[remote.Package]
	if !ok || global == "" || !r.p.hasPackage(remote.Package) {
		return "", false, false
	}
	for _, m := range r.p.otherVersion(remote) {
		r.p.warnAt(r.name, n.Line, m.Text)
	}
	return r.doc.addGlobal(global, remote), true, true
}

// addGlobal has the page's scripts find a package, or a part of it, in a global, and answers the slot of the script that makes it: the
// first that asks for the global has it.
func (d *document) addGlobal(global string, remote web.Remote) (slot string) {
	if d.globals[global] == nil {
		slot = globalSlot + global + "\x00"
	}
	spec := remote.Package
	if rest, ok := strings.CutPrefix(remote.File, "examples/js/"); ok { // which Three.js had before its modules
		spec += "/examples/jsm/" + rest
	} else if remote.File != "" {
		spec += "/" + remote.File
	}
	if !slices.Contains(d.globals[global], spec) {
		d.globals[global] = append(d.globals[global], spec)
	}
	return slot
}

// addGlobals bundles the scripts that make the globals of engines.
func (o *outputs) addGlobals() {
	p := o.p
	d := p.doc
	d.globalScripts = make(map[string]string)
	shared, deep := p.shared, p.deep
	defer func() { p.shared, p.deep = shared, deep }()
	p.shared, p.deep = nil, nil // a script that is no module has no import map
	for _, global := range slices.Sorted(maps.Keys(d.globals)) {
		p.entry = globalEntry(global, d.globals[global])
		options := p.options()
		options.Format, options.Sourcemap, options.KeepNames = api.FormatIIFE, api.SourceMapNone, false
		options.MinifyIdentifiers, options.MinifySyntax, options.MinifyWhitespace = true, true, true
		res := api.Build(options)
		p.addMessages(severityError, res.Errors)
		for _, f := range res.OutputFiles {
			if name := o.nameOf(f); strings.HasSuffix(name, ".js") {
				file := "assets/" + strings.ToLower(global) + "-" + contentName(f.Contents) + ".js"
				d.globalScripts[global] = file
				if _, there := o.byKey[models.PathKey(file)]; !there { // another page's too
					o.add(file, f.Contents)
				}
			}
		}
	}
}

// globalEntry is a module that puts a package, and what it has besides in files of its own, into a global. A package that is one object or
// function is that, since games call it.
func globalEntry(global string, specs []string) entry {
	var code strings.Builder
	packages, parts, own := map[string]bool{}, []string{}, "m0"
	for i, spec := range specs {
		packages[spec] = true
		fmt.Fprintf(&code, "import * as m%d from %q;\n", i, spec)
		parts = append(parts, fmt.Sprintf("...m%d", i))
		if packageOf(spec) == spec {
			own = fmt.Sprintf("m%d", i)
		}
	}
	fmt.Fprintf(&code, `const all = {%[1]s}, own = %[2]s.default;
globalThis[%[3]q] = own && (typeof own === "function" || Object.keys(%[2]s).length === 1) ? Object.assign(own, all) : all;
`, strings.Join(parts, ", "), own, global)
	if global == "kaplay" { // as it was called before
		code.WriteString("globalThis.kaboom ??= globalThis.kaplay;\n")
	}
	return entry{path: "page", namespace: nsEntry, code: code.String(), before: packages}
}
