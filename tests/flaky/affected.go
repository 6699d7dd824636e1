package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// testName is what "go test" runs; fuzz targets run with their corpus.
var testName = regexp.MustCompile(`^(Test|Fuzz)($|[^a-z])`)

// declaration is something that a package's tests declare at the top level, and the names that it uses. A method belongs
// to its type: what uses the type may call it.
type declaration struct {
	uses    map[string]bool
	changed bool
	test    bool
}

// affectedTests names the tests of a folder that have changed lines, or use something that has. changed is by file; fixtures
// means that files that tests read have changed, which may affect any of them.
func affectedTests(dir string, changed map[string][]lineRange, fixtures bool) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		return nil, err
	}
	decls := make(map[string]*declaration)
	for _, file := range files {
		if err := declare(decls, file, changed[file]); err != nil {
			return nil, err
		}
	}
	spread(decls)
	var tests []string
	for _, name := range slices.Sorted(maps.Keys(decls)) {
		if d := decls[name]; d.test && (d.changed || fixtures) {
			tests = append(tests, name)
		}
	}
	return tests, nil
}

// declare adds the declarations of a file.
func declare(decls map[string]*declaration, file string, changed []lineRange) error {
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("read tests: %w", err)
	}
	add := func(name string, node, doc ast.Node, test bool) {
		d := decls[name]
		if d == nil {
			d = &declaration{uses: make(map[string]bool)}
			decls[name] = d
		}
		lines := lineRange{set.Position(node.Pos()).Line, set.Position(node.End()).Line}
		d.test = d.test || test
		d.changed = d.changed || slices.ContainsFunc(changed, lines.overlaps)
		ast.Inspect(node, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Name != name {
				d.uses[id.Name] = true
			}
			return true
		})
	}
	for _, decl := range parsed.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv != nil {
				add(receiver(decl), decl, decl.Doc, false)
				continue
			}
			add(decl.Name.Name, decl, decl.Doc, testName.MatchString(decl.Name.Name) && decl.Name.Name != "TestMain")
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					add(spec.Name.Name, spec, nil, false)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						add(name.Name, spec, nil, false)
					}
				}
			}
		}
	}
	return nil
}

// receiver is the name of the type that a method belongs to.
func receiver(f *ast.FuncDecl) string {
	name := ""
	ast.Inspect(f.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return name == ""
	})
	return name
}

// spread marks everything that uses something changed, until nothing is left to mark. A changed TestMain changes every test.
func spread(decls map[string]*declaration) {
	if main := decls["TestMain"]; main != nil {
		for _, d := range decls {
			if d.test {
				d.uses["TestMain"] = true
			}
		}
	}
	for again := true; again; {
		again = false
		for _, d := range decls {
			if d.changed {
				continue
			}
			for name := range d.uses {
				if used := decls[name]; used != nil && used.changed {
					d.changed, again = true, true
					break
				}
			}
		}
	}
}

// isFixture reports whether a file is one that the tests of the folder above it may read.
func isFixture(file string) (dir string, ok bool) {
	before, _, ok := strings.Cut(filepath.ToSlash(file), "/testdata/")
	return filepath.FromSlash(before), ok
}
