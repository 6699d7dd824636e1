package blob

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// While one process has pinned a folder, no other one's sweep removes anything; and a pin waits while a sweep removes.
func TestPinnedBlobsAreNotSwept(t *testing.T) {
	t.Parallel()
	f := open(t)
	other, err := Open(f.dir, nil)
	require.NoError(t, err)
	digest := put(t, f, []byte("old"))
	nothing := func(context.Context, func(string) error) error { return nil }
	first, err := f.Pin(t.Context())
	require.NoError(t, err)
	second, err := f.Pin(t.Context())
	require.NoError(t, err)
	for _, unpin := range []func(){first, second} {
		n, err := other.Sweep(t.Context(), mine, 0, time.Time{}, nothing)
		require.NoError(t, err)
		require.Zero(t, n)
		require.FileExists(t, f.path(digest))
		unpin()
	}
	n, err := other.Sweep(t.Context(), mine, 0, time.Time{}, nothing)
	require.NoError(t, err)
	require.Equal(t, 1, n)

	removing, err := other.unpinned()
	require.NoError(t, err)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = f.Pin(ended)
	require.ErrorIs(t, err, context.Canceled)
	removing()
	unpin, err := f.Pin(t.Context())
	require.NoError(t, err)
	unpin()
}
