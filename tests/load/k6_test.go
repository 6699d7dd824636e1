package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/testenv"
)

// The scripts for k6 are checked against its types. k6 itself is not run: its licence is not ours.
func TestScriptsForK6(t *testing.T) {
	t.Parallel()
	modules := testenv.NodeModules(t, "k6")
	check := func(t *testing.T, damage func(dir string)) (string, error) {
		t.Helper()
		dir := t.TempDir()
		require.NoError(t, os.CopyFS(dir, os.DirFS("k6")))
		require.NoError(t, os.RemoveAll(filepath.Join(dir, "node_modules")))
		require.NoError(t, os.Symlink(filepath.Join(modules, "node_modules"), filepath.Join(dir, "node_modules")))
		damage(dir)
		cmd := exec.CommandContext(t.Context(), filepath.Join(modules, "node_modules", ".bin", "tsc"), "--project", dir)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	t.Run("as they are", func(t *testing.T) {
		t.Parallel()
		out, err := check(t, func(string) {})
		require.NoError(t, err, out)
	})
	t.Run("damaged", func(t *testing.T) {
		t.Parallel()
		out, err := check(t, func(dir string) {
			file := filepath.Join(dir, "platform.ts")
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Contains(t, string(text), "preAllocatedVUs: 200")
			require.NoError(t, os.WriteFile(file, []byte(strings.Replace(string(text), "preAllocatedVUs: 200", "preAllocatedVUs: 'many'", 1)), 0o600))
		})
		require.Error(t, err)
		require.Contains(t, out, "TS2322")
	})
}

func aimOf(s scenario) string {
	return strings.Join([]string{s.name, strconv.FormatFloat(s.rate, 'f', -1, 64), strconv.FormatInt(s.most.Milliseconds(), 10)}, " ")
}

// They have the aims of this program.
func TestAimsOfK6(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("k6/platform.ts")
	require.NoError(t, err)
	found := regexp.MustCompile(`(reads|submissions): \{ rate: (\d+), p95: (\d+) \}`).FindAllStringSubmatch(string(text), -1)
	var aims []string
	for _, f := range found {
		aims = append(aims, strings.Join(f[1:], " "))
	}
	ours := map[string]scenario{}
	for _, s := range all(&account{}, nil, &watchers{}, "") {
		ours[s.name] = s
	}
	require.Equal(t, []string{aimOf(ours["reads"]), aimOf(ours["submissions"])}, aims)
}
