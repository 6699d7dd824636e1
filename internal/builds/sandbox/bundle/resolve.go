package bundle

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/engines/web/page"
)

// The namespaces of modules that are not files on a disk.
const (
	nsProject = "project" // a file of the project, by its path
	nsInline  = "inline"  // a script within the page, by its number
	nsEntry   = "entry"   // the module that imports all scripts of the page
	nsData    = "dataurl" // esbuild's own, of what is imported from a data URL
	nsAsset   = "asset"   // the address of a file of the project
	nsWhole   = "whole"   // a shared module of which everything is an export of the package
)

// loaders are how files are taken in, by ending. "file" makes the file an asset and the import its address.
var loaders = func() map[string]api.Loader {
	m := map[string]api.Loader{
		".js": api.LoaderJSX, ".mjs": api.LoaderJS, ".cjs": api.LoaderJS, ".jsx": api.LoaderJSX,
		".ts": api.LoaderTS, ".mts": api.LoaderTS, ".cts": api.LoaderTS, ".tsx": api.LoaderTSX,
		".json": api.LoaderJSON, ".css": api.LoaderCSS, ".module.css": api.LoaderLocalCSS,
	}
	for ext := range strings.FieldsSeq(".txt .glsl .vert .frag .vs .fs .wgsl .html .xml .tmx .csv .md .yaml .yml .ink") {
		m[ext] = api.LoaderText
	}
	for ext := range strings.FieldsSeq(`.png .jpg .jpeg .gif .webp .avif .svg .ico .bmp .mp3 .ogg .oga .wav .m4a .flac .aac
		.opus .weba .mp4 .webm .ogv .ttf .otf .woff .woff2 .eot .fnt .glb .gltf .bin .fbx .obj .mtl .hdr .exr .ktx2 .dds .tga
		.atlas .wasm .pdf .zip .basis .draco .drc .vrm .ply .stl .cube .spine .skel .mid .midi .webmanifest`) {
		m[ext] = api.LoaderFile
	}
	return m
}()

func loaderOf(name string) api.Loader {
	if strings.HasSuffix(name, ".module.css") {
		return api.LoaderLocalCSS
	}
	if l, ok := loaders[strings.ToLower(path.Ext(name))]; ok {
		return l
	}
	return api.LoaderFile
}

// ours marks a resolution that the plugin itself asked esbuild for.
type ours struct{}

func (p *project) setup(b api.PluginBuild) {
	b.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
		if _, ok := a.PluginData.(ours); ok {
			return api.OnResolveResult{}, nil
		}
		return p.resolve(b, a), nil
	})
	b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: nsProject}, p.load)
	b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: nsInline}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		p.noteGlobals(p.doc.name, p.entry.inline[a.Path])
		return source(p.prepared(p.doc.name, p.entry.inline[a.Path]), api.LoaderJS), nil
	})
	b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: nsEntry}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
		return source(p.entry.source(), api.LoaderJS), nil
	})
	b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: nsAsset}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		return p.asset(a.Path), nil
	})
	b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: nsWhole}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		return whole(a), nil
	})
	b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: nsData}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		return loadData(a)
	})
	b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "file"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		p.loads.Add(1)
		if !p.isPackageFile(a.Path) {
			return api.OnLoadResult{Errors: refuse("an import leaves the engine's packages")}, nil
		}
		return api.OnLoadResult{}, nil // esbuild reads it
	})
}

func refuse(format string, args ...any) []api.Message {
	return []api.Message{{Text: fmt.Sprintf(format, args...)}}
}

func (p *project) load(a api.OnLoadArgs) (api.OnLoadResult, error) {
	p.loads.Add(1)
	data, ok := p.files[a.Path]
	if !ok {
		return api.OnLoadResult{Errors: refuse("there is no file %q in the project", a.Path)}, nil
	}
	l := loaderOf(a.Path)
	if res, ok := p.loadQuery(a.Path, a.Suffix, data); ok {
		return res, nil
	}
	if tool, ok := preprocessed[strings.ToLower(path.Ext(a.Path))]; ok {
		return api.OnLoadResult{Errors: refuse("%s is not compiled here%s", tool, instead(tool))}, nil
	}
	text := string(data)
	switch l {
	case api.LoaderJS, api.LoaderJSX, api.LoaderTS, api.LoaderTSX:
		if !p.working {
			p.checkAddresses(a.Path, text)
			p.noteGlobals(a.Path, text)
		}
		text = p.prepared(a.Path, text)
	case api.LoaderJSON:
		text = p.withPlaces(text)
	case api.LoaderText:
		text = p.withIncludes(a.Path, text, 0)
	}
	return source(text, l), nil
}

// preprocessed are the sources that only tools of their own read, by their endings.
var preprocessed = map[string]string{".scss": "Sass", ".sass": "Sass", ".less": "Less", ".styl": "Stylus", ".vue": "Vue", ".svelte": "Svelte",
	".astro": "Astro", ".mdx": "MDX", ".coffee": "CoffeeScript"}

func instead(tool string) string {
	switch tool {
	case "Sass", "Less", "Stylus":
		return ": write the style sheet as CSS, which can nest rules and has variables too"
	}
	return ": write it as JavaScript, TypeScript or JSX"
}

// prepared is a module of the project with its addresses as they are in the game.
func (p *project) prepared(name, text string) string {
	text = p.withFiles(name, p.withComputed(name, p.withGlobs(name, p.withPlaces(text))))
	p.checkMeta(name, text)
	return text
}

// resolve answers what an import means. Whatever a project's file asks for ends here: in the project, in a package of
// the toolchain, outside the bundle (a shared module, an address on the network), or in a refusal.
func (p *project) resolve(b api.PluginBuild, a api.OnResolveArgs) api.OnResolveResult {
	switch {
	case a.Kind == api.ResolveEntryPoint && strings.HasPrefix(a.Path, fileEntry):
		return api.OnResolveResult{Path: strings.TrimPrefix(a.Path, fileEntry), Namespace: nsProject}
	case a.Kind == api.ResolveEntryPoint:
		return api.OnResolveResult{Path: p.entry.path, Namespace: p.entry.namespace}
	case a.Namespace == nsWhole && strings.HasSuffix(a.Path, "?import"):
		return api.OnResolveResult{Path: strings.TrimSuffix(a.Path, "?import"), Namespace: nsWhole, Suffix: "?import"}
	case a.Namespace == nsWhole:
		return api.OnResolveResult{Path: a.Path, External: true}
	case p.shared[a.Path]:
		return p.sharedModule(a)
	case a.Namespace == "file":
		return p.resolveWithin(b, a)
	case a.Namespace == nsEntry && p.entry.before[a.Path]:
		res := p.resolvePackage(b, a.Path, a)
		res.SideEffects = api.SideEffectsTrue // which it is imported for, whatever the package says
		return res
	case a.Namespace == nsEntry:
		if isNetwork(a.Path) { // a module script of the page
			return p.resolveRemote(b, a.Path, a)
		}
		ns := nsProject
		if _, ok := p.entry.inline[a.Path]; ok {
			ns = nsInline
		}
		return api.OnResolveResult{Path: a.Path, Namespace: ns}
	}
	spec, suffix := a.Path, ""
	css := a.Kind == api.ResolveCSSURLToken || a.Kind == api.ResolveCSSImportRule
	if strings.HasPrefix(spec, "data:") || css && strings.HasPrefix(spec, "#") {
		return api.OnResolveResult{} // esbuild handles both without a file
	}
	if isNetwork(spec) {
		if css {
			return api.OnResolveResult{Path: spec, External: true, Warnings: refuse(
				"%s is loaded from the network: a game that is played offline or in a locked-down page does not get it", spec)}
		}
		return p.resolveRemote(b, spec, a)
	}
	if strings.ContainsRune(spec, 0) || strings.Contains(spec, `\`) {
		return api.OnResolveResult{Errors: refuse("%q is not a path that a project can import", spec)}
	}
	dir := "."
	if a.Namespace == nsProject {
		dir = path.Dir(a.Importer)
	}
	called := p.files[path.Join(dir, spec)] != nil || p.files[strings.TrimPrefix(spec, "/")] != nil // a file may be called so
	if i := strings.IndexAny(spec, "?#"); i > 0 && !called {
		spec, suffix = spec[:i], spec[i:]
	}
	if target, ok := p.mapped(spec); ok {
		if isNetwork(target) {
			return p.resolveRemote(b, target, a)
		}
		return p.resolveFile(b, target, suffix, a)
	}
	if to, file, ok := p.configured(spec); ok && file {
		return p.resolveFile(b, to, suffix, a)
	} else if ok {
		return p.resolvePackageOrShared(b, to, a)
	}
	if name, ok := p.alias(spec); ok {
		return p.resolveFile(b, name, suffix, a)
	}
	switch {
	case strings.HasPrefix(spec, "/"):
		name := strings.TrimPrefix(path.Clean(spec), "/")
		if _, ok := p.find(name); !ok {
			for _, folder := range []string{path.Dir(p.in.Bundle.HTML), p.in.Bundle.PublicDir} {
				if found, ok := p.find(path.Join(folder, name)); ok {
					return p.resolveFile(b, found, suffix, a)
				}
			}
		}
		return p.resolveFile(b, name, suffix, a)
	case spec == "." || spec == ".." || strings.HasPrefix(spec, "./") || strings.HasPrefix(spec, "../") || css:
		return p.resolveFile(b, path.Join(dir, spec), suffix, a)
	}
	if name, ok := p.tsconfig.baseFile(p, spec); ok {
		return p.resolveFile(b, name, suffix, a)
	}
	if now, ok := p.renamed(spec); ok {
		return p.resolvePackageOrShared(b, now, a)
	}
	return p.resolvePackage(b, spec, a)
}

// resolveFile resolves to a file of the project.
func (p *project) resolveFile(b api.PluginBuild, name, suffix string, a api.OnResolveArgs) api.OnResolveResult {
	name = path.Clean(name)
	if name == ".." || strings.HasPrefix(name, "../") {
		return api.OnResolveResult{Errors: refuse("%q leaves the project", a.Path)}
	}
	found, ok := p.find(name)
	if !ok {
		if copied, ok := web.LocalCopyOf(name); ok && p.hasPackage(copied.Package) { // a copy of the engine that is not there
			res := p.resolvePackageOrShared(b, copied.Package, a)
			res.Warnings = append(p.otherVersion(copied),
				refuse("there is no file %q in the project: the installed %s takes its place", name, copied.Package)...)
			return res
		}
		return api.OnResolveResult{Errors: refuse("there is no file %q in the project%s", name, p.hint(name))}
	}
	query := queryOf(suffix)
	if query == "" && a.Kind == api.ResolveCSSURLToken {
		p.use(found)
		return api.OnResolveResult{Path: addressOf(p.output(found)) + suffix, External: true}
	}
	if isAsset(found, query) {
		return api.OnResolveResult{Path: found, Namespace: nsAsset}
	}
	return api.OnResolveResult{Path: found, Namespace: nsProject, Suffix: query}
}

// resolvePackage resolves to a file of the toolchain's packages.
func (p *project) resolvePackage(b api.PluginBuild, spec string, a api.OnResolveArgs) api.OnResolveResult {
	for part := range strings.SplitSeq(spec, "/") {
		if part == ".." || part == "." {
			return api.OnResolveResult{Errors: refuse("%q leaves its package", spec)}
		}
	}
	if p.packages == "" {
		return api.OnResolveResult{Errors: refuse("there is no package %q: this engine has none", spec)}
	}
	if specifier, ok := p.standIn(spec); ok {
		return api.OnResolveResult{Path: specifier, External: true}
	}
	r := b.Resolve(spec, api.ResolveOptions{Kind: a.Kind, ResolveDir: p.workDir, PluginData: ours{}, With: a.With})
	if len(r.Errors) > 0 || r.External || r.Namespace == "file" && !p.isPackageFile(r.Path) {
		return api.OnResolveResult{Errors: refuse("there is no package %q for this engine: use the engine's own packages, "+
			"or put the code into the project and import it by a path that begins with \"./\"", spec)}
	}
	if m := p.deepModule(r.Path); m != nil && m.holds(r.Path) {
		return api.OnResolveResult{Path: m.specifier, External: true}
	}
	res := api.OnResolveResult{Path: r.Path, Namespace: r.Namespace, Suffix: r.Suffix}
	if !r.SideEffects {
		res.SideEffects = api.SideEffectsFalse
	}
	return res
}

// isPackageFile reports whether a file on the disk belongs to the toolchain's packages.
func (p *project) isPackageFile(file string) bool {
	if p.packages == "" || !strings.HasPrefix(file, p.packages) || file != filepath.Clean(file) {
		return false
	}
	info, err := os.Lstat(file)
	if err == nil && info.Mode()&fs.ModeSymlink == 0 {
		return p.isPackageFolder(filepath.Dir(file))
	}
	real, err := filepath.EvalSymlinks(file)
	return err == nil && strings.HasPrefix(real, p.packages)
}

// isPackageFolder tells the same of a folder. An engine has a thousand files in a hundred of them, and to follow a path is
// a system call for each of its parts: so it is done once.
func (p *project) isPackageFolder(dir string) bool {
	if known, ok := p.folders.Load(dir); ok {
		return known.(bool)
	}
	real, err := filepath.EvalSymlinks(dir)
	is := err == nil && strings.HasPrefix(real+string(filepath.Separator), p.packages)
	p.folders.Store(dir, is)
	return is
}

func isNetwork(spec string) bool {
	if strings.HasPrefix(spec, "//") {
		return true
	}
	scheme, _, ok := strings.Cut(spec, "://")
	if !ok {
		return strings.HasPrefix(spec, "blob:") || strings.HasPrefix(spec, "javascript:")
	}
	_, local := page.Local(scheme + ":x")
	return !local && !strings.ContainsAny(scheme, "./")
}
