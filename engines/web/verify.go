package web

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web/page"
	"github.com/spark-games/spark/models"
)

// maxPageBytes is the largest index.html that is read: it is parsed whole.
const maxPageBytes = 32 << 20

// Verify checks that outputs are a web game: a page at the root that starts a script, and every file that the page loads. The
// error is a *models.Error with CodeInvalidOutput.
func Verify(req engines.BuildRequest, outputs engines.Outputs) error {
	files := outputs.Manifest()
	if err := models.CheckPaths(files.Paths()); err != nil {
		return invalid("%s", models.AsError(err).Message)
	}
	paths := make(map[string]bool, len(files))
	for _, f := range files {
		paths[f.Path] = true
		if ext := path.Ext(f.Path); ext != ".js" && ext != ".html" {
			continue
		}
		if blank, err := isBlank(outputs, f.Path); err != nil {
			return err
		} else if blank {
			return invalid("file %q is empty", f.Path)
		}
	}
	if !paths["index.html"] {
		return invalid("there is no index.html at the root")
	}
	src, err := engines.ReadOutput(outputs, "index.html", maxPageBytes)
	if err != nil {
		return err
	}
	v := &verifier{mode: req.Mode, paths: paths}
	if _, err := page.Walk(src, v.visit); err != nil {
		return invalid("index.html: %s", err)
	}
	if v.err == nil && v.scripts == 0 && !v.leads {
		return invalid("index.html starts no script of the game")
	}
	return v.err
}

// isBlank reports whether a file has nothing but white space. A file that has more shows that at its beginning.
func isBlank(outputs engines.Outputs, name string) (bool, error) {
	c, err := outputs.Open(name)
	if err != nil {
		return false, err
	}
	defer c.Close()
	in := bufio.NewReaderSize(c, 1<<10)
	for {
		switch r, _, err := in.ReadRune(); {
		case errors.Is(err, io.EOF):
			return true, nil
		case err != nil:
			return false, err
		case !unicode.IsSpace(r):
			return false, nil
		}
	}
}

func invalid(format string, args ...any) error {
	return models.NewError(models.CodeInvalidOutput, "the build's output is not a web game: "+fmt.Sprintf(format, args...))
}

type verifier struct {
	mode    engines.Mode
	paths   map[string]bool
	scripts int
	leads   bool // to another page of the game
	err     error
}

func (v *verifier) fail(format string, args ...any) {
	if v.err == nil {
		v.err = invalid(format, args...)
	}
}

func (v *verifier) visit(n *page.Node) (string, bool) {
	switch n.ScriptKind() {
	case page.ImportMap:
		v.importMap(n.Text)
	case page.Module, page.Classic:
		if src, ok := n.Attr("src"); ok {
			if _, local := page.Local(src); local {
				v.scripts++
			}
		}
	}
	if href, ok := n.Attr("href"); ok && n.Tag == "a" {
		ref, local := page.Local(href)
		v.leads = v.leads || local && v.paths[ref.Path] && path.Ext(ref.Path) == ".html"
	}
	needed := n.Tag == "script" || n.Tag == "link" && n.HasRel("stylesheet")
	for _, r := range n.Refs() {
		v.ref(fmt.Sprintf("<%s %s>", n.Tag, r.Attr), r.URL, needed)
	}
	return "", false
}

// ref checks one reference of the page. A rooted one is wrong even when a file is there: games are served from folders. A game starts
// without a picture that is not there, about which the build has warned.
func (v *verifier) ref(where, ref string, needed bool) {
	r, local := page.Local(ref)
	switch {
	case !local:
	case r.Rooted && (needed || v.paths[r.Path]):
		v.fail("%s names %q, which is not relative to the page", where, ref)
	case needed && !v.paths[r.Path]:
		v.fail("%s names %q, which is not in the output", where, ref)
	}
}

func (v *verifier) importMap(text []byte) {
	var m struct {
		Imports map[string]string `json:"imports"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		v.fail("the import map is not valid JSON")
		return
	}
	for name, target := range m.Imports {
		switch {
		case strings.HasPrefix(target, engines.ModuleURLPrefix):
			if v.mode == engines.Release {
				v.fail("a release cannot load %q from the platform", name)
			}
		case strings.HasPrefix(target, "./") || strings.HasPrefix(target, "../"):
			v.ref("the import map", target, true)
		default:
			v.fail("the import map sends %q to %q, which is not part of the game", name, target)
		}
	}
}
