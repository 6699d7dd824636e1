package export

import (
	"bytes"
	"io"
	"path"
	"regexp"
	"strings"

	"github.com/spark-games/spark/engines/web/page"
)

// script keeps the script's other attributes. Modules are deferred by themselves. A classic script that waits for the end of
// parsing, which only one with an address does, gets its code as its address, so that it runs in its turn among them.
func (p *packer) script(n *page.Node, file string, add func(later) string) string {
	kept := n.Attrs[:0:0]
	waits := false
	for _, a := range n.Attrs {
		switch a.Key {
		case "async", "defer":
			waits = n.ScriptKind() == page.Classic
		case "src", "integrity", "crossorigin":
		default:
			kept = append(kept, a)
		}
	}
	n.Attrs = kept
	start := strings.TrimSuffix(n.StartTag(), ">")
	isModule := n.ScriptKind() == page.Module
	return add(func(w io.Writer) error {
		code, err := p.text(file)
		if err != nil {
			return err
		}
		if isModule && len(p.table) > 0 {
			code = p.inlineModule(file, code)
		}
		out := &errWriter{w: w}
		if isModule || !waits && !scriptMarks.Match(code) {
			out.write(start + ">\n")
			out.escaped(code)
			out.write("\n</script>")
			return out.err
		}
		if waits {
			start += ` defer=""`
		}
		out.write(start + ` src="`)
		if out.err == nil {
			out.err = p.codeURL(w, code)
		}
		out.write(`"></script>`)
		return out.err
	})
}

// inlineModule has the imports of a module lead to where loader.js's import map finds them, wherever the module was.
func (p *packer) inlineModule(file string, code []byte) []byte {
	var b bytes.Buffer
	done := 0
	for _, r := range p.inScript(path.Dir(file), code) {
		b.Write(code[done:r.start])
		b.WriteString("./" + r.escaped())
		done = r.end
	}
	b.Write(code[done:])
	return placed(file, b.Bytes())
}

// scriptMarks are what must not be in the text of a script element.
var scriptMarks = regexp.MustCompile(`(?i)</script|<!--`)

// escaped keeps a module from ending its element, and from opening a comment in which the element's end would not count: in a
// string or a regular expression "<\/" is "</", and "\x3C" is "<". Elsewhere a module has neither. A classic script may have
// comments that begin with "<!--", so one with such marks is not inlined.
func (e *errWriter) escaped(code []byte) {
	done := 0
	for _, m := range scriptMarks.FindAllIndex(code, -1) {
		e.bytes(code[done:m[0]])
		done = m[0] + 1
		if code[done] == '!' {
			e.write(`\x3C`)
		} else {
			e.write(`<\`)
		}
	}
	e.bytes(code[done:])
}
