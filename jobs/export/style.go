package export

import (
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"

	"golang.org/x/net/html"

	"github.com/spark-games/spark/engines/web/page"
)

// styleAttrs are what a link to a style sheet says that its style says too.
var styleAttrs = []string{"id", "media", "title", "nonce"}

// style writes a style. One that names files of the table is put together by loader.js, in the same place, from texts and
// references, which take turns.
func (p *packer) style(w io.Writer, attrs []html.Attribute, folder string, css []byte) error {
	out := &errWriter{w: w}
	refs := p.inCSS(folder, css)
	scripted := slices.ContainsFunc(refs, func(r ref) bool { return p.inTable(r.file) })
	text := func(s []byte) { out.write(string(endOfStyle.ReplaceAll(s, []byte(`<\/$1`)))) }
	if scripted {
		out.write(`<script>sparkStyle(["`)
		text = func(s []byte) { out.write(inJSON(string(s))) }
	} else {
		out.write((&page.Node{Tag: "style", Attrs: attrs}).StartTag() + "\n")
	}
	done := 0
	for _, r := range refs {
		text(css[done:r.start])
		done = r.end
		text([]byte(r.before))
		if p.inTable(r.file) {
			out.write(`","` + inJSON(r.escaped()) + `","`)
		} else {
			if out.err == nil {
				out.err = p.dataURL(w, r.file)
			}
			text([]byte(r.fragment))
		}
		text([]byte(r.after))
	}
	text(css[done:])
	if !scripted {
		out.write("\n</style>")
		return out.err
	}
	byName := make(map[string]string, len(attrs))
	for _, a := range attrs {
		byName[a.Key] = a.Val
	}
	list, err := json.Marshal(byName)
	out.write(`"],` + string(list) + ")</script>")
	return errors.Join(out.err, err)
}

var endOfStyle = regexp.MustCompile(`(?i)</(style)`)
