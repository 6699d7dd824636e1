package projects

import (
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff/lcs"

	"github.com/spark-games/spark/models"
)

// lineEdit replaces the lines [start, end) of a text.
type lineEdit struct {
	start, end int
	lines      []string
}

// splitLines cuts a text behind each end of a line.
func splitLines(text string) []string {
	if text == "" {
		return nil
	}
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// lineEdits makes one list of lines of another. Lines that both have once hold it together (Cohen's patience diff); what is between them is compared by
// Myers' algorithm, which gives up on what has little in common, so that the time is linear.
func lineEdits(from, to []string) []lineEdit {
	var edits []lineEdit
	add := func(start, end int, lines []string) {
		if start == end && len(lines) == 0 {
			return
		}
		if n := len(edits); n > 0 && edits[n-1].end == start {
			edits[n-1].end, edits[n-1].lines = end, append(slices.Clip(edits[n-1].lines), lines...)
			return
		}
		edits = append(edits, lineEdit{start, end, lines})
	}
	i, j := 0, 0
	for _, a := range append(anchors(from, to), [2]int{len(from), len(to)}) {
		for _, d := range lcs.DiffLines(from[i:a[0]], to[j:a[1]]) {
			add(i+d.Start, i+d.End, to[j+d.ReplStart:j+d.ReplEnd])
		}
		i, j = a[0], a[1]
	}
	return edits
}

// anchors pairs lines that both lists have once, as many as are in the same order.
func anchors(from, to []string) [][2]int {
	type seen struct{ inFrom, inTo, at int }
	lines := make(map[string]*seen, len(from))
	for i, line := range from {
		if s := lines[line]; s != nil {
			s.inFrom++
		} else {
			lines[line] = &seen{inFrom: 1, at: i}
		}
	}
	for _, line := range to {
		if s := lines[line]; s != nil {
			s.inTo++
		}
	}
	// The longest increasing sequence, by patience sorting: piles[k] is the pair that ends the best sequence of k+1 pairs.
	type pair struct {
		at     [2]int
		before int
	}
	var pairs []pair
	var piles []int
	for j, line := range to {
		s := lines[line]
		if s == nil || s.inFrom != 1 || s.inTo != 1 {
			continue
		}
		k, _ := slices.BinarySearchFunc(piles, s.at, func(p, at int) int { return pairs[p].at[0] - at })
		before := -1
		if k > 0 {
			before = piles[k-1]
		}
		pairs = append(pairs, pair{[2]int{s.at, j}, before})
		if k == len(piles) {
			piles = append(piles, 0)
		}
		piles[k] = len(pairs) - 1
	}
	if len(piles) == 0 {
		return nil
	}
	all := make([][2]int, 0, len(piles))
	for p := piles[len(piles)-1]; p >= 0; p = pairs[p].before {
		all = append(all, pairs[p].at)
	}
	slices.Reverse(all)
	return all
}

// mergePart is a part of a merged text: lines on which all agree, or a conflict.
type mergePart struct {
	lines              []string // of no conflict
	conflict           bool
	base, ours, theirs []string
	baseAt             int // the line of base at which the conflict is, from 0
}

// mergeLines merges two versions of a text with their common base, as diff3 does: what only one has changed is taken, and what both have changed
// alike is taken once. Changes that overlap or touch are a conflict.
func mergeLines(base, ours, theirs []string) []mergePart {
	sides := [2][]lineEdit{lineEdits(base, ours), lineEdits(base, theirs)}
	var parts []mergePart
	at := 0
	for len(sides[0]) > 0 || len(sides[1]) > 0 {
		first := 0
		if len(sides[0]) == 0 || len(sides[1]) > 0 && sides[1][0].start < sides[0][0].start {
			first = 1
		}
		lo, hi := sides[first][0].start, sides[first][0].end
		var taken [2]int
		for grown := true; grown; {
			grown = false
			for s := range sides {
				if n := taken[s]; n < len(sides[s]) && sides[s][n].start <= hi {
					hi, grown = max(hi, sides[s][n].end), true
					taken[s]++
				}
			}
		}
		parts = append(parts, mergePart{lines: base[at:lo]})
		a, b := replaced(base, lo, hi, sides[0][:taken[0]]), replaced(base, lo, hi, sides[1][:taken[1]])
		switch {
		case taken[1] == 0, slices.Equal(a, b):
			parts = append(parts, mergePart{lines: a})
		case taken[0] == 0:
			parts = append(parts, mergePart{lines: b})
		default:
			parts = append(parts, mergePart{conflict: true, base: base[lo:hi], ours: a, theirs: b, baseAt: lo})
		}
		sides[0], sides[1], at = sides[0][taken[0]:], sides[1][taken[1]:], hi
	}
	return append(parts, mergePart{lines: base[at:]})
}

// replaced is the lines [lo, hi) of a text after edits within them.
func replaced(base []string, lo, hi int, edits []lineEdit) []string {
	var out []string
	for _, e := range edits {
		out = append(append(out, base[lo:e.start]...), e.lines...)
		lo = e.end
	}
	return append(out, base[lo:hi]...)
}

// joinParts writes a merged text, with each conflict as the policy has it.
func joinParts(parts []mergePart, policy ConflictPolicy) string {
	var b strings.Builder
	write := func(lines []string) {
		for _, line := range lines {
			b.WriteString(line)
		}
	}
	for _, p := range parts {
		switch {
		case !p.conflict:
			write(p.lines)
		case policy == ConflictTheirs:
			write(p.theirs)
		case policy == ConflictMarkers:
			for _, of := range []struct {
				mark  string
				lines []string
			}{{"<<<<<<< ours\n", p.ours}, {"||||||| base\n", p.base}, {"=======\n", p.theirs}} {
				b.WriteString(of.mark)
				write(of.lines)
				if n := len(of.lines); n > 0 && !strings.HasSuffix(of.lines[n-1], "\n") {
					b.WriteByte('\n')
				}
			}
			b.WriteString(">>>>>>> theirs\n")
		default:
			write(p.ours)
		}
	}
	return b.String()
}

// What of a conflict is shown.
const (
	maxHunks     = 20       // of a file
	maxHunkBytes = 4 << 10  // of each of the three texts of one
	maxHunkTotal = 64 << 10 // of all files
)

// hunks shows conflicts, as long as there is room.
func hunks(parts []mergePart, room *int) (shown []models.MergeHunk, more bool) {
	for _, p := range parts {
		if !p.conflict {
			continue
		}
		h := models.MergeHunk{Line: p.baseAt + 1, Base: cut(p.base), Ours: cut(p.ours), Theirs: cut(p.theirs)}
		if *room -= len(h.Base) + len(h.Ours) + len(h.Theirs); *room < 0 || len(shown) == maxHunks {
			return shown, true
		}
		shown = append(shown, h)
	}
	return shown, false
}

// cut is as many lines as are shown.
func cut(lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		if b.Len()+len(line) > maxHunkBytes {
			b.WriteString("…")
			break
		}
		b.WriteString(line)
	}
	return b.String()
}
