package jobs

import (
	"net/url"
	"strings"
)

// Redactor takes secrets out of what jobs say: those it was told, and what has the shape of a secret. It is safe for
// concurrent use, and the zero value and nil know the shapes alone.
type Redactor struct {
	nodes []redactNode
}

// redactNode is a state of the automaton that looks for all secrets at once: what has been read ends in the first depth
// bytes of one of them, and of no longer one.
type redactNode struct {
	next  [256]uint16
	depth int
	fail  uint16
	match int // length of the longest secret that what was read ends in, 0 for none
	part  int // length of the longest beginning of a secret, which is too much to show
}

// Redacted stands in the place of a secret.
const Redacted = "[redacted]"

const (
	// shortestSecret is the least that is looked for: shorter ones are words.
	shortestSecret = 8
	// shownPart is how much of a secret may be seen at most: the fourth part, when a line ends in the middle of it.
	shownPart     = 4
	maxRedactNode = 1<<16 - 1
)

// NewRedactor makes one that knows some secrets, in what is neither too short nor too long, also as parts of URLs are
// written. Of a secret of several lines it knows each line.
func NewRedactor(secrets ...string) *Redactor {
	r := &Redactor{nodes: make([]redactNode, 1)}
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

func (r *Redactor) learn(secret string) {
	if len(secret) < shortestSecret || len(r.nodes)+len(secret) > maxRedactNode {
		return
	}
	at := uint16(0)
	for i := range len(secret) {
		next := r.nodes[at].next[secret[i]]
		if next == 0 {
			next = uint16(len(r.nodes))
			r.nodes = append(r.nodes, redactNode{depth: i + 1})
			r.nodes[at].next[secret[i]] = next
		}
		at = next
		if i+1 >= max(shownPart, len(secret)/shownPart) {
			r.nodes[at].part = i + 1
		}
	}
	r.nodes[at].match = len(secret)
}

// link makes the trie an automaton, by breadth: Aho and Corasick, "Efficient String Matching", 1975.
func (r *Redactor) link() {
	var queue []uint16
	for _, n := range r.nodes[0].next {
		if n != 0 {
			queue = append(queue, n)
		}
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		n := &r.nodes[at]
		fail := &r.nodes[n.fail]
		n.match, n.part = max(n.match, fail.match), max(n.part, fail.part)
		for c, child := range n.next {
			if child == 0 {
				n.next[c] = fail.next[c]
				continue
			}
			r.nodes[child].fail = fail.next[c]
			queue = append(queue, child)
		}
	}
}

// Text redacts a text that stands alone.
func (r *Redactor) Text(s string) string {
	stream := redaction{r: r}
	var b strings.Builder
	for line := range strings.Lines(s) {
		text, ended := strings.CutSuffix(line, "\n")
		b.WriteString(stream.line(text))
		if ended {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// redaction redacts the lines of one log, in which a secret may go on from one line to the next.
type redaction struct {
	r      *Redactor
	at     uint16
	shapes shapes
}

// shortened is how a line ends of which the rest was left out.
const shortened = "…"

// line redacts the next line, which has no line break. One that was shortened may end within a secret.
func (s *redaction) line(text string) string {
	text, isShort := strings.CutSuffix(text, shortened)
	text = s.shapes.line(s.known(text))
	if isShort {
		text += shortened
	}
	return text
}

// span is a part of a line.
type span struct{ from, to int }

// known hides the secrets that the redactor was told.
func (s *redaction) known(text string) string {
	if s.r == nil || len(s.r.nodes) < 2 || text == "" {
		return text
	}
	var hidden []span
	hide := func(from, to int) {
		from = max(from, 0) // it began on an earlier line, where it was hidden or too little to hide
		for len(hidden) > 0 && hidden[len(hidden)-1].to >= from {
			from = min(from, hidden[len(hidden)-1].from)
			hidden = hidden[:len(hidden)-1]
		}
		hidden = append(hidden, span{from, to})
	}
	for i := range len(text) {
		s.at = s.r.nodes[s.at].next[text[i]]
		if n := s.r.nodes[s.at].match; n > 0 {
			hide(i+1-n, i+1)
		}
	}
	if n := s.r.nodes[s.at].part; n > 0 {
		hide(len(text)-n, len(text))
	}
	if hidden == nil {
		return text
	}
	var b strings.Builder
	shown := 0
	for _, h := range hidden {
		b.WriteString(text[shown:h.from])
		b.WriteString(Redacted)
		shown = h.to
	}
	return b.String() + text[shown:]
}
