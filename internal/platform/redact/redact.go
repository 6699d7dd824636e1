// Package redact takes secrets out of text that people see: those it was told, and what has the looks of one.
package redact

import (
	"net/url"
	"strings"

	"github.com/spark-games/spark/models"
)

// Redacted stands in the place of a secret.
const Redacted = "[redacted]"

// Redactor takes secrets out of texts and logs. It is safe for concurrent use, and the zero value knows the looks of
// secrets alone.
type Redactor struct {
	nodes []node
}

// New makes a Redactor that knows some secrets, in what is neither too short nor too long, also as parts of URLs are
// written. Of a secret of several lines it knows each line.
func New(secrets ...string) *Redactor {
	r := &Redactor{nodes: make([]node, 1)}
	for _, s := range secrets {
		for line := range strings.Lines(s) {
			line = strings.TrimSpace(line)
			for _, form := range []string{line, url.QueryEscape(line), url.PathEscape(line)} {
				r.learn(form)
			}
		}
	}
	r.link()
	return r
}

// Text redacts a text that stands alone.
func (r *Redactor) Text(s string) string {
	redact := r.Lines()
	var b strings.Builder
	for line := range strings.Lines(s) {
		text, ended := strings.CutSuffix(line, "\n")
		b.WriteString(redact(text))
		if ended {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// Lines begins a log, in which a secret may go on from one line to the next. The function redacts its next line, which
// has no line break; one that ends in models.Shortened may end within a secret. It is for one caller at a time.
func (r *Redactor) Lines() func(line string) string {
	l := &log{known: stream{nodes: r.nodes}}
	return l.line
}

// log redacts the lines of one log.
type log struct {
	known stream
	looks looks
}

func (l *log) line(text string) string {
	text, isShort := strings.CutSuffix(text, models.Shortened)
	text = l.looks.line(l.known.line(text))
	if isShort {
		text += models.Shortened
	}
	return text
}
