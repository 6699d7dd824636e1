package blob

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func TestStagedFiles(t *testing.T) {
	t.Parallel()
	f := open(t)
	name, size, err := f.Stage(t.Context(), strings.NewReader("hello"), 3)
	require.NoError(t, err)
	require.EqualValues(t, 3, size)
	c, err := f.OpenStaged(name)
	require.NoError(t, err)
	text, err := io.ReadAll(c)
	require.NoError(t, err)
	require.NoError(t, c.Close())
	require.Equal(t, "hel", string(text))

	// What has arrived before an error is kept; nothing is no file.
	broken := errors.New("the line broke")
	half, size, err := f.Stage(t.Context(), io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)), 100)
	require.ErrorIs(t, err, broken)
	require.EqualValues(t, 4, size)
	require.NotEmpty(t, half)
	none, size, err := f.Stage(t.Context(), iotest.ErrReader(broken), 100)
	require.ErrorIs(t, err, broken)
	require.Zero(t, size)
	require.Empty(t, none)
	none, _, err = f.Stage(t.Context(), strings.NewReader(""), 100)
	require.NoError(t, err)
	require.Empty(t, none)
	gone, stop := context.WithCancel(t.Context())
	stop()
	none, _, err = f.Stage(gone, strings.NewReader("x"), 100)
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, none)
	require.Zero(t, left(t, f, "tmp"))
	require.Equal(t, 2, left(t, f, "staged"))

	require.NoError(t, f.Unstage(half, models.NewID(), "../platform"))
	require.Equal(t, 1, left(t, f, "staged"))
	for _, bad := range []string{half, "", "../platform", models.NewID()} {
		_, err := f.OpenStaged(bad)
		require.Error(t, err, bad)
	}

	// The sweep takes what is old and not referred to, and only its own platform's.
	orphan, _, err := f.Stage(t.Context(), strings.NewReader("orphan"), 100)
	require.NoError(t, err)
	young, _, err := f.Stage(t.Context(), strings.NewReader("young"), 100)
	require.NoError(t, err)
	long := time.Now().Add(-2 * stagedGrace)
	for _, name := range []string{name, orphan} {
		require.NoError(t, os.Chtimes(f.staged(name), long, long))
	}
	live := func(_ context.Context, yield func(string) error) error { return yield(name) }
	_, err = f.SweepStaged(t.Context(), models.NewID(), live)
	require.ErrorIs(t, err, ErrNotSwept)
	_, err = f.SweepStaged(t.Context(), mine, func(context.Context, func(string) error) error { return broken })
	require.ErrorIs(t, err, broken)
	require.FileExists(t, f.staged(orphan))
	n, err := f.SweepStaged(t.Context(), mine, live)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.NoFileExists(t, f.staged(orphan))
	require.FileExists(t, f.staged(name))
	require.FileExists(t, f.staged(young))
}
