package export

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines/web/page"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// maxText bounds a script, a style sheet or another text of a page: what has to be looked into is held while it is.
const maxText = 64 << 20

// writePage packs a web game into one HTML page that works from any place, a disk included: scripts and styles are
// inlined, and every other file is in it once. One that a single place of markup or style names stands there as a data
// URL; one that is named in several, or that the game may ask for while it runs, stands in a table, from which loader.js
// answers.
//
// The page is written as it is made. What is held is index.html, and one script, style sheet or other text at a time.
func writePage(ctx context.Context, w io.Writer, b *build) error {
	p := &packer{ctx: ctx, build: b, inlined: make(map[string]bool), uses: make(map[string]int)}
	index, err := p.text("index.html")
	if err != nil {
		return err
	}
	if err := p.plan(index); err != nil {
		return err
	}
	return p.write(w, index)
}

// packer makes one page.
type packer struct {
	*build
	ctx context.Context //nolint:containedctx // one page is made in it

	inlined map[string]bool // files that the page holds as markup, scripts and styles
	uses    map[string]int  // how often markup and styles name a file
	table   []string        // files that loader.js has, sorted
}

// text reads a file that is looked into.
func (p *packer) text(name string) ([]byte, error) {
	e, ok := p.artifact.Manifest.Find(name)
	if !ok {
		return nil, models.NewError(models.CodeInvalidOutput, "the build has no "+name)
	}
	if e.Size > maxText {
		return nil, models.NewError(models.CodeExportTooLarge, "a script or another text of the game is larger than 64 MiB; export it as a zip")
	}
	if p.ctx.Err() != nil {
		return nil, context.Cause(p.ctx)
	}
	return jobs.ReadBlob(p.ctx, p.blobs, e)
}

// local finds the file that a reference of a file in folder means.
func (p *packer) local(folder, ref string) (string, bool) {
	r, ok := page.Local(ref)
	if !ok {
		return "", false
	}
	name := r.Path
	if !r.Rooted {
		name = path.Join(folder, r.Path)
	}
	_, ok = p.artifact.Manifest.Find(name)
	return name, ok
}

// plan finds out what stands where: what is inlined, how often each file is named, and which files the table has.
func (p *packer) plan(index []byte) error {
	p.inlined["index.html"] = true
	sheets := make(map[string]int)
	_, err := page.Walk(index, func(n *page.Node) (string, bool) {
		switch part := p.part(n); part.kind {
		case script:
			p.inlined[part.file] = true
		case sheet:
			p.inlined[part.file] = true
			sheets[part.file]++
		case style:
			p.count("", n.Text, 1)
		case other:
			for _, ref := range n.Refs() {
				if name, ok := p.local("", ref); ok {
					p.uses[name]++
				}
			}
		}
		return "", false
	})
	if err != nil {
		return models.WrapError(models.CodeInvalidOutput, "index.html cannot be read: "+err.Error(), err)
	}
	for name, times := range sheets {
		css, err := p.text(name)
		if err != nil {
			return err
		}
		p.count(path.Dir(name), css, times)
	}
	mentioned, err := p.mentioned()
	if err != nil {
		return err
	}
	for _, e := range p.artifact.Manifest {
		loose := !p.inlined[e.Path] && !strings.HasSuffix(e.Path, ".map") && (p.uses[e.Path] == 0 || mentioned[e.Path])
		if p.uses[e.Path] > 1 || loose {
			p.table = append(p.table, e.Path)
		}
	}
	slices.Sort(p.table)
	return nil
}

var cssURL = regexp.MustCompile(`url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]+))\s*\)`)

// count counts the files that a style names.
func (p *packer) count(folder string, css []byte, times int) {
	for _, m := range cssURL.FindAllSubmatchIndex(css, -1) {
		if name, ok := p.local(folder, reference(css, m)); ok {
			p.uses[name] += times
		}
	}
}

// mentioned are the files, of those that markup or a style names, whose names stand in some code or data too: the game
// may load them while it runs.
func (p *packer) mentioned() (map[string]bool, error) {
	found := make(map[string]bool)
	if len(p.uses) == 0 {
		return found, nil
	}
	for _, e := range p.artifact.Manifest {
		switch path.Ext(e.Path) {
		case ".js", ".mjs", ".json", ".xml", ".atlas", ".txt":
		default:
			continue
		}
		text, err := p.text(e.Path)
		if err != nil {
			return nil, err
		}
		for name := range p.uses {
			if p.ctx.Err() != nil {
				return nil, context.Cause(p.ctx)
			}
			if name != e.Path && !found[name] && bytes.Contains(text, []byte(path.Base(name))) {
				found[name] = true
			}
		}
	}
	return found, nil
}

// inTable reports whether the table has a file.
func (p *packer) inTable(name string) bool {
	_, ok := slices.BinarySearch(p.table, name)
	return ok
}

// part is what a node of index.html is to the page.
type part struct {
	kind kind
	file string
}

type kind int

const (
	other  kind = iota
	script      // a script of the build
	sheet       // a style sheet of the build
	style       // a style in the page itself
	gone        // nothing that the page needs
)

func (p *packer) part(n *page.Node) part {
	if n.End {
		return part{}
	}
	switch kind := n.ScriptKind(); {
	case kind == page.Module || kind == page.Classic:
		src, _ := n.Attr("src")
		if name, ok := p.local("", src); ok {
			return part{script, name}
		}
	case n.Tag == "link" && n.HasRel("stylesheet"):
		href, _ := n.Attr("href")
		if name, ok := p.local("", href); ok {
			return part{sheet, name}
		}
	case n.Tag == "link" && n.HasRel("modulepreload"):
		return part{kind: gone} // what it would load is in the page
	case n.Tag == "style":
		return part{kind: style}
	}
	return part{}
}

// dataURL writes a file as a data URL.
func (p *packer) dataURL(w io.Writer, name string) error {
	e, ok := p.artifact.Manifest.Find(name)
	if !ok {
		return fmt.Errorf("%s is not in the build", name)
	}
	if _, err := io.WriteString(w, "data:"+strings.ReplaceAll(models.MediaType(name), " ", "")+";base64,"); err != nil {
		return err
	}
	in, err := p.open(p.ctx, e)
	if err != nil {
		return err
	}
	defer in.Close()
	enc := base64.NewEncoder(base64.StdEncoding, w)
	if _, err := io.Copy(enc, in); err != nil {
		return err
	}
	if p.ctx.Err() != nil {
		return context.Cause(p.ctx)
	}
	return enc.Close()
}
