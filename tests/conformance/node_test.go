package conformance

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/custom"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/internal/builds/sandbox/dockertest"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// TestNodeEngine builds with npm scripts, which start programs, threads and copies of node: in a process with the programs of
// this machine, and in a container with the same ones.
func TestNodeEngine(t *testing.T) {
	t.Parallel()
	t.Run("process", func(t *testing.T) {
		t.Parallel()
		runner := newRunner(t)
		if i, err := runner.Isolation(); err != nil || i.Level != engines.Confined {
			t.Fatalf("this kernel cannot confine a process, so this cannot be tested: %+v, %v", i, err)
		}
		buildWithNode(t, runner, "nodekit:1")
	})
	t.Run("container", func(t *testing.T) {
		t.Parallel()
		image := nodeImage(t)
		buildWithNode(t, newDockerRunner(t), image)
	})
}

func buildWithNode(t *testing.T, runner engines.Runner, image string) {
	t.Helper()
	e := nodekit(t, image)
	files := enginetest.Starter(t, e, engines.GenreRunner)
	for mode, comment := range map[engines.Mode]bool{engines.Preview: true, engines.Release: false} {
		res, err := enginetest.Build(t.Context(), e, runner, mode, files)
		if err != nil {
			t.Errorf("%s: %v\n%+v", mode, err, res)
			continue
		}
		if err := e.Verify(engines.BuildRequest{Title: "A game", Files: files, Mode: mode}, res.Outputs); err != nil {
			t.Errorf("%s: %v", mode, err)
		}
		code := ""
		for _, f := range enginetest.Files(t, res.Outputs) {
			if strings.HasPrefix(f.Path, "game-") {
				code = string(f.Data)
			}
		}
		if !strings.Contains(code, "ready") || strings.Contains(code, "The whole game") != comment {
			t.Errorf("%s: the game's code is %q", mode, code)
		}
	}

	for i := range files {
		if files[i].Path == "src/main.js" {
			files[i].Data = []byte("// ok\nlet broken = = 1;\n")
		}
	}
	res, err := enginetest.Build(t.Context(), e, runner, engines.Preview, files)
	if models.CodeOf(err) != models.CodeCompileFailed || len(res.Diagnostics) != 1 || res.Diagnostics[0].File != "src/main.js" ||
		res.Diagnostics[0].Line != 2 || res.Diagnostics[0].Column != 14 {
		t.Errorf("a mistake: %v\n%+v", err, res)
	}
}

// nodekit is the engine of testdata/node, with an image.
func nodekit(t *testing.T, image string) engines.Engine {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/node")); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "nodekit.yaml")
	text, err := os.ReadFile(name)
	if err == nil {
		err = os.WriteFile(name, []byte(strings.Replace(string(text), "IMAGE", image, 1)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	list, err := custom.Load(dir, custom.Options{})
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	return list[0]
}

// nodeImage makes an image of this machine's node, npm and shell. It is removed when the test ends.
func nodeImage(t *testing.T) (digest string) {
	t.Helper()
	var files []dockertest.File
	have := make(map[string]bool)
	add := func(name string) { // a file, under the name that programs know it by
		t.Helper()
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !have[name] {
			files = append(files, dockertest.File{Path: strings.TrimPrefix(name, "/"), Data: data, Mode: 0o755})
		}
		have[name] = true
	}
	for _, program := range []string{"node", "sh", "env"} {
		path, err := exec.LookPath(program)
		if err != nil {
			t.Fatal(err)
		}
		add(path)
		out, err := exec.Command("ldd", path).Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, library := range regexp.MustCompile(`(/\S+) \(0x`).FindAllStringSubmatch(string(out), -1) {
			add(library[1])
		}
	}
	npm, err := exec.LookPath("npm")
	if err == nil {
		npm, err = filepath.EvalSymlinks(npm)
	}
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Dir(filepath.Dir(npm))
	err = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			add(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, dockertest.File{Path: "usr/bin/npm", Mode: 0o755,
		Data: []byte("#!/usr/bin/env node\nrequire('" + root + "/lib/cli.js')(process)\n")})
	host := testenv.Docker(t)
	if digest, err = dockertest.Image(t.Context(), host, files...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := dockertest.RemoveWithMade(context.Background(), host, "nodekit", digest); err != nil {
			t.Logf("an image stays: %v", err)
		}
	})
	return digest
}
