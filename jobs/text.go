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

func (r references) has(kind string) bool {
	return kind == "steps" && r.steps || kind == "params" && r.params
}

// parse takes a text apart. What looks like a reference of a kind that the text may have must be one.
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
		slashes, kind := at[3]-at[2], text[at[4]:at[5]]
		begin := at[3] // of the braces
		if !r.has(kind) {
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
		var p piece
		var m []string
		if kind == "steps" {
			if m = stepReference.FindStringSubmatch(text); m != nil {
				p = piece{step: m[1], field: m[2]}
			}
		} else if m = paramOf.FindStringSubmatch(text); m != nil {
			p = piece{param: m[1]}
		}
		if m == nil {
			if kind == "params" {
				return nil, models.FieldError("", `a reference is {{params.NAME}}; what is to be text has a backslash before it: \{{params.`)
			}
			return nil, models.FieldError("", `a reference is {{steps.NAME.output.FIELD}}; what is to be text has a backslash before it: \{{steps.`)
		}
		flush()
		pieces = append(pieces, p)
		text = text[len(m[0]):]
	}
	literal.WriteString(text)
	flush()
	return pieces, nil
}

// format is the inverse of parse for texts that may have references to steps: what is literal stays so.
func format(pieces []piece) string {
	var b strings.Builder
	for i, p := range pieces {
		if p.step != "" {
			b.WriteString("{{steps." + p.step + ".output." + p.field + "}}")
			continue
		}
		text := escape(p.literal)
		if i+1 < len(pieces) && pieces[i+1].step != "" { // its backslashes are not those of the reference
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
		if strings.Contains(braces, "params.") {
			return open
		}
		return strings.Repeat(`\`, 2*(len(open)-len(braces))+1) + braces
	})
}
