package usage

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fake writes a process as the kernel shows it; cpu is user, system, and both of ended children, in ticks.
func fake(t *testing.T, root string, pid, parent int, cpu [4]int, written int) {
	t.Helper()
	dir := filepath.Join(root, strconv.Itoa(pid))
	require.NoError(t, os.Mkdir(dir, 0o755))
	stat := strconv.Itoa(pid) + " (a) name) S " + strconv.Itoa(parent) + " 1 1 0 -1 4194560 1 2 3 4"
	for _, c := range cpu {
		stat += " " + strconv.Itoa(c)
	}
	stat += " 20 0 1 0 100"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "stat"), []byte(stat), 0o644))
	io := "rchar: 1\nwrite_bytes: " + strconv.Itoa(written) + "\ncancelled_write_bytes: 7\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "io"), []byte(io), 0o644))
}

func TestTreesSumUpProcessesAndTheirDescendants(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	fake(t, root, 10, 1, [4]int{1, 2, 3, 4}, 1000)
	fake(t, root, 11, 10, [4]int{10, 0, 0, 0}, 200)
	fake(t, root, 12, 11, [4]int{0, 5, 0, 0}, 30)
	fake(t, root, 20, 1, [4]int{100, 0, 0, 0}, 4)
	for name, c := range map[string]struct {
		pids []int
		want Usage
	}{
		"one tree":              {[]int{10}, Usage{250 * time.Millisecond, 1230}},
		"a part of it":          {[]int{12}, Usage{50 * time.Millisecond, 30}},
		"two trees":             {[]int{10, 20}, Usage{1250 * time.Millisecond, 1234}},
		"a tree and part of it": {[]int{10, 11}, Usage{250 * time.Millisecond, 1230}},
		"one that has ended":    {[]int{99}, Usage{}},
		"nothing":               {nil, Usage{}},
	} {
		got, err := trees(root, c.pids)
		require.NoError(t, err, name)
		require.Equal(t, c.want, got, name)
	}
}

func TestUsageOfARealProcess(t *testing.T) {
	t.Parallel()
	before, err := Trees(os.Getpid())
	require.NoError(t, err)
	data := bytes.Repeat([]byte("spark"), 1<<18)
	f, err := os.CreateTemp(t.TempDir(), "")
	require.NoError(t, err)
	_, err = f.Write(data)
	require.NoError(t, err)
	require.NoError(t, f.Sync())
	require.NoError(t, f.Close())
	// A child that is gone counts as well.
	require.NoError(t, exec.Command("sh", "-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done").Run())
	after, err := Trees(os.Getpid())
	require.NoError(t, err)
	used := after.Sub(before)
	require.Positive(t, used.CPU)
	require.GreaterOrEqual(t, used.Written, int64(0)) // some file systems keep temporary files in memory
}

func TestAnonymousMemoryAndParent(t *testing.T) {
	t.Parallel()
	anonymous, err := AnonymousMemory(os.Getpid())
	require.NoError(t, err)
	require.Greater(t, anonymous, int64(1<<20))
	parent, err := Parent(os.Getpid())
	require.NoError(t, err)
	require.Equal(t, os.Getppid(), parent)
	_, err = value("/proc/self/status", "NoSuchThing")
	require.Error(t, err)
}
