package models

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Shortened is how a text ends of which the rest was left out.
const Shortened = "…"

// Shorten cuts a text to so many bytes, at the end of a character, and says so.
func Shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for back := 0; back < utf8.UTFMax-1 && most > 0 && !utf8.RuneStart(s[most]); back++ {
		most--
	}
	return s[:most] + Shortened
}

// ansi are the sequences with which programs colour and move on terminals.
var ansi = regexp.MustCompile(`\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])`)

// CleanLine makes a line of a program's or a stranger's fit for a terminal and a page: colours are taken out, and what
// else could play tricks on them, control and formatting characters and bytes that are no text, is replaced.
func CleanLine(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if strings.IndexFunc(s, unprintable) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unprintable(r) {
			return utf8.RuneError
		}
		return r
	}, ansi.ReplaceAllString(strings.TrimRight(s, "\r"), ""))
}

// CleanText is CleanLine for a text of several lines.
func CleanText(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = CleanLine(line)
	}
	return strings.Join(lines, "\n")
}

func unprintable(r rune) bool {
	const joiner = '\u200d' // makes emoji
	return r != '\t' && r != joiner && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r))
}
