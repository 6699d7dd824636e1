package bundle

import (
	"bytes"
	"cmp"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

const (
	severityError   = "error"
	severityWarning = "warning"

	maxDiagnostics = 100
	maxText        = 1000 // bytes of a message
	maxLineText    = 240  // bytes of a line shown; minified ones are longer
	maxPattern     = 200  // bytes of a computed import's path; what to do about it comes after
)

func (p *project) fail(file, text string)                 { p.report(severityError, file, 0, text) }
func (p *project) failAt(file string, line int, s string) { p.report(severityError, file, line, s) }
func (p *project) warnAt(file string, line int, s string) { p.report(severityWarning, file, line, s) }

func (p *project) report(severity, file string, line int, text string) {
	d := engines.Diagnostic{Severity: severity, File: file, Line: line, Text: models.Shorten(text, maxText)}
	if src, ok := p.files[file]; ok && line > 0 {
		d.Column, d.LineText = 1, models.Shorten(engines.LineOf(src, line), maxLineText)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.diags = append(p.diags, d)
}

func (p *project) failed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.ContainsFunc(p.diags, func(d engines.Diagnostic) bool { return d.Severity == severityError })
}

// addMessages takes over esbuild's messages. Warnings about the packages' own code are no business of the project.
func (p *project) addMessages(severity string, list []api.Message) {
	for _, m := range list {
		d := engines.Diagnostic{Severity: severity, Text: models.Shorten(p.scrub(explain(m.Text)), maxText)}
		if l := m.Location; l != nil {
			d.File = p.fileName(l)
			if severity == severityWarning && strings.HasPrefix(d.File, "node_modules/") {
				continue
			}
			d.Line = l.Line
			col := min(max(l.Column, 0), len(l.LineText))
			d.Column = utf8.RuneCountInString(l.LineText[:col]) + 1
			d.LineText = models.Shorten(l.LineText, maxLineText)
		}
		for _, n := range m.Notes {
			if strings.HasPrefix(m.Text, "panic: ") {
				break // where in the bundler
			}
			if n.Text != "" && len(d.Text)+len(n.Text) < maxText {
				d.Text += "\n" + p.scrub(n.Text)
			}
		}
		if len(p.diags) < maxDiagnostics {
			p.diags = append(p.diags, d)
		}
	}
}

// computed matches esbuild's message about an import whose path is a pattern: no file matches it, see Leave.
var computed = regexp.MustCompile(`^Could not resolve ((?:import|require)\b.*\*.*)$`)

// explain rewrites one of esbuild's messages to say what the project can do about it.
func explain(text string) string {
	if m := computed.FindStringSubmatch(text); m != nil {
		return models.Shorten(m[1], maxPattern) + " is computed while the game runs, and no file that is bundled matches it: " +
			"write the paths out, for example in a table such as { one: () => import(\"./one.js\"), two: () => import(\"./two.js\") }"
	}
	return text
}

var inlineName = regexp.MustCompile(`#\d+$`)

// fileName is the project's name of a location, without namespaces and suffixes.
func (p *project) fileName(l *api.Location) string {
	name := l.File
	for _, ns := range []string{nsProject, nsInline, nsEntry} {
		name = strings.TrimPrefix(name, ns+":")
	}
	if i := strings.IndexByte(name, '?'); i >= 0 {
		name = name[:i]
	}
	if strings.HasPrefix(l.File, nsInline+":") {
		name = inlineName.ReplaceAllString(name, "")
	}
	return p.scrub(filepath.ToSlash(name))
}

// scrub removes where the toolchain lies on the machine from a text that users see.
func (p *project) scrub(s string) string {
	s = strings.ReplaceAll(s, p.workDir+string(filepath.Separator), "")
	if p.packages != "" {
		s = strings.ReplaceAll(s, p.workDir, "(engine)")
	}
	return strings.ReplaceAll(s, nsProject+":", "")
}

// plainSources names the project's files in a source map by their paths.
func plainSources(m []byte) []byte {
	head, tail, found := bytes.Cut(m, []byte(`"sourcesContent"`))
	if !found {
		return m
	}
	head = bytes.ReplaceAll(head, []byte(`"`+nsProject+`:`), []byte(`"`))
	return slices.Concat(head, []byte(`"sourcesContent"`), tail)
}

func sortDiagnostics(list []engines.Diagnostic) {
	slices.SortStableFunc(list, func(a, b engines.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.Text, b.Text))
	})
}

func sortFiles(files []models.File) {
	slices.SortFunc(files, func(a, b models.File) int { return strings.Compare(a.Path, b.Path) })
}
