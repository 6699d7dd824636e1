package models

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Shortened marks the end of a truncated text.
const Shortened = "…"

// Shorten truncates a text to a number of bytes, at the end of a character, and marks it.
func Shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for back := 0; back < utf8.UTFMax-1 && most > 0 && !utf8.RuneStart(s[most]); back++ {
		most--
	}
	return s[:most] + Shortened
}

// ansi matches the escape sequences with which programs set colours and move the cursor on terminals.
var ansi = regexp.MustCompile(`\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])`)

// CleanLine makes an untrusted line safe for a terminal and a page. It removes colours, and replaces control and
// formatting characters and bytes that are not text.
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

// CleanText is CleanLine for several lines.
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
