package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every package, file and folder named by the contributors' pages and the linter's rules exists: names in documents outlive the
// things that they name.
func TestNamedPathsExist(t *testing.T) {
	t.Parallel()
	pages := []string{"CONTRIBUTING.md", "README.md", ".golangci.yml", "Makefile"}
	more, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range more {
		if filepath.Base(page) != "custom-engines.md" { // its paths are the reader's own
			pages = append(pages, strings.TrimPrefix(page, "../../"))
		}
	}
	named := regexp.MustCompile(`\b(?:internal|cmd|jobs|engines|models|tests|deploy|docs)/[A-Za-z0-9_./-]*[A-Za-z0-9_]`)
	var (
		longer  = regexp.MustCompile(`[/.:@-]$`)                                 // the end of a longer path, or of a URL
		ours    = regexp.MustCompile(`(\$\{config-path\}/|\./|` + module + `)$`) // the module's own folder
		pattern = regexp.MustCompile(`^/?[<*…]`)                                 // engines/<name>
	)
	for _, page := range pages {
		text, err := os.ReadFile("../../" + page)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range named.FindAllStringIndex(string(text), -1) {
			before, path, after := string(text[:at[0]]), string(text[at[0]:at[1]]), string(text[at[1]:])
			if longer.MatchString(before) && !ours.MatchString(before) || pattern.MatchString(after) {
				continue
			}
			if _, err := os.Stat("../../" + path); err != nil {
				t.Errorf("%s names %s, which does not exist", page, path)
			}
		}
		for _, m := range regexp.MustCompile("`models\\.([A-Z]\\w+)").FindAllStringSubmatch(string(text), -1) {
			if !declared(t, "../../models", m[1]) {
				t.Errorf("%s names models.%s, which does not exist", page, m[1])
			}
		}
	}
}

func declared(t *testing.T, dir, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	what := regexp.MustCompile(`(?m)^(?:func|type|var|const)? *\t?` + name + `\b`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if what.Match(text) {
			return true
		}
	}
	return false
}
