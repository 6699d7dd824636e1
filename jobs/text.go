package jobs

import (
	"regexp"
	"strings"

	"github.com/spark-games/spark/models"
)

// A text in the input of a step may have references to what an earlier step makes: {{steps.NAME.output.FIELD}}. A backslash before one makes it
// text: \{{steps.…; of more of them before one, each two are one.

var (
	opening       = regexp.MustCompile(`(\\*)\{\{\s*steps\.`)
	stepReference = regexp.MustCompile(`^\{\{\s*steps\.([A-Za-z0-9_-]+)\.output\.([a-z0-9_]+)\s*\}\}`)
)

// piece is a part of a text: what stands there, or a reference to what an earlier step makes.
type piece struct {
	literal     string
	step, field string
}

func (p piece) refers() bool { return p.step != "" }

// parseText takes a text apart. What looks like a reference must be one.
func parseText(text string) (pieces []piece, err error) {
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			pieces = append(pieces, piece{literal: literal.String()})
			literal.Reset()
		}
	}
	for {
		at := opening.FindStringSubmatchIndex(text)
		if at == nil {
			break
		}
		slashes, begin := at[3]-at[2], at[3] // begin is that of the braces
		literal.WriteString(text[:at[2]] + strings.Repeat(`\`, slashes/2))
		if slashes%2 == 1 {
			literal.WriteString(text[begin:at[1]])
			text = text[at[1]:]
			continue
		}
		text = text[begin:]
		m := stepReference.FindStringSubmatch(text)
		if m == nil {
			return nil, models.FieldError("", `a reference is {{steps.NAME.output.FIELD}}; what is to be text has a backslash before it: \{{steps.`)
		}
		flush()
		pieces = append(pieces, piece{step: m[1], field: m[2]})
		text = text[len(m[0]):]
	}
	literal.WriteString(text)
	flush()
	return pieces, nil
}
