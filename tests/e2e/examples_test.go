package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// examplesDir has the examples of the API's reference, a folder for each.
const examplesDir = sourcesDir + "/internal/api/reference/examples"

// exampleSays is what the end of an example prints.
var exampleSays = map[string]string{"make": "Play it at http", "template": "make-and-export, version 1: succeeded", "repeat": "one project: ", "pages": "Fox", "edit": "A fox in the snow",
	"patch": `{"speed": 3, "tiles": ["grass", "water"]}`, "webhooks": "verify with whsec_"}

// The examples of the API's reference work as they stand there.
func TestExamples(t *testing.T) {
	t.Parallel()
	d := commonDev(t)
	folders, err := os.ReadDir(examplesDir)
	require.NoError(t, err)
	require.Len(t, folders, len(exampleSays))
	d.do(t, "POST", "/v1/projects", map[string]string{"name": "Fox", "engine": "phaser"}).want(201)
	for _, language := range []struct {
		name    string
		command func(t *testing.T, example string) []string
	}{
		{"curl", func(t *testing.T, example string) []string {
			path, err := filepath.Abs(filepath.Join(examplesDir, example, "curl.sh"))
			require.NoError(t, err)
			return []string{"bash", "-eu", path}
		}},
		{"go", func(t *testing.T, example string) []string {
			program := filepath.Join(t.TempDir(), example)
			out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, examplesDir+"/"+example).CombinedOutput()
			require.NoError(t, err, "%s", out)
			return []string{program}
		}},
		{"typescript", func(t *testing.T, example string) []string { return []string{"node", compileExample(t, example)} }},
	} {
		for _, folder := range folders {
			t.Run(language.name+"/"+folder.Name(), func(t *testing.T) {
				t.Parallel()
				args := language.command(t, folder.Name())
				cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
				cmd.Dir = t.TempDir()
				cmd.Env = append(os.Environ(), "SPARK_SERVER="+d.url, "SPARK_KEY="+d.key)
				out, err := cmd.CombinedOutput()
				require.NoError(t, err, "%s", out)
				require.Contains(t, string(out), exampleSays[folder.Name()])
				if folder.Name() == "make" {
					zip, err := os.ReadFile(filepath.Join(cmd.Dir, "fox.zip"))
					require.NoError(t, err)
					require.Contains(t, zipNames(t, zip), "index.html")
					_, play, _ := strings.Cut(string(out), "Play it at ")
					client{}.get(t, strings.TrimSpace(play)).want(200)
				}
			})
		}
	}
}

// compileExample compiles an example in TypeScript inside the client's package, by whose name it imports the client.
func compileExample(t *testing.T, example string) string {
	t.Helper()
	dir := typeScript(t)
	source := filepath.Join("examples", example+".ts")
	require.NoError(t, copyFile(filepath.Join(examplesDir, example, "typescript.ts"), filepath.Join(dir, source)))
	inTypeScript(t, dir, "node_modules/.bin/tsc", "--strict", "--target", "es2022", "--module", "nodenext", "--types", "node", "--rootDir", "examples",
		"--outDir", "build/examples", source)
	return filepath.Join(dir, "build", "examples", example+".js")
}
