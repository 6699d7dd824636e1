package custom

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/spark-games/spark/engines"
)

// Options are what the platform allows.
type Options struct {
	// Longest is the most that a build may take, whatever a file asks for; 0 means an hour.
	Longest time.Duration
	// Known reports whether there is a version of an engine already; nil knows none.
	Known func(name, version string) bool
}

// maxFile bounds a declaration.
const maxFile = 1 << 20

// Load reads every *.yaml in a folder. The error is of type Problems and lists everything that is wrong in all of them, each
// with its file and line, or says that the folder cannot be read.
func Load(dir string, o Options) ([]*Engine, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("folder of custom engines: %w", err)
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("folder of custom engines: %w", err)
	}
	var list []*Engine
	var problems Problems
	for _, entry := range entries {
		name := entry.Name()
		if ext := filepath.Ext(name); ext == ".yml" {
			problems = append(problems, Problem{filepath.Join(dir, name), 0, "call it .yaml, so that it is read"})
			continue
		} else if ext != ".yaml" || entry.IsDir() {
			continue
		}
		e, wrong := parse(rooted{root}, filepath.Join(dir, name), name, o)
		for _, p := range wrong { // a starter may be that of several
			if !slices.Contains(problems, p) {
				problems = append(problems, p)
			}
		}
		if len(wrong) > 0 {
			continue
		}
		if i := slices.IndexFunc(list, func(other *Engine) bool { return engines.Ref(other) == engines.Ref(e) }); i >= 0 {
			problems = append(problems, Problem{filepath.Join(dir, name), 1, fmt.Sprintf("%s is in %s too", engines.Ref(e), list[i].where)})
			continue
		}
		list = append(list, e)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return list, nil
}

// parse reads one declaration.
func parse(root folder, shown, name string, o Options) (*Engine, Problems) {
	if o.Longest == 0 {
		o.Longest = time.Hour
	}
	data, err := root.ReadFile(name)
	switch {
	case err != nil:
		return nil, Problems{{shown, 0, fmt.Sprint(reason(err))}}
	case len(data) > maxFile:
		return nil, Problems{{shown, 0, "it is larger than 1 MiB"}}
	}
	doc, p := decode(data)
	if p != nil {
		p.File = shown
		return nil, Problems{*p}
	}
	d := &declaration{reader: &reader{file: shown}, root: root, longest: o.Longest, e: &Engine{where: shown}}
	d.document(doc)
	if len(d.problems) > 0 {
		slices.SortStableFunc(d.problems, func(a, b Problem) int {
			if a.File != b.File {
				return strings.Compare(a.File, b.File)
			}
			return a.Line - b.Line
		})
		return nil, d.problems
	}
	if d.finish(doc); o.Known != nil && o.Known(d.e.info.Name, d.e.info.Version) {
		d.fail(doc, "there is %s already, which comes with the platform", engines.Ref(d.e))
	}
	return d.e, d.problems
}

// decode reads the only document of a file.
func decode(data []byte) (*yaml.Node, *Problem) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, &Problem{Text: "it is empty"}
	case err != nil:
		return nil, syntax(err)
	case doc.Kind != yaml.DocumentNode || len(doc.Content) != 1:
		return nil, &Problem{Text: "it is empty"}
	}
	switch err := dec.Decode(&more); {
	case errors.Is(err, io.EOF):
		return doc.Content[0], nil
	case err != nil:
		return nil, syntax(err)
	}
	return nil, &Problem{Line: max(more.Line, 1), Text: "it has a second document: one file declares one engine"}
}

// syntax is a parser's error, "yaml: line 3: …", with its line where it belongs.
func syntax(err error) *Problem {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	p := &Problem{Text: text}
	if n, _ := fmt.Sscanf(text, "line %d: ", &p.Line); n == 1 {
		_, p.Text, _ = strings.Cut(text, ": ")
	}
	return p
}

// rooted is a folder that no path or link leads out of.
type rooted struct{ root *os.Root }

func (r rooted) ReadFile(name string) ([]byte, error) {
	info, err := r.root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no regular file")
	}
	return r.root.ReadFile(name)
}

func (r rooted) Files(dir string) (list []string, err error) {
	err = fs.WalkDir(r.root.FS(), dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if !d.Type().IsRegular() {
			return fmt.Errorf("%s is no regular file", path.Base(name))
		}
		list = append(list, strings.TrimPrefix(name, dir+"/"))
		return nil
	})
	return list, err
}

// reason is an error of the file system without the path, which the message names already.
func reason(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}
