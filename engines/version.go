package engines

import (
	"cmp"
	"strings"
)

// CompareVersions orders versions of one engine, the older first: by their runs of digits and letters, digits as numbers,
// letters by the alphabet. What follows a "-" comes before the release, "4.3.0-rc1" before "4.3.0"; what follows a "+"
// counts only between versions that are equal otherwise. So semantic versions, "2022.3.10f1" and "5.4" are all in order.
// It is 0 only for versions that are written alike.
func CompareVersions(a, b string) int {
	mainA, _, _ := strings.Cut(a, "+")
	mainB, _, _ := strings.Cut(b, "+")
	for mainA != "" || mainB != "" {
		var partA, partB string
		partA, mainA = nextPart(mainA)
		partB, mainB = nextPart(mainB)
		if c := compareParts(partA, partB); c != 0 {
			return c
		}
	}
	return strings.Compare(a, b)
}

// nextPart cuts off the first run of digits or letters, or the "-" that begins what comes before a release.
func nextPart(s string) (part, rest string) {
	s = strings.TrimLeft(s, "._ ")
	if s == "" || s[0] == '-' {
		return s[:min(1, len(s))], s[min(1, len(s)):]
	}
	n := 1
	for n < len(s) && isDigit(s[n]) == isDigit(s[0]) && !strings.ContainsRune("._ -", rune(s[n])) {
		n++
	}
	return s[:n], s[n:]
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// compareParts orders "-" before nothing, nothing before letters, and letters before numbers.
func compareParts(a, b string) int {
	rankA, rankB := partRank(a), partRank(b)
	if rankA != rankB || rankA < letters {
		return cmp.Compare(rankA, rankB)
	}
	if rankA == letters {
		return strings.Compare(a, b)
	}
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if c := cmp.Compare(len(a), len(b)); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}

const (
	preRelease = iota
	nothing
	letters
	number
)

func partRank(p string) int {
	switch {
	case p == "-":
		return preRelease
	case p == "":
		return nothing
	case isDigit(p[0]):
		return number
	}
	return letters
}
