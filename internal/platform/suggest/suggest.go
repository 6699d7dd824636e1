// Package suggest finds the word that somebody probably meant.
package suggest

import (
	"slices"
	"strings"
)

// Nearest is the word that was probably meant: the one with the smallest edit distance, or else one with the same beginning; ""
// if none is near.
func Nearest(word string, all []string) string {
	word = strings.ToLower(word)
	best, least := "", max(1, len(word)/2)+1
	for _, w := range all {
		if d := distance(word, strings.ToLower(w)); d < least {
			best, least = w, d
		}
	}
	if i := slices.IndexFunc(all, func(w string) bool { return len(word) >= alike && strings.HasPrefix(w, word[:alike]) }); best == "" && i >= 0 {
		return all[i]
	}
	return best
}

// alike is how many first letters make two words look alike.
const alike = 3

// distance is the edit distance of two words: the number of letters to add, remove, change, or swap with their neighbour (the
// optimal string alignment).
func distance(a, b string) int {
	before, last, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		next[0] = i + 1
		for j := range len(b) {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			next[j+1] = min(last[j+1]+1, next[j]+1, change)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, last, next = last, next, before
	}
	return last[len(b)]
}
