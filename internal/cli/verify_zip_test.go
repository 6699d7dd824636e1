package cli

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spark-games/spark/models"
)

// zipEntry is a file as a zip says that it is.
type zipEntry struct {
	name, data string
	mode       fs.FileMode
}

func zipOf(t *testing.T, method uint16, entries ...zipEntry) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: method}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write([]byte(e.data))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func entry(path, data string) models.ManifestEntry {
	sum := sha256.Sum256([]byte(data))
	return models.ManifestEntry{Path: path, Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:])}
}

// What is verified is what any program extracts from a zip, whichever directory it reads.
func TestVerifyZip(t *testing.T) {
	t.Parallel()
	page, code := zipEntry{name: "index.html", data: "<p>hello"}, zipEntry{name: "assets/game.js", data: "start()"}
	build := models.Manifest{entry(code.name, code.data), entry(page.name, page.data)}
	statement, key := signed(t, build)
	one, oneKey := signed(t, build[1:])
	whole := zipOf(t, zip.Deflate, code, page)
	renamed := bytes.Replace(zipOf(t, zip.Store, code, page), []byte("index.html"), []byte("other.html"), 1)
	if bytes.Count(renamed, []byte("index.html")) != 1 {
		t.Fatal("the zip has no two directories")
	}
	hidden := append(zipOf(t, zip.Store, zipEntry{name: "evil.js", data: "steal()"}), whole...)
	evil := append(bytes.Clone(zipOf(t, zip.Store, page)[:bytes.Index(zipOf(t, zip.Store, page), []byte("PK\x01\x02"))]), whole...)
	for name, tt := range map[string]struct {
		zip            []byte
		statement, key string
		says           string
	}{
		"whole":            {whole, statement, key, "Verified"},
		"stored":           {zipOf(t, zip.Store, code, page), statement, key, "Verified"},
		"with folders":     {zipOf(t, zip.Deflate, zipEntry{name: "assets/"}, code, page), statement, key, "Verified"},
		"one file":         {zipOf(t, zip.Deflate, page), one, oneKey, "Verified"},
		"one file changed": {zipOf(t, zip.Deflate, zipEntry{name: page.name, data: "<p>bye"}), one, oneKey, `changed: "index.html"`},
		"twice":            {zipOf(t, zip.Deflate, code, page, page), statement, key, "twice"},
		"more":             {zipOf(t, zip.Deflate, code, page, zipEntry{name: "../up", data: "x"}), statement, key, `not part of it: "../up"`},
		"a file that says that it is a folder": {zipOf(t, zip.Deflate, code, page, zipEntry{name: "evil.js", data: "steal()", mode: fs.ModeDir | 0o755}), statement,
			key, `"evil.js" is not a plain file`},
		"a file that says that it is a link": {zipOf(t, zip.Deflate, code, zipEntry{page.name, page.data, fs.ModeSymlink | 0o777}), statement, key,
			`"index.html" is not a plain file`},
		"another name before the file": {renamed, statement, key, "two directories"},
		"another zip before":           {hidden, statement, key, "two directories"},
		"another file before":          {evil, statement, key, "two directories"},
	} {
		file := filepath.Join(t.TempDir(), "game.zip")
		if err := os.WriteFile(file, tt.zip, 0o600); err != nil {
			t.Fatal(err)
		}
		r := run(within(t), t, Deps{}, nil, "verify", file, "--provenance", tt.statement, "--public-key", tt.key)
		if !strings.Contains(r.out+r.err, tt.says) || (r.code == 0) != (tt.says == "Verified") {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
