package bundle

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines/web"
)

// globCall is where the import of many files by a pattern begins, as Vite documents it.
var globCall = regexp.MustCompile(`\bimport\.meta\.glob(Eager)?\s*(?:<[^()]*>)?\s*\(`)

// withGlobs has import.meta.glob be an object of the files that match, with functions that import them, or what they export. The lines stay what
// they are: imports come after the code.
func (p *project) withGlobs(name, text string) string {
	if !strings.Contains(text, "import.meta.glob") {
		return text
	}
	var b, imports strings.Builder
	done, count := 0, 0
	for _, at := range globCall.FindAllStringSubmatchIndex(text, -1) {
		if at[0] < done || isRemark(text[:at[0]]) {
			continue
		}
		g, end, err := readGlob(text[at[1]:])
		if err != nil {
			p.failAt(name, 1+strings.Count(text[:at[0]], "\n"), err.Error())
			return text
		}
		g.eager = g.eager || at[2] >= 0
		end += at[1]
		b.WriteString(text[done:at[0]] + p.globObject(name, g, &imports, &count))
		b.WriteString(strings.Repeat("\n", strings.Count(text[at[0]:end], "\n")))
		done = end
	}
	if imports.Len() > 0 { // after what may be a remark
		return b.String() + text[done:] + "\n" + imports.String()
	}
	return b.String() + text[done:]
}

// isRemark reports whether code ends within a comment, as far as its last line tells.
func isRemark(code string) bool {
	line := strings.TrimSpace(code[strings.LastIndexByte(code, '\n')+1:])
	return strings.Contains(line, "//") || strings.HasPrefix(line, "*") || strings.HasPrefix(line, "/*")
}

// glob is what is asked for: files, how they are taken, and what of them.
type glob struct {
	patterns    []string
	base        string
	eager       bool
	query, name string
}

// readGlob reads the arguments of a call, and answers where it ends.
func readGlob(code string) (g glob, end int, err error) {
	unclear := fmt.Errorf("import.meta.glob takes patterns and options that are written out, such as " +
		`import.meta.glob(["./levels/*.json", "!**/draft.json"], { eager: true, import: "default", query: "?raw" })`)
	first, end, ok := web.ReadValue(code)
	if !ok {
		return g, 0, unclear
	}
	list := []web.Value{first}
	if first.Kind == web.List {
		list = first.Items
	}
	for _, v := range list {
		if v.Kind != web.String || v.Text == "" {
			return g, 0, unclear
		}
		g.patterns = append(g.patterns, v.Text)
	}
	rest := strings.TrimLeft(strings.TrimPrefix(code[end:], ","), " \t\r\n")
	if !strings.HasPrefix(rest, ")") {
		options, n, ok := web.ReadValue(rest)
		if !ok || options.Kind != web.Object {
			return g, 0, unclear
		}
		if err := g.options(options); err != nil {
			return g, 0, err
		}
		rest = strings.TrimLeft(strings.TrimPrefix(rest[n:], ","), " \t\r\n")
	}
	if !strings.HasPrefix(rest, ")") {
		return g, 0, unclear
	}
	return g, len(code) - len(rest) + 1, nil
}

func (g *glob) options(v web.Value) error {
	g.eager = v.Field("eager").Text == "true"
	g.name = v.Field("import").Text
	g.base = v.Field("base").Text
	switch q := v.Field("query"); q.Kind {
	case web.String:
		g.query = "?" + strings.TrimPrefix(q.Text, "?")
	case web.Object:
		for i, f := range q.Fields {
			g.query += "?&"[min(i, 1):min(i, 1)+1] + f.Key
		}
	}
	if as := v.Field("as").Text; as != "" {
		g.query, g.name = "?"+as, "default"
	}
	for _, f := range v.Fields {
		if !slices.Contains([]string{"eager", "import", "base", "query", "as", "exhaustive"}, f.Key) {
			return fmt.Errorf("import.meta.glob has no option %q", f.Key)
		}
	}
	return nil
}

// globObject is the object of a glob in a module of the project.
func (p *project) globObject(name string, g glob, imports *strings.Builder, count *int) string {
	files := p.globFiles(name, g)
	var fields []string
	for _, f := range files {
		spec, key := quote("/"+f.name+g.query), quote(f.key)
		switch {
		case g.eager:
			*count++
			own := fmt.Sprintf("__sparkGlob%d", *count)
			what := "* as " + own
			if g.name != "" && g.name != "*" {
				what = fmt.Sprintf("{%s as %s}", quote(g.name), own)
			}
			fmt.Fprintf(imports, ";import %s from %s", what, spec)
			fields = append(fields, key+": "+own)
		case g.name != "" && g.name != "*":
			fields = append(fields, fmt.Sprintf("%s: () => import(%s).then((m) => m[%s])", key, spec, quote(g.name)))
		default:
			fields = append(fields, fmt.Sprintf("%s: () => import(%s)", key, spec))
		}
	}
	return "({" + strings.Join(fields, ", ") + "})"
}

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// matched is a file that a glob takes, with its key in the object.
type matched struct{ name, key string }

// globFiles are the files that a glob in a module takes, in order. What Vite leaves out unless it is named is left out: hidden files, and
// the module itself.
func (p *project) globFiles(name string, g glob) []matched {
	dir := path.Dir(name)
	if g.base != "" {
		dir = p.patternIn(dir, g.base)
	}
	var wanted, unwanted []*regexp.Regexp
	rooted := true
	for _, pattern := range g.patterns {
		positive, negated := strings.CutPrefix(pattern, "!")
		full := p.patternIn(dir, positive)
		if negated {
			unwanted = append(unwanted, globPattern(full))
			continue
		}
		rooted = rooted && !strings.HasPrefix(pattern, ".")
		wanted = append(wanted, globPattern(full))
	}
	var list []matched
	for _, file := range p.sorted {
		match := func(re *regexp.Regexp) bool { return re.MatchString(file) }
		if file == name || isHidden(file) || !slices.ContainsFunc(wanted, match) || slices.ContainsFunc(unwanted, match) {
			continue
		}
		key := "/" + file
		if !rooted || g.base != "" {
			key = relative(dir, file)
		}
		list = append(list, matched{file, key})
	}
	return list
}

func isHidden(name string) bool { return strings.HasPrefix(name, ".") || strings.Contains(name, "/.") }

// patternIn is a pattern in a folder as one of the project.
func (p *project) patternIn(dir, pattern string) string {
	for _, prefix := range [...]string{"@/", "~/"} {
		if rest, ok := strings.CutPrefix(pattern, prefix); ok {
			return path.Join("src", rest)
		}
	}
	if rest, ok := strings.CutPrefix(pattern, "/"); ok {
		return path.Clean(rest)
	}
	if strings.HasPrefix(pattern, "**") {
		return pattern
	}
	return path.Join(dir, pattern)
}

// relative is how code in a folder names a file.
func relative(dir, file string) string {
	up := ""
	for dir != "." && !strings.HasPrefix(file, dir+"/") {
		dir, up = path.Dir(dir), up+"../"
	}
	if dir != "." {
		file = strings.TrimPrefix(file, dir+"/")
	}
	if up == "" {
		up = "./"
	}
	return up + file
}

// globPattern is a pattern as a regular expression: stars within a folder, two of them over folders, alternatives in braces, classes.
func globPattern(pattern string) *regexp.Regexp {
	var b strings.Builder
	braces := 0
	for i := 0; i < len(pattern); i++ {
		rest := pattern[i:]
		switch c := pattern[i]; {
		case strings.HasPrefix(rest, "**/"):
			b.WriteString(`(?:.*/)?`)
			i += 2
		case strings.HasPrefix(rest, "**"):
			b.WriteString(`.*`)
			i++
		case c == '*':
			b.WriteString(`[^/]*`)
		case c == '?':
			b.WriteString(`[^/]`)
		case c == '{' && strings.Contains(rest, "}"):
			b.WriteString(`(?:`)
			braces++
		case c == '}' && braces > 0:
			b.WriteString(`)`)
			braces--
		case c == ',' && braces > 0:
			b.WriteString(`|`)
		case c == '[' && strings.Contains(rest, "]"):
			class := rest[1:strings.IndexByte(rest, ']')]
			i += len(class) + 1
			if not, ok := strings.CutPrefix(class, "!"); ok {
				class = "^" + not
			}
			b.WriteString(`[` + strings.ReplaceAll(strings.ReplaceAll(class, `\`, `\\`), `[`, `\[`) + `]`)
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	b.WriteString(strings.Repeat(")", braces))
	re, err := regexp.Compile("^" + b.String() + "$")
	if err != nil {
		return regexp.MustCompile(`[^\s\S]`) // nothing
	}
	return re
}
