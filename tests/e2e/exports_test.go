package e2e

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// An exported page is a game in one file: it needs no server.
func TestExportedPage(t *testing.T) {
	t.Parallel()
	d := containedDev(t)
	for i, engine := range webEngines(t, d) {
		w := scenarios[i%len(scenarios)]
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			g := gameOf(t, d, engine, w)
			content := d.get(t, g.html.Output["download_url"].(string)).want(200)
			require.True(t, strings.HasPrefix(content.header.Get("Content-Disposition"), "attachment"))
			file := filepath.Join(t.TempDir(), "a game.html")
			require.NoError(t, os.WriteFile(file, content.body, 0o600))
			p := newPage(t)
			p.openFile(file)
			p.play(w, starts[0].do)
			p.onlyFrom("file://")
		})
	}
}

// An exported zip is what game sites expect: unpacked below any address, it runs.
func TestExportedZip(t *testing.T) {
	t.Parallel()
	d := containedDev(t)
	for i, engine := range webEngines(t, d) {
		w := scenarios[(i+2)%len(scenarios)]
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			g := gameOf(t, d, engine, w)
			archive := d.get(t, g.zip.Output["download_url"].(string)).want(200).body
			root := t.TempDir()
			unzip(t, archive, filepath.Join(root, "some", "sub", "path"))
			site := httptest.NewServer(http.FileServer(http.Dir(root)))
			t.Cleanup(site.Close)
			p := newPage(t)
			p.open(site.URL + "/some/sub/path/")
			p.play(w, starts[1].do)
			p.onlyFrom(site.URL + "/some/sub/path/")
		})
	}
}

func unzip(t *testing.T, archive []byte, into string) {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(into, 0o700))
	require.NoError(t, os.CopyFS(into, r))
	require.FileExists(t, filepath.Join(into, "index.html"))
}
