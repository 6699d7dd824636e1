// Package pixelbox is a studio with its own game engine, as a user of the platform may have: an image with a program, and the
// file that declares it.
package pixelbox

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/spark-games/spark/internal/builds/sandbox/dockertest"
)

// Image makes the studio's image on a Docker daemon, which contains only its program, and returns its digest. It is removed when
// the test ends.
func Image(t testing.TB, host string) (digest string) {
	t.Helper()
	tool, err := dockertest.Program("github.com/spark-games/spark/tests/pixelbox/tool", "opt/pixelbox")
	if err != nil {
		t.Fatal(err)
	}
	// The name of the test makes the image unique, so that no other test removes it.
	mark := dockertest.File{Path: "opt/mark", Data: []byte(t.Name()), Mode: 0o644}
	digest, err = dockertest.Image(t.Context(), host, tool, mark)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := dockertest.RemoveWithMade(context.Background(), host, "pixelbox", digest); err != nil {
			t.Logf("an image stays: %v", err)
		}
	})
	return digest
}

// Studio makes a folder of declarations with the engine in it, with that image.
func Studio(t testing.TB, image string) (dir string) {
	t.Helper()
	_, self, _, _ := runtime.Caller(0)
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(filepath.Dir(self), "studio"))); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "pixelbox.yaml")
	text, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, []byte(strings.Replace(string(text), "IMAGE", image, 1)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
