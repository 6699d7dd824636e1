package projects

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func merged(base, ours, theirs string) (text string, conflicts int) {
	parts := mergeLines(splitLines(base), splitLines(ours), splitLines(theirs))
	for _, p := range parts {
		if p.conflict {
			conflicts++
		}
	}
	return joinParts(parts, ConflictMarkers), conflicts
}

func TestMergeLines(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, base, ours, theirs, want string }{
		{"far apart", "a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n", "A\nb\nc\nD\n"},
		{"alike", "a\nb\n", "a\nx\n", "a\nx\n", "a\nx\n"},
		{"alike and apart", "a\nb\nc\nd\ne\n", "X\nb\nc\nd\nO\n", "X\nb\nT\nd\ne\n", "X\nb\nT\nd\nO\n"},
		{"a line added and one taken away", "a\nb\nc\nd\n", "new\na\nb\nc\nd\n", "a\nb\nc\n", "new\na\nb\nc\n"},
		{"without an end of line", "a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC"},
		{"Windows", "a\r\nb\r\nc\r\n", "A\r\nb\r\nc\r\n", "a\r\nb\r\nC\r\n", "A\r\nb\r\nC\r\n"},
		{"the same lines", "a\n", "b\n", "c", "<<<<<<< ours\nb\n||||||| base\na\n=======\nc\n>>>>>>> theirs\n"},
		{"beside one another", "a\nb\n", "A\nb\n", "a\nB\n", "<<<<<<< ours\nA\nb\n||||||| base\na\nb\n=======\na\nB\n>>>>>>> theirs\n"},
		{"two added at one place", "a\nz\n", "a\no\nz\n", "a\nt\nz\n", "a\n<<<<<<< ours\no\n||||||| base\n=======\nt\n>>>>>>> theirs\nz\n"},
		{"from nothing", "", "a\n", "b\n", "<<<<<<< ours\na\n||||||| base\n=======\nb\n>>>>>>> theirs\n"},
		{"a function moved, and one line elsewhere", "f {\n1\n}\ng {\n2\n}\nh\n", "g {\n2\n}\nf {\n1\n}\nh\n", "f {\n1\n}\ng {\n2\n}\nh\nend\n", "g {\n2\n}\nf {\n1\n}\nh\nend\n"},
	} {
		got, _ := merged(tt.base, tt.ours, tt.theirs)
		require.Equal(t, tt.want, got, tt.name)
	}
}

// Whatever the texts are: what only one side has changed is that side's, what both have changed alike is taken once, and sides can be exchanged.
func FuzzMergeLines(f *testing.F) {
	f.Add("a\nb\nc\n", "a\nx\nc\n", "a\nb\nc\nd\n")
	f.Add(strings.Repeat("x\n", 3)+"b\n\nx\n", "x\nb\nx", "\n\nb\n"+strings.Repeat("x\n", 2))
	f.Add("", "x", "\n")
	f.Fuzz(func(t *testing.T, base, x, y string) {
		for _, tt := range [][4]string{{base, x, base, x}, {base, base, y, y}, {base, x, x, x}} {
			got, conflicts := merged(tt[0], tt[1], tt[2])
			require.Zero(t, conflicts)
			require.Equal(t, tt[3], got)
		}
		lines := splitLines(base)
		require.Equal(t, base, strings.Join(lines, ""))
		require.Equal(t, x, strings.Join(replaced(lines, 0, len(lines), lineEdits(lines, splitLines(x))), ""))
		one, other := mergeLines(lines, splitLines(x), splitLines(y)), mergeLines(lines, splitLines(y), splitLines(x))
		require.Len(t, other, len(one))
		for i, p := range one {
			q := other[i]
			require.Equal(t, p.conflict, q.conflict)
			require.True(t, slices.Equal(p.base, q.base) && slices.Equal(p.ours, q.theirs) && slices.Equal(p.theirs, q.ours) && slices.Equal(p.lines, q.lines))
		}
		require.Equal(t, joinParts(one, ConflictOurs), joinParts(other, ConflictTheirs))
	})
}

// Edits of two sides that are apart are all in the result.
func TestMergeLinesHasAllEdits(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var base []string
		for i := range 10 + rnd.IntN(90) {
			base = append(base, strconv.Itoa(rnd.IntN(20+i))+"\n")
		}
		ours, theirs, want := slices.Clone(base), slices.Clone(base), slices.Clone(base)
		for i := 0; i < len(base); i += 2 + rnd.IntN(6) { // every other line stays, so that no two edits touch
			line := "edit " + strconv.Itoa(i) + "\n"
			if want[i] = line; rnd.IntN(2) == 0 {
				ours[i] = line
			} else {
				theirs[i] = line
			}
		}
		parts := mergeLines(base, ours, theirs)
		if slices.ContainsFunc(parts, func(p mergePart) bool { return p.conflict }) {
			continue // lines that are there several times may be paired otherwise
		}
		require.Equal(t, strings.Join(want, ""), joinParts(parts, ConflictRefuse))
	}
}

// Texts that are bad for comparisons are merged in time.
func TestMergeLinesIsBounded(t *testing.T) {
	t.Parallel()
	many := func(f func(i int) string) []string {
		lines := make([]string, maxMergeLines)
		for i := range lines {
			lines[i] = f(i)
		}
		return lines
	}
	began := time.Now()
	mergeLines(many(func(i int) string { return strconv.Itoa(i%2) + "\n" }), many(func(i int) string { return strconv.Itoa(i%3) + "\n" }),
		many(func(i int) string { return strconv.Itoa(i*i%7) + "\n" }))
	mergeLines(many(func(int) string { return "a\n" }), many(func(int) string { return "b\n" }), many(func(i int) string { return strconv.Itoa(i) }))
	require.Less(t, time.Since(began), 20*time.Second)
}

func TestNearest(t *testing.T) {
	t.Parallel()
	lineage := map[string]models.IDs{"1": nil, "2": {"1"}, "3": {"2"}, "4": {"2"}, "5": {"3", "4"}, "6": {"4"}, "7": {"gone"}, "8": {"7"}, "9": {"7"}, "a": {"b"}, "b": {"a"}}
	for _, tt := range [][3]string{{"3", "4", "2"}, {"5", "4", "4"}, {"5", "6", "4"}, {"5", "5", "5"}, {"3", "1", "1"}, {"8", "9", "7"}, {"8", "1", ""},
		{"x", "1", ""}, {"a", "1", ""}} {
		require.Equal(t, tt[2], nearest(lineage, tt[0], tt[1]), tt)
		require.Equal(t, tt[2], nearest(lineage, tt[1], tt[0]), tt)
	}
}
