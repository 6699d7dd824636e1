package export

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
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
// answers. A game that one page cannot be made of is refused, with the file and the reason.
//
// The page is written as it is made. What is held is index.html, and one script, style sheet or other text at a time.
func writePage(ctx context.Context, w io.Writer, b *build) error {
	p := &packer{ctx: ctx, build: b, exists: make(map[string]bool), inlined: make(map[string]bool), modules: make(map[string]bool),
		uses: make(map[string]int), forced: make(map[string]bool)}
	for _, e := range b.artifact.Manifest {
		p.exists[e.Path] = true
	}
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

	exists  map[string]bool   // the build's files
	inlined map[string]bool   // files that the page holds as markup, scripts and styles
	modules map[string]bool   // scripts of the page that are modules
	imports map[string]string // the page's own import map
	uses    map[string]int    // how often markup and styles name a file
	forced  map[string]bool   // files that have to be in the table, however often they are named
	table   []string          // files that loader.js has, sorted
}

// text reads a file that is looked into.
func (p *packer) text(name string) ([]byte, error) {
	e, ok := p.artifact.Manifest.Find(name)
	if !ok {
		return nil, models.NewError(models.CodeInvalidOutput, "the build has no "+name)
	}
	if e.Size > maxText {
		return nil, models.NewError(models.CodeExportTooLarge,
			name+" is larger than the 64 MiB that a script or another text may have; export the game as a zip")
	}
	if p.ctx.Err() != nil {
		return nil, context.Cause(p.ctx)
	}
	return jobs.ReadBlob(p.ctx, p.blobs, e)
}

// refuse says why a game cannot be one page.
func refuse(format string, args ...any) error {
	return &models.Error{Code: models.CodeNotPlayable, Pointer: "/format",
		Message: "no single page can be made of this game: " + fmt.Sprintf(format, args...) + "; export it as a zip"}
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
	switch n.ScriptKind() {
	case page.Module, page.Classic:
		src, _ := n.Attr("src")
		if r, ok := p.local("", src); ok {
			return part{script, r.file}
		}
		return part{}
	case page.ImportMap:
		if len(p.table) > 0 {
			return part{kind: gone} // loader.js makes one
		}
	case page.NotScript, page.Data:
	}
	switch n.Tag {
	case "style":
		return part{kind: style}
	case "base":
		if _, ok := n.Attr("href"); ok {
			return part{kind: gone} // it is the page's folder
		}
	case "meta":
		if v, _ := n.Attr("http-equiv"); strings.EqualFold(v, "Content-Security-Policy") {
			return part{kind: gone} // nothing comes from where it lets things come from any more
		}
	case "link":
		return p.link(n)
	}
	return part{}
}

// link takes a sheet that is preloaded, and made a sheet when it is there, for one; what else is loaded ahead is in the page.
func (p *packer) link(n *page.Node) part {
	href, _ := n.Attr("href")
	r, ok := p.local("", href)
	as, _ := n.Attr("as")
	_, later := n.Attr("onload")
	preload := n.HasRel("preload")
	switch {
	case ok && n.HasRel("stylesheet") && n.HasRel("alternate"):
		return part{kind: gone}
	case ok && (n.HasRel("stylesheet") || preload && later && strings.EqualFold(as, "style")):
		return part{sheet, r.file}
	case preload && (ok || len(p.inMarkup(n)) > 0), ok && (n.HasRel("modulepreload") || n.HasRel("prefetch")):
		return part{kind: gone}
	}
	return part{}
}

// dataURL writes a file as a data URL.
func (p *packer) dataURL(w io.Writer, name string) error {
	e, ok := p.artifact.Manifest.Find(name)
	if !ok {
		return fmt.Errorf("%s is not in the build", name)
	}
	in, err := p.open(p.ctx, e)
	if err != nil {
		return err
	}
	defer in.Close()
	return p.writeDataURL(w, name, in)
}

func (p *packer) writeDataURL(w io.Writer, name string, in io.Reader) error {
	if _, err := io.WriteString(w, "data:"+strings.ReplaceAll(models.MediaType(name), " ", "")+";base64,"); err != nil {
		return err
	}
	enc := base64.NewEncoder(base64.StdEncoding, w)
	if _, err := io.Copy(enc, in); err != nil {
		return err
	}
	if p.ctx.Err() != nil {
		return context.Cause(p.ctx)
	}
	return enc.Close()
}

// codeURL writes a script as a data URL.
func (p *packer) codeURL(w io.Writer, code []byte) error {
	return p.writeDataURL(w, "a.js", bytes.NewReader(code))
}
