package web

import (
	"bytes"
	"iter"
)

// maxLiteral is the length of the longest string of code that may be an address, in bytes.
const maxLiteral = 300

// Literals are the strings of code that are without escapes and in one line, with where they begin; those that name what is imported are
// left out. It looks at every build of a project, which a regular expression would slow down by milliseconds.
func Literals(code []byte) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for at := 0; ; {
			open := bytes.IndexAny(code[at:], "\"'`")
			if open < 0 {
				return
			}
			open += at
			at = open + 1
			size := bytes.IndexAny(code[at:], endOfLiteral[code[open]])
			if size < 0 || code[at+size] != code[open] {
				continue // an apostrophe, or a string with escapes or of several lines
			}
			if size > 0 && size <= maxLiteral && !isImport(code[:open]) && !yield(at, string(code[at:at+size])) {
				return
			}
			at += size + 1
		}
	}
}

// endOfLiteral is what ends a string with a quote, or shows that it is none to be read.
var endOfLiteral = map[byte]string{'"': "\"\\\n", '\'': "'\\\n", '`': "`\\\n"}

// isImport reports whether code ends where the specifier of an import begins: the bundle has what it names.
func isImport(code []byte) bool {
	const space = " \t\n\f\r"
	code = bytes.TrimRight(bytes.TrimSuffix(bytes.TrimRight(code, space), []byte("(")), space)
	for _, word := range importing {
		if before, ok := bytes.CutSuffix(code, word); ok {
			return len(before) == 0 || !isWord(before[len(before)-1])
		}
	}
	return false
}

var importing = [][]byte{[]byte("from"), []byte("import"), []byte("require")}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}
