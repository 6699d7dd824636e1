package images_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/images"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/internal/builds/toolchain"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// toy is an engine whose toolchain the test writes.
type toy struct {
	version string
	image   engines.Image
}

func (e toy) Info() engines.Info                               { return engines.Info{Name: "toy", Version: e.version} }
func (e toy) Image() engines.Image                             { return e.image }
func (toy) Toolchain() engines.Toolchain                       { return engines.Toolchain{} }
func (toy) Starter(engines.Design) ([]models.File, error)      { return nil, nil }
func (toy) Plan(engines.BuildRequest) (engines.Plan, error)    { return engines.Plan{}, nil }
func (toy) Verify(engines.BuildRequest, engines.Outputs) error { return nil }

// folder is an existing toolchain.
type folder struct{ dir, digest, locks string }

func (f *folder) Lock(ctx context.Context, name string) (func(), error) {
	return toolchain.New(f.locks, nil).Lock(ctx, name)
}

func (f *folder) Ensure(context.Context, engines.Engine) (string, error) { return f.dir, nil }
func (f *folder) Digest(context.Context, engines.Engine) (string, error) { return f.digest, nil }

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func newMaker(t *testing.T, host string, tc images.Toolchains) *images.Maker {
	t.Helper()
	m, err := images.New(images.Options{Host: host, Toolchains: tc})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m
}

func docker(t *testing.T, host string, args ...string) *exec.Cmd {
	t.Helper()
	return exec.CommandContext(t.Context(), "docker", append([]string{"--host", host}, args...)...)
}

func remove(t *testing.T, host, image string) {
	t.Cleanup(func() { _ = exec.Command("docker", "--host", host, "rmi", "--force", image).Run() })
}

// names lists the files of an image, each with its mode, owner and size.
func names(t *testing.T, host, image string) string {
	t.Helper()
	id, err := docker(t, host, "create", image).Output()
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimSpace(string(id))
	defer func() { _ = docker(t, host, "rm", "--force", name).Run() }()
	tar, err := docker(t, host, "export", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	list := exec.CommandContext(t.Context(), "tar", "--list", "--verbose", "--numeric-owner", "--utc", "--file", "-")
	list.Stdin = bytes.NewReader(tar)
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestImage(t *testing.T) {
	t.Parallel()
	host := testenv.Docker(t)
	dir := t.TempDir()
	write(t, dir, "node_modules/a/index.js", "code")
	write(t, dir, "node_modules/a/index.d.ts", "types")
	write(t, dir, "node_modules/a/docs/x/index.html", "docs")
	write(t, dir, "package-lock.json", "{}")
	if err := os.Symlink("index.js", filepath.Join(dir, "node_modules/a/main.js")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "node_modules/a/index.js"), 0o4755); err != nil {
		t.Fatal(err)
	}
	tc := &folder{dir: dir, digest: rand.Text(), locks: t.TempDir()} // a recipe of its own, so that the image is not there already
	e := toy{"1.0", engines.Image{Base: engines.Scratch, Leave: []string{"*.d.ts", "docs", "package-lock.json"}}}
	m := newMaker(t, host, tc)
	made, err := m.Make(t.Context(), e, false)
	if err != nil {
		t.Fatal(err)
	}
	remove(t, host, made.Digest)
	if !made.Fresh || !strings.HasPrefix(made.Digest, "sha256:") || made.Bytes < 1<<20 || made.Recipe == "" {
		t.Errorf("made %+v", made)
	}

	files := names(t, host, made.Digest)
	for _, want := range []string{"-rwxr-xr-x 0/0 ", " engine-agent\n", " toolchain/node_modules/a/index.js\n", "main.js -> index.js",
		"drwxrwxrwt 0/0               0 1980-01-01 00:00 work/"} {
		if !strings.Contains(files, want) {
			t.Errorf("no %q in\n%s", want, files)
		}
	}
	for _, not := range []string{".d.ts", "docs", "package-lock", "bin/sh", "rws"} {
		if strings.Contains(files, not) {
			t.Errorf("%q in\n%s", not, files)
		}
	}
	for label, want := range map[string]string{images.LabelEngine: "toy", images.LabelVersion: "1.0", images.LabelRecipe: made.Recipe} {
		out, err := docker(t, host, "inspect", "--format", `{{index .Config.Labels "`+label+`"}}`, made.Digest).Output()
		if err != nil || strings.TrimSpace(string(out)) != want {
			t.Errorf("label %s: %q %v", label, out, err)
		}
	}

	// It is found again, also by another maker, and made again with the same digest.
	for _, other := range []*images.Maker{m, newMaker(t, host, tc)} {
		again, err := other.Make(t.Context(), e, false)
		if err != nil || again.Fresh || again.Digest != made.Digest || again.Bytes != made.Bytes {
			t.Errorf("again %+v %v", again, err)
		}
		if ref, err := other.Image(t.Context(), e); err != nil || ref != made.Digest {
			t.Errorf("image %q %v", ref, err)
		}
	}
	if forced, err := m.Make(t.Context(), e, true); err != nil || !forced.Fresh || forced.Digest != made.Digest {
		t.Errorf("forced %+v %v", forced, err)
	}

	// Another recipe is another image.
	for name, other := range map[string]toy{"version": {"1.1", e.image}, "left out": {"1.0", engines.Image{Base: engines.Scratch}}} {
		next, err := m.Make(t.Context(), other, false)
		if err != nil || !next.Fresh || next.Digest == made.Digest {
			t.Errorf("%s: %+v %v", name, next, err)
		}
		remove(t, host, next.Digest)
	}

	// One that was removed without the maker is made again.
	if out, err := docker(t, host, "rmi", "--force", made.Digest).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if back, err := m.Make(t.Context(), e, false); err != nil || !back.Fresh || back.Digest != made.Digest {
		t.Errorf("back %+v %v", back, err)
	}
	greets(t, host, made.Digest)
}

// Of two images of one recipe, as newer Debian packages make them, the newer is used.
func TestImageMadeAgain(t *testing.T) {
	t.Parallel()
	host := testenv.Docker(t)
	dir := t.TempDir()
	tc := &folder{dir: dir, digest: rand.Text(), locks: t.TempDir()}
	e := toy{rand.Text(), engines.Image{Base: engines.Scratch}}
	var last string
	for _, content := range []string{"one", "two", "three"} {
		write(t, dir, "node_modules/a/index.js", content)
		made, err := newMaker(t, host, tc).Make(t.Context(), e, true)
		if err != nil || made.Digest == last {
			t.Fatalf("made %+v, %v", made, err)
		}
		remove(t, host, made.Digest)
		last = made.Digest
		if found, err := newMaker(t, host, tc).Make(t.Context(), e, false); err != nil || found.Digest != last || found.Fresh {
			t.Errorf("found %+v, %v instead of %s", found, err, last)
		}
	}
}

// Several processes that need an image make it once.
func TestImageForManyProcesses(t *testing.T) {
	t.Parallel()
	host := testenv.Docker(t)
	dir := t.TempDir()
	write(t, dir, "node_modules/a/index.js", "code")
	tc := &folder{dir: dir, digest: rand.Text(), locks: t.TempDir()}
	e := toy{rand.Text(), engines.Image{Base: engines.Scratch}}
	ended := make(chan images.Made)
	const processes = 4
	for range processes {
		m := newMaker(t, host, tc)
		go func() {
			made, err := m.Make(t.Context(), e, false)
			if err != nil {
				t.Error(err)
			}
			ended <- made
		}()
	}
	fresh := 0
	for range processes {
		made := <-ended
		if made.Fresh {
			remove(t, host, made.Digest)
			fresh++
		}
	}
	if fresh != 1 {
		t.Errorf("made %d times", fresh)
	}
}

// greets checks that an image's agent takes jobs.
func greets(t *testing.T, host, image string) {
	t.Helper()
	cmd := docker(t, host, "run", "--rm", "--interactive", "--network=none", "--read-only", "--cap-drop=ALL", "--cap-add=SETUID",
		"--cap-add=SETGID", "--cap-add=KILL", "--security-opt=no-new-privileges", "--tmpfs=/work:exec,mode=1777", image)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	f, err := protocol.NewReader(out).Next()
	if err != nil || f.Type != protocol.Hello {
		t.Errorf("the agent says %v, %v", f.Type, err)
	}
	_ = in.Close()
	_, _ = io.Copy(io.Discard, out)
	if err := cmd.Wait(); err != nil {
		t.Errorf("the agent ends with %v: %s", err, said.String())
	}
}

// Images that an engine's new image has replaced can be removed, except those in use and those of other versions.
func TestPrune(t *testing.T) {
	t.Parallel()
	host := testenv.Docker(t)
	dir := t.TempDir()
	write(t, dir, "a", "a")
	name := "prune-" + strings.ToLower(rand.Text())
	build := func(version string) images.Made {
		e := named{toy{version, engines.Image{Base: engines.Scratch}}, name}
		tc := &folder{dir: dir, digest: rand.Text(), locks: t.TempDir()}
		made, err := newMaker(t, host, tc).Make(t.Context(), e, false)
		if err != nil {
			t.Fatal(err)
		}
		remove(t, host, made.Digest)
		return made
	}
	other, old, used, current := build("1.0"), build("2.0"), build("2.0"), build("2.0")
	id, err := docker(t, host, "create", used.Digest).Output()
	if err != nil {
		t.Fatal(err)
	}
	container := strings.TrimSpace(string(id))
	removeContainer := func() error { return docker(t, host, "rm", "--force", container).Run() }
	defer func() { _ = removeContainer() }()

	m := newMaker(t, host, &folder{dir: dir, locks: t.TempDir()})
	if removed, err := m.Prune(t.Context(), current); err != nil || !slices.Equal(removed, []string{old.Digest}) {
		t.Errorf("removed %v (%v), want %s only", removed, err, old.Digest)
	}
	if err := removeContainer(); err != nil {
		t.Fatal(err)
	}
	if removed, err := m.Prune(t.Context(), current); err != nil || !slices.Equal(removed, []string{used.Digest}) {
		t.Errorf("removed %v (%v), want %s now", removed, err, used.Digest)
	}
	for _, kept := range []images.Made{other, current} {
		if err := docker(t, host, "inspect", kept.Digest).Run(); err != nil {
			t.Errorf("version %s is gone: %v", kept.Version, err)
		}
	}
}

// named is a toy with its own name.
type named struct {
	toy
	name string
}

func (e named) Info() engines.Info { return engines.Info{Name: e.name, Version: e.version} }

func TestImageOnSomebodyElses(t *testing.T) {
	t.Parallel()
	host := testenv.Docker(t)
	dir := t.TempDir()
	write(t, dir, "tool", "theirs")
	tc := &folder{dir: dir, digest: rand.Text(), locks: t.TempDir()}
	base, err := newMaker(t, host, tc).Make(t.Context(), toy{"base", engines.Image{Base: engines.Scratch}}, false)
	if err != nil {
		t.Fatal(err)
	}
	remove(t, host, base.Digest)
	name := "spark-test/" + strings.ToLower(rand.Text()) + ":1"
	if out, err := docker(t, host, "tag", base.Digest, name).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	remove(t, host, name)
	e := toy{"2.0", engines.Image{Base: engines.Ready, Reference: name}}
	m := newMaker(t, host, &folder{locks: t.TempDir()})
	made, err := m.Make(t.Context(), e, false)
	if err != nil {
		t.Fatal(err)
	}
	remove(t, host, made.Digest)
	if made.Digest == base.Digest || !strings.Contains(names(t, host, made.Digest), "toolchain/tool") {
		t.Errorf("made %+v", made)
	}
	if again, err := m.Make(t.Context(), e, false); err != nil || again.Fresh || again.Digest != made.Digest {
		t.Errorf("again %+v %v", again, err)
	}
	greets(t, host, made.Digest)

	e.image.Reference = "spark-test/not-there:1"
	if _, err := m.Image(t.Context(), e); models.CodeOf(err) != models.CodeEngineUnavailable {
		t.Errorf("without a base: %v", err)
	}
}

func TestNoImage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		host  string
		image engines.Image
		code  models.Code
	}{
		"no base":     {testenv.Docker(t), engines.Image{}, models.CodeEngineUnavailable},
		"other place": {testenv.Docker(t), engines.Image{Base: engines.Scratch, Platforms: []string{"linux/mips"}}, models.CodeEngineUnavailable},
		"bad pattern": {testenv.Docker(t), engines.Image{Base: engines.Scratch, Leave: []string{"[", rand.Text()}}, models.CodeEngineUnavailable},
		"no daemon":   {"unix://" + filepath.Join(t.TempDir(), "none.sock"), engines.Image{Base: engines.Scratch}, models.CodeUnavailable}, // may come
	} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		if _, err := newMaker(t, c.host, &folder{locks: t.TempDir()}).Image(ctx, toy{"1", c.image}); models.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
}
