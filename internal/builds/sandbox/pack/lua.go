package pack

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

const (
	severityError   = "error"
	severityWarning = "warning"

	maxDiagnostics = 100
	maxText        = 1000 // bytes of a message
	maxLineText    = 240  // bytes of a line shown
)

// ownModules are Lua's.
var ownModules = []string{"_G", "coroutine", "debug", "io", "math", "os", "package", "string", "table"}

// checker looks through the Lua of one project.
type checker struct {
	pack  engines.Pack
	files map[string][]byte
	keys  map[string]string // folded path to path, for "did you mean"
	// moves says that the project changes where modules are looked for: then nobody knows what is missing.
	moves bool
	found []engines.Diagnostic
}

// checkLua parses all Lua files. Those that the game certainly loads, from its entry over what they require, must be correct;
// others may be for another Lua or a test, and their mistakes are warnings.
func checkLua(files []models.File, p engines.Pack) []engines.Diagnostic {
	c := &checker{pack: p, files: make(map[string][]byte, len(files)), keys: make(map[string]string, len(files))}
	for _, f := range files {
		c.files[f.Path] = f.Data
		c.keys[models.PathKey(f.Path)] = f.Path
		if isLua(f.Path) {
			c.moves = c.moves || movesModules(f.Data)
		}
	}
	seen := map[string]bool{}
	queue := slices.Clone(p.Lua)
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		if _, ok := c.files[name]; ok && !seen[name] {
			seen[name] = true
			queue = append(queue, c.check(name, severityError)...)
		}
	}
	for _, f := range files {
		if isLua(f.Path) && !seen[f.Path] {
			c.check(f.Path, severityWarning)
		}
	}
	slices.SortStableFunc(c.found, func(a, b engines.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return c.found
}

func isLua(name string) bool { return strings.EqualFold(path.Ext(name), ".lua") }

func movesModules(src []byte) bool {
	for _, name := range []string{"setRequirePath", "package"} {
		if bytes.Contains(src, []byte(name)) {
			return true
		}
	}
	return false
}

// check parses one file and returns the files that it requires.
func (c *checker) check(name, severity string) (required []string) {
	src := c.files[name]
	switch {
	case bytes.HasPrefix(src, []byte("\x1bLua")), bytes.HasPrefix(src, []byte("\x1bLJ")):
		c.report(severity, name, 1, 0, "this is compiled Lua, which runs on some machines only: add the source instead")
		return nil
	case bytes.HasPrefix(src, []byte("\xef\xbb\xbf")):
		c.report(severity, name, 1, 1, "the file begins with a byte order mark, which Lua does not read: save it as UTF-8 without one")
		return nil
	}
	chunk, err := parseLua(src)
	if err != nil {
		line, column, text := explain(err, src)
		c.report(severity, name, line, column, text)
		return nil
	}
	w := &walker{}
	w.statements(chunk, true)
	for _, at := range w.newer {
		c.report(severity, name, at, 0, "there is no goto in Lua 5.1, which browsers play: use a loop or a function")
	}
	for _, r := range w.requires {
		switch file, ok := c.resolve(r.module); {
		case ok:
			required = append(required, file)
		case r.certain && !c.moves && !c.brought(r.module):
			c.report(severity, name, r.line, 0, c.missing(r.module))
		}
	}
	return required
}

// errParser stands for a panic of the parser, which it does not explain.
var errParser = errors.New("this is not Lua that can be read")

func parseLua(src []byte) (chunk []ast.Stmt, err error) {
	defer func() {
		if recover() != nil {
			err = errParser
		}
	}()
	return parse.Parse(bytes.NewReader(src), "")
}

// explain says where a mistake is and what it is.
func explain(err error, src []byte) (line, column int, text string) {
	var e *parse.Error
	if !errors.As(err, &e) {
		return 1, 0, err.Error()
	}
	if e.Pos.Line == parse.EOF {
		last := bytes.TrimRight(src, " \t\r\n")
		return bytes.Count(last, []byte("\n")) + 1, 0, "the file ends too soon: something is not closed, such as an \"end\" that is missing"
	}
	text = strings.TrimSpace(e.Message)
	if e.Token != "" {
		text += fmt.Sprintf(" near %q", e.Token)
	}
	return e.Pos.Line, e.Pos.Column, text
}

// resolve finds the file that a module's name stands for, as LÖVE and Lua do.
func (c *checker) resolve(module string) (string, bool) {
	stem := strings.ReplaceAll(module, ".", "/")
	for _, name := range []string{stem + ".lua", stem + "/init.lua"} {
		if _, ok := c.files[name]; ok {
			return name, true
		}
	}
	return "", false
}

// brought reports whether the player includes the module.
func (c *checker) brought(module string) bool {
	for _, name := range slices.Concat(ownModules, c.pack.Modules) {
		if module == name || strings.HasPrefix(module, name+".") {
			return true
		}
	}
	return false
}

func (c *checker) missing(module string) string {
	stem := strings.ReplaceAll(module, ".", "/")
	switch module {
	case "ffi", "jit", "bit":
		return fmt.Sprintf("the module %q is LuaJIT's; browsers play plain Lua 5.1, which has none", module)
	}
	hint := ""
	for _, name := range []string{stem + ".lua", stem + "/init.lua"} {
		if other, ok := c.keys[models.PathKey(name)]; ok {
			hint = fmt.Sprintf(" (there is %q: upper and lower case matter)", other)
		}
	}
	return fmt.Sprintf("there is no module %q: the project has neither %s.lua nor %s/init.lua%s", module, stem, stem, hint)
}

func (c *checker) report(severity, name string, line, column int, text string) {
	if len(c.found) >= maxDiagnostics {
		return // the errors came first
	}
	d := engines.Diagnostic{Severity: severity, File: inProject(c.pack.Root, name), Line: line, Column: column, Text: models.Shorten(text, maxText)}
	d.LineText = models.Shorten(engines.LineOf(c.files[name], line), maxLineText)
	if len(d.LineText) < column {
		d.Column = 0
	}
	c.found = append(c.found, d)
}
