package blob

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const other = "00000000-0000-7000-8000-00000000000b"

// hoard stores a number of old blobs.
func hoard(t *testing.T, f *Folder, n int) (digests []string) {
	t.Helper()
	long := time.Now().Add(-48 * time.Hour)
	for i := range n {
		digest := put(t, f, []byte(strconv.Itoa(i)))
		require.NoError(t, os.Chtimes(f.path(digest), long, long))
		digests = append(digests, digest)
	}
	return digests
}

// sweep removes all but these.
func sweep(t *testing.T, f *Folder, platform string, live ...string) (int, error) {
	t.Helper()
	return f.Sweep(t.Context(), platform, 24*time.Hour, time.Time{}, func(_ context.Context, yield func(string) error) error {
		for _, digest := range live {
			if err := yield(digest); err != nil {
				return err
			}
		}
		return nil
	})
}

// A second database that uses another one's folder removes nothing, whichever of its processes opens it.
func TestAnotherDatabaseSweepsNothing(t *testing.T) {
	t.Parallel()
	f := open(t)
	digests := hoard(t, f, 5)
	require.NoError(t, f.Adopt(other))
	for _, live := range [][]string{nil, digests[:4]} {
		n, err := sweep(t, f, other, live...)
		require.ErrorIs(t, err, ErrNotSwept)
		require.ErrorContains(t, err, other)
		require.Zero(t, n)
	}
	n, err := sweep(t, f, mine, digests[:4]...)
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

// A folder without an owner belongs to the platform that refers to at least half of it.
func TestFolderOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	f, err := Open(t.TempDir(), nil)
	require.NoError(t, err)
	digests := hoard(t, f, 10)
	require.NoError(t, f.Adopt(other), "it is not new")
	for _, live := range [][]string{nil, digests[:4]} {
		n, err := sweep(t, f, other, live...)
		require.ErrorIs(t, err, ErrNotSwept)
		require.Zero(t, n)
	}
	n, err := sweep(t, f, mine, digests[:8]...)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	_, err = sweep(t, f, other, digests...)
	require.ErrorIs(t, err, ErrNotSwept)
}

// The operator's file counts, and of several concurrent writers, the first.
func TestOwnerIsWrittenOnce(t *testing.T) {
	t.Parallel()
	f, err := Open(t.TempDir(), nil)
	require.NoError(t, err)
	digests := hoard(t, f, 3)
	require.NoError(t, os.WriteFile(filepath.Join(f.dir, ownerFile), []byte(other+"\n"), 0o600))
	n, err := sweep(t, f, other, digests[0])
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.NoError(t, f.own(mine))
	owner, err := f.owner()
	require.NoError(t, err)
	require.Equal(t, other, owner)
	require.Zero(t, left(t, f, "tmp"))
}

// An old backup of the right database, or one that was cleared by mistake, does not empty a folder either.
func TestMostOfAFolderIsNotRemovedUnasked(t *testing.T) {
	t.Parallel()
	f := open(t)
	digests := hoard(t, f, guarded)
	n, err := sweep(t, f, mine, digests[:guarded/2-1]...)
	require.ErrorIs(t, err, ErrNotSwept)
	require.ErrorContains(t, err, onceFile)
	require.Zero(t, n)
	n, err = sweep(t, f, mine, digests[:guarded/2]...)
	require.NoError(t, err)
	require.Equal(t, guarded/2, n)

	g := open(t)
	digests = hoard(t, g, guarded)
	require.NoError(t, os.WriteFile(filepath.Join(g.dir, onceFile), nil, 0o600))
	n, err = sweep(t, g, mine, digests[0])
	require.NoError(t, err)
	require.Equal(t, guarded-1, n)
	require.NoFileExists(t, filepath.Join(g.dir, onceFile))
}

// After the database has dropped most of what it had, as retention does, the files of that time go unasked, and only those.
func TestPrunedFilesAreNotGuarded(t *testing.T) {
	t.Parallel()
	f := open(t)
	digests := hoard(t, f, 2*guarded)
	past := time.Now().Add(-100 * 24 * time.Hour)
	for _, digest := range digests[:guarded] {
		require.NoError(t, os.Chtimes(f.path(digest), past, past))
	}
	prune := func(live []string) (int, error) {
		return f.Sweep(t.Context(), mine, 24*time.Hour, past.Add(time.Hour), func(_ context.Context, yield func(string) error) error {
			for _, digest := range live {
				if err := yield(digest); err != nil {
					return err
				}
			}
			return nil
		})
	}
	n, err := prune(digests[2*guarded-1:])
	require.ErrorIs(t, err, ErrNotSwept, "most of the younger ones are not referred to")
	require.Zero(t, n)
	n, err = prune(digests[guarded:])
	require.NoError(t, err)
	require.Equal(t, guarded, n)
}
