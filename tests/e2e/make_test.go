package e2e

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/ai/aitest"
	"github.com/spark-games/spark/models"
)

// sparkMake runs "spark make" in a separate folder.
func sparkMake(t *testing.T, args, env []string) *program {
	t.Helper()
	return start(t, "spark", append([]string{"make"}, args...), env)
}

// printed is what a program wrote to its standard output.
func (p *program) printed(t *testing.T) string {
	t.Helper()
	out, err := os.ReadFile(p.stdout)
	require.NoError(t, err)
	return string(out)
}

// One command makes a game, without a server, in the form that the output's name says.
func TestMake(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		out, engine string
		w           scenario
		open        func(t *testing.T, out string, p *page)
	}{
		{"a game", "phaser", scenarios[3], func(t *testing.T, out string, p *page) { p.open(serveFolder(t, out)) }},
		{"game.zip", "three", scenarios[0], func(t *testing.T, out string, p *page) {
			archive, err := os.ReadFile(out)
			require.NoError(t, err)
			folder := t.TempDir()
			unzip(t, archive, folder)
			p.open(serveFolder(t, folder))
		}},
		{"game.html", "phaser", scenarios[1], func(_ *testing.T, out string, p *page) { p.openFile(out) }},
	} {
		t.Run(tt.out, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), tt.out)
			m := sparkMake(t, []string{tt.w.prompt, "--engine", tt.engine, "--out", out}, nil)
			require.Equal(t, 0, m.exit(t, jobWithin), m.said())
			said := m.printed(t)
			require.NotContains(t, said, "\x1b", "plain lines, because the output is not a terminal")
			require.NotContains(t, said, "\r")
			for _, line := range []string{`^ +\d+% generation: `, `^ +\d+% build: building with `, `^ *\d+% export: `, `^The game is in `} {
				require.Regexp(t, regexp.MustCompile("(?m)"+line), said)
			}
			p := newPage(t)
			tt.open(t, out, p)
			p.play(tt.w, starts[0].do)
		})
	}
}

func serveFolder(t *testing.T, dir string) string {
	t.Helper()
	site := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(site.Close)
	return site.URL + "/"
}

// With a server, the server does the work.
func TestMakeOnServer(t *testing.T) {
	t.Parallel()
	d := startDev(t, filepath.Join(t.TempDir(), "data"))
	out := filepath.Join(t.TempDir(), "game.zip")
	m := sparkMake(t, []string{scenarios[2].prompt, "--server", d.url, "--key", d.key, "--out", out}, nil)
	require.Equal(t, 0, m.exit(t, jobWithin), m.said())
	archive, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Contains(t, zipNames(t, archive), "index.html")
	made := read[list[artifact]](d.get(t, "/v1/artifacts?kind=export").want(200)).Data
	require.Len(t, made, 1)
	require.Equal(t, d.get(t, made[0].DownloadURL).want(200).body, archive)

	withEnv := sparkMake(t, []string{"a game", "--out", out + "2.zip"}, []string{"SPARK_SERVER=" + d.url, "SPARK_KEY=" + d.key})
	require.Equal(t, 0, withEnv.exit(t, jobWithin), withEnv.said())
	require.Len(t, read[list[project]](d.get(t, "/v1/projects").want(200)).Data, 2)
}

// A failure ends with an exit code for its kind, and leaves nothing half-made.
func TestMakeFails(t *testing.T) {
	t.Parallel()
	d := commonDev(t)
	broken := aitest.Game("Broken", models.File{Path: "src/main.js", Data: []byte("const fox = ;\n")})
	model := aitest.New(t)
	model.Always(broken)
	for _, tt := range []struct {
		name string
		args []string
		env  []string
		code int
		says string
	}{
		{"unknown engine", []string{"a game", "--engine", "quake"}, nil, 2, "unknown_engine"},
		{"no prompt", nil, nil, 2, "PROMPT is missing"},
		{"empty prompt", []string{" "}, nil, 2, "prompt"},
		{"unknown flag", []string{"a game", "--colour", "red"}, nil, 2, "--colour"},
		{"unreachable server", []string{"a game", "--server", "http://127.0.0.1:1", "--key", "x"}, nil, 3, "cannot be reached"},
		{"wrong key", []string{"a game", "--server", d.url, "--key", "x"}, nil, 1, "key"},
		{"compile failure", []string{"a game"}, modelEnv(model), 1, "src/main.js:1:13"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			m := sparkMake(t, append(tt.args, "--out", filepath.Join(dir, "game")), tt.env)
			require.Equal(t, tt.code, m.exit(t, jobWithin), m.said())
			stderr, err := os.ReadFile(m.stderr)
			require.NoError(t, err)
			require.Contains(t, string(stderr), tt.says)
			require.NotContains(t, string(stderr), "goroutine ")
			left, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

// Ctrl-C stops the command and the job on the server immediately.
func TestMakeInterrupted(t *testing.T) {
	t.Parallel()
	model := aitest.New(t)
	model.Always(aitest.Silent())
	d := startDev(t, filepath.Join(t.TempDir(), "data"), modelEnv(model)...)
	for _, embedded := range []bool{false, true} {
		asked := len(model.Requests())
		args := []string{"a game", "--out", filepath.Join(t.TempDir(), "game.zip")}
		if !embedded {
			args = append(args, "--server", d.url, "--key", d.key)
		}
		m := sparkMake(t, args, modelEnv(model))
		eventually(t, startWithin, "the model is asked", func() bool { return len(model.Requests()) > asked })
		require.NoError(t, m.Signal(syscall.SIGINT))
		require.Equal(t, 130, m.exit(t, startWithin), m.said())
		require.Contains(t, strings.ToLower(m.said()), "interrupted")
	}
	jobs := read[list[job]](d.get(t, "/v1/jobs").want(200)).Data
	require.Len(t, jobs, 3)
	for _, j := range jobs {
		require.Equal(t, "cancelled", d.end(t, j.ID, startWithin).State, "%s", j.Kind)
	}
}
