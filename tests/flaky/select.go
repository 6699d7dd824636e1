package main

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// test is one test function and how often it is to run.
type test struct {
	Package string // its folder, "./internal/data/store"
	Name    string
	Runs    int
}

func (t test) id() string { return t.Package + " " + t.Name }

// selection is what a run runs.
type selection struct {
	base  string
	tests []test
	code  map[string]string // digest of the code that each package's tests run, by package
}

// emptyTree is git's id of a tree without files: compared with it, everything is new.
const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

// slowFolders hold tests that take seconds to minutes each, and run less often.
var slowFolders = []string{"tests/e2e", "tests/conformance", "tests/attacks", "internal/builds/images"}

// neverFolders hold benchmarks, which are not tests.
var neverFolders = []string{"tests/bench"}

func selectTests(ctx context.Context, o options) (*selection, error) {
	base, err := resolveBase(ctx, o.root, o.base)
	if err != nil {
		return nil, err
	}
	changed, err := changedLines(ctx, o.root, base)
	if err != nil {
		return nil, err
	}
	s := &selection{base: base}
	if base == emptyTree {
		s.base = "the beginning"
	}
	for dir, files := range byFolder(changed) {
		if !below(dir, o.only) || anyAbove(dir, neverFolders) {
			continue
		}
		names, err := affectedTests(filepath.Join(o.root, dir), rooted(o.root, files.lines), files.fixtures)
		if err != nil {
			return nil, err
		}
		runs := o.fast
		if anyAbove(dir, slowFolders) {
			runs = o.slow
		}
		for _, name := range names {
			if t := (test{"./" + filepath.ToSlash(dir), name, runs}); o.shard.has(t.Package, t.Name) {
				s.tests = append(s.tests, t)
			}
		}
	}
	slices.SortFunc(s.tests, func(a, b test) int { return cmp.Or(cmp.Compare(a.Package, b.Package), cmp.Compare(a.Name, b.Name)) })
	s.code, err = digests(ctx, o.root, s.tests, o.race)
	return s, err
}

// resolveBase finds the commit to compare with.
func resolveBase(ctx context.Context, root, base string) (string, error) {
	switch base {
	case "all":
		return emptyTree, nil
	case "":
		for _, trunk := range []string{"origin/main", "main"} {
			if at, err := git(ctx, root, "merge-base", "HEAD", trunk); err == nil {
				return strings.TrimSpace(at), nil
			}
		}
		return "", fmt.Errorf("there is no branch main to compare with: say BASE=<commit>, or BASE=all")
	}
	at, err := git(ctx, root, "rev-parse", "--verify", base+"^{commit}")
	return strings.TrimSpace(at), err
}

// folder is what changed in the folder of a package.
type folder struct {
	lines    map[string][]lineRange // of its test files
	fixtures bool
}

// byFolder groups the changes of test files and of files that they read.
func byFolder(changed map[string][]lineRange) map[string]folder {
	folders := make(map[string]folder)
	for file, lines := range changed {
		dir, fixture := isFixture(file)
		if !fixture && !strings.HasSuffix(file, "_test.go") {
			continue
		}
		if !fixture {
			dir = filepath.Dir(file)
		}
		f := folders[dir]
		if f.lines == nil {
			f.lines = make(map[string][]lineRange)
		}
		f.fixtures = f.fixtures || fixture
		if !fixture {
			f.lines[file] = lines
		}
		folders[dir] = f
	}
	return folders
}

func rooted(root string, files map[string][]lineRange) map[string][]lineRange {
	m := make(map[string][]lineRange, len(files))
	for file, lines := range files {
		m[filepath.Join(root, file)] = lines
	}
	return m
}

// below reports whether a folder is one that "./a/..." or "./a" names; "" names all.
func below(dir, pattern string) bool {
	if pattern == "" {
		return true
	}
	name, deep := strings.CutSuffix(strings.TrimPrefix(filepath.ToSlash(pattern), "./"), "...")
	name, dir = strings.TrimSuffix(name, "/"), filepath.ToSlash(dir)
	return dir == name || deep && (name == "" || strings.HasPrefix(dir, name+"/"))
}

func anyAbove(dir string, folders []string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return below(dir, f+"/...") })
}
