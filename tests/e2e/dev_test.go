package e2e

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A stop on request is a success, by either signal, whether it comes late or while the platform still starts.
func TestStopsOnRequest(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		d := startDev(t, filepath.Join(t.TempDir(), "data"))
		require.NoError(t, d.SignalGroup(signal), "as Ctrl-C does it: to every process of the group")
		require.Equal(t, 0, d.exit(t, startWithin), d.said())
		require.Contains(t, d.printed(t), "Stopping")
	}
	early := start(t, "spark", []string{"dev", "--sample"}, []string{"SPARK_DATA_DIR=" + t.TempDir(), "SPARK_ADDR=127.0.0.1:0"})
	_, err := early.find(early.stdout, devURL, startWithin)
	require.NoError(t, err)
	require.NoError(t, early.SignalGroup(syscall.SIGINT))
	require.Equal(t, 0, early.exit(t, startWithin), early.said())
	require.NotContains(t, early.said(), "context canceled")
}

// An address in use is named with the setting that changes it and one that is free.
func TestAddressInUse(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	for _, args := range [][]string{{"dev"}, {"dev", "--addr", l.Addr().String()}} {
		p := start(t, "spark", args, []string{"SPARK_DATA_DIR=" + t.TempDir(), "SPARK_ADDR=" + l.Addr().String()})
		require.Equal(t, 1, p.exit(t, startWithin), p.said())
		require.Contains(t, p.said(), l.Addr().String()+" is in use")
		require.Regexp(t, `set SPARK_ADDR \(127\.0\.0\.1:\d+ is free\)`, p.said())
		require.NotContains(t, p.said(), "goroutine ")
	}
}

// The first build on a new machine says what it waits for. A registry that accepts the request and never answers does not delay
// it forever, and does not stop the platform.
func TestSilentRegistry(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	accepted := make(chan []net.Conn)
	go func() {
		var all []net.Conn
		for {
			c, err := l.Accept()
			if err != nil {
				accepted <- all
				return
			}
			all = append(all, c)
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		for _, c := range <-accepted {
			_ = c.Close()
		}
	})
	p := start(t, "spark", []string{"dev", "--sample", "--data-dir", filepath.Join(t.TempDir(), "data"), "--addr", "127.0.0.1:0"}, []string{
		"SPARK_TOOLCHAIN_DIR=" + filepath.Join(t.TempDir(), "toolchains"),
		"npm_config_registry=http://" + l.Addr().String(), "npm_config_cache=" + t.TempDir()})
	installing := time.Now()
	eventually(t, startWithin, "it says what it does", func() bool {
		return strings.Contains(p.printed(t), "installing the packages of phaser, for its first build")
	})
	eventually(t, startWithin, "it says what is wrong", func() bool {
		return strings.Contains(p.printed(t), "installing the packages of phaser failed: npm's registry has sent nothing for 20s")
	})
	require.Less(t, time.Since(installing), 2*startWithin)
	require.False(t, p.ended(), "the platform still runs")
	require.Equal(t, 0, p.terminate(t, startWithin))
}

// An error that a retry cannot fix is not retried: without Node there is no sample game, and the platform says so immediately.
func TestNoNode(t *testing.T) {
	t.Parallel()
	p := start(t, "spark", []string{"dev", "--sample", "--data-dir", filepath.Join(t.TempDir(), "data"), "--addr", "127.0.0.1:0"}, []string{
		"SPARK_TOOLCHAIN_DIR=" + filepath.Join(t.TempDir(), "toolchains"), "PATH=" + t.TempDir()})
	eventually(t, startWithin, "it says what is missing", func() bool {
		return strings.Contains(p.printed(t), "There is no sample game: npm, which installs its packages, is not on the PATH")
	})
	require.Equal(t, 0, p.terminate(t, startWithin))
}

// An unusable data folder is reported in one line.
func TestUnusableDataFolder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, dir := range []string{file, filepath.Join(file, "data")} {
		p := start(t, "spark", []string{"dev", "--data-dir", dir, "--addr", "127.0.0.1:0"}, nil)
		require.Equal(t, 1, p.exit(t, startWithin), p.said())
		stderr, err := os.ReadFile(p.stderr)
		require.NoError(t, err)
		require.Regexp(t, `^spark: data folder: .*not a directory\n$`, string(stderr))
	}
}
