package models

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEveryStateHasItsPlaceInTheMachine(t *testing.T) {
	t.Parallel()
	require.Len(t, transitions, len(States()))
	for _, s := range States() {
		require.True(t, s.Valid(), s)
		for _, next := range transitions[s] {
			require.True(t, next.Valid(), next)
		}
		if s.Terminal() {
			require.True(t, EventType(s).Terminal(), "a terminal state has a terminal event of its name")
			require.False(t, s.CanBecome(StateRunning), "a finished job is never simply running again")
		}
	}
	require.Empty(t, transitions[StateSucceeded])
	require.False(t, State("paused").Valid())
}

func TestQueues(t *testing.T) {
	t.Parallel()
	require.Len(t, Queues(), 12)
	require.Equal(t, "build:critical", Queue{KindBuild, PriorityCritical}.Name())
}

func TestCheckPath(t *testing.T) {
	t.Parallel()
	for _, p := range []string{"index.html", "src/main.js", "assets/Fuchs ü.png", ".hidden", "a/b/c/d.e.f", "星/月.js"} {
		require.NoError(t, CheckPath(p), p)
	}
	for _, p := range []string{
		"", ".", "..", "../x", "a/../b", "a/./b", "a//b", "/etc/passwd", "a/", `a\b`, `..\x`, "a\x00b", "a\nb", "a\u202eb", "a\u200bb",
		"con", "CON.txt", "a/nul", "lpt1.js", "a.", "a ", "a./b", "a:b", "a|b", "a?b", "a*", `a"`, "a<b", "\xff", "e\u0301.js",
		strings.Repeat("a", MaxPathBytes+1), strings.Repeat("a/", MaxPathDepth) + "a",
	} {
		err := CheckPath(p)
		require.Equal(t, CodeInvalidPath, CodeOf(err), "%q", p)
		require.NotContains(t, err.Error(), "\x00")
		require.Less(t, len(err.Error()), 300)
	}
}

func FuzzCheckPath(f *testing.F) {
	for _, s := range []string{"a/b", "../x", "a\x00", "C:/x", "a/…", "ﬁ.js"} {
		f.Add(s)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, p string) {
		if CheckPath(p) != nil {
			return
		}
		// What is allowed stays inside whatever folder it is put into.
		full := filepath.Join(dir, filepath.FromSlash(p))
		require.True(t, strings.HasPrefix(full, dir+string(os.PathSeparator)), p)
		rel, err := filepath.Rel(dir, full)
		require.NoError(t, err)
		require.Equal(t, p, filepath.ToSlash(rel))
	})
}

func TestCheckFiles(t *testing.T) {
	t.Parallel()
	file := func(paths ...string) (files []File) {
		for _, p := range paths {
			files = append(files, File{Path: p, Data: []byte("x")})
		}
		return files
	}
	require.NoError(t, CheckFiles(file("a", "b/c", "b/d")))
	many := make([]File, MaxProjectFiles+1)
	for i := range many {
		many[i].Path = fmt.Sprintf("f%d", i)
	}
	big := []File{{Path: "a", Data: make([]byte, MaxProjectFileBytes+1)}}
	total := make([]File, 9)
	for i := range total {
		total[i] = File{Path: fmt.Sprint("f", i), Data: make([]byte, MaxProjectFileBytes)}
	}
	for name, files := range map[string][]File{
		"none": nil, "same": file("a", "a"), "same but for case": file("A.js", "a.js"), "file and folder": file("a", "a/b"),
		"file and folder, case": file("A", "a/b/c"), "too many": many, "too big": big, "too big together": total,
	} {
		require.Equal(t, CodeInvalidFiles, CodeOf(CheckFiles(files)), name)
	}
	require.Equal(t, CodeInvalidPath, CodeOf(CheckFiles(file("../x"))))
}

func TestErrorsShowOnlyWhatIsSafe(t *testing.T) {
	t.Parallel()
	secret := errors.New("password hunter2")
	require.NotContains(t, AsError(secret).Message, "hunter2")
	require.Equal(t, CodeInternal, CodeOf(secret))
	wrapped := fmt.Errorf("while saving: %w", WrapError(CodeUnavailable, "try again", secret))
	require.Equal(t, CodeUnavailable, CodeOf(wrapped))
	require.ErrorIs(t, wrapped, secret)
	require.Equal(t, "/steps/1/input/prompt", FieldError("/prompt", "x").At("/input").At("/steps/1").Pointer)
}

func TestManifestDigestIsOfContent(t *testing.T) {
	t.Parallel()
	a := Manifest{{Path: "b", SHA256: "2", Size: 2}, {Path: "a", SHA256: "1", Size: 1, MediaType: "text/plain"}}
	a.Sort()
	b := Manifest{{Path: "a", SHA256: "1", Size: 1}, {Path: "b", SHA256: "2", Size: 2}}
	require.Equal(t, b.Digest(), a.Digest())
	require.NotEqual(t, b[:1].Digest(), a.Digest())
	require.Equal(t, int64(3), a.Bytes())
	_, ok := a.Find("c")
	require.False(t, ok)
}

func TestIDs(t *testing.T) {
	t.Parallel()
	first, second := NewID(), NewID()
	require.Less(t, first, second, "ids sort by their time")
	require.True(t, ValidID(first))
	for _, s := range []string{"", "x", strings.ToUpper(first), "{" + first + "}", first + " "} {
		require.False(t, ValidID(s), s)
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 29, 1, 30, 0, 0, time.FixedZone("east", 3*3600))
	require.Equal(t, time.Date(2026, 3, 28, 22, 0, 0, 0, time.UTC), PeriodHour.Start(at))
	day := PeriodDay.Start(at)
	require.Equal(t, time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC), day)
	require.Equal(t, day.AddDate(0, 0, 1), PeriodDay.Next(day))
}

func TestIDsCarryTheirTime(t *testing.T) {
	t.Parallel()
	before := time.Now().Truncate(time.Millisecond)
	id := NewID()
	made, ok := IDTime(id)
	require.True(t, ok)
	require.WithinRange(t, made, before, time.Now())
	require.Less(t, FirstID(made), id)
	require.Greater(t, FirstID(made.Add(time.Millisecond)), id)
	require.Equal(t, "00000000-0000-0000-0000-000000000000", FirstID(time.Time{}))
	for _, no := range []string{"", "x", "00000000-0000-4000-8000-000000000000", FirstID(made)} {
		_, ok := IDTime(no)
		require.False(t, ok, no)
	}
}
