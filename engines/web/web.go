// Package web is what the adapters of web engines share: how a project of an npm-style game is laid out, what to bundle, and how
// to check that the result is a game that a browser can load.
package web

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web/page"
	"github.com/spark-games/spark/models"
)

// Project is a web project's layout.
type Project struct {
	Root      string   // the folder that everything is in, "" when the project is not within one
	HTML      string   // the page, "" when there is none
	Pages     []string // other pages
	Entry     string   // the file that starts the game, "" when there is none, or when the page starts it with scripts of its own
	PublicDir string   // "public", or "" when there is none
	Static    []string // files that the game may load by URL
	Made      []string // scripts of pages that a bundler would make of Entry

	settings

	starts bool // the page has scripts of its own
}

// Plan makes the plan of a web project. shared lists the engine modules that a preview need not bundle.
func Plan(req engines.BuildRequest, shared []engines.SharedModule) (engines.Plan, error) {
	if !req.Mode.Valid() {
		return engines.Plan{}, models.FieldError("/mode", "mode must be \"preview\" or \"release\"")
	}
	if err := models.CheckFiles(req.Files); err != nil {
		return engines.Plan{}, err
	}
	p, err := Inspect(req.Files)
	if err != nil {
		return engines.Plan{}, err
	}
	if p.Entry == "" && !p.starts {
		return engines.Plan{}, models.NewError(models.CodeInvalidFiles,
			"nothing starts the game: index.html needs a script, or the project a src/main.js, src/main.ts or the like")
	}
	if req.Mode == engines.Release {
		shared = nil
	}
	return engines.Plan{Bundle: &engines.Bundle{
		Root: p.Root, Entry: p.Entry, HTML: p.HTML, Pages: p.Pages, Title: title(req.Title), Mode: req.Mode, Shared: slices.Clone(shared),
		PublicDir: p.PublicDir, Static: p.Static, Made: p.Made, Aliases: p.aliases, Define: p.define,
	}}, nil
}

// title keeps a page's title to one short line.
func title(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200])
	}
	return s
}

// Inspect finds out how a project is laid out. All names but Root are those within Root.
func Inspect(files []models.File) (Project, error) {
	p := Project{Root: rootOf(files)}
	files = within(p.Root, files)
	byPath := make(map[string][]byte, len(files))
	for _, f := range files {
		byPath[f.Path] = f.Data
	}
	p.settings = readSettings(byPath)
	p.findPages(files)
	p.findPublic(files)
	for _, name := range append([]string{p.HTML}, p.Pages...) {
		if name == "" {
			continue
		}
		if err := p.readPage(name, byPath); err != nil {
			return Project{}, err
		}
	}
	if p.Entry == "" && (!p.starts || len(p.Made) > 0) {
		p.Entry = p.usualEntry(byPath)
	}
	p.Static = Static(files)
	return p, nil
}

// rootOf is the folder that a whole project lies in, as one does that was downloaded as an archive: "" unless there is nothing that
// a game begins with at the root, and one folder has it.
func rootOf(files []models.File) string {
	root := ""
	for {
		here := within(root, files)
		folder := ""
		for _, f := range here {
			first, rest, nested := strings.Cut(f.Path, "/")
			switch {
			case !nested && begins(first), nested && (first == "src" || first == "public"):
				return root
			case !nested || strings.HasPrefix(first, ".") || first == "__MACOSX" || rest == "":
			case folder == "":
				folder = first
			case folder != first:
				return root // there are several
			}
		}
		if folder == "" {
			return root
		}
		root = path.Join(root, folder)
	}
}

// begins reports whether a file at the root of a project shows that it is one.
func begins(name string) bool {
	stem, ext := strings.TrimSuffix(name, path.Ext(name)), path.Ext(name)
	switch stem {
	case "main", "index", "game":
		return code[ext]
	}
	return name == "package.json"
}

// within are the files of a folder, by their names within it.
func within(root string, files []models.File) []models.File {
	if root == "" {
		return files
	}
	var list []models.File
	for _, f := range files {
		if rest, ok := strings.CutPrefix(f.Path, root+"/"); ok {
			list = append(list, models.File{Path: rest, Data: f.Data})
		}
	}
	return list
}

// readPage takes the first page's first module script for the entry: a project file, or the page itself when the script is within it.
func (p *Project) readPage(name string, files map[string][]byte) error {
	_, err := page.Walk(files[name], func(n *page.Node) (string, bool) {
		kind := n.ScriptKind()
		if kind != page.Module && kind != page.Classic {
			return "", false
		}
		v, ok := n.Attr("src")
		entry := ""
		if !ok && strings.TrimSpace(string(n.Text)) != "" {
			entry = name
		}
		if ref, local := page.Local(v); local {
			if ref.Rooted {
				entry = ref.Path
			} else {
				entry = path.Join(path.Dir(name), ref.Path)
			}
			if p.isMade(entry, files) {
				p.Made = append(p.Made, v)
				return "", false
			}
		}
		if kind == page.Module && p.Entry == "" && name == p.HTML {
			p.Entry = entry
		}
		p.starts = p.starts || entry != ""
		return "", false
	})
	if err != nil {
		return models.NewError(models.CodeInvalidFiles, name+": "+err.Error())
	}
	return nil
}

// isMade reports whether a script of a page is what a bundler makes of the project's sources: it is not there, or is there and older than they are.
func (p *Project) isMade(name string, files map[string][]byte) bool {
	if entry := p.usualEntry(files); entry == "" || entry == name {
		return false
	}
	there := false
	for _, candidate := range []string{name, path.Join(p.PublicDir, name), path.Join(p.folder, name)} {
		there = there || files[candidate] != nil
	}
	first, _, nested := strings.Cut(name, "/")
	if there {
		return p.makes(name)
	}
	return p.makes(name) || nested && made[first] || bundled.MatchString(path.Base(name))
}

// bundled are usual names of what bundlers make.
var bundled = regexp.MustCompile(`^(?:bundle|app|main|index|game|build)(?:[.-](?:min|bundle|\[?\w*hash\w*\]?))*\.js$`)

// usualEntry is where the game begins if no page tells: where a bundler begins that the project is configured for, or a file with a usual name.
func (p *Project) usualEntry(files map[string][]byte) string {
	if len(p.entries) > 0 {
		return p.entries[0]
	}
	for _, stem := range []string{"src/main", "src/index", "src/game", "main", "index", "game"} {
		for _, ext := range []string{".ts", ".tsx", ".js", ".jsx", ".mjs"} {
			if name := path.Join(p.folder, stem+ext); files[name] != nil {
				return name
			}
			if files[stem+ext] != nil {
				return stem + ext
			}
		}
	}
	if len(p.exports) > 0 {
		return p.exports[0]
	}
	return ""
}
