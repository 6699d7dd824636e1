package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// digests identifies the code that each package's tests run: their own files, those of the module's packages that they import,
// and the versions of other modules. Slow tests build and run complete programs, so they depend on every file except prose.
func digests(ctx context.Context, root string, tests []test, race bool) (map[string]string, error) {
	files, err := digestFiles(ctx, root)
	if err != nil {
		return nil, err
	}
	imports, err := importsOf(ctx, root)
	if err != nil {
		return nil, err
	}
	code := make(map[string]string)
	for pkg := range groups(tests) {
		dir := strings.TrimPrefix(pkg, "./")
		h := sha256.New()
		fmt.Fprintln(h, race)
		for _, f := range files {
			if f.concerns(dir, imports) {
				fmt.Fprintln(h, f.name, f.sum)
			}
		}
		code[pkg] = hex.EncodeToString(h.Sum(nil))
	}
	return code, nil
}

// sourceFile is a file of the working tree, with its digest.
type sourceFile struct{ name, sum string }

// concerns reports whether the tests in a folder may behave differently when the file changes.
func (f sourceFile) concerns(dir string, imports map[string][]string) bool {
	switch {
	case f.name == "go.mod", f.name == "go.sum":
		return true
	case anyAbove(dir, slowFolders) && !strings.HasSuffix(f.name, ".md"):
		return true
	}
	owner := path.Dir(f.name)
	for imports[owner] == nil && owner != "." { // what a package embeds and reads lies in folders below it
		owner = path.Dir(owner)
	}
	return owner == dir || slices.Contains(imports[dir], owner) && !strings.HasSuffix(f.name, "_test.go")
}

// digestFiles reads every file that git tracks or would add.
func digestFiles(ctx context.Context, root string) ([]sourceFile, error) {
	names, err := git(ctx, root, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
	if err != nil {
		return nil, err
	}
	var files []sourceFile
	for name := range strings.SplitSeq(strings.TrimSuffix(names, "\x00"), "\x00") {
		raw, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed and not committed, or a link that leads nowhere
		}
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(raw)
		files = append(files, sourceFile{name, hex.EncodeToString(sum[:])})
	}
	slices.SortFunc(files, func(a, b sourceFile) int { return strings.Compare(a.name, b.name) })
	return files, nil
}

// importsOf lists, by folder of a package, the folders of the module's packages that it and its tests import, directly
// or not.
func importsOf(ctx context.Context, root string) (map[string][]string, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-e", "-test", "-json=ImportPath,ForTest,Dir,Deps,Module", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("list the packages: %w", err)
	}
	type listed struct {
		ImportPath, ForTest, Dir string
		Deps                     []string
		Module                   *struct{ Dir string }
	}
	folders := make(map[string]string) // by import path
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("list the packages: %w", err)
		}
		if p.Module == nil {
			continue
		}
		rel, err := filepath.Rel(p.Module.Dir, p.Dir)
		if err != nil {
			return nil, err
		}
		p.Dir = filepath.ToSlash(rel)
		folders[plain(p.ImportPath)] = p.Dir
		all = append(all, p)
	}
	imports := make(map[string][]string)
	for _, p := range all {
		set := append(imports[p.Dir], p.Dir)
		for _, dep := range p.Deps {
			if dir, ok := folders[plain(dep)]; ok {
				set = append(set, dir)
			}
		}
		slices.Sort(set)
		imports[p.Dir] = slices.Compact(set)
	}
	return imports, nil
}

// plain is an import path without the test that it was compiled for: "a [a.test]" is "a".
func plain(importPath string) string {
	name, _, _ := strings.Cut(importPath, " ")
	return name
}
