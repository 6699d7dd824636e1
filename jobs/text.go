package jobs

import (
	"regexp"
	"strings"

	"github.com/spark-games/spark/models"
)

// A text in the input of a step may have references: {{steps.NAME.output.FIELD}} to what an earlier step makes, and in a template
// {{params.NAME}} to a parameter. A backslash before one makes it text: \{{steps.…; of more of them before one, each two are one.

var (
	opening       = regexp.MustCompile(`(\\*)\{\{\s*(steps|params)\.`)
	stepReference = regexp.MustCompile(`^\{\{\s*steps\.([A-Za-z0-9_-]+)\.output\.([a-z0-9_]+)\s*\}\}`)
	paramOf       = regexp.MustCompile(`^\{\{\s*params\.([a-z][a-z0-9_]*)\s*\}\}`)
)

// piece is a part of a text: what stands there, or a reference.
type piece struct {
	literal     string
	step, field string // what an earlier step makes
	param       string // a parameter of a template
}

func (p piece) refers() bool { return p.step != "" || p.param != "" }

// references are the kinds of references that a text may have.
type references struct{ steps, params bool }

// parseText takes a text of a step apart, whose references are to steps alone.
func parseText(text string) ([]piece, error) { return references{steps: true}.parse(text) }

// parse takes a text apart. What looks like a reference of a kind that it may have must be one; other kinds are text.
func (r references) parse(text string) (pieces []piece, err error) {
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
		steps := text[at[4]:at[5]] == "steps"
		if steps && !r.steps || !steps && !r.params {
			literal.WriteString(text[:at[1]])
			text = text[at[1]:]
			continue
		}
		literal.WriteString(text[:at[2]] + strings.Repeat(`\`, slashes/2))
		if slashes%2 == 1 {
			literal.WriteString(text[begin:at[1]])
			text = text[at[1]:]
			continue
		}
		text = text[begin:]
		length, p := reference(text, steps)
		switch {
		case length == 0 && steps:
			return nil, models.FieldError("", `a reference is {{steps.NAME.output.FIELD}}; what is to be text has a backslash before it: \{{steps.`)
		case length == 0:
			return nil, models.FieldError("", `a reference is {{params.NAME}}; what is to be text has a backslash before it: \{{params.`)
		}
		flush()
		pieces = append(pieces, p)
		text = text[length:]
	}
	literal.WriteString(text)
	flush()
	return pieces, nil
}

// reference reads the one that a text begins with; its length is 0 if it is none.
func reference(text string, steps bool) (length int, p piece) {
	if !steps {
		if m := paramOf.FindStringSubmatch(text); m != nil {
			return len(m[0]), piece{param: m[1]}
		}
		return 0, p
	}
	if m := stepReference.FindStringSubmatch(text); m != nil {
		return len(m[0]), piece{step: m[1], field: m[2]}
	}
	return 0, p
}

// format is the inverse of parseText: what is literal stays so, whatever it looks like.
func format(pieces []piece) string {
	var b strings.Builder
	for i, p := range pieces {
		if p.step != "" {
			b.WriteString("{{steps." + p.step + ".output." + p.field + "}}")
			continue
		}
		text := escape(p.literal)
		if i+1 < len(pieces) { // its backslashes are not those of the reference
			text += strings.Repeat(`\`, len(text)-len(strings.TrimRight(text, `\`)))
		}
		b.WriteString(text)
	}
	return b.String()
}

// escape makes a text one that stands for itself in the input of a step.
func escape(text string) string {
	return opening.ReplaceAllStringFunc(text, func(open string) string {
		braces := strings.TrimLeft(open, `\`)
		if strings.HasSuffix(braces, "params.") {
			return open
		}
		return strings.Repeat(`\`, 2*(len(open)-len(braces))+1) + braces
	})
}
