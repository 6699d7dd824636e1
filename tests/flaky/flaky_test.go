package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The busy loops are this program, run again.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == burnArgument {
		burn(os.Stdin)
		return
	}
	os.Exit(m.Run())
}

// repository makes a module under git with one commit, and returns its folder.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, map[string]string{"go.mod": "module example.test/m\n\ngo 1.26\n", ".gitignore": ".flaky/\ncount*\n"})
	write(t, dir, files)
	commit(t, dir, "first")
	return dir
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644))
	}
}

func commit(t *testing.T, dir, message string) {
	t.Helper()
	for _, args := range [][]string{{"init", "-q", "-b", "main"}, {"add", "-A"},
		{"-c", "user.name=Test", "-c", "user.email=test@example.test", "commit", "-qm", message}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
}

const shape = `package a

import "testing"

type cup struct{}

func (cup) fill() int { return %d }

func pour() int { return cup{}.fill() }

func TestUses(t *testing.T) { _ = pour() }

func TestOther(t *testing.T) {}
`

func TestChangedTestsAreThoseWhoseCodeChanged(t *testing.T) {
	t.Parallel()
	dir := repository(t, map[string]string{
		"a/a_test.go": fmt.Sprintf(shape, 1), "a/a.go": "package a\n",
		"b/b_test.go": "package b\n\nimport \"testing\"\n\nfunc TestReads(t *testing.T) {}\n", "b/testdata/in": "1",
		"c/c_test.go": "package c\n\nimport \"testing\"\n\nfunc TestMain(m *testing.M) { m.Run() }\n\nfunc TestAny(t *testing.T) {}\n",
	})
	chosen := func(o options) (names []string) {
		o.root, o.base, o.fast, o.slow = dir, "HEAD", 50, 10
		if o.shard.of == 0 {
			o.shard = shard{1, 1}
		}
		s, err := selectTests(t.Context(), o)
		require.NoError(t, err)
		for _, picked := range s.tests {
			names = append(names, picked.id())
		}
		return names
	}
	require.Empty(t, chosen(options{}))

	write(t, dir, map[string]string{"a/a.go": "package a\n\n// More.\n"})
	require.Empty(t, chosen(options{}), "a change of the code under test is not a change of the test")
	write(t, dir, map[string]string{"a/a_test.go": fmt.Sprintf(shape, 2)})
	require.Equal(t, []string{"./a TestUses"}, chosen(options{}), "it uses what changed, through a method and a function")
	write(t, dir, map[string]string{"b/testdata/in": "2"})
	require.Equal(t, []string{"./a TestUses", "./b TestReads"}, chosen(options{}))
	write(t, dir, map[string]string{"c/c_test.go": "package c\n\nimport \"testing\"\n\nfunc TestMain(m *testing.M) { m.Run(); m.Run() }\n\nfunc TestAny(t *testing.T) {}\n"})
	require.Equal(t, []string{"./a TestUses", "./b TestReads", "./c TestAny"}, chosen(options{}))
	write(t, dir, map[string]string{"tests/e2e/d_test.go": "package d\n\nimport \"testing\"\n\nfunc FuzzNew(f *testing.F) {}\n"})
	require.Equal(t, []string{"./a TestUses", "./b TestReads", "./c TestAny", "./tests/e2e FuzzNew"}, chosen(options{}), "git does not track it yet")
	require.Equal(t, []string{"./tests/e2e FuzzNew"}, chosen(options{only: "./tests/..."}))
	require.ElementsMatch(t, chosen(options{}), append(chosen(options{shard: shard{1, 2}}), chosen(options{shard: shard{2, 2}})...))

	s, err := selectTests(t.Context(), options{root: dir, base: "all", shard: shard{1, 1}, fast: 50, slow: 10})
	require.NoError(t, err)
	require.Len(t, s.tests, 5)
	for _, picked := range s.tests {
		require.Equal(t, map[bool]int{true: 10, false: 50}[picked.Package == "./tests/e2e"], picked.Runs, picked)
	}
}

// chance fails once in thirty runs, which are counted in a file since runs are in several processes.
const chance = `package a

import (
	"os"
	"testing"
)

func TestChance(t *testing.T) {
	before, _ := os.ReadFile("count")
	if err := os.WriteFile("count", append(before, '.'), 0o644); err != nil {
		t.Fatal(err)
	}
	if len(before) == 17 {
		t.Error("by chance")
	}
}

func TestFine(t *testing.T) {}
`

func TestWhatFailsOnceInManyRunsIsFound(t *testing.T) {
	t.Parallel()
	dir := repository(t, map[string]string{"a/a_test.go": chance})
	var out bytes.Buffer
	o := options{root: dir, out: &out, base: "all", shard: shard{1, 1}, fast: 30, slow: 10, state: filepath.Join(dir, ".flaky", "state.json")}
	code, err := run(t.Context(), o)
	require.Error(t, err)
	require.Equal(t, exitFlaky, code, "%v", err)
	require.Regexp(t, `(?m)^\./a +TestChance +30 +1$`, out.String())
	require.Regexp(t, `(?m)^\./a +TestFine +30 +0$`, out.String())
	kept, err := os.ReadFile(filepath.Join(dir, ".flaky", "failures", "a.TestChance.18.log"))
	require.NoError(t, err)
	require.Contains(t, string(kept), "by chance")

	t.Run("a run that is over has nothing to resume", func(t *testing.T) {
		ran, err := os.ReadFile(filepath.Join(dir, "a", "count"))
		require.NoError(t, err)
		require.Len(t, ran, 30)
		o.resume = true
		code, _ := run(t.Context(), o)
		require.Equal(t, exitFlaky, code)
		again, err := os.ReadFile(filepath.Join(dir, "a", "count"))
		require.NoError(t, err)
		require.Len(t, again, 30)
	})
	t.Run("more runs continue where it was stopped", func(t *testing.T) {
		o.fast = 45
		out.Reset()
		code, _ := run(t.Context(), o)
		require.Equal(t, exitFlaky, code)
		require.Regexp(t, `(?m)^\./a +TestChance +45 +1$`, out.String())
		ran, err := os.ReadFile(filepath.Join(dir, "a", "count"))
		require.NoError(t, err)
		require.Len(t, ran, 45)
	})
	t.Run("changed code starts again, and only the tests that it concerns", func(t *testing.T) {
		write(t, dir, map[string]string{"a/a.go": "package a\n", "b/b_test.go": "package b\n\nimport \"testing\"\n\nfunc TestB(t *testing.T) {}\n"})
		out.Reset()
		code, err := run(t.Context(), o)
		require.NoError(t, err, out.String())
		require.Zero(t, code)
		ran, err := os.ReadFile(filepath.Join(dir, "a", "count"))
		require.NoError(t, err)
		require.Len(t, ran, 90)
		write(t, dir, map[string]string{"b/b_test.go": "package b\n\nimport \"testing\"\n\nfunc TestB(t *testing.T) { t.Log() }\n"})
		out.Reset()
		_, err = run(t.Context(), o)
		require.NoError(t, err)
		require.Contains(t, out.String(), "./b ")
		require.NotRegexp(t, `(?m)^\./a .* failures,`, out.String(), "its code has not changed")
	})
}

func TestDigestsFollowWhatTestsRun(t *testing.T) {
	t.Parallel()
	dir := repository(t, map[string]string{
		"low/low.go": "package low\n", "low/low_test.go": "package low\n",
		"high/high_test.go":      "package high\n\nimport _ \"example.test/m/low\"\n",
		"tests/e2e/play_test.go": "package e2e\n", "README.md": "one",
	})
	tests := []test{{Package: "./high"}, {Package: "./low"}, {Package: "./tests/e2e"}}
	before, err := digests(t.Context(), dir, tests, true)
	require.NoError(t, err)
	for _, step := range []struct {
		name, content string
		changes       []string
	}{
		{"README.md", "two", nil},
		{"low/low_test.go", "package low // changed\n", []string{"./low", "./tests/e2e"}},
		{"low/testdata/in", "x", []string{"./high", "./low", "./tests/e2e"}},
		{"low/low.go", "package low // changed\n", []string{"./high", "./low", "./tests/e2e"}},
		{"high/high_test.go", "package high\n", []string{"./high", "./tests/e2e"}},
		{"low/low.go", "package low // again\n", []string{"./low", "./tests/e2e"}},
		{"go.sum", "", []string{"./high", "./low", "./tests/e2e"}},
	} {
		write(t, dir, map[string]string{step.name: step.content})
		after, err := digests(t.Context(), dir, tests, true)
		require.NoError(t, err)
		var changed []string
		for _, p := range tests {
			if before[p.Package] != after[p.Package] {
				changed = append(changed, p.Package)
			}
		}
		require.Equal(t, step.changes, changed, step.name)
		before = after
	}
}

// A package whose tests pass but whose process fails is reported: goleak does that.
func TestBreakdownIsToldAsTheMainsFailure(t *testing.T) {
	t.Parallel()
	dir := repository(t, map[string]string{
		"a/a_test.go":         "package a\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestMain(m *testing.M) { m.Run(); os.Exit(1) }\n\nfunc TestFine(t *testing.T) {}\n",
		"b/b_windows_test.go": "package b\n\nimport \"testing\"\n\nfunc TestElsewhere(t *testing.T) {}\n", "b/b.go": "package b\n",
	})
	var out bytes.Buffer
	code, err := run(t.Context(), options{root: dir, out: &out, base: "all", shard: shard{1, 1}, fast: 20, slow: 10, state: filepath.Join(dir, ".flaky", "state.json")})
	require.Error(t, err)
	require.Equal(t, exitFlaky, code)
	require.Regexp(t, `(?m)^\./a +TestMain +3 +3$`, out.String())
	require.Regexp(t, `(?m)^\./a +TestFine +20 +0$`, out.String())
	require.Regexp(t, `(?m)^\./b +TestElsewhere +0 +0$`, out.String(), "it is not built on this system")
}

func TestStoppedRunSaysSo(t *testing.T) {
	t.Parallel()
	dir := repository(t, map[string]string{"a/a_test.go": "package a\n\nimport \"testing\"\n\nfunc TestHangs(t *testing.T) { select {} }\n"})
	ctx, stop := context.WithCancel(t.Context())
	out := &tripwire{at: "tests changed", then: stop}
	code, err := run(ctx, options{root: dir, out: out, base: "all", shard: shard{1, 1}, fast: 1, slow: 1, state: filepath.Join(dir, ".flaky", "state.json")})
	require.ErrorContains(t, err, "RESUME")
	require.Equal(t, exitStopped, code)
}

// tripwire calls then when a text is written.
type tripwire struct {
	at   string
	then func()
}

func (s *tripwire) Write(p []byte) (int, error) {
	if strings.Contains(string(p), s.at) {
		s.then()
	}
	return len(p), nil
}

func TestDiffs(t *testing.T) {
	t.Parallel()
	changed, err := readDiff(strings.NewReader(`diff --git a/x_test.go b/x_test.go
--- a/x_test.go
+++ a/x_test.go
@@ -3 +3,2 @@ func TestA(t *testing.T) {
+++ b/not_a_file_test.go
+more
@@ -9,2 +9,0 @@
-gone
diff --git a/gone_test.go b/gone_test.go
--- a/gone_test.go
+++ /dev/null
@@ -1 +0,0 @@
-package gone
`))
	require.NoError(t, err)
	require.Equal(t, map[string][]lineRange{"a/x_test.go": {{3, 4}, {9, 9}}}, changed)
	_, err = readDiff(strings.NewReader("+++ a.go\n@@ nonsense @@\n"))
	require.Error(t, err)
}

func FuzzDiff(f *testing.F) {
	f.Add([]byte("+++ a.go\n@@ -1 +2,3 @@\n"))
	f.Add([]byte("diff --git x y\n+++ y\n@@ +9223372036854775807,9 @@\n"))
	f.Fuzz(func(_ *testing.T, in []byte) {
		_, _ = readDiff(bytes.NewReader(in))
	})
}

func TestShardsAreRead(t *testing.T) {
	t.Parallel()
	var s shard
	for _, bad := range []string{"", "1", "0/4", "5/4", "1/4x", "-1/4", "1/0"} {
		require.Error(t, s.UnmarshalText([]byte(bad)), bad)
	}
	require.NoError(t, s.UnmarshalText([]byte("3/4")))
	require.Equal(t, shard{3, 4}, s)
}

func TestResultsAreReadWithTheirOutput(t *testing.T) {
	t.Parallel()
	results := readResults(strings.ReplaceAll(`^=== RUN   TestA
^=== RUN   TestA/sub
    a_test.go:1: said
--- FAIL: TestA (0.00s) is what the test printed itself
^--- FAIL: TestA/sub (0.00s)
^--- FAIL: TestA (0.00s)
^=== RUN   TestB
^--- PASS: TestB (0.00s)
^=== RUN   TestB
^--- SKIP: TestB (0.00s)
^=== RUN   TestC
panic: broken
`, "^", "\x16"))
	require.Len(t, results["TestA"], 1)
	require.True(t, results["TestA"][0].failed)
	require.Contains(t, results["TestA"][0].output, "said")
	require.Len(t, results["TestB"], 2)
	require.False(t, results["TestB"][0].failed || results["TestB"][1].failed)
	require.Len(t, results["TestC"], 1)
	require.True(t, results["TestC"][0].failed, "it was running when the program broke down")
	require.Contains(t, results["TestC"][0].output, "panic: broken")
}

func TestLoadEndsWithItsOwner(t *testing.T) {
	t.Parallel()
	idle, err := startLoad(1)
	require.NoError(t, err)
	idle() // waits for the loops
}
