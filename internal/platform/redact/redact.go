// Package redact removes secrets from text that people see: the secrets it was given, and what looks like one.
package redact

import (
	"net/url"
	"strings"

	"github.com/spark-games/spark/models"
)

// Redacted replaces a secret.
const Redacted = "[redacted]"

// Redactor removes secrets from texts and logs. It is safe for concurrent use. The zero value only finds what looks like a
// secret.
type Redactor struct {
	nodes []node
}

// New makes a Redactor for the given secrets, except those that are too short or too long. It also finds them escaped as in
// URLs. Of a secret of several lines it finds each line.
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

// Text redacts a single text.
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

// Lines starts a log, in which a secret may continue from one line to the next. The function redacts the next line, which
// has no line break; one that ends in models.Shortened may end within a secret. Only one caller may use it at a time.
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
