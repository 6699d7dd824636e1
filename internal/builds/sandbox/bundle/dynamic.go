package bundle

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/spark-games/spark/engines/web"
)

var importCall = regexp.MustCompile(`\bimport\s*\(\s*`)

// withComputed has imports whose path is put together, such as import(`./levels/${name}.js`), choose among the files that it may be, as
// Vite does: a part that is computed is within a folder. The lines stay what they are.
func (p *project) withComputed(name, text string) string {
	if !strings.Contains(text, "import") || !strings.Contains(text, "${") && !strings.Contains(text, "+") {
		return text
	}
	var b strings.Builder
	done := 0
	for _, at := range importCall.FindAllStringIndex(text, -1) {
		if at[0] < done || isRemark(text[:at[0]]) {
			continue
		}
		v, end, ok := web.ReadValue(text[at[1]:])
		if end += at[1]; !ok || v.Kind != web.Other || end >= len(text) || text[end] != ')' {
			continue
		}
		pattern, ok := patternOf(text[at[1]:end])
		if !ok {
			continue
		}
		fields := p.computedFields(name, pattern)
		if len(fields) == 0 {
			continue // which esbuild reports
		}
		b.WriteString(text[done:at[0]] + chooseJS + "({" + strings.Join(fields, ", ") + "}, " + text[at[1]:end])
		done = end
	}
	return b.String() + text[done:]
}

// chooseJS imports one of several modules.
const chooseJS = `((all, name) => all[name]?.() ?? Promise.reject(new Error("there is no module " + name)))`

// patternOf is a path that is put together, with a star for each part that is computed; false for what does not begin with a folder.
func patternOf(expression string) (string, bool) {
	var b strings.Builder
	for i, part := range parts(expression) {
		part = strings.TrimSpace(part)
		n := len(part)
		switch {
		case n > 1 && (part[0] == '"' || part[0] == '\'') && part[n-1] == part[0]:
			b.WriteString(part[1 : n-1])
		case n > 1 && part[0] == '`' && part[n-1] == '`':
			b.WriteString(templatePart.ReplaceAllLiteralString(part[1:n-1], "*"))
		case i == 0:
			return "", false
		default:
			b.WriteString("*")
		}
	}
	pattern := b.String()
	local := strings.HasPrefix(pattern, "./") || strings.HasPrefix(pattern, "../") || strings.HasPrefix(pattern, "/") || strings.HasPrefix(pattern, "@/")
	return pattern, local && strings.Contains(pattern, "*") && !strings.ContainsAny(pattern, "\\{}[]?")
}

var templatePart = regexp.MustCompile(`\$\{[^{}]*\}`)

// parts are what a sum is of, as far as its plus signs are outside of strings and brackets.
func parts(expression string) []string {
	var list []string
	start, depth := 0, 0
	quote := byte(0)
	for i := 0; i < len(expression); i++ {
		switch c := expression[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case strings.IndexByte("\"'`", c) >= 0:
			quote = c
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		case c == '+' && depth == 0:
			list = append(list, expression[start:i])
			start = i + 1
		}
	}
	return append(list, expression[start:])
}

// computedFields are the modules that a computed import may mean, by what it says for each. Without an ending it means those that have one too.
func (p *project) computedFields(name, pattern string) []string {
	fixed := pattern[:strings.IndexByte(pattern, '*')]
	folder := fixed[:strings.LastIndexByte(fixed, '/')+1]
	from := p.patternIn(path.Dir(name), folder)
	skip := len(from) + 1
	if from == "." {
		skip = 0
	}
	patterns := []string{pattern}
	if !strings.Contains(pattern[strings.LastIndexAny(pattern, "/*")+1:], ".") {
		for _, ext := range probes {
			patterns = append(patterns, pattern+ext)
		}
	}
	var fields []string
	for i, one := range patterns {
		re := globPattern(p.patternIn(path.Dir(name), one))
		for _, file := range p.sorted {
			if file == name || isHidden(file) || !re.MatchString(file) {
				continue
			}
			said := folder + file[skip:]
			if i > 0 {
				said = strings.TrimSuffix(said, probes[i-1])
			}
			fields = append(fields, fmt.Sprintf("%s: () => import(%s)", quote(said), quote("/"+file)))
		}
	}
	return fields
}
