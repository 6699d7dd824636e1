package docs_test

import (
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/spark-games/spark/"

// groupOf is the group that a package belongs to, "" for the tests.
func groupOf(pkg string) string {
	steps := strings.Split(strings.TrimPrefix(pkg, module), "/")
	switch {
	case steps[0] == "tests":
		return ""
	case steps[0] != "internal":
		return steps[0]
	}
	return steps[1]
}

// arrows maps each group to the groups that it imports.
type arrows map[string]map[string]bool

func (a arrows) add(from, to string) {
	if from == "" || to == "" || from == to {
		return
	}
	if a[from] == nil {
		a[from] = make(map[string]bool)
	}
	a[from][to] = true
}

// imports are the arrows of the sources.
func imports(t *testing.T) arrows {
	t.Helper()
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	real := make(arrows)
	for line := range strings.Lines(string(out)) {
		packages := strings.Fields(line)
		for _, imported := range packages[1:] {
			if strings.HasPrefix(imported, module) {
				real.add(groupOf(packages[0]), groupOf(imported))
			}
		}
	}
	return real
}

// drawn are the arrows of the decision's page.
func drawn(t *testing.T) arrows {
	t.Helper()
	page, err := os.ReadFile("../../docs/decisions/0019-internal-by-subject.md")
	if err != nil {
		t.Fatal(err)
	}
	a := make(arrows)
	for _, m := range regexp.MustCompile(`(?m)^\s+(\w+) --> (.+)$`).FindAllStringSubmatch(string(page), -1) {
		for to := range strings.SplitSeq(m[2], " & ") {
			a.add(m[1], to)
		}
	}
	if len(a) == 0 {
		t.Fatal("the page draws no arrows")
	}
	return a
}

func TestGroupsImportAsTheirPageDraws(t *testing.T) {
	t.Parallel()
	page, real := drawn(t), imports(t)
	for _, from := range slices.Sorted(maps.Keys(real)) {
		for _, to := range slices.Sorted(maps.Keys(real[from])) {
			if !page[from][to] {
				t.Errorf("%s imports %s, which docs/decisions/0019-internal-by-subject.md does not draw", from, to)
			}
		}
	}
	for _, a := range []arrows{page, real} {
		if loop := a.cycle(); loop != nil {
			t.Errorf("imports form a cycle: %s", strings.Join(loop, " → "))
		}
	}
}

func TestCyclesAreFound(t *testing.T) {
	t.Parallel()
	a := make(arrows)
	a.add("a", "b")
	a.add("b", "c")
	a.add("a", "c")
	if c := a.cycle(); c != nil {
		t.Errorf("no cycle, but %v", c)
	}
	a.add("c", "a")
	if c := a.cycle(); len(c) != 4 || c[0] != c[3] {
		t.Errorf("a, b, c and a again, but %v", c)
	}
}

// cycle is a path from a group back to itself, or nil.
func (a arrows) cycle() []string {
	done := make(map[string]bool)
	var path []string
	var visit func(string) []string
	visit = func(at string) []string {
		if i := slices.Index(path, at); i >= 0 {
			return append(slices.Clone(path[i:]), at)
		}
		if done[at] {
			return nil
		}
		path = append(path, at)
		for _, to := range slices.Sorted(maps.Keys(a[at])) {
			if c := visit(to); c != nil {
				return c
			}
		}
		path = path[:len(path)-1]
		done[at] = true
		return nil
	}
	for _, from := range slices.Sorted(maps.Keys(a)) {
		if c := visit(from); c != nil {
			return c
		}
	}
	return nil
}
