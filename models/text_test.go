package models

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestCleanLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                     "",
		"plain, with ünïcode and a\ttab":       "plain, with ünïcode and a\ttab",
		"\x1b[31mred\x1b[0m":                   "red",
		"\x1b]8;;http://x\x07link\x1b]8;;\x07": "link",
		"bell\x07 and \u202eright-to-left":     "bell\ufffd and \ufffdright-to-left",
		"no \xff text":                         "no \ufffd text",
		"👩\u200d🚀":                             "👩\u200d🚀",
		"two\nlines":                           "two\ufffdlines",
	} {
		require.Equal(t, want, CleanLine(in), "%q", in)
	}
	require.Equal(t, "two\nred lines", CleanText("two\n\x1b[31mred\x1b[0m lines"))
}

func TestShorten(t *testing.T) {
	t.Parallel()
	require.Equal(t, "abc", Shorten("abc", 3))
	require.Equal(t, "ab…", Shorten("abc", 2))
	require.Equal(t, "…", Shorten("é", 1))
	require.Equal(t, "é…", Shorten("éé", 3))
	require.LessOrEqual(t, len(Shorten(strings.Repeat("\x80", 10), 8)), 8+len(Shortened))
}

func FuzzCleanText(f *testing.F) {
	f.Add("\x1b[2J\x1b]0;title\x07 \u202e\u2066\r\n\x00\u009b31m")
	f.Fuzz(func(t *testing.T, s string) {
		clean := CleanText(s)
		if strings.ContainsAny(clean, "\x00\x07\x08\x1b\r\u009b\u202e\u2066") || !utf8.ValidString(clean) {
			t.Fatalf("%q", clean)
		}
	})
}
