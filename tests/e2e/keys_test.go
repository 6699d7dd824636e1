package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// createKey runs "spark keys create --local" on a data folder, and returns what it printed.
func createKey(t *testing.T, dir string, args ...string) string {
	t.Helper()
	p := start(t, "spark", append([]string{"keys", "create", "--local", "--data-dir", dir}, args...), nil)
	require.Equal(t, 0, p.exit(t, startWithin), p.said())
	return p.printed(t)
}

// doesNotStart starts a platform that does not start, and returns what it says.
func doesNotStart(t *testing.T, dir string, env ...string) string {
	t.Helper()
	p := start(t, "spark", []string{"dev"}, append([]string{"SPARK_DATA_DIR=" + dir, "SPARK_ADDR=127.0.0.1:0"}, env...))
	require.Equal(t, 1, p.exit(t, startWithin), p.said())
	return p.said()
}

func keyIn(t *testing.T, dir string) string {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(dir, "api-key"))
	require.NoError(t, err)
	return strings.TrimSpace(string(key))
}

// A platform that has lost its pepper does not start as if nothing had happened: no key would work. It says what to do, and that
// works.
func TestLostPepper(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	first := startDev(t, dir)
	first.get(t, "/v1/projects").want(200)
	require.Equal(t, 0, first.terminate(t, startWithin))
	pepper, err := os.ReadFile(filepath.Join(dir, "pepper"))
	require.NoError(t, err)

	require.NoError(t, os.Remove(filepath.Join(dir, "pepper")))
	says := doesNotStart(t, dir)
	require.Contains(t, says, "the pepper is gone")
	require.Contains(t, says, "spark keys create --local")
	require.NoFileExists(t, filepath.Join(dir, "pepper"))
	require.Contains(t, doesNotStart(t, dir, "SPARK_KEY_PEPPER=another"), "another one")

	require.NoError(t, os.WriteFile(filepath.Join(dir, "pepper"), pepper, 0o600))
	back := startDev(t, dir)
	back.get(t, "/v1/projects").want(200)
	require.Equal(t, 0, back.terminate(t, startWithin))

	require.NoError(t, os.Remove(filepath.Join(dir, "pepper")))
	require.Contains(t, createKey(t, dir), "Keys revoked because their pepper is lost: 1.")
	fresh := startDev(t, dir)
	require.NotEqual(t, first.key, fresh.key)
	fresh.get(t, "/v1/projects").want(200)
	client{fresh.url, first.key}.get(t, "/v1/projects").want(401)
}

// The key file can be lost, too. The folder's owner makes another key, which works immediately.
func TestLostKey(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	d := startDev(t, dir)
	require.NotContains(t, d.said(), d.key, "the key is in its file and nowhere else")
	require.NoError(t, os.Remove(filepath.Join(dir, "api-key")))
	said := createKey(t, dir)
	require.NotContains(t, said, keyIn(t, dir))
	require.Contains(t, said, filepath.Join(dir, "api-key"))
	client{d.url, keyIn(t, dir)}.get(t, "/v1/projects").want(200)
	d.get(t, "/v1/projects").want(200)

	require.NoError(t, os.Remove(filepath.Join(dir, "api-key")))
	require.Equal(t, 0, d.terminate(t, startWithin))
	again := start(t, "spark", []string{"dev"}, []string{"SPARK_DATA_DIR=" + dir, "SPARK_ADDR=127.0.0.1:0"})
	_, err := again.find(again.stdout, devURL, startWithin)
	require.NoError(t, err)
	eventually(t, startWithin, "it says what to do", func() bool {
		return strings.Contains(again.said(), "make a new one: spark keys create --local")
	})
	require.NoError(t, again.Signal(syscall.SIGTERM))
	require.Equal(t, 0, again.exit(t, startWithin))
}

// The owner of a running platform's folder makes a key for somebody else, and revokes it without touching the own one.
func TestRevokedKey(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	d := startDev(t, dir)
	createKey(t, dir, "--role", "user")
	plain, err := os.ReadFile(filepath.Join(dir, "api-key-user"))
	require.NoError(t, err)
	user := client{d.url, strings.TrimSpace(string(plain))}
	user.get(t, "/v1/projects").want(200)
	keys := func(args ...string) string {
		p := start(t, "spark", append([]string{"keys", args[0], "--local", "--data-dir", dir}, args[1:]...), nil)
		require.Equal(t, 0, p.exit(t, startWithin), p.said())
		return p.printed(t)
	}
	prefix := user.key[:12]
	require.Contains(t, keys("list"), prefix)
	require.Contains(t, keys("revoke", prefix), "Revoked the user key "+prefix)
	require.NotContains(t, keys("list"), prefix)
	eventually(t, startWithin, "the key is refused", func() bool { return user.get(t, "/v1/projects").status == 401 })
	d.get(t, "/v1/projects").want(200)
}

// Others may be able to list the data folder; its secrets are readable only by the owner.
func TestPrivateFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755))
	startDev(t, dir)
	for _, name := range []string{"spark.db", "spark.db-wal", "spark.db-shm", "api-key", "pepper", "signing-key.pem"} {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), name)
	}
}
