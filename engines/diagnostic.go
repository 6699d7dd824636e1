package engines

import (
	"bytes"
	"fmt"
	"strings"
)

// Diagnostic is one message of a compiler. File is relative to the project; Line and Column count from 1, 0 is unknown.
type Diagnostic struct {
	Severity string `json:"severity"` // "error" or "warning"
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Text     string `json:"text"`
	LineText string `json:"line_text,omitempty"`
}

// Place is where the diagnostic points, as compilers write it: "src/main.js:3:14: ", or "" when it points nowhere.
func (d Diagnostic) Place() string {
	switch {
	case d.File == "":
		return ""
	case d.Line == 0:
		return d.File + ": "
	case d.Column == 0:
		return fmt.Sprintf("%s:%d: ", d.File, d.Line)
	}
	return fmt.Sprintf("%s:%d:%d: ", d.File, d.Line, d.Column)
}

func (d Diagnostic) String() string { return d.Place() + d.Severity + ": " + d.Text }

// LineOf is a line of a source, counted from 1, without its end; "" when there is none.
func LineOf(src []byte, line int) string {
	for range line - 1 {
		_, rest, ok := bytes.Cut(src, []byte("\n"))
		if !ok {
			return ""
		}
		src = rest
	}
	first, _, _ := bytes.Cut(src, []byte("\n"))
	return strings.TrimSuffix(string(first), "\r")
}
