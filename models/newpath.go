package models

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// encodedPath finds what a program that decodes a path could take for a separator, a dot or an end.
var encodedPath = regexp.MustCompile(`(?i)%(25)*(2e|2f|5c|00)`)

// slashTwins look like separators, and are not among those that Unicode's compatible forms replace.
const slashTwins = "\u2044\u2215\u2216\u29f5\u29f8\u29f9"

// CheckNewPath is CheckPath for a file that is not there yet. It refuses also what only looks like another path: to a program that decodes it, to one
// that takes similar letters for the same, or to people.
func CheckNewPath(p string) error {
	if err := CheckPath(p); err != nil {
		return err
	}
	if encodedPath.MatchString(p) {
		return NewError(CodeInvalidPath, "path "+quotePath(p)+": has encoded dots, separators or ends")
	}
	similar := norm.NFKC.String(p)
	parts := strings.Split(similar, "/")
	if len(parts) != strings.Count(p, "/")+1 || strings.ContainsAny(similar, `\`+slashTwins) || slices.Contains(parts, "..") || slices.Contains(parts, ".") {
		return NewError(CodeInvalidPath, "path "+quotePath(p)+": has letters that look like separators or dots")
	}
	return nil
}
