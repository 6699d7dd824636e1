package redact

import "strings"

// node is a state of the automaton that searches for all secrets in one pass: the text read so far ends in the first depth bytes
// of a secret, and in no longer beginning of one.
type node struct {
	next  [256]uint16
	depth int
	fail  uint16
	match int // length of the longest secret that the text read so far ends in, 0 for none
	part  int // length of the longest beginning of a secret that is too long to show
}

const (
	// shortestSecret is the minimum length that is searched for: shorter ones are ordinary words.
	shortestSecret = 8
	// shownPart is how much of a secret may be shown at most: a quarter, when a line ends in the middle of it.
	shownPart = 4
	maxNodes  = 1<<16 - 1
)

func (r *Redactor) learn(secret string) {
	if len(secret) < shortestSecret || len(r.nodes)+len(secret) > maxNodes {
		return
	}
	at := uint16(0)
	for i := range len(secret) {
		next := r.nodes[at].next[secret[i]]
		if next == 0 {
			next = uint16(len(r.nodes))
			r.nodes = append(r.nodes, node{depth: i + 1})
			r.nodes[at].next[secret[i]] = next
		}
		at = next
		if i+1 >= max(shownPart, len(secret)/shownPart) {
			r.nodes[at].part = i + 1
		}
	}
	r.nodes[at].match = len(secret)
}

// link turns the trie into an automaton, breadth-first: Aho and Corasick, "Efficient String Matching", 1975.
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

// stream is the position in a log.
type stream struct {
	nodes []node
	at    uint16
}

// span is a part of a line.
type span struct{ from, to int }

// line hides the known secrets of the next line.
func (s *stream) line(text string) string {
	if len(s.nodes) < 2 || text == "" {
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
		s.at = s.nodes[s.at].next[text[i]]
		if n := s.nodes[s.at].match; n > 0 {
			hide(i+1-n, i+1)
		}
	}
	if n := s.nodes[s.at].part; n > 0 {
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
