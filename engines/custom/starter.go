package custom

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// starter is a folder of files, some of which have placeholders of the design: {{title}} as it is, {{title|json}} as a
// JSON string with its quotes, {{title|html}} for a page.
type starter struct{ files []starterFile }

type starterFile struct {
	models.File
	fill bool
}

var placeholder = regexp.MustCompile(`\{\{[ \t]*([a-z_]+)[ \t]*(?:\|[ \t]*([a-z]+)[ \t]*)?\}\}`)

// designValues are what the placeholders stand for. JSON values are not texts: numbers and the whole design.
func designValues(d engines.Design) map[string]any {
	values := map[string]any{
		"title": d.Title, "prompt": d.Prompt, "genre": string(d.Genre), "theme": d.Theme, "hero": d.Hero, "collect": d.Collect,
		"enemy": d.Enemy, "pace": d.Pace, "difficulty": d.Difficulty, "seed": d.Seed, "design": d,
	}
	p := d.Palette
	for name, c := range map[string]string{"sky": p.Sky, "sky_low": p.SkyLow, "ground": p.Ground, "hero": p.Hero,
		"collect": p.Collect, "enemy": p.Enemy, "accent": p.Accent, "text": p.Text} {
		values["color_"+name] = c
	}
	return values
}

// write fills in a design.
func (s *starter) write(d engines.Design) []models.File {
	values := designValues(d)
	files := make([]models.File, len(s.files))
	for i, f := range s.files {
		files[i] = f.File
		if f.fill {
			files[i].Data = placeholder.ReplaceAllFunc(f.Data, func(found []byte) []byte {
				m := placeholder.FindSubmatch(found)
				return []byte(render(values[string(m[1])], string(m[2])))
			})
		}
	}
	return files
}

func render(value any, as string) string {
	text, isText := value.(string)
	if !isText || as == "json" {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(value) // texts, numbers and colours can always be encoded
		text = strings.TrimSuffix(b.String(), "\n")
	}
	if as == "html" {
		text = html.EscapeString(text)
	}
	return text
}

// unknownPlaceholders says what in a file to be filled in is not known, each with its line.
func unknownPlaceholders(f models.File) (list []Problem) {
	values := designValues(engines.Design{})
	for _, at := range placeholder.FindAllSubmatchIndex(f.Data, -1) {
		as := ""
		if at[4] >= 0 {
			as = string(f.Data[at[4]:at[5]])
		}
		_, known := values[string(f.Data[at[2]:at[3]])]
		if known && slices.Contains([]string{"", "json", "html"}, as) {
			continue
		}
		list = append(list, Problem{File: f.Path, Line: 1 + bytes.Count(f.Data[:at[0]], []byte("\n")),
			Text: fmt.Sprintf("unknown placeholder %s", strconv.Quote(string(f.Data[at[0]:at[1]])))})
	}
	return list
}

// isText reports whether a file can have placeholders.
func isText(data []byte) bool { return utf8.Valid(data) && !bytes.ContainsRune(data, 0) }
