package agent

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// problems extracts diagnostics from the output of tools.
type problems struct {
	patterns []pattern
	list     []engines.Diagnostic
	errors   int
	open     int // how many more lines may say where the last one is
	where    pattern
}

type pattern struct {
	what, where *regexp.Regexp
	folder      string
	severity    string
}

const (
	maxProblems = 200
	whereLines  = 2
)

func newProblems(list []engines.Problem) (*problems, error) {
	p := &problems{}
	for _, item := range list {
		what, err := regexp.Compile(item.Pattern)
		if err != nil {
			return nil, err
		}
		var where *regexp.Regexp
		if item.Where != "" {
			if where, err = regexp.Compile(item.Where); err != nil {
				return nil, err
			}
		}
		p.patterns = append(p.patterns, pattern{what, where, item.Folder, item.Severity})
	}
	return p, nil
}

// forget ends the search for the last problem's place.
func (p *problems) forget() { p.open = 0 }

// see looks at one line, and reports whether it is of a problem.
func (p *problems) see(line string) bool {
	if p.open > 0 {
		p.open--
		if m := p.where.where.FindStringSubmatch(line); m != nil {
			p.where.fill(&p.list[len(p.list)-1], p.where.where, m)
			p.open = 0
			return true
		}
	}
	for _, pat := range p.patterns {
		m := pat.what.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if pat.severity != "warning" {
			p.errors++
		}
		if len(p.list) == maxProblems {
			return true
		}
		d := engines.Diagnostic{Severity: pat.severity, Text: line}
		pat.fill(&d, pat.what, m)
		p.list = append(p.list, d)
		if p.open = 0; pat.where != nil {
			p.where, p.open = pat, whereLines
		}
		return true
	}
	return false
}

func (pat pattern) fill(d *engines.Diagnostic, re *regexp.Regexp, m []string) {
	for i, name := range re.SubexpNames() {
		switch {
		case m[i] == "":
		case name == "file":
			d.File = pat.folder + m[i]
		case name == "line":
			d.Line, _ = strconv.Atoi(m[i])
		case name == "column":
			d.Column, _ = strconv.Atoi(m[i])
		case name == "text":
			d.Text = m[i]
		}
	}
}

// blame adds an error for a failure that no pattern explains.
func (p *problems) blame(text, last string) {
	if p.errors > 0 {
		return
	}
	p.errors++
	if last != "" {
		text += ": " + last
	}
	p.list = append(p.list, engines.Diagnostic{Severity: "error", Text: text})
}

// found is the list without repetitions, with files named as in the project and no other path of the machine, and with the
// source lines.
func (p *problems) found(w *workspace) []engines.Diagnostic {
	project := filepath.Join(w.root, "project") + "/"
	texts := map[string][]string{}
	for i := range p.list {
		d := &p.list[i]
		d.File = w.plain(d.File)
		if d.File != "" {
			d.File = filepath.ToSlash(filepath.Clean(d.File))
		}
		d.Text = w.plain(d.Text)
		if d.File == "" || d.Line == 0 || !filepath.IsLocal(d.File) {
			continue
		}
		lines, ok := texts[d.File]
		if !ok {
			lines = readLines(project, d.File)
			texts[d.File] = lines
		}
		if d.Line <= len(lines) {
			d.LineText = models.Shorten(strings.TrimRight(lines[d.Line-1], "\r"), maxLineText)
		}
	}
	// What several others depend on is complained of again with each of them.
	seen := make(map[engines.Diagnostic]bool, len(p.list))
	p.list = slices.DeleteFunc(p.list, func(d engines.Diagnostic) bool {
		again := seen[d]
		seen[d] = true
		return again
	})
	return p.list
}

const (
	maxSource   = 1 << 20
	maxLineText = 1 << 10
)

// readLines reads a source of the project, as far as that can be done: a job may have made anything of it.
func readLines(project, name string) []string {
	root, err := os.OpenRoot(project)
	if err != nil {
		return nil
	}
	defer root.Close()
	if info, err := root.Lstat(name); err != nil || !info.Mode().IsRegular() || info.Size() > maxSource {
		return nil
	}
	data, err := root.ReadFile(name)
	if err != nil {
		return nil
	}
	return strings.Split(string(data[:min(len(data), maxSource)]), "\n")
}
