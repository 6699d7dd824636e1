package custom

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

var (
	nameForm    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	versionForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]*$`)
	kindForm    = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	// An image's reference goes into a Dockerfile, so nothing but a reference passes.
	imageForm    = regexp.MustCompile(`^(sha256:[0-9a-f]{64}|[a-z0-9]+([._:/-]+[A-Za-z0-9_]+)*(@sha256:[0-9a-f]{64})?)$`)
	platformForm = regexp.MustCompile(`^linux/[a-z0-9]+$`)
	envForm      = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	braced       = regexp.MustCompile(`\$?\{[a-z]+\}`)
)

// The bounds of limits. What a plan asks for must fit into the largest sandbox there is.
const (
	leastMemory, mostMemory = 64 << 20, 16 << 30
	leastOutput, mostOutput = 1 << 10, 2 << 30 // as much as spark unpacks and verifies
	leastLog, mostLog       = 1 << 10, 16 << 20
	mostOutputFiles         = 5000
	mostSteps               = 32
	mostText                = 64 << 10
)

// declaration is a file as it is read.
type declaration struct {
	*reader
	root    folder
	longest time.Duration
	e       *Engine
}

// folder is the folder of a declaration: everything that it names must be in there.
type folder interface {
	ReadFile(name string) ([]byte, error)
	// Files lists the regular files below a folder, slash-separated and relative to it.
	Files(dir string) ([]string, error)
}

func (d *declaration) document(n *yaml.Node) {
	d.e.modes = []engines.Mode{engines.Preview, engines.Release}
	d.e.outputs = outputs{folder: "out"}
	d.fields(n, map[string]func(*yaml.Node){
		"name": func(n *yaml.Node) {
			d.e.info.Name = d.form(n, nameForm, 32, `small letters, digits and dashes, "my-engine"`)
		},
		"title":   func(n *yaml.Node) { d.e.info.Title = d.line(n, 60) },
		"version": func(n *yaml.Node) { d.e.info.Version = d.form(n, versionForm, 64, `a version, "2022.3.10f1"`) },
		"image": func(n *yaml.Node) {
			d.e.image = engines.Image{Base: engines.Ready, Reference: d.form(n, imageForm, 300, `an image, "studio/engine@sha256:…"`),
				Platforms: d.e.image.Platforms}
		},
		"platforms": func(n *yaml.Node) {
			d.list(n, "platforms", func(n *yaml.Node) {
				d.e.image.Platforms = append(d.e.image.Platforms, d.form(n, platformForm, 40, `a platform, "linux/amd64"`))
			})
		},
		"modes":    func(n *yaml.Node) { d.e.modes = d.modes(n) },
		"requires": func(n *yaml.Node) { d.e.needs = d.patterns(n) },
		"files":    func(n *yaml.Node) { d.list(n, "files", d.platformFile) },
		"commands": d.commands,
		"outputs":  d.outputs,
		"problems": func(n *yaml.Node) { d.list(n, "problems", d.problem) },
		"limits":   d.limits,
		"starter":  d.starter,
		"guide":    func(n *yaml.Node) { d.e.info.Guide = d.guide(n) },
	}, "name", "title", "version", "image", "commands", "outputs")
}

// form reads a text of a given form.
func (d *declaration) form(n *yaml.Node, form *regexp.Regexp, most int, what string) string {
	s, ok := d.text(n, false)
	if ok && (len(s) > most || !form.MatchString(s)) {
		d.fail(n, "%q is not %s", short(s), what)
		return ""
	}
	return s
}

// line reads a text of one line.
func (d *declaration) line(n *yaml.Node, most int) string {
	s, ok := d.text(n, false)
	if ok && (len(s) > most || engines.CleanText(s, most) != s) {
		d.fail(n, "this must be one line of at most %d bytes", most)
		return ""
	}
	return s
}

func (d *declaration) guide(n *yaml.Node) string {
	s, ok := d.text(n, false)
	if ok && len(s) > mostText {
		d.fail(n, "this must be at most %d bytes", mostText)
	}
	return strings.TrimRight(s, "\n") + "\n"
}

func (d *declaration) modes(n *yaml.Node) (list []engines.Mode) {
	d.list(n, "modes", func(n *yaml.Node) {
		if s, ok := d.oneOf(n, string(engines.Preview), string(engines.Release)); ok {
			list = append(list, engines.Mode(s))
		}
	})
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		d.fail(n, "this must not be empty")
	}
	return list
}

// path reads a path that stays where it is: relative, with slashes, without "..".
func (d *declaration) path(n *yaml.Node) string {
	s, ok := d.text(n, false)
	if !ok {
		return ""
	}
	if err := models.CheckPath(s); err != nil {
		d.fail(n, "%q cannot be used: %s", short(s), models.AsError(err).Message)
		return ""
	}
	return s
}

func (d *declaration) patterns(n *yaml.Node) (list []string) {
	d.list(n, "patterns", func(n *yaml.Node) {
		if p := d.pattern(n); p != "" {
			list = append(list, p)
		}
	})
	return list
}

// pattern reads a pattern of file names, which no absolute path and none with ".." could match.
func (d *declaration) pattern(n *yaml.Node) string {
	s, ok := d.text(n, false)
	if !ok {
		return ""
	}
	_, err := path.Match(s, "")
	if err != nil || path.IsAbs(s) || slices.Contains(strings.Split(s, "/"), "..") || path.Clean(s) != strings.TrimPrefix(s, "./") {
		d.fail(n, `%q is no pattern of files, such as "*.wasm" or "Build/index.html"`, short(s))
		return ""
	}
	return s
}

// argument reads a text with placeholders.
func (d *declaration) argument(n *yaml.Node, known ...string) (string, bool) {
	s, ok := d.text(n, true)
	if !ok {
		return "", false
	}
	return s, d.placeholders(n, s, known...)
}

func (d *declaration) placeholders(n *yaml.Node, s string, known ...string) (ok bool) {
	ok = true
	for _, p := range braced.FindAllString(s, -1) {
		if !strings.HasPrefix(p, "$") && !slices.Contains(known, p) { // "${HOME}" is a shell's
			d.fail(n, "unknown placeholder %s; there are: %s", p, strings.Join(known, ", "))
			ok = false
		}
	}
	return ok
}

var (
	folders = []string{"{work}", "{project}", "{toolchain}"}
	all     = append(slices.Clone(folders), "{mode}", "{title}")
)

func (d *declaration) commands(n *yaml.Node) {
	d.list(n, "commands", func(n *yaml.Node) {
		var s step
		var begin *yaml.Node
		d.fields(n, map[string]func(*yaml.Node){
			"run": func(n *yaml.Node) {
				begin = n
				d.list(n, "arguments, the program first", func(n *yaml.Node) {
					if a, ok := d.argument(n, all...); ok {
						s.Argv = append(s.Argv, a)
					}
				})
			},
			"env": func(n *yaml.Node) {
				d.pairs(n, func(key *yaml.Node, value string) {
					if !envForm.MatchString(key.Value) {
						d.fail(key, "%q is no name of a variable", short(key.Value))
					} else if d.placeholders(key, value, all...) {
						s.Env = append(s.Env, key.Value+"="+value)
					}
				})
			},
			"dir":   func(n *yaml.Node) { s.Dir = d.dir(n) },
			"modes": func(n *yaml.Node) { s.modes = d.modes(n) },
		}, "run")
		if begin != nil && begin.Kind == yaml.SequenceNode && (len(begin.Content) == 0 || begin.Content[0].Value == "") {
			d.fail(begin, "a command needs a program")
		}
		d.e.steps = append(d.e.steps, s)
	})
	if n.Kind == yaml.SequenceNode && (len(n.Content) == 0 || len(n.Content) > mostSteps) {
		d.fail(n, "there must be 1 to %d commands", mostSteps)
	}
}

// dir reads a folder of the sandbox: one of those that have a name, or one below it.
func (d *declaration) dir(n *yaml.Node) string {
	s, ok := d.argument(n, folders...)
	if !ok {
		return ""
	}
	base, rest, nested := strings.Cut(s, "/")
	if !slices.Contains(folders, base) || nested && models.CheckPath(rest) != nil {
		d.fail(n, "%q is no folder that begins with %s", short(s), strings.Join(folders, ", "))
		return ""
	}
	return s
}

func (d *declaration) outputs(n *yaml.Node) {
	o := &d.e.outputs
	d.fields(n, map[string]func(*yaml.Node){
		"kind": func(n *yaml.Node) { o.kind = d.form(n, kindForm, 20, "a word, such as web, linux, windows or any") },
		"folder": func(n *yaml.Node) {
			if o.folder = d.path(n); slices.Contains([]string{"project", "home", "tmp"}, o.folder) {
				d.fail(n, "%q is a reserved folder; use one below it", o.folder)
			}
		},
		"required": func(n *yaml.Node) { o.required = d.patterns(n) },
		"verify": func(n *yaml.Node) {
			d.list(n, "checks", func(n *yaml.Node) {
				var c check
				d.fields(n, map[string]func(*yaml.Node){
					"files": func(n *yaml.Node) { c.files = d.pattern(n) },
					"is":    func(n *yaml.Node) { c.is, _ = d.oneOf(n, strings.Split(kindsOfContent(), ", ")...) },
				}, "files", "is")
				o.checks = append(o.checks, c)
			})
		},
	}, "kind")
	d.e.info.Outputs = []string{o.kind}
	if o.kind == "web" && !slices.Contains(o.required, "./index.html") {
		o.required = append(o.required, "./index.html") // where a browser begins
	}
}

// platformFile reads one file that is written over every project.
func (d *declaration) platformFile(n *yaml.Node) {
	var f models.File
	given := 0
	d.fields(n, map[string]func(*yaml.Node){
		"path": func(n *yaml.Node) { f.Path = d.path(n) },
		"text": func(n *yaml.Node) {
			s, _ := d.text(n, true)
			f.Data = []byte(s)
			given++
		},
		"from": func(n *yaml.Node) {
			given++
			name := d.path(n)
			if name == "" {
				return
			}
			var err error
			if f.Data, err = d.root.ReadFile(name); err != nil {
				d.fail(n, "the file %q beside this one cannot be read: %v", name, reason(err))
			}
		},
	}, "path")
	if given != 1 {
		d.fail(n, "a file has either a text, or a file beside this one that it is copied from")
	}
	if slices.ContainsFunc(d.e.files, func(o models.File) bool { return o.Path == f.Path }) {
		d.fail(n, "the file %q is duplicated", f.Path)
	}
	d.e.files = append(d.e.files, f)
}

func (d *declaration) problem(n *yaml.Node) {
	p := engines.Problem{Severity: "error"}
	d.fields(n, map[string]func(*yaml.Node){
		"pattern":  func(n *yaml.Node) { p.Pattern = d.regexp(n) },
		"where":    func(n *yaml.Node) { p.Where = d.regexp(n) },
		"severity": func(n *yaml.Node) { p.Severity, _ = d.oneOf(n, "error", "warning") },
	}, "pattern")
	d.e.problem = append(d.e.problem, p)
}

func (d *declaration) regexp(n *yaml.Node) string {
	s, ok := d.text(n, false)
	if !ok {
		return ""
	}
	re, err := regexp.Compile(s)
	if err != nil {
		d.fail(n, "%v", err)
		return ""
	}
	for _, name := range re.SubexpNames() {
		if name != "" && !slices.Contains([]string{"file", "line", "column", "text"}, name) {
			d.fail(n, "the group %q is not one of: file, line, column, text", name)
		}
	}
	return s
}

func (d *declaration) limits(n *yaml.Node) {
	l := &d.e.limits
	d.fields(n, map[string]func(*yaml.Node){
		"time":   func(n *yaml.Node) { l.Time = d.duration(n, time.Second, d.longest) },
		"memory": func(n *yaml.Node) { l.MemoryBytes = d.size(n, leastMemory, mostMemory) },
		"output": func(n *yaml.Node) { l.OutputBytes = d.size(n, leastOutput, mostOutput) },
		"files":  func(n *yaml.Node) { l.OutputFiles = d.count(n, 1, mostOutputFiles) },
		"log":    func(n *yaml.Node) { l.LogBytes = d.size(n, leastLog, mostLog) },
	})
}

func (d *declaration) starter(n *yaml.Node) {
	var dir string
	fill := []string{"*"}
	d.fields(n, map[string]func(*yaml.Node){
		"folder": func(n *yaml.Node) { dir = d.path(n) },
		"fill":   func(n *yaml.Node) { fill = d.patterns(n) },
	}, "folder")
	if dir == "" {
		return
	}
	names, err := d.root.Files(dir)
	if err != nil {
		d.fail(n, "the starter's folder %q cannot be read: %v", dir, reason(err))
		return
	}
	s := &starter{}
	var files []models.File
	for _, name := range names {
		data, err := d.root.ReadFile(dir + "/" + name)
		if err != nil {
			d.fail(n, "the starter's file %q cannot be read: %v", name, reason(err))
			return
		}
		f := starterFile{models.File{Path: name, Data: data}, isText(data) &&
			slices.ContainsFunc(fill, func(p string) bool { return matches(p, name) })}
		if f.fill {
			for _, p := range unknownPlaceholders(f.File) {
				p.File = path.Join(path.Dir(d.file), dir, p.File)
				d.problems = append(d.problems, p)
			}
		}
		s.files, files = append(s.files, f), append(files, f.File)
	}
	if err := models.CheckFiles(files); err != nil {
		d.fail(n, "the starter is no project: %s", models.AsError(err).Message)
		return
	}
	for _, p := range d.e.needs {
		if !slices.ContainsFunc(files, func(f models.File) bool { return matches(p, f.Path) }) {
			d.fail(n, "the starter has no file %s, which a project requires", p)
		}
	}
	d.e.starter = s
}

// finish checks what depends on several fields.
func (d *declaration) finish(n *yaml.Node) {
	for _, m := range d.e.modes {
		if !slices.ContainsFunc(d.e.steps, func(s step) bool { return s.modes == nil || slices.Contains(s.modes, m) }) {
			d.fail(n, "no command builds in the mode %s", m)
		}
	}
	if d.e.info.Guide == "" {
		d.e.info.Guide = fmt.Sprintf("- The project is one of %s %s.\n", d.e.info.Title, d.e.info.Version)
		if len(d.e.needs) > 0 {
			d.e.info.Guide += "- It needs the files " + strings.Join(d.e.needs, ", ") + ".\n"
		}
	}
}
