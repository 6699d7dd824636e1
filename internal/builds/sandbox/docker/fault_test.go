package docker

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A daemon that does not answer is distinguished from one that refuses something.
func TestIsAway(t *testing.T) {
	t.Parallel()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	for _, host := range []string{"unix://" + filepath.Join(t.TempDir(), "docker.sock"), "tcp://" + l.Addr().String()} {
		d, err := Connect(host)
		require.NoError(t, err)
		_, err = d.Info(t.Context())
		require.Error(t, err)
		require.True(t, IsAway(err), err)
		_, _, err = d.Image(t.Context(), "x")
		require.True(t, IsAway(err), err)
		require.NoError(t, d.Close())
	}
	for _, err := range []error{errors.New("no such image"), context.DeadlineExceeded, &ImageError{errors.New("x")}, &RuntimeError{"runsc", errors.New("x")}} {
		require.False(t, IsAway(err), err)
	}
}
