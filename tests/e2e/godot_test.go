package e2e

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/services/find"
)

// godotServer is the engine that plays packs without a screen. It is installed where it can be.
func godotServer(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("godot3-server")
	if err != nil && !find.CanInstall() && os.Getenv("CI") != "true" {
		t.Skip("this machine has no godot3-server")
	}
	require.NoError(t, err)
	return program
}

// reading is what a game reports while testdata/play.gd plays it.
type reading struct {
	State       string
	Score, Goal int
	X, Y, Time  float64
}

// playPack plays a pack without a screen, faster than a person could, and returns what it said.
func playPack(t *testing.T, pack, how string) (said []reading) {
	t.Helper()
	bot, err := filepath.Abs("testdata/play.gd")
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), jobWithin)
	defer cancel()
	cmd := exec.CommandContext(ctx, godotServer(t), "--main-pack", pack, "-s", bot, "--fixed-fps", "60")
	cmd.Env = []string{"HOME=" + t.TempDir(), "LANG=en_US.UTF-8", "SPARK_PLAY=" + how}
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.False(t, bytes.Contains(out, []byte("SCRIPT ERROR")), "%s", out)
	for line := range bytes.Lines(out) {
		if text, ok := strings.CutPrefix(string(line), "spark: "); ok {
			var r reading
			require.NoError(t, json.Unmarshal([]byte(text), &r), "%s", line)
			said = append(said, r)
		}
	}
	require.NotEmpty(t, said, "%s", out)
	return said
}

// photograph saves a picture of the game program, as players start it, if SPARK_TEST_SCREENSHOTS names a folder: on an in-memory
// screen, from Debian's package xvfb, with Mesa's software rendering.
func photograph(t *testing.T, dir, name string) {
	t.Helper()
	into := os.Getenv("SPARK_TEST_SCREENSHOTS")
	if into == "" {
		return
	}
	script, err := filepath.Abs("testdata/picture.gd")
	require.NoError(t, err)
	into, err = filepath.Abs(into)
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), "xvfb-run", "-a", "-s", "-screen 0 1280x800x24", filepath.Join(dir, "game"), "-s", script,
		"--fixed-fps", "60", "--audio-driver", "Dummy", "--resolution", "960x540")
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "LANG=en_US.UTF-8",
		"SPARK_PICTURE="+filepath.Join(into, "TestGames-godot-each-"+name+"_release-going.png"))
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// With Godot, a prompt becomes a game that is built in a container: a program with its pack, which is not a page, is exported as
// executable, and can be won and lost.
func TestGodotGames(t *testing.T) {
	t.Parallel()
	godotServer(t)
	d := containedDev(t)
	for _, w := range scenarios {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			project := d.newProject(t, w.name, "godot")
			p := d.submit(t, project.ID,
				step{"kind": "generation", "input": step{"prompt": "an easy game: " + w.prompt, "seed": 7}},
				step{"kind": "build", "input": step{"mode": "release"}},
				step{"kind": "export", "input": step{"format": "zip"}})
			p = d.await(t, p.ID, jobWithin).succeed(t)
			built := p.Jobs[1]
			require.Equal(t, "linux", built.Output["format"])
			require.NotContains(t, built.Output, "play_url")
			require.NotContains(t, built.Output, "diagnostics")
			refused := read[problem](d.get(t, "/play/"+built.Output["artifact_id"].(string)+"/").want(409))
			require.Equal(t, string(models.CodeNotPlayable), refused.Code)
			require.Contains(t, refused.Detail, "a program for Linux")

			archive := d.get(t, p.Jobs[2].Output["download_url"].(string)).want(200).body
			dir := filepath.Join(t.TempDir(), "game")
			z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
			require.NoError(t, err)
			modes := map[string]string{}
			for _, f := range z.File {
				modes[f.Name] = f.Mode().Perm().String()
			}
			require.Equal(t, "-rwxr-xr-x", modes["game"])
			require.Len(t, modes, 3)
			require.NoError(t, os.Mkdir(dir, 0o700))
			require.NoError(t, os.CopyFS(dir, z))

			photograph(t, dir, w.name)
			won := playPack(t, filepath.Join(dir, "game.pck"), "win")
			first, last := won[0], won[len(won)-1]
			require.Equal(t, "title", first.State)
			require.Equal(t, "won", last.State, "%+v", last)
			require.GreaterOrEqual(t, last.Score, last.Goal)
			lost := playPack(t, filepath.Join(dir, "game.pck"), "lose")
			require.Equal(t, "lost", lost[len(lost)-1].State)
		})
	}
}

// A game that does not run in a browser is not exported as a page, and nothing is made for that.
func TestGodotRefusals(t *testing.T) {
	t.Parallel()
	d := containedDev(t)
	project := d.newProject(t, "refused", "godot")
	refused := d.do(t, "POST", "/v1/pipelines", step{"project_id": project.ID, "steps": []step{
		{"kind": "generation", "input": step{"prompt": scenarios[3].prompt, "seed": 7}},
		{"kind": "build", "input": step{"mode": "release"}},
		{"kind": "export", "input": step{"format": "html"}},
	}}).want(409)
	require.Contains(t, string(refused.body), `"code":"`+string(models.CodeNotPlayable)+`"`)
}
