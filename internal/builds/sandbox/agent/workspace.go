package agent

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// workspace is the folder of one command: the project, home, tmp, and where the outputs will be.
type workspace struct {
	root      string
	toolchain string
	cache     string            // GOCACHE
	places    *strings.Replacer // of the machine, in what a user sees
}

// newWorkspace fills an empty folder with the project. The paths of the files have been checked when they arrived; the
// folder's root holds them in a second time.
func newWorkspace(root, toolchain string, files []models.File, c *engines.Command) (*workspace, error) {
	w := &workspace{root: root, toolchain: toolchain, cache: filepath.Join(toolchain, engines.GoCache), places: placeNames(root, toolchain)}
	if !filepath.IsLocal(c.Output) || c.Output == "." {
		return nil, fmt.Errorf("the output folder %q is not below the workspace", c.Output)
	}
	for _, dir := range []string{"project", "home", "tmp", c.Output} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o700); err != nil {
			return nil, err
		}
	}
	project, err := os.OpenRoot(filepath.Join(root, "project"))
	if err != nil {
		return nil, err
	}
	defer project.Close()
	for _, list := range [][]models.File{files, c.Files} {
		for _, f := range list {
			name := filepath.FromSlash(f.Path)
			if err := project.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				return nil, err
			}
			if err := project.WriteFile(name, f.Data, modeOf(f)); err != nil {
				return nil, err
			}
		}
	}
	return w, nil
}

// modeOf is the mode of a project's file. Projects have no modes of their own: a file that names its interpreter is a program.
func modeOf(f models.File) os.FileMode {
	if bytes.HasPrefix(f.Data, []byte("#!")) {
		return 0o700
	}
	return 0o600
}

// ownCache gives the job its own build cache, which starts as links to the files of the toolchain's cache, because Go adds files
// to a cache and changes none. So nothing gets from one job to another, and the toolchain does not grow.
func (w *workspace) ownCache() error {
	shared, own := filepath.Join(w.toolchain, engines.GoCache), filepath.Join(w.root, engines.GoCache)
	w.cache = own
	return filepath.WalkDir(shared, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := own + strings.TrimPrefix(name, shared)
		if d.IsDir() {
			return os.Mkdir(to, 0o700) //nolint:gosec // no job runs yet: nobody else writes to this folder
		}
		return os.Symlink(name, to) //nolint:gosec // as above
	})
}

// copyOut copies files to the output folder. A link that a step has left there is not followed out of it.
func (w *workspace) copyOut(list []engines.Copy, output string) error {
	if len(list) == 0 {
		return nil
	}
	out, err := os.OpenRoot(filepath.Join(w.root, output))
	if err != nil {
		return err
	}
	defer out.Close()
	for _, c := range list {
		data, err := os.ReadFile(w.expand(c.From))
		if err != nil {
			return err
		}
		to := filepath.FromSlash(c.To)
		if err := out.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		if err := out.WriteFile(to, data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// placeNames replaces the paths of a job on its machine in a text: the project's files are named as in the project.
func placeNames(root, toolchain string) *strings.Replacer {
	var pairs []string
	add := func(path, name string) {
		for _, p := range []string{path, real(path)} {
			pairs = append(pairs, p+"/", name+"/", p, name)
		}
	}
	for _, p := range []string{filepath.Join(root, "project"), filepath.Join(real(root), "project")} {
		pairs = append(pairs, p+"/", "", p, ".")
	}
	add(root, "(work)")
	if toolchain != "" {
		add(toolchain, "(engine)")
	}
	return strings.NewReplacer(pairs...)
}

// real is a path without links in it, or as it is.
func real(path string) string {
	if r, err := filepath.EvalSymlinks(path); err == nil {
		return r
	}
	return path
}

// plain is a text in which no place of the machine is named.
func (w *workspace) plain(text string) string { return w.places.Replace(text) }

// expand fills in the placeholders.
func (w *workspace) expand(s string) string {
	return strings.NewReplacer("{project}", filepath.Join(w.root, "project"), "{work}", w.root,
		cachePlace, w.cache, "{toolchain}", w.toolchain).Replace(s)
}

// cachePlace stands for a Go toolchain's build cache in a plan.
const cachePlace = "{cache}"

// usesCache reports whether a command builds Go.
func usesCache(c *engines.Command) bool {
	return slices.ContainsFunc(c.Steps, func(s engines.Step) bool {
		return slices.ContainsFunc(s.Env, func(v string) bool { return strings.Contains(v, cachePlace) })
	})
}

// path is where programs are found when a step does not say.
const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games"

// environment is the complete environment of a step: the agent's own is not passed on.
func (w *workspace) environment(step engines.Step) []string {
	env := []string{"PATH=" + path, "LANG=C.UTF-8",
		"HOME=" + filepath.Join(w.root, "home"), "TMPDIR=" + filepath.Join(w.root, "tmp")}
	for _, v := range step.Env {
		env = append(env, w.expand(v))
	}
	return env
}

// lookup finds a program as a shell would, in the step's own PATH.
func lookup(program string, env []string) (string, error) {
	if strings.Contains(program, "/") {
		return program, nil
	}
	dirs := ""
	for _, v := range env {
		if p, ok := strings.CutPrefix(v, "PATH="); ok {
			dirs = p // the last one counts
		}
	}
	for _, dir := range filepath.SplitList(dirs) {
		full := filepath.Join(dir, program)
		if info, err := os.Stat(full); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return full, nil
		}
	}
	return "", fmt.Errorf("there is no program %q in %s", program, dirs)
}
