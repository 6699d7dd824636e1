package custom

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/spark-games/spark/models"
)

// Problem is something that is wrong with a file.
type Problem struct {
	File string
	Line int // from 1; 0 when it is about the file as a whole
	Text string
}

func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

// Problems are all that is wrong, one a line. As an error it is never empty.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// reader reads the nodes of one document. It records mistakes and continues, so that all of them are reported together.
type reader struct {
	file     string
	problems Problems
}

func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	r.problems = append(r.problems, Problem{r.file, n.Line, fmt.Sprintf(format, args...)})
}

// is reports whether a node is of a kind, and records a mistake if it is not.
func (r *reader) is(n *yaml.Node, k yaml.Kind, what string) bool {
	switch {
	case n.Kind == yaml.AliasNode:
		r.fail(n, "aliases are not used here: write it out")
	case n.Kind != k || k == yaml.ScalarNode && n.Tag == "!!null":
		r.fail(n, "this must be %s", what)
	default:
		return true
	}
	return false
}

// fields reads a mapping. Each field is there at most once, and none is unknown.
func (r *reader) fields(n *yaml.Node, known map[string]func(*yaml.Node), required ...string) {
	if !r.is(n, yaml.MappingNode, "a mapping with the fields "+strings.Join(slices.Sorted(maps.Keys(known)), ", ")) {
		return
	}
	seen := make(map[string]bool)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, ok := known[key.Value]
		switch {
		case key.Kind != yaml.ScalarNode || !ok:
			r.fail(key, "unknown field %q; there are: %s", short(key.Value), strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		case seen[key.Value]:
			r.fail(key, "the field %s is duplicated", key.Value)
		default:
			seen[key.Value] = true
			read(value)
		}
	}
	for _, name := range required {
		if !seen[name] {
			r.fail(n, "the field %s is missing", name)
		}
	}
}

// pairs reads a mapping of texts whose keys are anything, in the order of the file.
func (r *reader) pairs(n *yaml.Node, each func(key *yaml.Node, value string)) {
	if !r.is(n, yaml.MappingNode, "a mapping of texts") {
		return
	}
	seen := make(map[string]bool)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if seen[key.Value] {
			r.fail(key, "%q is duplicated", short(key.Value))
			continue
		}
		seen[key.Value] = true
		if v, ok := r.text(n.Content[i+1], true); ok {
			each(key, v)
		}
	}
}

func (r *reader) list(n *yaml.Node, what string, each func(*yaml.Node)) {
	if r.is(n, yaml.SequenceNode, "a list of "+what) {
		for _, item := range n.Content {
			each(item)
		}
	}
}

// text reads a text; numbers are texts too, as they are written.
func (r *reader) text(n *yaml.Node, mayBeEmpty bool) (string, bool) {
	switch {
	case !r.is(n, yaml.ScalarNode, "a text"):
		return "", false
	case n.Value == "" && !mayBeEmpty:
		r.fail(n, "this must not be empty")
		return "", false
	case strings.ContainsRune(n.Value, 0):
		r.fail(n, "a text cannot have a NUL")
		return "", false
	}
	return n.Value, true
}

// oneOf reads a text that is one of a few.
func (r *reader) oneOf(n *yaml.Node, known ...string) (string, bool) {
	s, ok := r.text(n, false)
	if ok && !slices.Contains(known, s) {
		r.fail(n, "%q is not one of: %s", short(s), strings.Join(known, ", "))
		return "", false
	}
	return s, ok
}

// units of sizes; the longer names first.
var units = []struct {
	name  string
	bytes int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}}

// size reads a number of bytes, "512MiB", within bounds.
func (r *reader) size(n *yaml.Node, least, most int64) int64 {
	s, ok := r.text(n, false)
	if !ok {
		return 0
	}
	digits, unit := s, int64(1)
	for _, u := range units {
		if d, found := strings.CutSuffix(s, u.name); found {
			digits, unit = strings.TrimSpace(d), u.bytes
			break
		}
	}
	v, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || v < 0 || v > most/unit || v*unit < least {
		r.fail(n, `%q is no size from %d to %d bytes, such as "512MiB"`, short(s), least, most)
		return 0
	}
	return v * unit
}

func (r *reader) count(n *yaml.Node, least, most int) int {
	s, ok := r.text(n, false)
	v, err := strconv.Atoi(s)
	if ok && (err != nil || v < least || v > most) {
		r.fail(n, "%q is no number from %d to %d", short(s), least, most)
		return 0
	}
	return v
}

func (r *reader) duration(n *yaml.Node, least, most time.Duration) time.Duration {
	s, ok := r.text(n, false)
	v, err := time.ParseDuration(s)
	if ok && (err != nil || v < least || v > most) {
		r.fail(n, `%q is no time from %s to %s, such as "90s"`, short(s), least, most)
		return 0
	}
	return v
}

// short is a value as an error shows it.
func short(s string) string { return models.Shorten(s, 60) }
