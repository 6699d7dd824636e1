package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/services/process"
)

// shellBlocks are the README's shell blocks, by their heading.
func shellBlocks(t *testing.T) (all []string, under map[string][]string) {
	t.Helper()
	raw, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	under = make(map[string][]string)
	heading := ""
	var block []string
	inside := false
	for line := range strings.Lines(string(raw)) {
		switch line = strings.TrimSuffix(line, "\n"); {
		case line == "```sh":
			inside = true
		case line == "```" && inside:
			text := strings.Join(block, "\n") + "\n"
			all, under[heading] = append(all, text), append(under[heading], text)
			inside, block = false, nil
		case inside:
			block = append(block, line)
		case strings.HasPrefix(line, "## "):
			heading = strings.TrimPrefix(line, "## ")
		}
	}
	require.NotEmpty(t, all)
	return all, under
}

var (
	variableUsed = regexp.MustCompile(`\$\{?([A-Z][A-Z_]*)`)
	variableSet  = regexp.MustCompile(`(?m)(?:^|\s)(?:export )?([A-Z][A-Z_]*)=`)
	notPortable  = regexp.MustCompile(`(?m)(?:^|[|;&(]\s*)(?:open|xdg-open|pbcopy|gsed)\s|\s--json\s|\[\[|\becho -[en]`)
)

// Every variable in the README's shell blocks is set before it is used, and no line depends on one system or shell.
func TestReadmeLines(t *testing.T) {
	t.Parallel()
	all, _ := shellBlocks(t)
	set := map[string]bool{}
	for _, block := range all {
		for line := range strings.Lines(block) {
			for _, m := range variableUsed.FindAllStringSubmatch(line, -1) {
				require.True(t, set[m[1]], "$%s is used before it is set: %s", m[1], line)
			}
			for _, m := range variableSet.FindAllStringSubmatch(line, -1) {
				set[m[1]] = true
			}
		}
		require.NotRegexp(t, notPortable, block)
	}
}

// The README's shell blocks work as written, in one shell, against a running platform.
func TestReadmeRuns(t *testing.T) {
	t.Parallel()
	_, under := shellBlocks(t)
	script := strings.Join(slices.Concat(under["Use it from your app"], []string{"go run ./cmd/spark verify $ARTIFACT\n"},
		under["Where a game comes from"]), "")
	require.Contains(t, script, "/v1/pipelines")
	require.Contains(t, script, "--provenance")

	dir := t.TempDir()
	d := startDev(t, filepath.Join(dir, "spark-data"))
	script = strings.ReplaceAll(script, "http://127.0.0.1:8080", d.url)
	script = strings.ReplaceAll(script, "go run ./cmd/spark", filepath.Join(programs, "spark"))
	file := filepath.Join(dir, "readme.sh")
	require.NoError(t, os.WriteFile(file, []byte("set -eu\n"+script), 0o600))
	log, err := os.Create(filepath.Join(dir, "said"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = log.Close() })
	sh, err := process.Start(process.Spec{Path: "/bin/sh", Args: []string{file}, Dir: dir, Stdout: log, Stderr: log,
		Env: environment("SPARK_SERVER="+d.url, "SPARK_KEY="+d.key)})
	require.NoError(t, err)
	t.Cleanup(func() { _ = sh.SignalGroup(syscall.SIGKILL) })
	select {
	case <-sh.Done():
	case <-time.After(jobWithin):
		require.FailNow(t, "the lines do not come to an end")
	}
	raw, err := os.ReadFile(log.Name())
	require.NoError(t, err)
	said := string(raw)
	require.Equal(t, 0, sh.ExitCode(), said)
	play := regexp.MustCompile(`Play it at (\S+)`).FindStringSubmatch(said)
	require.NotNil(t, play, said)
	client{}.get(t, play[1]).want(200)
	archive, err := os.ReadFile(filepath.Join(dir, "fox.zip"))
	require.NoError(t, err)
	require.Contains(t, zipNames(t, archive), "index.html")
	require.Equal(t, 2, strings.Count(said, "Verified: "))
}
