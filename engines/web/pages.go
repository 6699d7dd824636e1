package web

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// usualPages are where a project's first page is, in order.
var usualPages = []string{"index.html", "public/index.html", "src/index.html"}

// maxPages bounds the pages of a game, each of which is bundled. Further ones are files like others.
const maxPages = 100

// findPages finds the pages of a project: the first, which becomes index.html, and all others that a browser would show. Without a page at one
// of the usual places, the only one of the project is the first.
func (p *Project) findPages(files []models.File) {
	var others []string
	usual := usualPages
	if p.folder != "" {
		usual = append([]string{path.Join(p.folder, "index.html")}, usual...)
	}
	for _, f := range files {
		if at := slices.Index(usual, f.Path); at >= 0 && (p.HTML == "" || at < slices.Index(usual, p.HTML)) {
			p.HTML = f.Path
		}
		if p.isPage(f) {
			others = append(others, f.Path)
		}
	}
	if p.HTML == "" && len(others) == 1 {
		p.HTML = others[0]
	}
	others = slices.DeleteFunc(others, func(name string) bool { return name == p.HTML })
	slices.Sort(others)
	p.Pages = others[:min(len(others), maxPages)]
}

// isPage reports whether a file is a page, and no part of one that the game loads. What is in public stays as it is.
func (p *Project) isPage(f models.File) bool {
	first, _, nested := strings.Cut(f.Path, "/")
	ext := strings.ToLower(path.Ext(f.Path))
	if ext != ".html" && ext != ".htm" || !isServed(f.Path) && f.Path != "index.html" || nested && (made[first] || first == "assets") {
		return false
	}
	head := bytes.ToLower(f.Data[:min(len(f.Data), 4096)])
	return bytes.Contains(head, []byte("<!doctype")) || bytes.Contains(head, []byte("<html")) || bytes.Contains(head, []byte("<script"))
}

// findPublic finds the folder whose files are copied to the game's. It is "static" only for pages in a folder of their own, as templates have it.
func (p *Project) findPublic(files []models.File) {
	candidates := []string{p.publicDir, path.Join(p.folder, "public"), "public"}
	if p.HTML != "" && path.Dir(p.HTML) != "." {
		candidates = append(candidates, "static")
	}
	for _, dir := range candidates {
		if dir != "" && hasFolder(files, dir) {
			p.PublicDir = dir
			return
		}
	}
}

func hasFolder(files []models.File, dir string) bool {
	return slices.ContainsFunc(files, func(f models.File) bool { return strings.HasPrefix(f.Path, dir+"/") })
}
