package models

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPathKeyFolds(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"a.js", "A.JS"}, {"é.js", "É.js"}, {"é.js", "e\u0301.js"}, {"stra\u00dfe", "STRASSE"}, {"\u1e9e", "ss"}, {"\u017fun", "Sun"},
		{"in", "\u0131n"}, {"\u0130x", "\u0130X"}, {"\u212a.js", "k.js"}, {"\uff41.js", "a.js"}, {"\uff21.js", "a.js"}, {"\ufb01x", "fix"},
		{"\u03c3", "\u03c2"}, {"\u2126", "\u03c9"}, {"\u00c5", "\u212b"},
	} {
		require.Equal(t, PathKey(pair[0]), PathKey(pair[1]), "%q and %q", pair[0], pair[1])
	}
	for _, pair := range [][2]string{{"a", "b"}, {"a/b", "a_b"}, {"o", "ö"}, {"e", "é"}, {"ı/x", "l/x"}} {
		require.NotEqual(t, PathKey(pair[0]), PathKey(pair[1]), "%q and %q", pair[0], pair[1])
	}
}

// FuzzPathKey holds that folding twice changes nothing, so that a key compares as its path does.
func FuzzPathKey(f *testing.F) {
	f.Add("Straße/\u0130ndex.\u212a")
	f.Add("\u0345\u03b1\u0390")
	f.Fuzz(func(t *testing.T, p string) {
		if CheckPath(p) != nil {
			return
		}
		if k := PathKey(p); PathKey(k) != k {
			t.Fatalf("%q: %q, then %q", p, k, PathKey(k))
		}
	})
}

func TestDeviceNamesAreRefused(t *testing.T) {
	t.Parallel()
	for _, p := range []string{"con", "a/NUL.txt", "com1.tar.gz", "lpt9", "com0", "COM\u00b9", "lpt\u00b2.js", "aux .js", "conin$", "a/CONOUT$.x", "clock$",
		"a.", "a /b", "a./b", "a. ", "\uff43\uff4f\uff4e"} {
		require.Equal(t, CodeInvalidPath, CodeOf(CheckPath(p)), "%q", p)
	}
	for _, p := range []string{"console.js", "com10", "nullable.ts", "a.con", "lpt", "auxiliary/x"} {
		require.NoError(t, CheckPath(p), "%q", p)
	}
}
