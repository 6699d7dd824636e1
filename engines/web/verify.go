package web

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web/page"
	"github.com/spark-games/spark/models"
)

// Verify tells whether outputs are a web game: a page at the root that starts a script, and everything the page names
// there to be loaded. The error is a *models.Error with CodeInvalidOutput.
func Verify(req engines.BuildRequest, outputs []models.File) error {
	files := make(map[string][]byte, len(outputs))
	keys := make(map[string]string, len(outputs))
	for _, f := range outputs {
		if err := models.CheckPath(f.Path); err != nil {
			return invalid("%s", models.AsError(err).Message)
		}
		key := models.PathKey(f.Path)
		if other, dup := keys[key]; dup {
			return invalid("files %q and %q collide", other, f.Path)
		}
		keys[key] = f.Path
		files[f.Path] = f.Data
		if ext := path.Ext(f.Path); (ext == ".js" || ext == ".html") && len(strings.TrimSpace(string(f.Data))) == 0 {
			return invalid("file %q is empty", f.Path)
		}
	}
	for key, name := range keys {
		for dir := path.Dir(key); dir != "."; dir = path.Dir(dir) {
			if other, clash := keys[dir]; clash {
				return invalid("%q is both a file and the folder of %q", other, name)
			}
		}
	}
	src, ok := files["index.html"]
	if !ok {
		return invalid("there is no index.html at the root")
	}
	v := &verifier{mode: req.Mode, files: files}
	if _, err := page.Walk(src, v.visit); err != nil {
		return invalid("index.html: %s", err)
	}
	if v.err == nil && v.scripts == 0 {
		return invalid("index.html starts no script of the game")
	}
	return v.err
}

func invalid(format string, args ...any) error {
	return models.NewError(models.CodeInvalidOutput, "the build's output is not a web game: "+fmt.Sprintf(format, args...))
}

type verifier struct {
	mode    engines.Mode
	files   map[string][]byte
	scripts int
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
	for attr, ref := range n.Refs() {
		v.ref(fmt.Sprintf("<%s %s>", n.Tag, attr), ref)
	}
	return "", false
}

// ref checks one reference of the page. A rooted one is wrong even when a file is there: games are served from folders.
func (v *verifier) ref(where, ref string) {
	r, local := page.Local(ref)
	switch {
	case !local:
	case r.Rooted:
		v.fail("%s names %q, which is not relative to the page", where, ref)
	default:
		if _, ok := v.files[r.Path]; !ok {
			v.fail("%s names %q, which is not in the output", where, ref)
		}
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
			v.ref("the import map", target)
		default:
			v.fail("the import map sends %q to %q, which is not part of the game", name, target)
		}
	}
}
