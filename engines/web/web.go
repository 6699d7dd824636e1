// Package web is what the adapters of web engines share: how a project of an npm-style game is laid out, what to bundle, and how
// to check that the result is a game that a browser can load.
package web

import (
	"path"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web/page"
	"github.com/spark-games/spark/models"
)

// Project is a web project's layout.
type Project struct {
	HTML      string   // the page, "" when there is none
	Entry     string   // the file that starts the game, "" when there is none
	PublicDir string   // "public", or "" when there is none
	Static    []string // files that the game may load by URL
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
	if p.Entry == "" {
		return engines.Plan{}, models.NewError(models.CodeInvalidFiles,
			"nothing starts the game: index.html needs a module script, or the project a src/main.js, src/main.ts or the like")
	}
	if req.Mode == engines.Release {
		shared = nil
	}
	return engines.Plan{Bundle: &engines.Bundle{
		Entry: p.Entry, HTML: p.HTML, Title: title(req.Title), Mode: req.Mode, Shared: slices.Clone(shared),
		PublicDir: p.PublicDir, Static: p.Static,
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

// Inspect finds out how a project is laid out.
func Inspect(files []models.File) (Project, error) {
	byPath := make(map[string][]byte, len(files))
	var p Project
	for _, f := range files {
		byPath[f.Path] = f.Data
		if strings.HasPrefix(f.Path, "public/") {
			p.PublicDir = "public"
		}
	}
	for _, name := range []string{"index.html", "public/index.html", "src/index.html"} {
		if _, ok := byPath[name]; ok {
			p.HTML = name
			break
		}
	}
	if p.HTML != "" {
		entry, err := pageEntry(p.HTML, byPath[p.HTML])
		if err != nil {
			return Project{}, err
		}
		p.Entry = entry
	}
	if p.Entry == "" {
		p.Entry = usualEntry(byPath)
	}
	p.Static = static(files)
	return p, nil
}

// pageEntry is the page's first module script: a project file, or the page itself when the script is within it.
func pageEntry(name string, src []byte) (string, error) {
	entry := ""
	_, err := page.Walk(src, func(n *page.Node) (string, bool) {
		if entry != "" || n.ScriptKind() != page.Module {
			return "", false
		}
		v, ok := n.Attr("src")
		if !ok && strings.TrimSpace(string(n.Text)) != "" {
			entry = name
		}
		if ref, local := page.Local(v); local {
			if ref.Rooted {
				entry = ref.Path
			} else {
				entry = path.Join(path.Dir(name), ref.Path)
			}
		}
		return "", false
	})
	if err != nil {
		return "", models.NewError(models.CodeInvalidFiles, name+": "+err.Error())
	}
	return entry, nil
}

func usualEntry(files map[string][]byte) string {
	for _, stem := range []string{"src/main", "src/index", "src/game", "main", "index", "game"} {
		for _, ext := range []string{".ts", ".tsx", ".js", ".jsx", ".mjs"} {
			if _, ok := files[stem+ext]; ok {
				return stem + ext
			}
		}
	}
	return ""
}
